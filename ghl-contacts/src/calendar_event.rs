//! Appointments, from a contact's route and from the calendars'.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    borrowed_json::Json,
    ids::{CalendarGroupId, CalendarId, ContactId, EventId, LocationId, UserId},
    record::{Member, nested, record},
};

/// A time of an appointment: exact from the calendars' route, without a zone from a
/// contact's (`2021-07-16 11:00:00`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventTime {
    /// An instant.
    Exact(Timestamp),
    /// A time of day in a zone that the answer does not name; probably the location's.
    Local(DateTime),
}

impl EventTime {
    /// The instant, where `zone` is that of local times.
    pub fn in_zone(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Exact(at) => Some(at),
            Self::Local(at) => zone.to_timestamp(at).ok(),
        }
    }
}

impl Serialize for EventTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exact(at) => at.serialize(serializer),
            Self::Local(at) => at.serialize(serializer),
        }
    }
}

impl Member for EventTime {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        match Timestamp::read(value) {
            Ok(exact) => Ok(exact.map(Self::Exact)),
            Err(Json::Text(text)) => match text.parse() {
                Ok(local) => Ok(Some(Self::Local(local))),
                Err(_) => Err(Json::Text(text)),
            },
            Err(odd) => Err(odd),
        }
    }
}

record! {
    /// An appointment.
    pub struct CalendarEvent {
        /// The id.
        pub id: EventId = "id" from ["id", "_id"],
        /// The title.
        pub title: Option<String> = "title",
        /// The calendar.
        pub calendar_id: Option<CalendarId> = "calendarId",
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
        /// The contact.
        pub contact_id: Option<ContactId> = "contactId",
        /// The group of calendars.
        pub group_id: Option<CalendarGroupId> = "groupId",
        /// `booked` and the like; only a contact's route shows it.
        pub status: Option<String> = "status",
        /// `new`, `confirmed`, `cancelled`, `showed`, `noshow`, `invalid`, `active`, `completed`.
        pub appointment_status: Option<String> = "appointmentStatus",
        /// The user who holds it.
        pub assigned_user_id: Option<UserId> = "assignedUserId",
        /// All users of it.
        pub users: Option<Vec<UserId>> = "users",
        /// When it begins.
        pub start_time: Option<EventTime> = "startTime",
        /// When it ends.
        pub end_time: Option<EventTime> = "endTime",
        /// When it was made.
        pub date_added: Option<EventTime> = "dateAdded",
        /// When it last changed.
        pub date_updated: Option<EventTime> = "dateUpdated",
        /// Where it is: a place or a link.
        pub address: Option<String> = "address",
        /// Notes.
        pub notes: Option<String> = "notes",
        /// A description.
        pub description: Option<String> = "description",
        /// Whether it is one of a series.
        pub is_recurring: Option<bool> = "isRecurring",
        /// The rule of the series.
        pub rrule: Option<String> = "rrule",
        /// The event that the series began with.
        pub master_event_id: Option<EventId> = "masterEventId",
        /// Rooms and equipment.
        pub assigned_resources: Option<Vec<String>> = "assignedResources",
        /// Where it came from, e.g. `booking_widget`; only webhooks show it.
        pub source: Option<String> = "source",
        /// Who made it, as it came.
        pub created_by: Option<Value> = "createdBy",
    }
}
nested!(CalendarEvent);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_is_exact_only_where_the_answer_says_so() {
        let event: CalendarEvent = serde_json::from_value(json!({
            "id": "e", "startTime": "2021-07-16 11:00:00", "endTime": "2021-07-16T11:30:00+05:30",
        }))
        .unwrap();
        let start = event.start_time.unwrap();
        assert!(matches!(start, EventTime::Local(_)));
        assert!(matches!(event.end_time, Some(EventTime::Exact(_))));
        let utc = start.in_zone(&TimeZone::UTC).unwrap();
        assert_eq!(utc.to_string(), "2021-07-16T11:00:00Z");
    }
}
