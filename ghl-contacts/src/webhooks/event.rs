//! What HighLevel tells: each event typed, what is not known carried.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    calendar_event::CalendarEvent,
    contacts::{Contact, Note, Task},
    ids::{AppId, AppVersionId, LocationId},
    record::record,
};

use super::{Installed, LocationSummary, Uninstalled};

record! {
    /// What every delivery carries around its event. Its `extra` is the event itself.
    ///
    /// The pages about single events list none of it but `type`; deliveries that were seen
    /// carry all of it, and all of it is signed.
    pub struct Envelope {
        /// The event's name, e.g. `ContactCreate`.
        pub kind: Option<String> = "type",
        /// When HighLevel sent it. Whether a repetition carries a new one is not documented.
        pub timestamp: Option<Timestamp> = "timestamp",
        /// The delivery's id.
        pub webhook_id: Option<String> = "webhookId",
        /// The app that it is for.
        pub app_id: Option<AppId> = "appId",
        /// The version of that app.
        pub version_id: Option<AppVersionId> = "versionId",
    }
}

macro_rules! events {
    ($($(#[$meta:meta])* $variant:ident($body:ty) = $wire:literal $(in $member:literal)?;)+) => {
        /// What happened.
        ///
        /// A record in it shows what the event shows, which is less than a read: **read the
        /// record before you act on what is missing.**
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Event {
            $( $(#[$meta])* $variant(Box<$body>), )+
            /// An event that this release does not know, or one whose body is not as
            /// documented, as it came.
            Other {
                /// Its name.
                kind: String,
                /// Its members, those of the envelope apart.
                members: Map<String, Value>,
            },
        }

        impl Event {
            /// The names of the events that are typed here, as HighLevel writes them.
            pub const KINDS: &'static [&'static str] = &[$($wire),+];

            /// The event's name as HighLevel writes it, e.g. `ContactCreate`.
            pub fn kind(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $wire, )+
                    Self::Other { kind, .. } => kind,
                }
            }

            fn read(kind: String, members: Map<String, Value>) -> Self {
                let members = Value::Object(members);
                let read = match kind.as_str() {
                    $( $wire => {
                        let body = events!(@body members $($member)?);
                        body.and_then(|body| Deserialize::deserialize(body).ok())
                            .map(|body| Self::$variant(Box::new(body)))
                    } )+
                    _ => None,
                };
                match (read, members) {
                    (Some(event), _) => event,
                    (None, Value::Object(members)) => Self::Other { kind, members },
                    (None, _) => Self::Other { kind, members: Map::new() },
                }
            }
        }
    };
    (@body $members:ident) => { Some(&$members) };
    (@body $members:ident $member:literal) => { $members.get($member) };
}

events! {
    /// A contact was created.
    ContactCreate(Contact) = "ContactCreate";
    /// Some fields of a contact changed; which ones make this event is not published. It
    /// shows neither what changed nor `dateUpdated`. Fires for files never.
    ContactUpdate(Contact) = "ContactUpdate";
    /// A contact was deleted.
    ContactDelete(Contact) = "ContactDelete";
    /// Tags of a contact changed: shows the whole set, no difference.
    ContactTagUpdate(Contact) = "ContactTagUpdate";
    /// Do-not-disturb of a contact changed. Inbound settings are not shown, and fire nothing.
    ContactDndUpdate(Contact) = "ContactDndUpdate";
    /// A note was written. Shows no author, title, colour or pin.
    NoteCreate(Note) = "NoteCreate";
    /// A note was changed.
    NoteUpdate(Note) = "NoteUpdate";
    /// A note was deleted.
    NoteDelete(Note) = "NoteDelete";
    /// A task was created. Deliveries lack `contactId` and `body`, whatever the page says:
    /// find them by [`Location::tasks`](crate::Location::tasks).
    TaskCreate(Task) = "TaskCreate";
    /// A task was marked as done. No event tells of other changes.
    TaskComplete(Task) = "TaskComplete";
    /// A task was deleted.
    TaskDelete(Task) = "TaskDelete";
    /// An appointment was made. Its times carry an offset.
    AppointmentCreate(CalendarEvent) = "AppointmentCreate" in "appointment";
    /// An appointment changed. The official example wrongly names it `AppointmentCreate`.
    AppointmentUpdate(CalendarEvent) = "AppointmentUpdate" in "appointment";
    /// An appointment was deleted. The official example wrongly names it `AppointmentCreate`.
    AppointmentDelete(CalendarEvent) = "AppointmentDelete" in "appointment";
    /// The app was installed. Comes to the app's default URL only.
    Install(Installed) = "INSTALL";
    /// The app was removed. Comes to the app's default URL only.
    Uninstall(Uninstalled) = "UNINSTALL";
    /// A location was made; for agency apps.
    LocationCreate(LocationSummary) = "LocationCreate";
    /// A location changed; for agency apps.
    LocationUpdate(LocationSummary) = "LocationUpdate";
}

impl Event {
    /// Reads a body that was kept, e.g. in a table of events to work on.
    ///
    /// **It checks no signature**: what comes from the network goes through
    /// [`Verifier::verify`](super::Verifier::verify) first.
    pub fn from_slice(body: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(parse(body)?.1)
    }

    /// The contact that it is about, where the event says so.
    pub fn contact_id(&self) -> Option<&crate::ContactId> {
        match self {
            Self::ContactCreate(contact)
            | Self::ContactUpdate(contact)
            | Self::ContactDelete(contact)
            | Self::ContactTagUpdate(contact)
            | Self::ContactDndUpdate(contact) => Some(&contact.id),
            Self::NoteCreate(note) | Self::NoteUpdate(note) | Self::NoteDelete(note) => {
                note.contact_id.as_ref()
            }
            Self::TaskCreate(task) | Self::TaskComplete(task) | Self::TaskDelete(task) => {
                task.contact_id.as_ref()
            }
            Self::AppointmentCreate(event)
            | Self::AppointmentUpdate(event)
            | Self::AppointmentDelete(event) => event.contact_id.as_ref(),
            _ => None,
        }
    }
}

/// The envelope, the location, and the event.
pub(super) fn parse(
    body: &[u8],
) -> Result<(Envelope, Event, Option<LocationId>), serde_json::Error> {
    let mut envelope: Envelope = serde_json::from_slice(body)?;
    let Some(kind) = envelope.kind.clone() else {
        return Err(serde::de::Error::missing_field("type"));
    };
    let members = std::mem::take(&mut envelope.extra);
    let location = members.get("locationId").and_then(Value::as_str);
    let location = location.map(LocationId::from);
    Ok((envelope, Event::read(kind, members), location))
}
