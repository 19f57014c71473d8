//! A kind of your own: orders, which live under a customer and name an article.
//! `cargo run --release -p examples --example custom_kind`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod order;
mod shop;

use std::{error::Error, sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    AccountId, Both, Capabilities, Clock, ConnectionId, Connector, Engine, Feed, Fields, Kind,
    MatchKey, MemoryStore, Record, Side, Tier, TypedConnector,
    rules::Prefer,
    testing::{ManualClock, Model},
};

use order::{ARTICLE, CODE, CUSTOMER, GOODS, ORDER, OrderMapper, STATE, State};
use shop::{CodeMapper, Sheet};

/// All three kinds are known by their codes.
fn keys(_kind: &Kind, record: &Record) -> Vec<MatchKey> {
    let code = record.get(&CODE);
    let key = code.map(|code| MatchKey::new(Tier::First, "code", code));
    key.into_iter().collect()
}

/// The depot's kinds have a feed of what changed.
fn with_a_feed(fields: Fields) -> Capabilities {
    Capabilities {
        fields,
        feed: Feed::Changes,
        stamps: true,
        index_lag: Duration::ZERO,
        finds: false,
        sees_all: true,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // The shop shows its orders under each customer only.
    let (customers, articles) = (Sheet::default(), Sheet::default());
    let orders = Sheet::under(CUSTOMER, "customer");
    customers.add("c7", &[("code", "ACME")]);
    articles.add("a1", &[("code", "PEN")]);
    let cells = [
        ("code", "2026-1"),
        ("customer", "c7"),
        ("article", "a1"),
        ("pieces", "12"),
        ("state", "open"),
    ];
    orders.add("o3", &cells);
    let shop = TypedConnector::new(AccountId::new("shop"))
        .kind(CUSTOMER, customers, CodeMapper)
        .kind(ARTICLE, articles, CodeMapper)
        .kind(ORDER, orders.clone(), OrderMapper);

    let time = ManualClock::at(Timestamp::from_second(1_800_000_000)?);
    let clock: Arc<dyn Clock> = Arc::new(time.clone());
    let code = || Fields::new().exact(&CODE);
    let depot = Model::new("depot-", code(), Duration::ZERO, Arc::clone(&clock))
        .with_kind(ARTICLE, with_a_feed(code()))
        .with_kind(ORDER, with_a_feed(order::fields()));

    // References point backwards: a kind comes after those that it names.
    let sides: Both<Arc<dyn Connector>> = Both::new(Arc::new(shop), Arc::new(depot.clone()));
    let (here, store) = (ConnectionId::new("orders"), Arc::new(MemoryStore::new()));
    let mut engine = Engine::builder(here, sides, store, clock, keys, Prefer(Side::Left))
        .kinds([CUSTOMER, ARTICLE, ORDER])
        .build()?;
    time.advance(Duration::from_secs(9));
    let created = engine.settle(Duration::from_secs(60)).await?.total.created;
    println!("created in the depot: {}", created.right);

    for (id, order) in depot.records_as(&ORDER) {
        let goods = order.get(&GOODS).ok_or("an order names its article")?;
        let article = depot.record(&goods.id).ok_or("the article is there")?;
        println!(
            "it is for {:?}, and {:?}",
            article.get(&CODE),
            order.get(&STATE)
        );
        depot.edit(&id, |order| _ = order.set(&STATE, State::Shipped));
    }
    time.advance(Duration::from_secs(9));
    engine.settle(Duration::from_secs(60)).await?;
    println!("the shop says: {}", orders.rows()["o3"]["state"]);
    Ok(())
}
