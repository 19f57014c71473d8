//! Looking for records that were entered, or created, twice.

use serde::Serialize;

use crate::{
    caught::caught,
    engine::{Engine, EngineError},
    id::{Kind, LinkId, RecordId},
    link::Link,
    matching::{MatchKey, Tier},
    side::Side,
    store::StoreError,
};

/// A record without a link that has a key of one with a link, on the same side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Twin {
    /// The kind.
    pub kind: Kind,
    /// The side.
    pub side: Side,
    /// The link.
    pub link: LinkId,
    /// Its record.
    pub linked: RecordId,
    /// The other one.
    pub unlinked: RecordId,
    /// The key that both have.
    pub key: MatchKey,
}

/// Links in one page.
const PAGE: usize = 500;

/// Twins shown of one record.
const EACH: usize = 5;

impl Engine {
    /// Looks through all links of a kind for unlinked records under their keys. It asks only the
    /// store, and writes nothing: whether two records are one, and which stays, a person decides.
    pub async fn twins(&self, kind: &Kind) -> Result<Vec<Twin>, EngineError> {
        self.shared.known_kind("look for twins", kind)?;
        let mut twins = Vec::new();
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self
                .store
                .link_page(here, kind, after.as_ref(), PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(twins);
            };
            after = Some(last.id.clone());
            for link in &page {
                self.twins_of(link, &mut twins).await?;
            }
        }
    }

    async fn twins_of(&self, link: &Link, twins: &mut Vec<Twin>) -> Result<(), StoreError> {
        let (here, kind) = (&self.shared.connection, &link.kind);
        for side in Side::BOTH {
            let of = &link.sides[side];
            let keys = caught(|| self.shared.matcher.keys(kind, &of.shadow)).unwrap_or_default();
            let keys = keys.into_iter().filter(|key| key.tier != Tier::Recovery);
            let keys: Vec<MatchKey> = keys.collect();
            let under = self.store.unlinked(here, kind, side, &keys, EACH).await?;
            let mut found: Vec<RecordId> = Vec::new();
            for (key, unlinked) in keys.iter().zip(under) {
                for unlinked in unlinked {
                    if found.contains(&unlinked) {
                        continue;
                    }
                    found.push(unlinked.clone());
                    twins.push(Twin {
                        kind: kind.clone(),
                        side,
                        link: link.id.clone(),
                        linked: of.id.clone(),
                        unlinked,
                        key: key.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}
