//! Appointments of a contact.

use serde::Deserialize;

use crate::{
    calendar_event::CalendarEvent,
    contacts::{Contacts, operations::APPOINTMENTS},
    error::Result,
    ids::ContactId,
};

#[derive(Deserialize)]
pub(crate) struct Reply {
    #[serde(default)]
    pub(crate) events: Vec<CalendarEvent>,
}

impl Contacts {
    /// All appointments of a contact, in one answer. Their times name no zone.
    ///
    /// Scope: `contacts.readonly`; none of the calendars' is needed.
    pub async fn appointments(&self, contact: &ContactId) -> Result<Vec<CalendarEvent>> {
        let op = APPOINTMENTS.of([contact.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.events)
    }
}
