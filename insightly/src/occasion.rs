//! Dates kept with a contact or an organisation.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    form::{self, Form, fits},
    ids::OccasionId,
    record::{Payload, TooLong},
};

/// A date kept with a contact or an organisation, e.g. a wedding day.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Occasion {
    /// Its id; none before it is stored.
    #[serde(
        rename = "DATE_ID",
        default,
        deserialize_with = "form::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<OccasionId>,
    /// What it is, up to 255 characters.
    #[serde(rename = "OCCASION_NAME", default, deserialize_with = "form::read")]
    pub name: Option<String>,
    /// The day.
    #[serde(
        rename = "OCCASION_DATE",
        default,
        deserialize_with = "form::read",
        serialize_with = "form::write_option"
    )]
    pub date: Option<Date>,
    /// Whether it returns each year.
    #[serde(rename = "REPEAT_YEARLY", default, deserialize_with = "read_flag")]
    pub yearly: bool,
    /// Whether each year a task is made for it.
    #[serde(rename = "CREATE_TASK_YEARLY", default, deserialize_with = "read_flag")]
    pub task_yearly: bool,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Occasion {
    /// A date that does not repeat.
    pub fn new(name: impl Into<String>, date: Date) -> Self {
        Self {
            id: None,
            name: Some(name.into()),
            date: Some(date),
            yearly: false,
            task_yearly: false,
            extra: serde_json::Map::new(),
        }
    }

    /// The same, each year.
    pub fn yearly(mut self) -> Self {
        self.yearly = true;
        self
    }
}

impl Payload for Occasion {
    fn check(&self) -> Result<(), TooLong> {
        fits("OCCASION_NAME", self.name.as_ref(), 255)
    }

    crate::record::known_alone!();
}

fn read_flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(bool::read(deserializer)?.unwrap_or_default())
}
