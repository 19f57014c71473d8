//! What things are called: connections, accounts, kinds, records, links.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<SmolStr>) -> Self {
                Self(text.into())
            }

            /// Takes a constant text.
            pub const fn from_static(text: &'static str) -> Self {
                Self(SmolStr::new_static(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )* };
}

text_ids! {
    /// One left account joined with one right account; leads every key in a store.
    ConnectionId;
    /// One customer's space in a system, as that system names it.
    AccountId;
    /// What a record is: contact, company, task, note, or an embedder's own.
    Kind;
    /// The API's own id of a record.
    RecordId;
    /// The parent under which calls find a record, where they need one. It can change; the id does not.
    Locator;
    /// Two records that are the same thing.
    LinkId;
}

impl LinkId {
    /// Named after what it joins: readable, and the same after a restart.
    pub fn of(left: &RecordId, right: &RecordId) -> Self {
        Self::new(format!("{left}~{right}"))
    }
}

/// A record of one side, by kind and id. Always in the id space of the side that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
}

/// A record to call: its id and, where calls need it, its parent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Its id.
    pub id: RecordId,
    /// Its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
}

impl From<RecordId> for Target {
    fn from(id: RecordId) -> Self {
        Self { id, locator: None }
    }
}

/// A server's own "updated at" of a record; never our clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(pub Timestamp);

/// How one change is followed from its first sight to its last write.
pub type CauseId = u64;

/// A cycle: no two of a store share a number.
pub type RunId = u64;

/// One opening of a connection by one writer; a later one fences off the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// An intent in the journal: unique because no two openings share an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IntentId {
    /// The opening that wrote it.
    pub epoch: Epoch,
    /// Counted within that opening.
    pub number: u64,
}
