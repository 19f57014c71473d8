//! A connector of your own, for a system that can only list, proved against the laws of connectors.
//! `cargo run --release -p examples --example custom_connector`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod board;
mod card_mapper;

use std::error::Error;

use sync_core::{AccountId, Kind, Record, TypedConnector};

use board::Board;
use card_mapper::{CardMapper, TITLE};

const CARD: Kind = Kind::from_static("card");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let board =
        TypedConnector::new(AccountId::new("board")).kind(CARD, Board::default(), CardMapper);
    let cards =
        ["Write", "Test", ""].map(|title| Record::default().set(&TITLE, title.to_owned()).clone());
    sync_core::testing::connector_laws(&board, &CARD, cards).await?;
    println!("the laws hold for a board of 3 cards");
    Ok(())
}
