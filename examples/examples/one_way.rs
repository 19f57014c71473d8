//! Changes that travel one way: what the head office says stands, and the history keeps the rest.
//! `cargo run --release -p examples --example one_way`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{error::Error, sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    Both, Clock, ConnectionId, Connector, Engine, Field, Fields, HistoryEvent, Kind, MatchKey,
    MemoryStore, OneWay, Record, Side, StrayEdits, Tier,
    rules::HoldAll,
    testing::{ManualClock, Model},
};

const ARTICLE: Kind = Kind::from_static("article");
const CODE: Field<String> = Field::new("code");
const PRICE: Field<i64> = Field::new("price");

fn keys(_kind: &Kind, article: &Record) -> Vec<MatchKey> {
    let code = article.get(&CODE);
    let key = code.map(|code| MatchKey::new(Tier::First, "code", code));
    key.into_iter().collect()
}

fn article(code: &str, price: i64) -> Record {
    let mut article = Record::default();
    article.set(&CODE, code.to_owned()).set(&PRICE, price);
    article
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let time = ManualClock::at(Timestamp::from_second(1_800_000_000)?);
    let clock: Arc<dyn Clock> = Arc::new(time.clone());
    let fields = || Fields::new().exact(&CODE).exact(&PRICE);
    let system = |name| Model::new(name, fields(), Duration::ZERO, Arc::clone(&clock));
    let (office, shop) = (system("office"), system("shop"));
    let sides: Both<Arc<dyn Connector>> =
        Both::new(Arc::new(office.clone()), Arc::new(shop.clone()));
    let (here, store) = (ConnectionId::new("prices"), Arc::new(MemoryStore::new()));
    let way = OneWay {
        from: Side::Left,
        // `Keep` lets the shop's edits stand until the office changes the same field,
        // `Hold` asks a person.
        stray: StrayEdits::Revert,
    };
    let mut engine = Engine::builder(here, sides, store, clock, keys, HoldAll)
        .kinds([ARTICLE])
        .one_way(ARTICLE, way)
        .build()?;

    office.enter(&article("PEN", 120));
    shop.enter(&article("OWN", 80));
    time.advance(Duration::from_secs(9));
    engine.settle(Duration::from_secs(60)).await?;
    println!(
        "office: {} article, shop: {}",
        office.records().len(),
        shop.records().len()
    );

    let pen = shop
        .records()
        .into_iter()
        .find(|(_, article)| article.get(&PRICE) == Some(120));
    let (pen, _) = pen.ok_or("the pen has arrived")?;
    shop.edit(&pen, |pen| _ = pen.set(&PRICE, 99));
    time.advance(Duration::from_secs(9));
    engine.settle(Duration::from_secs(60)).await?;
    println!(
        "the shop's price: {:?}",
        shop.record(&pen).and_then(|pen| pen.get(&PRICE))
    );
    for (_, happened) in engine.store().history(engine.connection(), 0, 100).await? {
        if let HistoryEvent::Wrote {
            old: Some(old),
            new: Some(new),
            ..
        } = happened.event
        {
            println!("the history: {old} was replaced by {new}");
        }
    }
    Ok(())
}
