//! The system: cards by id, without a feed, without stamps.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, NativePage, NativeReply,
    NativeSeen, Reason, Target,
};

/// An id and a title.
pub(crate) type Card = (String, String);
type Answer<T> = Result<T, ConnectorError>;

#[derive(Default)]
pub(crate) struct Board(Mutex<BTreeMap<String, String>>);
impl Board {
    fn cards(&self) -> Answer<MutexGuard<'_, BTreeMap<String, String>>> {
        let failed = |why: &dyn ToString| {
            ConnectorError::not_applied("board", Reason::Other, why.to_string())
        };
        self.0.lock().map_err(|why| failed(&why))
    }
}

impl Endpoint for Board {
    type Native = Card;
    type Call = String;
    fn traits(&self) -> EndpointTraits {
        EndpointTraits::list()
    }
    fn head(&self, (id, _): &Card) -> Head {
        Head::new(id.as_str())
    }
    async fn changes(&self, _: Lane, _: Option<&Cursor>) -> Answer<NativePage<Card>> {
        Ok(NativePage::whole(
            self.cards()?.clone().into_iter().collect(),
        ))
    }
    async fn fetch(&self, target: &Target) -> Answer<Option<NativeSeen<Card>>> {
        let card = self
            .cards()?
            .get_key_value(target.id.as_str())
            .map(|(id, t)| (id.clone(), t.clone()));
        Ok(card.map(NativeSeen::from))
    }
    async fn send(&self, target: Option<&Target>, title: &String) -> Answer<NativeReply<Card>> {
        let mut cards = self.cards()?;
        let id = target.map_or_else(
            || format!("card-{}", cards.len()),
            |target| target.id.to_string(),
        );
        if target.is_some() && !cards.contains_key(&id) {
            return Err(ConnectorError::not_applied(
                "send",
                Reason::NotFound,
                "no such card",
            ));
        }
        cards.insert(id.clone(), title.clone());
        Ok(NativeReply::showing(
            id.as_str(),
            (id.clone(), title.clone()),
        ))
    }
    async fn delete(&self, target: &Target) -> Answer<()> {
        self.cards()?.remove(target.id.as_str());
        Ok(())
    }
}
