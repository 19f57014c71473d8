//! What a failed Insightly call means to the engine.

use insightly::{Error, ErrorKind};
use sync_core::{ConnectorError, FieldKey, Reason};

use crate::contact::{
    ADDRESS, BIRTHDAY, EMAIL, FIRST_NAME, LAST_NAME, OPTED_OUT, PHONE, custom_field_key,
};

/// The client's error in the engine's words.
pub fn connector_error(error: &Error) -> ConnectorError {
    crate::failure::connector_error(error, reason(error))
}

fn reason(error: &Error) -> Reason {
    match error.kind() {
        ErrorKind::NotFound => Reason::NotFound,
        ErrorKind::Invalid | ErrorKind::TooLong(_) => Reason::Refused {
            fields: named_fields(error.message()),
        },
        ErrorKind::DayExhausted { .. } => Reason::DayExhausted,
        ErrorKind::Unauthorized => Reason::Unauthorized,
        ErrorKind::Forbidden => Reason::Forbidden,
        ErrorKind::FamilyNotAvailable => Reason::Unsupported,
        ErrorKind::ChangedMeanwhile => Reason::ChangedMeanwhile,
        _ if error.is_transient() => Reason::Transient,
        _ => Reason::Other,
    }
}

/// The API's texts name its members; only sure ones are translated.
fn named_fields(message: &str) -> Vec<FieldKey> {
    let words = message.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let named = words.filter_map(|word| {
        let stock = match word {
            "FIRST_NAME" => FIRST_NAME.key(),
            "LAST_NAME" => LAST_NAME.key(),
            "EMAIL_ADDRESS" => EMAIL.key(),
            "DATE_OF_BIRTH" => BIRTHDAY.key(),
            "EMAIL_OPTED_OUT" => OPTED_OUT.key(),
            word if word.starts_with("PHONE") => PHONE.key(),
            word if word.starts_with("ADDRESS_MAIL") => ADDRESS.key(),
            word if word.ends_with("__c") => return Some(custom_field_key(word)),
            _ => return None,
        };
        Some(stock.clone())
    });
    named.collect()
}
