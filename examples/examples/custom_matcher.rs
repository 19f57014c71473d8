//! A matcher of your own: an e-mail address is as good as an id, a phone is shared by a family.
//! `cargo run --release -p examples --example custom_matcher`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{error::Error, sync::Arc, time::Duration};

use jiff::Timestamp;
use sync_core::{
    Both, Clock, ConnectionId, Connector, Email, Engine, Field, Fields, Kind, MatchKey, Matcher,
    MemoryStore, Record, Side, Tier,
    rules::Prefer,
    testing::{ManualClock, Model, matcher_laws},
};

const NAME: Field<String> = Field::new("name");
const EMAIL: Field<Email> = Field::new("email");
const PHONE: Field<String> = Field::new("phone");

struct ByEmailThenPhone;

impl Matcher for ByEmailThenPhone {
    /// Keys of the second tier count only where none of the first hits.
    fn keys(&self, _kind: &Kind, person: &Record) -> Vec<MatchKey> {
        let email = person.get(&EMAIL);
        let email = email.map(|email| MatchKey::new(Tier::First, "email", email.as_str()));
        let phone = person.get(&PHONE);
        let phone = phone.map(|phone| MatchKey::new(Tier::Second, "phone", phone));
        email.into_iter().chain(phone).collect()
    }

    /// Who shares a phone is one person only under one name.
    fn agree(&self, _kind: &Kind, key: &MatchKey, left: &Record, right: &Record) -> bool {
        key.tier == Tier::First || left.get(&NAME) == right.get(&NAME)
    }
}

fn person(name: &str, email: Option<&str>, phone: Option<&str>) -> Record {
    let mut person = Record::default();
    person.set(&NAME, name.to_owned());
    email.map(|email| person.set(&EMAIL, Email::new(email)));
    phone.map(|phone| person.set(&PHONE, phone.to_owned()));
    person
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let time = ManualClock::at(Timestamp::from_second(1_800_000_000)?);
    let clock: Arc<dyn Clock> = Arc::new(time.clone());
    let fields = || Fields::new().exact(&NAME).exact(&EMAIL).exact(&PHONE);
    let system = |name| Model::new(name, fields(), Duration::ZERO, Arc::clone(&clock));
    let systems = Both::new(system("L"), system("R"));
    let home = Some("+14155550142");
    let ben = person("Ben King", None, home);
    let left = [
        person("Ada King", Some("ada@example.com"), home),
        ben.clone(),
    ];
    let ada = person("Ada K.", Some("ADA@example.com"), None);
    let right = [ada, ben, person("Cleo King", None, home)];
    let all = left.iter().chain(&right).cloned();
    matcher_laws(&ByEmailThenPhone, &Kind::new("person"), all)?;
    for person in &left {
        systems.left.enter(person);
    }
    for person in &right {
        systems.right.enter(person);
    }

    let sides = systems.clone().map(|s| Arc::new(s) as Arc<dyn Connector>);
    let (here, store) = (ConnectionId::new("family"), Arc::new(MemoryStore::new()));
    let rule = Prefer(Side::Left);
    let mut engine = Engine::builder(here, sides, store, clock, ByEmailThenPhone, rule)
        .kinds([Kind::new("person")])
        .build()?;
    time.advance(Duration::from_secs(9));
    for step in engine.plan().await?.steps(0, 9).await? {
        println!("{}", step.told(&Both::new("left", "right")));
    }
    let total = engine.settle(Duration::from_secs(60)).await?.total;
    println!(
        "linked {}, created {} on the left",
        total.linked, total.created.left
    );
    Ok(())
}
