//! A conflict rule of your own: of two counts that were changed at once, the larger one stays.
//! `cargo run --release -p examples --example custom_rule`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod larger;

use std::{error::Error, sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    Both, Clock, ConnectionId, Connector, Engine, Field, Fields, Kind, MatchKey, MemoryStore,
    Record, Tier,
    rules::{ByField, HoldAll},
    testing::{ManualClock, Model},
};

use larger::Larger;

const CODE: Field<String> = Field::new("code");
const STOCK: Field<i64> = Field::new("stock");

fn keys(_kind: &Kind, article: &Record) -> Vec<MatchKey> {
    let code = article.get(&CODE);
    let key = code.map(|code| MatchKey::new(Tier::First, "code", code));
    key.into_iter().collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    larger::prove(&STOCK)?;
    let time = ManualClock::at(Timestamp::from_second(1_800_000_000)?);
    let clock: Arc<dyn Clock> = Arc::new(time.clone());
    let fields = || Fields::new().exact(&CODE).exact(&STOCK);
    let system = |name| Model::new(name, fields(), Duration::ZERO, Arc::clone(&clock));
    let systems = Both::new(system("shop"), system("depot"));
    let sides = systems.clone().map(|s| Arc::new(s) as Arc<dyn Connector>);
    let (here, store) = (ConnectionId::new("stock"), Arc::new(MemoryStore::new()));
    let rule = ByField::all(HoldAll).field(&STOCK, Larger);
    let mut engine = Engine::builder(here, sides, store, Arc::clone(&clock), keys, rule)
        .kinds([Kind::new("article")])
        .build()?;

    let mut pens = Record::default();
    pens.set(&CODE, "PEN".to_owned()).set(&STOCK, 10);
    let ids = systems.as_ref().map(|system| system.enter(&pens));
    time.advance(Duration::from_secs(9));
    engine.cycle().await?;
    for (system, id, stock) in [
        (&systems.left, &ids.left, 7),
        (&systems.right, &ids.right, 12),
    ] {
        system.edit(id, |pens| _ = pens.set(&STOCK, stock));
    }
    time.advance(Duration::from_secs(9));
    println!("conflicts decided: {}", engine.cycle().await?.decided);
    println!(
        "the shop has {:?}",
        systems.left.records()[&ids.left].get(&STOCK)
    );
    Ok(())
}
