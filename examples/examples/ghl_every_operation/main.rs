//! Calls each of the 32 operations of the contacts API, with every field set.
//! `cargo run --release -p examples --example ghl_every_operation -- --base-url URL --token T --location L [--minimal]`
//! One line for each, with its status; with `--minimal` only required fields are sent. It
//! makes two contacts and deletes them. Exit codes: 0 all succeeded, 1 some failed, 2 misuse.
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod bodies;
mod contacts;
mod parts;
mod place;

use std::{collections::BTreeSet, error::Error, process::ExitCode};

use clap::Parser;
use examples::{
    GhlAccount,
    report::{self, Wire},
};
use ghl_contacts::{Client, PrivateIntegrationToken, RepeatPolicy, operations};

use crate::{bodies::Bodies, place::Place};

type Report = report::Report<ghl_contacts::Error>;

#[derive(Parser)]
struct Args {
    #[command(flatten)]
    account: GhlAccount,
    /// Sends required fields only.
    #[arg(long)]
    minimal: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    report::exit_code(run(Args::parse()).await)
}

async fn run(args: Args) -> Result<bool, Box<dyn Error>> {
    let wire = Wire::new()?;
    let client = Client::builder(PrivateIntegrationToken::new(args.account.token))
        .base_url(&args.account.base_url)
        .repeats(RepeatPolicy::never())
        .sender(wire.clone())
        .build()?;
    let place = Place::find(&client, args.account.location).await;
    let bodies = Bodies::new(&place, args.minimal);
    let mut report = Report::new(wire, |_| false, |line| println!("{line}"));
    let ids = contacts::begin(&client, &bodies, &mut report).await;
    parts::tasks(&client, &ids, &bodies, &mut report).await;
    parts::notes(&client, &ids, &bodies, &mut report).await;
    parts::others(&client, &ids, &place, &bodies, &mut report).await;
    contacts::end(&client, &ids, &mut report).await;
    let all: BTreeSet<_> = operations().iter().map(|op| op.name()).collect();
    let contacts = all.into_iter().filter(|name| name.starts_with("contacts."));
    Ok(report.finish(&contacts.collect()))
}
