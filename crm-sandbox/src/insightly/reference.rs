//! Definitions and reference data.
#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "all routes have one signature"
)]

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::FAMILIES;
use super::{Insightly, USER, custom_fields};
use crate::reply::Reply;

/// `/Countries`.
pub(super) static COUNTRIES: &[&str] = &[
    "Argentina",
    "Australia",
    "Austria",
    "Belgium",
    "Brazil",
    "Canada",
    "Chile",
    "China",
    "Colombia",
    "Czech Republic",
    "Denmark",
    "Egypt",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Hungary",
    "India",
    "Indonesia",
    "Ireland",
    "Israel",
    "Italy",
    "Japan",
    "Korea, Republic of",
    "Malaysia",
    "Mexico",
    "Netherlands",
    "New Zealand",
    "Norway",
    "Poland",
    "Portugal",
    "Romania",
    "Saudi Arabia",
    "Singapore",
    "South Africa",
    "Spain",
    "Sweden",
    "Switzerland",
    "Turkey",
    "Ukraine",
    "United Arab Emirates",
    "United Kingdom",
    "United States",
    "Viet Nam",
];

fn user(id: i64, first: &str, last: &str, active: bool) -> Value {
    json!({
        "USER_ID": id,
        "CONTACT_ID": 0,
        "FIRST_NAME": first,
        "LAST_NAME": last,
        "TIMEZONE_ID": "Central Standard Time",
        "EMAIL_ADDRESS": format!("{}@example.com", first.to_lowercase()),
        "EMAIL_DROPBOX_IDENTIFIER": "sandbox",
        "EMAIL_DROPBOX_ADDRESS": "sandbox@mailbox.insight.ly",
        "ADMINISTRATOR": id == USER,
        "ACCOUNT_OWNER": id == USER,
        "ACTIVE": active,
        "DATE_CREATED_UTC": "2024-01-15 09:00:00",
        "DATE_UPDATED_UTC": "2024-01-15 09:00:01",
        "USER_CURRENCY": "USD",
        "CONTACT_DISPLAY": "FIRST_LAST",
        "CONTACT_ORDER": "LAST_NAME",
        "TASK_WEEK_START": 1,
        "INSTANCE_ID": 890_123,
        "PROFILE_ID": 1,
        "ROLE_ID": 1,
    })
}

pub(super) fn users() -> Vec<Value> {
    vec![
        user(USER, "Sam", "Sandbox", true),
        user(USER + 1, "Olga", "Owner", true),
        user(USER + 2, "Ivo", "Inactive", false),
    ]
}

impl Insightly {
    pub(super) fn get_instance(&mut self, _: &Exchange<'_>) -> Outcome {
        Ok(Reply::ok(&json!({
            "INSTANCE_NAME": "Sandbox",
            "INSTANCE_SUBDOMAIN": "sandbox",
            "PLAN_NAME": "Enterprise",
            "NEW_USER_EXPERIENCE_ENABLED": true,
        })))
    }

    pub(super) fn list_countries(&mut self, _: &Exchange<'_>) -> Outcome {
        let countries = COUNTRIES.iter().map(|name| json!({ "COUNTRY_NAME": name }));
        Ok(Reply::ok(&Value::Array(countries.collect())))
    }

    pub(super) fn list_users(&mut self, _: &Exchange<'_>) -> Outcome {
        Ok(Reply::ok(&Value::Array(users())))
    }

    pub(super) fn get_me(&mut self, _: &Exchange<'_>) -> Outcome {
        Ok(Reply::ok(&user(USER, "Sam", "Sandbox", true)))
    }

    /// Names of tags in use by one family.
    pub(super) fn list_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let record_type = exchange.call.query("record_type").unwrap_or_default();
        let same = |key: &str| key.eq_ignore_ascii_case(record_type);
        let at = FAMILIES.iter().position(|family| same(family.key));
        let at = at.ok_or_else(|| bad("record_type is invalid."))?;
        let rows = self.shelves[at].rows.seen(exchange.now);
        let tags = rows.iter().flat_map(|(_, row)| row.fields.list("TAGS"));
        let names: BTreeSet<&str> = tags.filter_map(Value::as_str).collect();
        let names = names.iter().map(|name| json!({ "TAG_NAME": name }));
        Ok(Reply::ok(&Value::Array(names.collect())))
    }

    pub(super) fn list_custom_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let object = exchange.parts.first().map_or("", String::as_str);
        let same = |name: &str| name.eq_ignore_ascii_case(object);
        let family = FAMILIES.iter().find(|f| same(f.name) || same(f.alias));
        let unknown = || {
            Refusal(
                StatusCode::BAD_REQUEST,
                format!("{object} is not an object."),
            )
        };
        let family = family.ok_or_else(unknown)?;
        let field_for = family.singular.to_uppercase();
        let fields = custom_fields::of_family(family.key).enumerate();
        let shown = fields.map(|(at, field)| field.shape(at + 1, &field_for));
        Ok(Reply::ok(&Value::Array(shown.collect())))
    }
}
