//! Both systems, connected as the settings say.

use std::{sync::Arc, time::Duration};

use futures_util::TryStreamExt;
use ghl_contacts::{
    CalendarId, Client as Ghl, LocationId, PrivateIntegrationToken, marketplace_app_limits,
    private_integration_limits,
};
use insightly::{
    ApiKey, Client as Insightly, ListQuery, Tag, TaggedRecords, limits as insightly_limits,
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use sync_core::{
    Both, BuildError, ConnectionId, Connector, Email, Engine, EngineBuilder, FirstSync, Kind,
    Leaving, OneWay, Side, Store, StrayEdits, TypedConnector,
};

use crate::{
    company::COMPANY,
    contact::{
        CONTACT, Countries, CustomFieldPair, CustomFieldType, PhoneReader, TagNames,
        custom_field_key,
    },
    follow_up::FOLLOW_UP,
    ghl::{
        self, GhlAppointmentMapper, GhlAppointments, GhlCompanies, GhlCompanyMapper,
        GhlContactMapper, GhlContacts, GhlLocation, GhlNoteMapper, GhlNotes, GhlTaskMapper,
        GhlTasks,
    },
    insightly::{
        self as insightly_side, InsightlyCompanies, InsightlyCompanyMapper, InsightlyContactMapper,
        InsightlyContacts, InsightlyFollowUpMapper, InsightlyFollowUps, InsightlyInstance,
        InsightlyLeadMapper, InsightlyLeads, InsightlyNoteMapper, InsightlyNotes,
        InsightlyTaskMapper, InsightlyTasks,
    },
    lead::LEAD,
    matcher::StockMatcher,
    note::NOTE,
    settings::{
        CustomFieldSettings, GhlLimits, InsightlyLimits, Settings, SettingsError, SyncedKind,
    },
    system_clock::SystemClock,
    task::TASK,
    user::Users,
};

/// Both clients and both connectors. GHL is left, Insightly right.
#[derive(Clone)]
pub struct Connected {
    /// The GHL client.
    pub ghl: Ghl,
    /// The Insightly client.
    pub insightly: Insightly,
    connectors: Both<Arc<dyn Connector>>,
}

/// Why the systems cannot be connected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The settings do not do.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A client cannot be built.
    #[error("[{table}] {why}")]
    Client {
        /// The table in the settings.
        table: &'static str,
        /// Why.
        why: String,
    },
    /// A system refused or could not be reached.
    #[error("{system} at {place}: {error}{hint}")]
    Refused {
        /// `GHL` or `Insightly`.
        system: &'static str,
        /// Where it was called.
        place: String,
        /// What it said.
        error: Box<sync_core::ConnectorError>,
        /// What to do.
        hint: &'static str,
    },
    /// A custom field is not there, or of two types.
    #[error("[[custom_field]] {0}")]
    CustomField(String),
    /// The engine cannot be built.
    #[error(transparent)]
    Engine(#[from] BuildError),
}

impl Connected {
    /// Builds both clients, and reads what the mappers must know of the accounts.
    pub async fn new(settings: &Settings) -> Result<Self, ConnectError> {
        let ghl = ghl_client(settings)?.bulk();
        let insightly = insightly_client(settings)?.bulk();
        let id = LocationId::from(settings.ghl.location.as_str());
        let location = ghl
            .location(&id)
            .get()
            .await
            .map_err(|e| ghl_refused(&ghl, &e))?;
        let refused = |e: insightly::Error| insightly_refused(settings, &e);
        let countries = insightly.countries().await.map_err(refused)?;
        let countries = Countries::named(countries.iter().map(|country| country.name.as_str()));
        let accounts = Accounts {
            custom: custom_fields(settings, &ghl, &insightly, &id).await?,
            phones: PhoneReader::of_country(location.country.as_deref()),
            zone: zone(location.timezone.as_deref())?,
            countries: Arc::new(countries),
            users: users(settings, &ghl, &insightly, &id).await?,
            tag_names: tag_names(&insightly).await.map_err(refused)?,
            location: id,
        };
        let left = left_side(settings, &ghl, &accounts)?;
        let right = right_side(settings, &insightly, &accounts)?;
        Ok(Self {
            ghl,
            insightly,
            connectors: Both::new(Arc::new(left), Arc::new(right)),
        })
    }

    /// An engine over both, as the settings say; add an observer, or build it.
    pub fn engine(&self, settings: &Settings, store: Arc<dyn Store>) -> EngineBuilder {
        let builder = Engine::builder(
            ConnectionId::new(settings.connection.as_str()),
            self.connectors.clone(),
            store,
            Arc::new(SystemClock),
            StockMatcher,
            settings.rules.rule(),
        )
        .kinds(kinds(settings))
        .first_sync(FirstSync::from(&settings.first_sync))
        .guards(settings.guards.into())
        .leaving(Leaving::from(settings.deletes).out_of_scope(settings.filter.left_out.into()))
        .reply_grace(Duration::from_millis(settings.reply_grace_ms));
        let builder = match settings.sync.leads {
            true => builder.blocks(Side::Right, LEAD, CONTACT),
            false => builder,
        };
        let builder = match settings.filter.filter() {
            Some(filter) => builder.scope(filter),
            None => builder,
        };
        let builder = match settings.sync.one_way() {
            Some(way) => kinds(settings).fold(builder, |builder, kind| builder.one_way(kind, way)),
            None => builder,
        };
        let from_ghl = OneWay {
            from: Side::Left,
            stray: StrayEdits::Keep,
        };
        builder.one_way(FOLLOW_UP, from_ghl)
    }
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected").finish_non_exhaustive()
    }
}

/// What the mappers must know of both accounts.
struct Accounts {
    location: LocationId,
    zone: TimeZone,
    phones: PhoneReader,
    countries: Arc<Countries>,
    custom: Arc<[CustomFieldPair]>,
    users: Arc<Users>,
    tag_names: Arc<TagNames>,
}

/// In the order in which references point backwards.
fn kinds(settings: &Settings) -> impl Iterator<Item = Kind> {
    let order = [
        (SyncedKind::Companies, COMPANY),
        (SyncedKind::Contacts, CONTACT),
        (SyncedKind::Tasks, TASK),
        (SyncedKind::Notes, NOTE),
    ];
    let synced = order
        .into_iter()
        .filter(|(kind, _)| settings.sync.has(*kind));
    let follow_ups = settings.follow_ups.iter().map(|_| FOLLOW_UP);
    synced.map(|(_, kind)| kind).chain(follow_ups)
}

fn left_side(
    settings: &Settings,
    client: &Ghl,
    of: &Accounts,
) -> Result<TypedConnector, ConnectError> {
    let sync = &settings.sync;
    let lag = Duration::from_millis(settings.ghl.index_lag_ms);
    let mut mapper = GhlContactMapper::new(of.location.clone(), of.phones, Arc::clone(&of.custom));
    mapper = mapper.source(&*sync.source);
    let location = GhlLocation {
        client: client.clone(),
        id: of.location.clone(),
    };
    let mut side = TypedConnector::new(location);
    if sync.owners {
        mapper = mapper.owners(Arc::clone(&of.users));
    }
    if sync.has(SyncedKind::Companies) {
        mapper = mapper.companies();
        let companies = GhlCompanies::new(client.clone(), of.location.clone());
        side = side.kind(COMPANY, companies, GhlCompanyMapper::new(of.phones));
    }
    let contacts = GhlContacts::new(client.clone(), of.location.clone(), lag);
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

fn right_side(
    settings: &Settings,
    client: &Insightly,
    of: &Accounts,
) -> Result<TypedConnector, ConnectError> {
    let sync = &settings.sync;
    let lag = Duration::from_millis(settings.insightly.index_lag_ms);
    let default_owner = default_owner(settings, &of.users)?;
    let mut mapper =
        InsightlyContactMapper::new(of.phones, Arc::clone(&of.countries), Arc::clone(&of.custom))
            .tag_names(Arc::clone(&of.tag_names));
    let mut side = TypedConnector::new(InsightlyInstance(client.clone()));
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

/// Days are those of the location.
fn zone(name: Option<&str>) -> Result<TimeZone, ConnectError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(TimeZone::UTC);
    };
    TimeZone::get(name).map_err(|why| ConnectError::Client {
        table: "ghl",
        why: format!("the location's time zone `{name}` is not known here: {why}"),
    })
}

async fn users(
    settings: &Settings,
    ghl: &Ghl,
    insightly: &Insightly,
    location: &LocationId,
) -> Result<Arc<Users>, ConnectError> {
    let follow_ups = settings.follow_ups.is_some();
    if !settings.sync.names_users() && !follow_ups && settings.sync.default_owner.is_none() {
        return Ok(Arc::default());
    }
    let left = ghl.location(location).users().await;
    let left = left.map_err(|e| ghl_refused(ghl, &e))?;
    let right: Result<Vec<_>, _> = insightly
        .users()
        .list(&ListQuery::new())
        .try_collect()
        .await;
    let right = right.map_err(|e| insightly_refused(settings, &e))?;
    Ok(Arc::new(Users::paired(&left, &right)))
}

async fn tag_names(insightly: &Insightly) -> Result<Arc<TagNames>, insightly::Error> {
    let tags: Vec<Tag> = insightly
        .tags(TaggedRecords::Contacts)
        .try_collect()
        .await?;
    let names = tags.iter().map(|tag| tag.name.as_str());
    Ok(Arc::new(TagNames::known(names)))
}

fn ghl_client(settings: &Settings) -> Result<Ghl, ConnectError> {
    let token = PrivateIntegrationToken::new(settings.ghl.token.read()?);
    let pacer = match settings.ghl.limits {
        GhlLimits::PrivateIntegration => ghl_contacts::Pacer::new(private_integration_limits()),
        GhlLimits::MarketplaceApp => ghl_contacts::Pacer::new(marketplace_app_limits()),
        GhlLimits::Off => ghl_contacts::Pacer::unlimited(),
    };
    let builder = Ghl::builder(token).pacer(pacer);
    let builder = match &settings.ghl.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    };
    builder.build().map_err(|why| ConnectError::Client {
        table: "ghl",
        why: why.to_string(),
    })
}

fn insightly_client(settings: &Settings) -> Result<Insightly, ConnectError> {
    let settings = &settings.insightly;
    let pacer = match settings.limits {
        InsightlyLimits::Published => insightly::Pacer::new(insightly_limits()),
        InsightlyLimits::Off => insightly::Pacer::unlimited(),
    };
    let builder = Insightly::builder(ApiKey::new(settings.api_key.read()?)).pacer(pacer);
    let builder = match (&settings.base_url, &settings.pod) {
        (Some(url), _) => builder.base_url(url),
        (None, Some(pod)) => builder.pod(pod),
        (None, None) => builder,
    };
    builder.build().map_err(|why| ConnectError::Client {
        table: "insightly",
        why: why.to_string(),
    })
}

fn ghl_refused(client: &Ghl, error: &ghl_contacts::Error) -> ConnectError {
    use ghl_contacts::ErrorKind;
    ConnectError::Refused {
        system: "GHL",
        place: client.base().as_str().to_owned(),
        hint: match error.kind() {
            ErrorKind::Unauthorized | ErrorKind::Credentials => "; check the token of [ghl]",
            ErrorKind::MissingScope { .. } => "; give the token the scope that it lacks",
            ErrorKind::WrongLocation | ErrorKind::NotFound | ErrorKind::Forbidden => {
                "; check the location of [ghl]: the token must belong to it"
            }
            ErrorKind::Unreachable => "; check base_url of [ghl]",
            _ => "",
        },
        error: Box::new(ghl::connector_error(error)),
    }
}

fn insightly_refused(settings: &Settings, error: &insightly::Error) -> ConnectError {
    use insightly::ErrorKind;
    let of = &settings.insightly;
    ConnectError::Refused {
        system: "Insightly",
        place: of
            .base_url
            .clone()
            .or_else(|| of.pod.clone())
            .unwrap_or_default(),
        hint: match error.kind() {
            ErrorKind::Unauthorized | ErrorKind::NotFound | ErrorKind::WrongResource => {
                "; check the api_key and the pod of [insightly]: a key works at its own pod only"
            }
            ErrorKind::Connect => "; check the pod or base_url of [insightly]",
            _ => "",
        },
        error: Box::new(insightly_side::connector_error(error)),
    }
}

/// Finds the declared fields in both accounts. Types are checked here, not at the first write.
async fn custom_fields(
    settings: &Settings,
    ghl: &Ghl,
    insightly: &Insightly,
    location: &LocationId,
) -> Result<Arc<[CustomFieldPair]>, ConnectError> {
    if settings.custom_fields.is_empty() {
        return Ok(Arc::new([]));
    }
    let left = ghl.location(location).custom_fields().await;
    let left = left.map_err(|e| ghl_refused(ghl, &e))?;
    let right = insightly.custom_fields("Contacts").await;
    let right = right.map_err(|e| insightly_refused(settings, &e))?;
    let pairs = settings
        .custom_fields
        .iter()
        .map(|declared| pair(declared, &left, &right));
    pairs.collect::<Result<Vec<_>, _>>().map(Into::into)
}

fn pair(
    declared: &CustomFieldSettings,
    left: &[ghl_contacts::CustomFieldDefinition],
    right: &[insightly::CustomFieldDefinition],
) -> Result<CustomFieldPair, ConnectError> {
    let wanted = declared.ghl.as_str();
    let ghl = left.iter().find(|field| {
        let key = field.field_key.as_deref();
        field.id.as_str() == wanted
            || field.name.as_deref() == Some(wanted)
            || key.is_some_and(|key| key == wanted || key.strip_prefix("contact.") == Some(wanted))
    });
    let ghl = ghl.ok_or_else(|| {
        let known = left.iter().filter_map(|field| field.name.as_deref());
        absent("GHL", wanted, known)
    })?;
    let wanted = declared.insightly.as_str();
    let insightly = right
        .iter()
        .find(|field| field.name == wanted)
        .ok_or_else(|| {
            let known = right.iter().map(|field| field.name.as_str());
            absent("Insightly", wanted, known)
        })?;
    let of = ghl_type(ghl.data_type.as_deref().unwrap_or("TEXT"));
    let other = insightly_type(insightly.field_type.as_deref().unwrap_or("TEXT"));
    match (of, other) {
        (Some(of), Some(other)) if of == other => Ok(CustomFieldPair {
            name: custom_field_key(&declared.insightly).name().to_owned(),
            ghl: ghl.id.clone(),
            insightly: declared.insightly.clone(),
            of,
        }),
        _ => Err(ConnectError::CustomField(format!(
            "`{}` is {} in GHL and `{}` is {} in Insightly; these cannot be paired",
            declared.ghl,
            ghl.data_type.as_deref().unwrap_or("of no type"),
            declared.insightly,
            insightly.field_type.as_deref().unwrap_or("of no type"),
        ))),
    }
}

fn absent<'a>(system: &str, wanted: &str, known: impl Iterator<Item = &'a str>) -> ConnectError {
    let nearest = known
        .max_by(|a, b| strsim::jaro_winkler(wanted, a).total_cmp(&strsim::jaro_winkler(wanted, b)));
    let meant = nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    ConnectError::CustomField(format!("{system} has no custom field `{wanted}`{meant}"))
}

fn ghl_type(data_type: &str) -> Option<CustomFieldType> {
    match data_type {
        "TEXT" | "LARGE_TEXT" | "SINGLE_OPTIONS" | "RADIO" | "EMAIL" | "PHONE" => {
            Some(CustomFieldType::Text)
        }
        "NUMERICAL" | "MONETORY" => Some(CustomFieldType::Number),
        "DATE" => Some(CustomFieldType::Date),
        "MULTIPLE_OPTIONS" | "CHECKBOX" => Some(CustomFieldType::Options),
        _ => None,
    }
}

fn insightly_type(field_type: &str) -> Option<CustomFieldType> {
    match field_type {
        "TEXT" | "MULTILINETEXT" | "DROPDOWN" => Some(CustomFieldType::Text),
        "NUMERIC" | "PERCENT" => Some(CustomFieldType::Number),
        "DATE" => Some(CustomFieldType::Date),
        "MULTISELECT" => Some(CustomFieldType::Options),
        "BIT" => Some(CustomFieldType::Flag),
        _ => None,
    }
}
