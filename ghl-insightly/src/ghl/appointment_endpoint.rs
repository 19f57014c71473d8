//! The GHL calendar client as the engine calls it: to read only.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use ghl_contacts::{CalendarEvent, CalendarId, Client, EventId, EventsOf, LocationId};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, Head, Lane, NativePage,
    NativeReply, NativeSeen, RecordId, Stamp, Target,
};

use super::failure::connector_error;

/// The appointments of some calendars of a location that begin after a day.
///
/// The route is asked by the time of an appointment, not by that of its change. A poll reads those
/// of the last week and of the year ahead, the walk all.
#[derive(Debug, Clone)]
pub struct GhlAppointments {
    client: Client,
    location: LocationId,
    calendars: Vec<CalendarId>,
    zone: TimeZone,
    from: Timestamp,
    index_lag: Duration,
}

/// How far back a poll looks.
const BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far ahead a poll and a walk look.
const AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);
const FAR_AHEAD: SignedDuration = SignedDuration::from_hours(5 * 366 * 24);

impl GhlAppointments {
    /// `zone` is the location's; appointments that begin before `from` are not followed up.
    pub fn new(
        client: Client,
        location: LocationId,
        calendars: Vec<CalendarId>,
        zone: TimeZone,
        from: Timestamp,
        index_lag: Duration,
    ) -> Self {
        Self {
            client,
            location,
            calendars,
            zone,
            from,
            index_lag,
        }
    }

    async fn between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<CalendarEvent>, ConnectorError> {
        let location = self.client.location(&self.location);
        let mut found = BTreeMap::new();
        for calendar in &self.calendars {
            let of = EventsOf::Calendar(calendar.clone());
            let events = location.events(&of, from, to).await;
            let events = events.map_err(|e| connector_error(&e))?;
            found.extend(events.into_iter().map(|event| (event.id.clone(), event)));
        }
        Ok(found.into_values().collect())
    }
}

impl Endpoint for GhlAppointments {
    type Native = CalendarEvent;
    type Call = Infallible;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits::changes(self.index_lag)
    }

    fn head(&self, event: &CalendarEvent) -> Head {
        let exact = |time: Option<ghl_contacts::EventTime>| time?.in_zone(&self.zone);
        Head {
            id: RecordId::new(event.id.as_str()),
            locator: None,
            stamp: exact(event.date_updated).map(Stamp),
            created: exact(event.date_added),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        _from: Option<&Cursor>,
    ) -> Result<NativePage<CalendarEvent>, ConnectorError> {
        let now = Timestamp::now();
        let events = match lane {
            Lane::Walk => self.between(self.from, now + FAR_AHEAD).await?,
            Lane::Fast => self.between(self.from.max(now - BACK), now + AHEAD).await?,
            Lane::Settled => Vec::new(),
        };
        Ok(NativePage {
            natives: events,
            coverage: Coverage::WHOLE,
            next: Cursor(now.to_string()),
            more: false,
            server_time: None,
        })
    }

    async fn fetch(
        &self,
        target: &Target,
    ) -> Result<Option<NativeSeen<CalendarEvent>>, ConnectorError> {
        let location = self.client.location(&self.location);
        match location.event(&EventId::from(target.id.as_str())).await {
            Ok(event) => Ok(Some(NativeSeen::from(event))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(connector_error(&error)),
        }
    }

    async fn send(
        &self,
        _target: Option<&Target>,
        call: &Infallible,
    ) -> Result<NativeReply<CalendarEvent>, ConnectorError> {
        match *call {}
    }

    async fn delete(&self, _target: &Target) -> Result<(), ConnectorError> {
        Err(ConnectorError::unsupported("appointments.delete"))
    }
}
