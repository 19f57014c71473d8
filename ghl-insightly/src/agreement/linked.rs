//! What a store says of a connection once nothing runs.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::{ConnectionId, Kind, Store, StoreError};

/// The ids of linked records, GHL's first.
pub type Pairs = BTreeMap<String, String>;

/// Everything in one page: a check is made with few records.
const ALL: usize = usize::MAX >> 1;

/// Which records are linked, and which of their fields wait for a person.
#[derive(Debug, Clone, Default)]
pub struct Linked {
    pairs: BTreeMap<Kind, Pairs>,
    held: BTreeSet<(Kind, String, String)>,
}

impl Linked {
    /// Reads it of these kinds.
    pub async fn of(
        store: &dyn Store,
        connection: &ConnectionId,
        kinds: impl IntoIterator<Item = Kind>,
    ) -> Result<Self, StoreError> {
        let mut linked = Self::default();
        for kind in kinds {
            let links = store.link_page(connection, &kind, None, ALL).await?;
            let ids = links.iter().map(|link| {
                let ids = link.sides.as_ref().map(|side| side.id.to_string());
                (ids.left, ids.right)
            });
            linked.pairs.insert(kind, ids.collect());
        }
        let holds = store.holds(connection, 0, ALL).await?;
        let held = holds.into_iter().filter_map(|(_, hold)| {
            let (id, field) = (hold.ids.left?, hold.field?);
            Some((hold.kind, id.to_string(), field.name().to_owned()))
        });
        linked.held = held.collect();
        Ok(linked)
    }

    /// The pairs of a kind; none if the kind was not read.
    pub fn pairs(&self, kind: &Kind) -> Option<&Pairs> {
        self.pairs.get(kind)
    }

    /// With which record of Insightly a record of GHL is linked.
    pub fn in_insightly(&self, kind: &Kind, ghl: &str) -> Option<&str> {
        self.pairs.get(kind)?.get(ghl).map(String::as_str)
    }

    /// Whether a field of a pair waits for a person.
    pub fn is_held(&self, kind: &Kind, ghl: &str, field: &str) -> bool {
        let place = (kind.clone(), ghl.to_owned(), field.to_owned());
        self.held.contains(&place)
    }
}
