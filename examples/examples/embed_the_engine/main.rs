//! The engine in another program, between systems of its own: two JSON files become and stay equal.
//! `cargo run --release -p examples --example embed_the_engine`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

mod json_file;
mod person_mapper;

use std::{error::Error, future::Future, pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::json;
use sync_core::{
    Both, Clock, ConnectionId, Connector, Engine, Kind, MatchKey, MemoryStore, Record, Side, Tier,
    TypedConnector, rules::Prefer,
};

use json_file::JsonFile;
use person_mapper::{EMAIL, PersonMapper};

const PERSON: Kind = Kind::from_static("person");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let ada = json!({ "name": "Ada", "email": "ada@example.com" });
    let same = json!({ "email": "ada@example.com", "phone": "+14155550142" });
    let bob = json!({ "name": "Bob", "email": "bob@example.com" });
    let left = JsonFile::create(folder.path().join("left.json"), &json!({ "1": ada }))?;
    let people = json!({ "1": bob, "2": same });
    let right = JsonFile::create(folder.path().join("right.json"), &people)?;

    let sides = Both::new(connector(&left), connector(&right));
    let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(SystemClock));
    let connection = ConnectionId::from_static("files");
    let rule = Prefer(Side::Left);
    let mut engine = Engine::builder(connection, sides, store, clock, keys, rule)
        .kinds([PERSON])
        .build()?;

    sync(&mut engine).await?;
    println!("equal: {}", left.people()? == right.people()?);
    left.edit("1", "name", "Ada King")?;
    println!("edited: Ada is Ada King in the left file");
    sync(&mut engine).await?;
    println!("equal: {}", left.people()? == right.people()?);
    Ok(())
}

fn connector(file: &JsonFile) -> Arc<dyn Connector> {
    Arc::new(TypedConnector::new(file.account()).kind(PERSON, file.clone(), PersonMapper))
}

async fn sync(engine: &mut Engine) -> Result<(), Box<dyn Error>> {
    loop {
        let report = engine.cycle().await?;
        if report.is_settled() {
            return Ok(());
        }
        let (created, updated) = (report.created, report.updated);
        println!(
            "linked {}, created left {} right {}, updated left {} right {}",
            report.linked, created.left, created.right, updated.left, updated.right
        );
        if let Some(due) = report.due {
            engine.clock().sleep_until(due).await;
        }
    }
}

fn keys(_kind: &Kind, record: &Record) -> Vec<MatchKey> {
    let key = |email| MatchKey::new(Tier::First, "email", email);
    record.get(&EMAIL).map(key).into_iter().collect()
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = until.duration_since(Timestamp::now());
        Box::pin(tokio::time::sleep(
            Duration::try_from(wait).unwrap_or_default(),
        ))
    }
}
