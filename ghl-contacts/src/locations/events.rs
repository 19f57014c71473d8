//! The appointments of a location.

use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    calendar_event::CalendarEvent,
    contacts::appointments::Reply,
    error::Result,
    ids::{CalendarGroupId, CalendarId, EventId, UserId},
    locations::{
        Location,
        operations::{EVENT, EVENTS},
    },
};

/// Whose appointments are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventsOf {
    /// Those of a calendar.
    Calendar(CalendarId),
    /// Those of a user.
    User(UserId),
    /// Those of a group of calendars.
    Group(CalendarGroupId),
}

#[derive(Deserialize)]
struct One {
    event: CalendarEvent,
}

impl Location {
    /// The appointments of a calendar, user or group between two times, in one answer.
    ///
    /// Scope: `calendars/events.readonly`. Sent with `Version: 2021-04-15`. Times that carry
    /// no offset are in the location's zone.
    pub async fn events(
        &self,
        of: &EventsOf,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<CalendarEvent>> {
        let op = EVENTS
            .of([])
            .query("locationId", &self.id)
            .query("startTime", from.as_millisecond())
            .query("endTime", to.as_millisecond());
        let op = match of {
            EventsOf::Calendar(id) => op.query("calendarId", id),
            EventsOf::User(id) => op.query("userId", id),
            EventsOf::Group(id) => op.query("groupId", id),
        };
        Ok(self.client.send::<Reply>(op).await?.events)
    }

    /// One appointment, whenever it is.
    ///
    /// Scope: `calendars/events.readonly`. Sent with `Version: 2021-04-15`.
    pub async fn event(&self, id: &EventId) -> Result<CalendarEvent> {
        Ok(self
            .client
            .send::<One>(EVENT.of([id.as_str()]))
            .await?
            .event)
    }
}
