//! A conflict rule of your own: of two counts that were changed at once, the larger one stays.
//! `cargo run --release -p examples --example custom_rule`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use jiff::Timestamp;
use std::{error::Error, sync::Arc, time::Duration};
use sync_core::{
    Both, Clock, ConnectionId, Connector, Engine, Field, Fields, Kind, MatchKey, MemoryStore,
    Record, Tier,
    rules::{ByField, Conflict, ConflictRule, HoldAll, Verdict},
    testing::{ManualClock, Model},
};

const CODE: Field<String> = Field::new("code");
const STOCK: Field<i64> = Field::new("stock");
const ARTICLE: Kind = Kind::from_static("article");

struct Larger;
impl ConflictRule for Larger {
    fn name(&self, _field: &sync_core::FieldKey) -> &str {
        "larger"
    }

    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let Both { left, right } = conflict
            .versions
            .as_ref()
            .map(|version| match version.value {
                Some(sync_core::Value::Int(number)) => Some(*number),
                _ => None,
            });
        if left >= right {
            Verdict::TakeLeft
        } else {
            Verdict::TakeRight
        }
    }
}

fn keys(_: &Kind, article: &Record) -> Vec<MatchKey> {
    let code = article.get(&CODE);
    code.map(|code| MatchKey::new(Tier::First, "code", code))
        .into_iter()
        .collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = ManualClock::at(Timestamp::from_second(1_800_000_000)?);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let system = |name| {
        let fields = Fields::new().exact(&CODE).exact(&STOCK);
        Model::new(name, fields, Duration::ZERO, Arc::clone(&shared))
    };
    let (shop, depot) = (system("shop"), system("depot"));
    let mut pens = Record::default();
    let id = shop.enter(pens.set(&CODE, "PEN".to_owned()).set(&STOCK, 10));
    let sides: Both<Arc<dyn Connector>> =
        Both::new(Arc::new(shop.clone()), Arc::new(depot.clone()));
    let (here, store) = (ConnectionId::new("stock"), Arc::new(MemoryStore::new()));
    let rule = ByField::all(HoldAll).field(&STOCK, Larger);
    let builder = Engine::builder(here, sides, store, Arc::clone(&shared), keys, rule);
    let mut engine = builder.kinds([ARTICLE]).build()?;
    clock.advance(Duration::from_secs(9));
    engine.cycle().await?;
    for (system, stock) in [(&shop, 7), (&depot, 12)] {
        let id = system
            .records()
            .into_keys()
            .next()
            .unwrap_or_else(|| id.clone());
        system.edit(&id, |pens| drop(pens.set(&STOCK, stock)));
    }
    clock.advance(Duration::from_secs(9));
    let decided = engine.cycle().await?.decided;
    let stock = |system: &Model| {
        system
            .records()
            .into_values()
            .next()
            .and_then(|a| a.get(&STOCK))
    };
    println!(
        "conflicts decided: {decided}, shop {:?}, depot {:?}",
        stock(&shop),
        stock(&depot)
    );
    Ok(())
}
