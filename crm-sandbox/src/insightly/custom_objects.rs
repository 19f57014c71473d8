//! Kinds of records that people have defined, and translations of their records.

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, by_name};
use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::Family;
use super::{Insightly, USER};
use crate::reply::Reply;

fn definition(family: &Family) -> Value {
    let label = family.name.trim_end_matches("__c");
    json!({
        "OBJECT_NAME": family.name,
        "SINGULAR_LABEL": label,
        "PLURAL_LABEL": format!("{label}s"),
        "DESCRIPTION": null,
        "RECORD_NAME_LABEL": "Name",
        "RECORD_NAME_TYPE": "TEXT",
        "RECORD_NAME_DISPLAY_FORMAT": null,
        "ENABLE_NAVBAR": true,
        "ENABLE_WORKFLOWS": true,
        "CREATED_USER_ID": USER,
        "DATE_CREATED_UTC": "2024-01-15 09:00:00",
        "DATE_UPDATED_UTC": "2024-01-15 09:00:01",
    })
}

#[expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "all routes have one signature"
)]
impl Insightly {
    pub(super) fn list_custom_objects(&mut self, _: &Exchange<'_>) -> Outcome {
        let defined = FAMILIES.iter().filter(|family| family.is_custom_object());
        Ok(Reply::ok(&defined.map(definition).collect()))
    }

    pub(super) fn get_custom_object(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let name = exchange.part(0);
        let family = by_name(name).map(|at| &FAMILIES[at]);
        let family = family.filter(|family| family.is_custom_object());
        let missing = || Refusal(StatusCode::NOT_FOUND, format!("No object {name}"));
        Ok(Reply::ok(&definition(family.ok_or_else(missing)?)))
    }
}

impl Insightly {
    /// The record in a language, or as it is where nobody has translated it.
    pub(super) fn get_translations(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let shown = self.translated(end, exchange.part(2));
        Ok(Reply::ok(&json!([shown])))
    }

    pub(super) fn set_translation(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let name = exchange.object()?.get("RECORD_NAME").cloned();
        let name = name.filter(Value::is_string);
        let name = name.ok_or_else(|| bad("RECORD_NAME is required."))?;
        let language = exchange.part(2).to_lowercase();
        self.translations.insert((end.1, language), name);
        let status = if exchange.call.method == http::Method::POST {
            StatusCode::CREATED
        } else {
            self.put_status(exchange)
        };
        let shown = self.translated(end, exchange.part(2));
        Ok(Reply::json(status, &json!([shown])))
    }

    fn translated(&self, end: super::End, language: &str) -> Value {
        let mut shown = self.shown(end);
        let name = self.translations.get(&(end.1, language.to_lowercase()));
        if let Some(name) = name {
            shown["RECORD_NAME"] = name.clone();
        }
        shown
    }
}
