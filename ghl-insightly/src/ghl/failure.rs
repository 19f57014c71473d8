//! What a failed GHL call means to the engine.

use ghl_contacts::{Error, ErrorKind};
use sync_core::{ConnectorError, FieldKey, Reason, RecordId};

use crate::contact::{ADDRESS, BIRTHDAY, EMAIL, FIRST_NAME, LAST_NAME, OPTED_OUT, PHONE, TAGS};

/// The client's error in the engine's words.
pub fn connector_error(error: &Error) -> ConnectorError {
    crate::failure::connector_error(error, reason(error))
}

/// The same for a call about one record. The token's location is not named in it, so a refusal
/// of the location is about the record, and nothing else stops for it.
pub(super) fn record_error(error: &Error) -> ConnectorError {
    let mut error_of = connector_error(error);
    if *error.kind() == ErrorKind::WrongLocation {
        error_of.reason = Reason::Forbidden;
    }
    error_of
}

fn reason(error: &Error) -> Reason {
    match error.kind() {
        ErrorKind::Duplicate { existing, field } => Reason::Duplicate {
            existing: RecordId::new(existing.as_str()),
            field: field_of(field),
        },
        ErrorKind::NotFound => Reason::NotFound,
        ErrorKind::InvalidField { fields, messages } => Reason::Refused {
            fields: refused_fields(fields, messages),
        },
        ErrorKind::BadRequest => Reason::Refused {
            fields: refused_fields(&[], &[error.message().to_owned()]),
        },
        ErrorKind::DayExhausted { .. } => Reason::DayExhausted,
        ErrorKind::Unauthorized
        | ErrorKind::MissingScope { .. }
        | ErrorKind::Version
        | ErrorKind::Credentials
        | ErrorKind::WrongLocation => Reason::Unauthorized,
        ErrorKind::Forbidden => Reason::Forbidden,
        _ if error.is_transient() => Reason::Transient,
        _ => Reason::Other,
    }
}

/// The API names its own members; only sure ones are translated.
fn refused_fields(fields: &[String], messages: &[String]) -> Vec<FieldKey> {
    let named = fields.iter().chain(messages).filter_map(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.find_map(field_of)
    });
    named.collect()
}

fn field_of(member: &str) -> Option<FieldKey> {
    let key = match member {
        "email" => EMAIL.key(),
        "phone" => PHONE.key(),
        "firstName" => FIRST_NAME.key(),
        "lastName" => LAST_NAME.key(),
        "address1" | "city" | "state" | "postalCode" | "country" => ADDRESS.key(),
        "dateOfBirth" => BIRTHDAY.key(),
        "tags" => TAGS.key(),
        "dnd" | "dndSettings" => OPTED_OUT.key(),
        _ => return None,
    };
    Some(key.clone())
}
