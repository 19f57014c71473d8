//! Calls each operation of the Insightly client, with every field set.
//! `cargo run --release -p examples --example insightly_every_operation -- --base-url URL --api-key K [--minimal] [--limits off]`
//! One line for each, with its status; with `--minimal` only required fields are sent. It
//! deletes what it makes. What the account's plan lacks is told and is no failure, and so is a
//! member that reads otherwise than it was written; e-mails cannot be made, so one must be
//! there. A sandbox has time for more than ten requests a second: `--limits off`. Exit codes: 0 all succeeded, 1 some failed, 2 misuse.
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{collections::BTreeSet, error::Error, process::ExitCode};

use clap::{Parser, ValueEnum};
use examples::{
    InsightlyAccount,
    insightly_operations::{self, Report},
    report::{self, Wire},
};
use insightly::{ApiOperation, Client, Pacer, RepeatPolicy};

#[derive(Parser)]
struct Args {
    #[command(flatten)]
    account: InsightlyAccount,
    /// Sends required fields only.
    #[arg(long)]
    minimal: bool,
    /// A price book, which no operation of this client lists; 1001 is the sandbox's.
    #[arg(long, default_value_t = 1001)]
    pricebook: i64,
    /// How fast it calls.
    #[arg(long, value_enum, default_value_t = Limits::Published)]
    limits: Limits,
}

#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    /// Ten requests a second.
    Published,
    /// As fast as it goes: for a sandbox.
    Off,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    report::exit_code(run(Args::parse()).await)
}

async fn run(args: Args) -> Result<bool, Box<dyn Error>> {
    let wire = Wire::new()?;
    let mut builder = Client::builder(args.account.api_key)
        .base_url(&args.account.base_url)
        .repeats(RepeatPolicy::default().attempts(2))
        .sender(wire.clone());
    if let Limits::Off = args.limits {
        builder = builder.pacer(Pacer::unlimited());
    }
    let client = builder.build()?;
    let mut report = Report::new(wire, insightly_operations::is_absent, |line| {
        println!("{line}");
    });
    insightly_operations::call_all(&client, args.minimal, args.pricebook.into(), &mut report).await;
    let all: BTreeSet<_> = insightly::operations().map(ApiOperation::name).collect();
    Ok(report.finish(&all))
}
