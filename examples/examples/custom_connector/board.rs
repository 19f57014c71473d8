//! The system: cards by id, without a feed, without stamps.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    fn cards(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let cards = self.cards().clone();
        Ok(NativePage::whole(cards.into_iter().collect()))
    }

    async fn fetch(&self, target: &Target) -> Answer<Option<NativeSeen<Card>>> {
        let card = self.cards().clone().remove_entry(target.id.as_str());
        Ok(card.map(NativeSeen::from))
    }

    async fn send(&self, target: Option<&Target>, title: &String) -> Answer<NativeReply<Card>> {
        let mut cards = self.cards();
        let id = target.map_or(format!("card-{}", cards.len()), |to| to.id.to_string());
        if target.is_some() && !cards.contains_key(&id) {
            return Err(ConnectorError::not_applied("send", Reason::NotFound, id));
        }
        cards.insert(id.clone(), title.clone());
        Ok(NativeReply::showing(
            id.clone().as_str(),
            (id, title.clone()),
        ))
    }

    async fn delete(&self, target: &Target) -> Answer<()> {
        self.cards().remove(target.id.as_str());
        Ok(())
    }
}
