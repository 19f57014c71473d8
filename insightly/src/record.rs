//! What every record has.

use std::{
    borrow::Cow,
    fmt::{Debug, Display},
};

use api_transport::{HeaderMap, server_time};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};

/// The id of a record of one family. Ids of different families cannot be mixed up.
pub trait RecordId:
    Copy + Eq + std::hash::Hash + Ord + Debug + Display + Send + Sync + 'static
{
    /// The id as Insightly's JSON has it.
    fn number(self) -> i64;
}

/// A record as Insightly shows it. Implemented by this crate's models.
pub trait Record: DeserializeOwned + Send + 'static {
    /// Its id's type.
    type Id: RecordId;
    /// The JSON member that holds the id, e.g. `CONTACT_ID`.
    const ID_NAME: &'static str;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// The tag of this version of it, where the account's answers carry one.
    fn etag(&self) -> Option<&ETag> {
        None
    }
}

/// What is sent to make or change a record. Implemented by this crate's models.
pub trait Payload: Serialize + Clone + Sync {
    /// Refuses a text over its known limit.
    fn check(&self) -> Result<(), TooLong>;

    /// What is sent of it: no members that this crate does not know.
    fn known(&self) -> Cow<'_, Self> {
        Cow::Borrowed(self)
    }
}

/// [`Payload::known`] of what keeps unknown members in `extra`.
macro_rules! known_alone {
    () => {
        fn known(&self) -> std::borrow::Cow<'_, Self> {
            if self.extra.is_empty() {
                return std::borrow::Cow::Borrowed(self);
            }
            std::borrow::Cow::Owned(Self {
                extra: serde_json::Map::new(),
                ..self.clone()
            })
        }
    };
}
pub(crate) use known_alone;

/// Rows that are sent, as they are known.
#[derive(Clone)]
pub(crate) struct Rows<'a, T>(pub(crate) &'a [T]);

impl<T: Payload> Serialize for Rows<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Payload::known))
    }
}

impl<T: Payload> Payload for Rows<'_, T> {
    fn check(&self) -> Result<(), TooLong> {
        self.0.iter().try_for_each(Payload::check)
    }
}

/// For `serialize_with` on rows that are sent.
pub(crate) fn write_rows<S: Serializer, T: Payload>(
    rows: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Rows(rows).serialize(serializer)
}

/// A text that is certainly too long for its field, so it is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} takes {limit} characters at most, this has {length}")]
#[non_exhaustive]
pub struct TooLong {
    /// The field's name in Insightly's JSON, e.g. `SALUTATION`.
    pub field: &'static str,
    /// The characters that it takes.
    pub limit: usize,
    /// The characters that were given.
    pub length: usize,
}

/// The tag of one version of a record, for `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ETag(pub String);

/// A record, and what its answer's headers said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched<T> {
    /// The record.
    pub value: T,
    /// The server's clock when it answered.
    pub server_time: Option<Timestamp>,
    /// The tag of this version: the header's, or else the record's own member.
    pub etag: Option<ETag>,
}

impl<T: Record> Fetched<T> {
    pub(crate) fn new(value: T, headers: &HeaderMap) -> Self {
        let header = headers.get("etag").and_then(|tag| tag.to_str().ok());
        Self {
            etag: header
                .map(|tag| ETag(tag.to_owned()))
                .or_else(|| value.etag().cloned()),
            server_time: server_time(headers),
            value,
        }
    }
}
