//! What a delivery says: which record to read again.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{form::Form, record::Record};

/// Which record to read again. It is no record: see the [module](crate::webhooks).
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    kind: HintKind,
    id: Option<i64>,
    entity: Map<String, Value>,
}

/// The kind of record that a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HintKind {
    /// A task.
    Task,
    /// An event.
    Event,
    /// A project.
    Project,
    /// An opportunity.
    Opportunity,
    /// A lead.
    Lead,
    /// A contact.
    Contact,
    /// An organisation.
    Organisation,
    /// A record of a custom object; of which one, only the URL can tell.
    CustomObjectRecord,
    /// Something else, or nothing that can be told.
    Other,
}

/// Kinds by the member that holds their ids, before those whose ids they hold too: a task
/// has a `PROJECT_ID`, a project an `OPPORTUNITY_ID`, an opportunity an `ORGANISATION_ID`.
const BY_ID_MEMBER: [(&str, HintKind); 16] = [
    ("TASK_ID", HintKind::Task),
    ("EVENT_ID", HintKind::Event),
    ("MILESTONE_ID", HintKind::Other),
    ("EMAIL_ID", HintKind::Other),
    ("NOTE_ID", HintKind::Other),
    ("TICKET_ID", HintKind::Other),
    ("QUOTE_ID", HintKind::Other),
    ("OPPORTUNITY_ITEM_ID", HintKind::Other),
    ("PROSPECT_ID", HintKind::Other),
    ("PROJECT_ID", HintKind::Project),
    ("OPPORTUNITY_ID", HintKind::Opportunity),
    ("LEAD_ID", HintKind::Lead),
    ("CONTACT_ID", HintKind::Contact),
    ("PRODUCT_ID", HintKind::Other),
    ("ORGANISATION_ID", HintKind::Organisation),
    ("RECORD_ID", HintKind::CustomObjectRecord),
];

/// Why a body is no hint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAHint {
    /// It is no JSON object with one member `entity`, which is an object.
    #[error("the body is not {{\"entity\": {{…}}}}: {0}")]
    NoEntity(String),
    /// The entity has not the id that this URL's records have.
    #[error("the entity has no {0}")]
    NoId(&'static str),
}

#[derive(Deserialize)]
struct Envelope {
    entity: Map<String, Value>,
}

impl HintKind {
    const fn id_member(self) -> Option<&'static str> {
        match self {
            Self::Task => Some("TASK_ID"),
            Self::Event => Some("EVENT_ID"),
            Self::Project => Some("PROJECT_ID"),
            Self::Opportunity => Some("OPPORTUNITY_ID"),
            Self::Lead => Some("LEAD_ID"),
            Self::Contact => Some("CONTACT_ID"),
            Self::Organisation => Some("ORGANISATION_ID"),
            Self::CustomObjectRecord => Some("RECORD_ID"),
            Self::Other => None,
        }
    }
}

impl Hint {
    /// Reads a body and takes the kind from the id that it holds.
    ///
    /// ```
    /// use insightly::webhooks::{Hint, HintKind};
    /// let hint = Hint::read(br#"{"entity": {"TASK_ID": 7, "PROJECT_ID": 3}}"#)?;
    /// assert_eq!((hint.kind(), hint.id()), (HintKind::Task, Some(7)));
    /// # Ok::<(), insightly::webhooks::NotAHint>(())
    /// ```
    pub fn read(body: &[u8]) -> Result<Self, NotAHint> {
        let entity = entity(body)?;
        let found = BY_ID_MEMBER
            .iter()
            .find_map(|(member, kind)| Some((*kind, id(&entity, member)?)));
        let (kind, id) = match found {
            Some((HintKind::Other, _)) | None => (HintKind::Other, None),
            Some((kind, id)) => (kind, Some(id)),
        };
        Ok(Self { kind, id, entity })
    }

    /// Reads a body of a rule that is known to be about this kind.
    pub fn read_as(body: &[u8], kind: HintKind) -> Result<Self, NotAHint> {
        let entity = entity(body)?;
        let id = match kind.id_member() {
            None => None,
            Some(member) => Some(id(&entity, member).ok_or(NotAHint::NoId(member))?),
        };
        Ok(Self { kind, id, entity })
    }

    /// The kind of record.
    pub fn kind(&self) -> HintKind {
        self.kind
    }

    /// The record's id: read it by this.
    pub fn id(&self) -> Option<i64> {
        self.id
    }

    /// The id as that of this kind of record, e.g. `hint.id_of::<Contact>()`.
    pub fn id_of<R: Record>(&self) -> Option<R::Id>
    where
        R::Id: From<i64>,
    {
        (self.kind.id_member() == Some(R::ID_NAME))
            .then_some(self.id)
            .flatten()
            .map(R::Id::from)
    }

    /// What the body showed of the record. It may be old, cut, or invented: good for a
    /// look whether reading the record is worth it, and for nothing else.
    pub fn shown(&self) -> &Map<String, Value> {
        &self.entity
    }

    /// The body's picture of the record, for a look; dates come in the form
    /// `/Date(1489116850787-0800)/` and are read all the same.
    pub fn shown_as<R: Record>(&self) -> Result<R, serde_json::Error> {
        serde_json::from_value(Value::Object(self.entity.clone()))
    }
}

fn entity(body: &[u8]) -> Result<Map<String, Value>, NotAHint> {
    serde_json::from_slice::<Envelope>(body)
        .map(|envelope| envelope.entity)
        .map_err(|why| NotAHint::NoEntity(why.to_string()))
}

fn id(entity: &Map<String, Value>, member: &str) -> Option<i64> {
    i64::read(entity.get(member)?).ok().flatten()
}
