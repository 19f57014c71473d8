//! Calls each operation of the Insightly client, with every field set.
//! `cargo run --release -p examples --example insightly_every_operation -- --base-url URL --api-key K [--minimal]`
//! One line for each, with its status; with `--minimal` only required fields are sent. It
//! deletes what it makes. What the account's plan lacks is told and is no failure; e-mails
//! cannot be made, so one must be there. Exit codes: 0 all succeeded, 1 some failed, 2 misuse.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what happens"
)]
#![allow(
    clippy::large_futures,
    clippy::wildcard_imports,
    reason = "it calls everything there is, one after the other"
)]

mod account;
mod bodies;
mod people;
mod report;
mod settings;
mod shapes;
mod work;

use std::{error::Error, process::ExitCode};

use clap::Parser;
use examples::InsightlyAccount;
use insightly::{Client, RepeatPolicy, ReqwestSender};

use crate::report::{Report, Wire};

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
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(args: Args) -> Result<bool, Box<dyn Error>> {
    let wire = Wire::over(ReqwestSender::new()?);
    let client = Client::builder(args.account.api_key)
        .base_url(&args.account.base_url)
        .repeats(RepeatPolicy::default().attempts(2))
        .sender(wire.clone())
        .build()?;
    let mut report = Report::new(wire);
    let place = account::find(&client, args.minimal, args.pricebook.into(), &mut report).await;
    settings::tour(&client, &mut report).await;
    let people = people::begin(&client, &place, &mut report).await;
    work::tour(&client, &place, &people, &mut report).await;
    people::end(&client, &people, &mut report).await;
    Ok(report.finish())
}
