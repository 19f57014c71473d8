//! The connectors of both sides: an endpoint and a mapper for each kind that is synced.

use std::{sync::Arc, time::Duration};

use ghl_contacts::{CalendarId, Client as Ghl};
use insightly::Client as Insightly;
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use sync_core::{Email, TypedConnector, planted};

use super::{ConnectError, accounts::Accounts};
use crate::{
    company::COMPANY,
    contact::CONTACT,
    follow_up::FOLLOW_UP,
    ghl::{
        CompanyNames, GhlAppointmentMapper, GhlAppointments, GhlCompanies, GhlCompanyMapper,
        GhlContactMapper, GhlContacts, GhlNoteMapper, GhlNotes, GhlTaskMapper, GhlTasks,
    },
    insightly::{
        InsightlyCompanies, InsightlyCompanyMapper, InsightlyContactMapper, InsightlyContacts,
        InsightlyFollowUpMapper, InsightlyFollowUps, InsightlyLeadMapper, InsightlyLeads,
        InsightlyNoteMapper, InsightlyNotes, InsightlyTaskMapper, InsightlyTasks,
    },
    lead::LEAD,
    note::NOTE,
    settings::{Settings, SettingsError, SyncedKind},
    task::TASK,
    user::Users,
};

pub(super) fn left(
    settings: &Settings,
    client: &Ghl,
    of: &Accounts,
) -> Result<TypedConnector, ConnectError> {
    let sync = &settings.sync;
    let lag = Duration::from_millis(settings.ghl.index_lag_ms);
    let custom = Arc::clone(&of.custom.pairs);
    let mut mapper = GhlContactMapper::new(of.location.clone(), of.phones, custom)
        .markers(of.custom.markers.clone())
        .source(&*sync.source);
    let mut side = TypedConnector::new(of.ids.left.clone());
    let names = CompanyNames::default();
    if sync.owners {
        mapper = mapper.owners(Arc::clone(&of.users));
    }
    if sync.has(SyncedKind::Companies) {
        mapper = mapper.companies();
        if of.measured.company_names_stay_names() {
            mapper = mapper.company_names();
        }
        let companies = GhlCompanies::new(client.clone(), of.location.clone());
        let companies = companies.telling(names.clone());
        side = side.kind(COMPANY, companies, GhlCompanyMapper::new(of.phones));
    }
    let contacts = GhlContacts::new(client.clone(), of.location.clone(), lag).knowing(names);
    side = side.kind(CONTACT, contacts, mapper);
    if sync.has(SyncedKind::Tasks) {
        let mapper = GhlTaskMapper::new(of.zone.clone(), Arc::clone(&of.users));
        let tasks = GhlTasks::new(client.clone(), of.location.clone(), lag);
        side = side.kind(TASK, tasks, mapper);
    }
    if sync.has(SyncedKind::Notes) {
        let mapper = GhlNoteMapper::new(of.zone.clone(), Arc::clone(&of.users));
        side = side.kind(NOTE, GhlNotes::new(client.clone()), mapper);
    }
    if let Some(settings) = &settings.follow_ups {
        let calendars = settings.calendars.iter();
        let appointments = GhlAppointments::new(
            client.clone(),
            of.location.clone(),
            calendars.map(|id| CalendarId::from(id.as_str())).collect(),
            of.zone.clone(),
            beginning(settings.from, &of.zone)?,
            lag,
        );
        let mapper = GhlAppointmentMapper::new(of.zone.clone(), Arc::clone(&of.users));
        side = side.kind(FOLLOW_UP, appointments, mapper);
    }
    Ok(side)
}

pub(super) fn right(
    settings: &Settings,
    client: &Insightly,
    of: &Accounts,
) -> Result<TypedConnector, ConnectError> {
    let sync = &settings.sync;
    let lag = Duration::from_millis(settings.insightly.index_lag_ms);
    let default_owner = default_owner(settings, &of.users)?;
    let mut mapper = InsightlyContactMapper::new(
        of.phones,
        Arc::clone(&of.countries),
        Arc::clone(&of.custom.pairs),
    )
    .markers(of.custom.markers.clone())
    .tag_names(Arc::clone(&of.tag_names));
    if !of.measured.takes_new_tags() {
        mapper = mapper.tags_after_create();
    }
    let sees_all = of.administrator || planted!("every-key-sees-all");
    let mut side = TypedConnector::new(of.ids.right.clone()).sees_all(sees_all);
    if sync.owners {
        mapper = mapper.owners(Arc::clone(&of.users), default_owner);
    }
    if sync.has(SyncedKind::Companies) {
        mapper = mapper.companies();
        let companies = InsightlyCompanyMapper::new(of.phones, Arc::clone(&of.countries));
        side = side.kind(COMPANY, InsightlyCompanies::new(client, lag), companies);
    }
    side = side.kind(CONTACT, InsightlyContacts::new(client, lag), mapper);
    if sync.leads {
        let leads = InsightlyLeads::new(client, lag);
        side = side.kind(LEAD, leads, InsightlyLeadMapper::new(of.phones));
    }
    if sync.has(SyncedKind::Tasks) {
        let mapper = InsightlyTaskMapper::new(Arc::clone(&of.users), default_owner);
        side = side.kind(TASK, InsightlyTasks::new(client, lag), mapper);
    }
    if sync.has(SyncedKind::Notes) {
        let mapper = InsightlyNoteMapper::new(of.zone.clone(), Arc::clone(&of.users));
        side = side.kind(NOTE, InsightlyNotes::new(client, lag), mapper);
    }
    if settings.follow_ups.is_some() {
        let mapper = InsightlyTaskMapper::new(Arc::clone(&of.users), default_owner);
        let tasks = InsightlyFollowUps::of(InsightlyTasks::new(client, lag));
        side = side.kind(FOLLOW_UP, tasks, InsightlyFollowUpMapper::of(mapper));
    }
    Ok(side)
}

fn default_owner(
    settings: &Settings,
    users: &Users,
) -> Result<Option<insightly::UserId>, ConnectError> {
    let Some(address) = &settings.sync.default_owner else {
        return Ok(None);
    };
    let owner = users.known_in_insightly(&Email::new(address));
    owner.map(Some).ok_or_else(|| {
        ConnectError::Settings(SettingsError::Invalid {
            place: Some("[sync]".to_owned()),
            message: format!("no active user of Insightly has the `default_owner` {address}"),
        })
    })
}

/// When a day begins.
fn beginning(day: Date, zone: &TimeZone) -> Result<Timestamp, ConnectError> {
    let begins = zone.to_timestamp(day.to_datetime(Time::midnight()));
    begins.map_err(|why| {
        ConnectError::Settings(SettingsError::Invalid {
            place: Some("[follow_ups]".to_owned()),
            message: format!("`from` is no day that can be used: {why}"),
        })
    })
}
