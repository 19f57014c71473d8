//! The `ghl-insightly` command.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to people"
)]

mod check;
mod demo;
mod failure;
mod hand;
mod lists;
mod plan;
mod run;
mod setup;
mod titles;
mod told;

use std::{
    panic,
    process::{self, ExitCode},
};

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
    /// Shows what waits for a person.
    Holds(hand::Holds),
    /// Answers a held conflict.
    Decide(hand::Decide),
    /// Says that two records are the same thing.
    Link(hand::Link),
    /// Says that two records are not the same thing.
    Unlink(hand::Unlink),
    /// Shows what was done.
    History(hand::History),
    /// Takes back what was written.
    Undo(hand::Undo),
    /// Erases a person from the store, and keeps them out of it.
    Forget(hand::Forget),
    /// Copies the store to a new file.
    Backup(hand::Backup),
}

/// As the shell tells of a program that SIGPIPE has ended.
const PIPE_CLOSED: i32 = 141;

/// Whoever reads our words may have had enough of them, as `head` has: that is no fault.
fn end_quietly_when_nobody_reads() {
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.starts_with("failed printing to stdout: Broken pipe")) {
            process::exit(PIPE_CLOSED);
        }
        otherwise(panic);
    }));
}

fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
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
            Command::Holds(holds) => holds.run().await,
            Command::Decide(decide) => decide.run().await,
            Command::Link(link) => link.run().await,
            Command::Unlink(unlink) => unlink.run().await,
            Command::History(history) => history.run().await,
            Command::Undo(undo) => undo.run().await,
            Command::Forget(forget) => forget.run().await,
            Command::Backup(backup) => backup.run(),
        }
    };
    tokio::select! {
        ended = work => ended,
        _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
    }
}
