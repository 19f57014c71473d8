//! Events in the calendar.

use jiff::Timestamp;

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    ids::{EventId, UserId},
    link::Link,
    model::record,
    records::Records,
    shape::family,
    shapes::{
        changed, changed_if, created, deleted, image_fields, linked, listed, read_by_id, searched,
    },
};

record! {
    /// An event in the calendar. Who it is with shows in its links.
    Event(id: EventId = "EVENT_ID");

    /// What an event is made of: `NewEvent::new(start, end).title("Lunch")`.
    NewEvent;

    /// What is changed of an event.
    EventUpdate;

    required {
        /// When it starts.
        start_date: Timestamp = "START_DATE_UTC",
        /// When it ends.
        end_date: Timestamp = "END_DATE_UTC",
    }
    writable {
        /// What it is.
        title: String = "TITLE" [255],
        /// Where it is.
        location: String = "LOCATION" [255],
        /// Whether it takes whole days.
        all_day: bool = "ALL_DAY",
        /// More about it.
        details: String = "DETAILS" [4000],
        /// When to remind.
        reminder_date: Timestamp = "REMINDER_DATE_UTC",
        /// Whether the reminder went out.
        reminder_sent: bool = "REMINDER_SENT",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {}
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
    }
}

custom_fields_of!(Event);

family!(
    Event, "events", "/Events":
    listed, searched, read_by_id,
    created(New = NewEvent), changed(Update = EventUpdate), changed_if, deleted,
    linked, image_fields,
);

impl Client {
    /// The events in the calendar.
    pub fn events(&self) -> Records<Event> {
        Records::new(self)
    }
}
