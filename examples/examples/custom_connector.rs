//! A connector of your own, for a system that can only list, proved against the laws of connectors.
//! `cargo run --release -p examples --example custom_connector`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{collections::BTreeMap, error::Error, sync::Mutex};
use sync_core::{
    Change, ConnectorError, Coverage, Cursor, Draft, Endpoint, EndpointTraits, Field, Fields, Head,
    Kind, Lane, Mapper, Memo, NativePage, NativeReply, NativeSeen, Reading, Reason, Record, Target,
    TypedConnector, Unfit,
};

const CARD: Kind = Kind::from_static("card");
const TITLE: Field<String> = Field::new("title");
type Card = (String, String);
type Answer<T> = Result<T, ConnectorError>;

struct Board(Mutex<BTreeMap<String, String>>);
impl Board {
    fn cards(&self) -> Answer<std::sync::MutexGuard<'_, BTreeMap<String, String>>> {
        let failed = |why: &dyn ToString| ConnectorError::not_applied("board", Reason::Other, why.to_string());
        self.0.lock().map_err(|why| failed(&why))
    }
}

impl Endpoint for Board {
    type Native = Card;
    type Call = String;
    fn traits(&self) -> EndpointTraits { EndpointTraits::list() }
    fn head(&self, (id, _): &Card) -> Head { Head::new(id.as_str()) }
    async fn changes(&self, _: Lane, _: Option<&Cursor>) -> Answer<NativePage<Card>> {
        Ok(NativePage::whole(self.cards()?.clone().into_iter().collect()))
    }
    async fn fetch(&self, target: &Target) -> Answer<Option<NativeSeen<Card>>> {
        let card = self.cards()?.get_key_value(target.id.as_str()).map(|(id, t)| (id.clone(), t.clone()));
        Ok(card.map(NativeSeen::from))
    }
    async fn send(&self, target: Option<&Target>, title: &String) -> Answer<NativeReply<Card>> {
        let mut cards = self.cards()?;
        let id = target.map_or_else(|| format!("card-{}", cards.len()), |target| target.id.to_string());
        if target.is_some() && !cards.contains_key(&id) {
            return Err(ConnectorError::not_applied("send", Reason::NotFound, "no such card"));
        }
        cards.insert(id.clone(), title.clone());
        Ok(NativeReply::showing(id.as_str(), (id.clone(), title.clone())))
    }
    async fn delete(&self, target: &Target) -> Answer<()> { self.cards()?.remove(target.id.as_str()); Ok(()) }
}

struct CardMapper;
impl Mapper for CardMapper {
    type Native = Card;
    type Call = String;
    fn fields(&self) -> Fields { Fields::new().exact(&TITLE) }
    fn read(&self, (_, title): &Card, _: &Coverage, _: &Memo) -> Reading {
        let mut reading = Reading::default();
        reading.set(&TITLE, Some(title.clone()).filter(|title| !title.is_empty()));
        reading
    }
    fn write(&self, change: &Change<'_, Card>) -> Result<Draft<String>, Unfit> {
        let mut part = change.part();
        let title = part.edit(&TITLE).set().unwrap_or_default();
        Ok(if change.create { Draft::new().create("add", part, title) } else { Draft::new().update("set", part, title) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let board = TypedConnector::new("board".into()).kind(CARD, Board(Mutex::default()), CardMapper);
    let cards = ["Write", "Test", ""].map(|title| Record::default().set(&TITLE, title.to_owned()).clone());
    sync_core::testing::connector_laws(&board, &CARD, cards).await?;
    println!("the laws hold for a board of 3 cards");
    Ok(())
}
