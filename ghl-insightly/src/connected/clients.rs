//! The clients of both systems, and what it means when they are refused.

use std::sync::Arc;

use api_transport::{Limits, Pacer};
use ghl_contacts::{
    Client as Ghl, PrivateIntegrationToken, Sender, marketplace_app_limits,
    private_integration_limits,
};
use insightly::{ApiKey, Client as Insightly};

use super::ConnectError;
use crate::{
    ghl::connector_error as ghl_error,
    insightly::connector_error as insightly_error,
    settings::{GhlLimits, InsightlyLimits, Settings},
};

/// What sends requests, where it is not a client's own.
type Wire = Arc<dyn Sender>;

/// What a GHL account allows; `None` where nothing of ours holds it back.
pub(super) fn ghl_limits(limits: GhlLimits) -> Option<Limits> {
    match limits {
        GhlLimits::PrivateIntegration => Some(private_integration_limits()),
        GhlLimits::MarketplaceApp => Some(marketplace_app_limits()),
        GhlLimits::Off => None,
    }
}

/// What an Insightly account allows; `None` where nothing of ours holds it back.
pub(super) fn insightly_limits(limits: InsightlyLimits) -> Option<Limits> {
    match limits {
        InsightlyLimits::Published => Some(insightly::limits()),
        InsightlyLimits::Off => None,
    }
}

fn pacer(limits: Option<Limits>) -> Pacer {
    limits.map_or_else(Pacer::unlimited, Pacer::new)
}

pub(super) fn ghl(settings: &Settings, sender: Option<Wire>) -> Result<Ghl, ConnectError> {
    let token = PrivateIntegrationToken::new(settings.ghl.token.read()?);
    let builder = Ghl::builder(token).pacer(pacer(ghl_limits(settings.ghl.limits)));
    let builder = match sender {
        Some(sender) => builder.sender(sender),
        None => builder,
    };
    let builder = match &settings.ghl.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    };
    builder.build().map_err(|why| ConnectError::Client {
        table: "ghl",
        why: why.to_string(),
    })
}

pub(super) fn insightly(
    settings: &Settings,
    sender: Option<Wire>,
) -> Result<Insightly, ConnectError> {
    let settings = &settings.insightly;
    let pacer = pacer(insightly_limits(settings.limits));
    let builder = Insightly::builder(ApiKey::new(settings.api_key.read()?)).pacer(pacer);
    let builder = match sender {
        Some(sender) => builder.sender(sender),
        None => builder,
    };
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

pub(super) fn ghl_refused(client: &Ghl, error: &ghl_contacts::Error) -> ConnectError {
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
        error: Box::new(ghl_error(error)),
    }
}

pub(super) fn insightly_refused(settings: &Settings, error: &insightly::Error) -> ConnectError {
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
        error: Box::new(insightly_error(error)),
    }
}
