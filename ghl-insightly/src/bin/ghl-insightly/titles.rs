//! What people call the records that they are told of.

use ghl_insightly::title;
use sync_core::{
    Archive, Both, ConnectionId, Happened, Hold, Kind, RecordId, Side, Staged, StoreError,
};

use crate::told;

/// Looks names up in a store.
pub(crate) struct Titles<'a> {
    archive: &'a dyn Archive,
    connection: &'a ConnectionId,
}

impl<'a> Titles<'a> {
    pub(crate) fn new(archive: &'a dyn Archive, connection: &'a ConnectionId) -> Self {
        Self {
            archive,
            connection,
        }
    }

    pub(crate) async fn hold(&self, hold: &Hold) -> Result<String, StoreError> {
        let pair = self.pair(&hold.kind, &hold.ids).await?;
        Ok(told::hold(hold, &pair))
    }

    pub(crate) async fn happened(&self, happened: &Happened) -> Result<String, StoreError> {
        let pair = self.pair(&happened.kind, &happened.ids).await?;
        Ok(told::happened(happened, &pair))
    }

    /// A decided conflict, if it is one.
    pub(crate) async fn conflict(&self, happened: &Happened) -> Result<Option<String>, StoreError> {
        let pair = self.pair(&happened.kind, &happened.ids).await?;
        Ok(told::conflict(happened, &pair))
    }

    /// What a step does, after the name of whom it is about.
    pub(crate) async fn step(&self, staged: &Staged) -> Result<String, StoreError> {
        let told = staged.told(&told::NAMES);
        let ids = staged.ids().map(Option::<&RecordId>::cloned);
        Ok(match self.of(&staged.kind, &ids).await? {
            Some(title) => format!("{title}: {told}"),
            None => told.to_string(),
        })
    }

    /// A pair: what it is, what people call it, and its ids.
    pub(crate) async fn pair(
        &self,
        kind: &Kind,
        ids: &Both<Option<RecordId>>,
    ) -> Result<String, StoreError> {
        let named = told::ids(ids);
        Ok(match self.of(kind, ids).await? {
            Some(title) => format!("{kind} {title} ({named})"),
            None => format!("{kind} {named}"),
        })
    }

    /// What GHL calls it, else what Insightly does.
    async fn of(
        &self,
        kind: &Kind,
        ids: &Both<Option<RecordId>>,
    ) -> Result<Option<String>, StoreError> {
        for side in Side::BOTH {
            let Some(id) = &ids[side] else { continue };
            let shown = self.archive.shown(self.connection, kind, side, id).await?;
            let title = shown.and_then(|shown| title(kind, &shown));
            if title.is_some() {
                return Ok(title);
            }
        }
        Ok(None)
    }
}
