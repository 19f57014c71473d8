//! GHL appointments, read as what has to be followed up.

use std::{convert::Infallible, sync::Arc};

use ghl_contacts::CalendarEvent;
use jiff::tz::TimeZone;
use sync_core::{Change, Coverage, Draft, Fields, Mapper, Memo, PartialDate, Reading, Unfit};

use super::{assigned, parent};
use crate::{
    follow_up::APPOINTMENT,
    task::{ASSIGNEE, CONTACT_OF, DONE, DUE, TITLE, due},
    user::Users,
};

/// The stock mapper of GHL appointments. Nothing is written.
///
/// | field | GHL |
/// | --- | --- |
/// | title | `Follow up: ` and the `title`; `Missed: ` where `appointmentStatus` is `noshow` |
/// | done | where `appointmentStatus` is `cancelled` or `invalid`: there is nothing to follow up |
/// | due | the day of `startTime` in the location's zone |
/// | assignee | `assignedUserId`, by the e-mail address of a paired user |
/// | contact | `contactId` |
/// | appointment | `id` |
#[derive(Debug, Clone)]
pub struct GhlAppointmentMapper {
    zone: TimeZone,
    users: Arc<Users>,
}

impl GhlAppointmentMapper {
    /// A mapper for a location in this zone.
    pub fn new(zone: TimeZone, users: Arc<Users>) -> Self {
        Self { zone, users }
    }
}

impl Mapper for GhlAppointmentMapper {
    type Native = CalendarEvent;
    type Call = Infallible;

    fn fields(&self) -> Fields {
        Fields::new()
            .read_only(&APPOINTMENT)
            .read_only(&TITLE)
            .read_only(&DONE)
            .read_only(&DUE)
            .read_only(&ASSIGNEE)
            .read_only(&CONTACT_OF)
            .parent(&CONTACT_OF)
    }

    fn read(&self, event: &CalendarEvent, _coverage: &Coverage, _memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let status = event.appointment_status.as_deref();
        let is_off = matches!(status, Some("cancelled" | "invalid"));
        let start = event.start_time.and_then(|start| start.in_zone(&self.zone));
        let due = start.map(|start| PartialDate::whole(due::day(start, &self.zone)));
        reading
            .set(&APPOINTMENT, event.id.as_str().to_owned())
            .set(&TITLE, title(event.title.as_deref(), status))
            .set(&DONE, is_off.then_some(true))
            .set(&DUE, due)
            .set(
                &CONTACT_OF,
                event.contact_id.as_ref().map(parent::reference),
            );
        let user = event.assigned_user_id.as_ref();
        assigned::read(&self.users, user, &ASSIGNEE, &mut reading);
        reading
    }

    fn write(&self, _change: &Change<'_, CalendarEvent>) -> Result<Draft<Infallible>, Unfit> {
        Ok(Draft::new())
    }
}

fn title(of: Option<&str>, status: Option<&str>) -> String {
    let of = of.map(str::trim).filter(|title| !title.is_empty());
    let what = match status {
        Some("noshow") => "Missed",
        _ => "Follow up",
    };
    format!("{what}: {}", of.unwrap_or("appointment"))
}
