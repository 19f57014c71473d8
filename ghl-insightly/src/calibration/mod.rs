//! What the papers do not tell of the two APIs, measured on the accounts themselves.
//!
//! ```no_run
//! # async fn doc(settings: ghl_insightly::Settings, store: sync_sqlite::SqliteStore) -> Result<(), Box<dyn std::error::Error>> {
//! use ghl_insightly::{Calibration, Connected, SystemClock};
//! let connected = Connected::new(&settings).await?;
//! let calibration = Calibration::measure(&connected, &SystemClock).await;
//! for finding in &calibration.findings {
//!     println!("{} {}", finding.question, finding.answer);
//! }
//! # Ok(())
//! # }
//! ```

#![expect(
    clippy::large_futures,
    reason = "a measurement is made once in a while"
)]

mod finding;
mod ghl;
mod insightly;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{Batch, Clock, ConnectionId, Op, Store, StoreError};

use crate::connected::Connected;

use finding::Findings;
pub use finding::{Answer, Finding};

/// What was measured, when, and what could not be cleaned up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibration {
    /// When.
    pub at: Timestamp,
    /// One finding for each question.
    pub findings: Vec<Finding>,
    /// Scratch records that could not be deleted again.
    pub left_behind: Vec<String>,
}

/// What scratch records are called.
const SCRATCH: &str = "Calibration scratch";

/// Text that old databases cut or refuse.
const EMOJI: &str = "Zoë 👩🏽‍💻 Calibration";

/// Under what name a store keeps it.
const NAME: &str = "calibration";

/// Questions whose answers the connectors go by.
const TAGS_IN_POST: &str = "insightly.tags_in_post";
const COMPANY_MAKES_BUSINESS: &str = "ghl.company_makes_business";

/// Edits of a contact that a feed by time of change shows only if they move its stamp.
const SEEN_BY_STAMP: [&str; 4] = [
    "ghl.tags_move_stamp",
    "ghl.opt_out_moves_stamp",
    "ghl.business_moves_stamp",
    "insightly.tags_move_stamp",
];

impl Calibration {
    /// Makes scratch records on both sides, edits them, looks, and deletes them again. Some thirty
    /// requests on each side, and some seconds of waiting. Needs the scopes that write.
    pub async fn measure(connected: &Connected, clock: &dyn Clock) -> Self {
        let mut found = Findings::default();
        Box::pin(ghl::measure(connected, clock, &mut found)).await;
        Box::pin(insightly::measure(connected, clock, &mut found)).await;
        Self {
            at: clock.now(),
            findings: found.findings,
            left_behind: found.left_behind,
        }
    }

    /// Nothing was measured.
    pub(crate) fn nothing() -> Self {
        Self {
            at: Timestamp::UNIX_EPOCH,
            findings: Vec::new(),
            left_behind: Vec::new(),
        }
    }

    /// What a store keeps of an earlier one. One of another release is none.
    pub async fn kept(
        store: &dyn Store,
        connection: &ConnectionId,
    ) -> Result<Option<Self>, StoreError> {
        let kept = store.known(connection, NAME).await?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// Keeps it in a store that no engine has open.
    pub async fn keep(
        &self,
        store: &dyn Store,
        connection: &ConnectionId,
    ) -> Result<(), StoreError> {
        let epoch = store.open(connection).await?;
        let text = serde_json::to_string(self);
        let text = text.map_err(|why| StoreError::Backend(why.to_string()))?;
        let ops = vec![Op::Know(NAME.to_owned(), Some(text))];
        store.commit(connection, Batch { epoch, ops }).await
    }

    /// The answer to a question, by its name.
    pub fn answer(&self, name: &str) -> Option<&Answer> {
        let found = self.findings.iter().find(|finding| finding.name == name);
        found.map(|finding| &finding.answer)
    }

    /// Whether Insightly keeps the tags of a new record's body: not known is yes, for what it drops
    /// is added a cycle later.
    pub(crate) fn takes_new_tags(&self) -> bool {
        self.answer(TAGS_IN_POST) != Some(&Answer::No)
    }

    /// Whether GHL makes no business of the company name of a new contact. Not known is no: else
    /// there would be two businesses of one name.
    pub(crate) fn company_names_stay_names(&self) -> bool {
        self.answer(COMPANY_MAKES_BUSINESS) == Some(&Answer::No)
    }

    /// How often everything is to be read by content: what moves no stamp is met only then.
    pub fn walk_every(&self) -> Duration {
        let hours = if self.has_silent_edits() { 1 } else { 24 };
        Duration::from_secs(hours * 3600)
    }

    /// Whether some edits of contacts move no stamp, so that only a walk over all meets them.
    pub fn has_silent_edits(&self) -> bool {
        SEEN_BY_STAMP
            .iter()
            .any(|name| self.answer(name) == Some(&Answer::No))
    }
}
