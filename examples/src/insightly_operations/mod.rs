//! Calls each operation of the Insightly client, and compares what reads back.
#![allow(
    clippy::large_futures,
    reason = "it calls everything there is, one after the other"
)]

mod account;
mod bodies;
mod people;
mod settings;
mod shapes;
mod work;

use insightly::{Client, ErrorKind, PricebookId};

use crate::report;

/// What came of each call.
pub type Report = report::Report<insightly::Error>;

/// What the account's plan does not have.
pub fn is_absent(error: &insightly::Error) -> bool {
    *error.kind() == ErrorKind::FamilyNotAvailable
}

/// Calls all operations, with every field set or, if it is to be `minimal`, with required
/// ones only. What it makes it deletes. An e-mail must be there, because none can be made.
pub async fn call_all(client: &Client, minimal: bool, pricebook: PricebookId, report: &mut Report) {
    let tour = async {
        let place = account::find(client, minimal, pricebook, report).await;
        settings::tour(client, report).await;
        let people = people::begin(client, &place, report).await;
        work::tour(client, &place, &people, report).await;
        people::end(client, &people, report).await;
    };
    Box::pin(tour).await;
}
