//! The check: what the store says, and the raw states of both servers.

use crm_sandbox::Sandbox;
use ghl_insightly::{
    agreement::{Agreement, Before, Check, Linked, Pairs},
    contact::CONTACT,
};
use sync_core::{ConnectionId, Counts, HistoryEvent, Kind, Store};

use crate::failure::{Proved, ensure};

/// Everything in one page.
const ALL: usize = usize::MAX >> 1;

/// What the store says of a connection once nothing runs.
#[derive(Debug)]
pub struct Kept {
    /// The linked records, and their fields that wait for a person.
    pub linked: Linked,
    /// How many lost creates were found again and adopted.
    pub adopted: u64,
    /// How much of everything there is.
    pub counts: Counts,
}

impl Kept {
    /// Reads a store's contacts.
    pub async fn of(store: &dyn Store) -> Proved<Self> {
        Self::of_kinds(store, [CONTACT]).await
    }

    /// Reads what a store has of these kinds.
    pub async fn of_kinds(
        store: &dyn Store,
        kinds: impl IntoIterator<Item = Kind>,
    ) -> Proved<Self> {
        let connection = ConnectionId::new("main");
        let history = store.history(&connection, 0, ALL).await?;
        let is_adoption = |event: &HistoryEvent| matches!(event, HistoryEvent::Adopted { .. });
        let adopted = history
            .iter()
            .filter(|(_, happened)| is_adoption(&happened.event))
            .count();
        Ok(Self {
            linked: Linked::of(store, &connection, kinds).await?,
            adopted: adopted as u64,
            counts: store.counts(&connection).await?,
        })
    }

    /// The ids of linked contacts, GHL's first.
    pub fn pairs(&self) -> Pairs {
        self.linked.pairs(&CONTACT).cloned().unwrap_or_default()
    }

    /// Everybody has exactly one counterpart, and the two say the same.
    pub fn agrees(&self, sandbox: &Sandbox, before: &Before) -> Proved<Agreement> {
        Ok(self.check(sandbox, before)?.verdict()?)
    }

    /// The same kind by kind, right or wrong. No intent is open.
    pub fn check(&self, sandbox: &Sandbox, before: &Before) -> Proved<Check> {
        ensure(self.counts.intents == 0, || {
            format!("{} intents are open", self.counts.intents)
        })?;
        Ok(Check::of(sandbox, before, &self.linked)?)
    }
}
