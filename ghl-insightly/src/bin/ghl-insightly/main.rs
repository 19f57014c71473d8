//! The `ghl-insightly` command.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to people"
)]

mod check;
mod demo;
mod failure;
mod plan;
mod run;
mod setup;
mod told;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// Two-way sync of HighLevel (GHL) and Insightly that loses nothing.
#[derive(Debug, Parser)]
#[command(version, after_help = failure::EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the main job on two local servers: no account, no file, nothing to set up.
    Demo(demo::Demo),
    /// Looks whether everything is in place; measures the APIs with `--calibrate`.
    Check(check::Check),
    /// Shows what a run would do. Writes to neither system.
    Plan(plan::Plan),
    /// Syncs: once, or again and again until it is stopped.
    Run(run::Run),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    setup::logging();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(interruptible(cli.command)),
        Err(why) => Err(Failure::unexpected(format!("no runtime: {why}"))),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ghl-insightly: {failure}");
            failure.exit_code()
        }
    }
}

/// Dropping the work at any point is safe: what was sent is in the journal.
async fn interruptible(command: Command) -> Result<(), Failure> {
    let work = async {
        match command {
            Command::Check(check) => check.run().await,
            Command::Demo(demo) => demo.run().await,
            Command::Plan(plan) => plan.run().await,
            Command::Run(run) => run.run().await,
        }
    };
    tokio::select! {
        ended = work => ended,
        _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
    }
}
