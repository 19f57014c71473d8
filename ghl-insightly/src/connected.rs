//! Both systems, connected as the settings say.

use std::{sync::Arc, time::Duration};

use ghl_contacts::{
    Client as Ghl, LocationId, PrivateIntegrationToken, marketplace_app_limits,
    private_integration_limits,
};
use insightly::{ApiKey, Client as Insightly, limits as insightly_limits};
use sync_core::{
    Both, BuildError, ConnectionId, Connector, Engine, EngineBuilder, FirstSync, Store,
    TypedConnector,
};

use crate::{
    contact::{CONTACT, ContactMatcher, Countries, CustomFieldPair, CustomFieldType, PhoneReader},
    ghl::{self, GhlContactMapper, GhlContacts, GhlLocation},
    insightly::{
        self as insightly_side, InsightlyContactMapper, InsightlyContacts, InsightlyInstance,
    },
    settings::{CustomFieldSettings, GhlLimits, InsightlyLimits, Settings, SettingsError},
    system_clock::SystemClock,
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
        let custom = custom_fields(settings, &ghl, &insightly, &id).await?;
        let phones = PhoneReader::of_country(location.country.as_deref());
        let lag = Duration::from_millis;
        let left = TypedConnector::new(GhlLocation {
            client: ghl.clone(),
            id: id.clone(),
        })
        .kind(
            CONTACT,
            GhlContacts::new(ghl.clone(), id.clone(), lag(settings.ghl.index_lag_ms)),
            GhlContactMapper::new(id, phones, Arc::clone(&custom)),
        );
        let right = TypedConnector::new(InsightlyInstance(insightly.clone())).kind(
            CONTACT,
            InsightlyContacts::new(&insightly, lag(settings.insightly.index_lag_ms)),
            InsightlyContactMapper::new(phones, Arc::new(countries), custom),
        );
        Ok(Self {
            ghl,
            insightly,
            connectors: Both::new(Arc::new(left), Arc::new(right)),
        })
    }

    /// An engine over both, as the settings say; add an observer, or build it.
    pub fn engine(&self, settings: &Settings, store: Arc<dyn Store>) -> EngineBuilder {
        Engine::builder(
            ConnectionId::new(settings.connection.as_str()),
            self.connectors.clone(),
            store,
            Arc::new(SystemClock),
            ContactMatcher,
            settings.rules.rule(),
        )
        .kinds([CONTACT])
        .first_sync(FirstSync::from(&settings.first_sync))
        .guards(settings.guards.into())
        .reply_grace(Duration::from_millis(settings.reply_grace_ms))
    }
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected").finish_non_exhaustive()
    }
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
            name: format!("custom.{}", declared.insightly),
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
