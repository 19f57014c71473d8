//! Definitions and reference data.
#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "all routes have one signature"
)]

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, by_name, shelf};
use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::schema::Shape;
use super::{Insightly, custom_fields, switches as on};
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

impl Insightly {
    pub(super) fn get_instance(&mut self, _: &Exchange<'_>) -> Outcome {
        let all = self.switches.is(&on::PLAN, "all");
        Ok(Reply::ok(&json!({
            "INSTANCE_NAME": "Sandbox",
            "INSTANCE_SUBDOMAIN": "sandbox",
            "PLAN_NAME": if all { "Enterprise" } else { "Professional" },
            "NEW_USER_EXPERIENCE_ENABLED": true,
        })))
    }

    pub(super) fn list_countries(&mut self, _: &Exchange<'_>) -> Outcome {
        let countries = COUNTRIES.iter().map(|name| json!({ "COUNTRY_NAME": name }));
        Ok(Reply::ok(&Value::Array(countries.collect())))
    }

    pub(super) fn list_currencies(&mut self, _: &Exchange<'_>) -> Outcome {
        let currencies = [
            ("AUD", "$"),
            ("CAD", "$"),
            ("EUR", "€"),
            ("GBP", "£"),
            ("USD", "$"),
        ];
        let shown = currencies
            .iter()
            .map(|(code, symbol)| json!({ "CURRENCY_CODE": code, "CURRENCY_SYMBOL": symbol }));
        Ok(Reply::ok(&Value::Array(shown.collect())))
    }

    pub(super) fn get_me(&mut self, _: &Exchange<'_>) -> Outcome {
        Ok(Reply::ok(&self.shown((shelf("users"), self.caller))))
    }

    /// What the caller may do with each kind of record.
    pub(super) fn get_permissions(&mut self, _: &Exchange<'_>) -> Outcome {
        let objects = FAMILIES.iter().filter(|family| family.is_counted());
        let objects = objects.map(|family| {
            let can = !self.plan.lacks.contains(family.key);
            json!({
                "OBJECT_TYPE": family.singular,
                "PERMISSIONS_STATE": "ENABLED",
                "CAN_READ": can,
                "CAN_CREATE": can && family.has(Shape::Create),
                "CAN_EDIT": can && family.has(Shape::Update),
                "CAN_DELETE": can && family.has(Shape::Delete),
            })
        });
        let objects: Vec<Value> = objects.collect();
        Ok(Reply::ok(&json!({
            "PERMISSIONS_STATE": "ENABLED",
            "OBJECT_PERMISSIONS": objects,
        })))
    }

    /// Where mails about a record can be sent to.
    pub(super) fn get_link_email_address(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        Ok(Reply::ok(&json!({ "EMAIL": drop_address(end) })))
    }

    /// Names of tags in use by one family.
    pub(super) fn list_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let record_type = exchange.call.query("record_type").unwrap_or_default();
        let (skip, top) = self.page(exchange)?;
        let at = by_name(record_type).filter(|at| FAMILIES[*at].has(Shape::TagSearch));
        let at = at.ok_or_else(|| bad("record_type is invalid."))?;
        let mut names = BTreeSet::new();
        for (_, row) in self.everything(at) {
            if row.fields.may_hold("\"TAGS\"") {
                let fields = row.fields.open();
                let tags = fields.list("TAGS").iter().filter_map(Value::as_str);
                names.extend(tags.map(str::to_owned));
            }
        }
        let names = names.iter().skip(skip).take(top);
        let names = names.map(|name| json!({ "TAG_NAME": name }));
        Ok(Reply::ok(&Value::Array(names.collect())))
    }

    pub(super) fn list_custom_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        Ok(Reply::ok(&json!(self.custom_field_shapes(exchange)?)))
    }

    pub(super) fn search_custom_fields(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let name = exchange.call.query("fieldName");
        let name = name.ok_or_else(|| bad("fieldName is required."))?;
        let shapes = self.custom_field_shapes(exchange)?;
        let found = shapes.iter().find(|shape| shape["FIELD_NAME"] == name);
        let missing = || Refusal(StatusCode::NOT_FOUND, format!("No field {name}"));
        Ok(Reply::ok(found.ok_or_else(missing)?))
    }

    /// The definitions of the object that the path names.
    fn custom_field_shapes(&self, exchange: &Exchange<'_>) -> Result<Vec<Value>, Refusal> {
        let object = exchange.part(0);
        let family = by_name(object).map(|at| &FAMILIES[at]);
        let family = family.ok_or_else(|| bad(format!("{object} is not an object.")))?;
        let field_for: String = family.singular.to_uppercase().chars().take(12).collect();
        let fields = custom_fields::of_family(family.key).enumerate();
        let shown = fields.map(|(at, field)| field.shape(at + 1, &field_for, &self.options(field)));
        Ok(shown.collect())
    }
}

/// A mail drop address of its own for each record.
pub(super) fn drop_address((at, id): super::End) -> String {
    let singular = FAMILIES[at].singular.to_lowercase();
    format!("{singular}-{id}@mailbox.insight.ly")
}
