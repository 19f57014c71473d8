//! Categories, lead sources and lead statuses: lists of choices that administrators keep.

use http::StatusCode;
use serde_json::{Value, json};

use super::Insightly;
use super::families::{FAMILIES, shelf};
use super::refusal::{self, Refusal, bad, in_use};
use super::routes::{Exchange, Outcome};
use super::schema::{Family, Kind};
use crate::reply::Reply;
use crate::rows::Fields;

impl Insightly {
    /// A DELETE that makes a category inactive.
    pub(super) fn retire_category(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        let mut fields = row.fields.open();
        if !is_active(&fields) {
            return Err(in_use("The category is inactive already."));
        }
        self.check_unused(end.0, end.1)?;
        let rows = self.shelves[end.0].rows.live().iter();
        let active = rows.filter(|(_, row)| is_active(&row.fields.open()));
        if active.count() == 1 {
            return Err(in_use("The last category cannot be deactivated."));
        }
        fields.set("ACTIVE", json!(false));
        self.store(end, &fields, true);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    pub(super) fn remove_lead_setting(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, family) = exchange.family();
        let id = exchange.call.query("id").and_then(|id| id.parse().ok());
        let id: i64 = id.ok_or_else(|| bad("id is required."))?;
        if self.live((at, id)).is_none() {
            return Err(refusal::missing(family.singular, id));
        }
        self.check_unused(at, id)?;
        if self.shelves[at].rows.live().len() == 1 {
            return Err(in_use("The last one cannot be deleted."));
        }
        self.shelves[at].rows.remove(&id, self.now);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// Refuses what some record still names.
    fn check_unused(&self, at: usize, id: i64) -> Result<(), Refusal> {
        let key = FAMILIES[at].key;
        for (family, shelf) in FAMILIES.iter().zip(&self.shelves) {
            let mut naming = family.fields.iter();
            let Some(field) = naming.find(|field| field.kind == Kind::Of(key)) else {
                continue;
            };
            let mut rows = shelf.rows.live().iter();
            let used = rows.any(|(_, row)| {
                row.fields.may_hold(field.name)
                    && row.fields.open().get(field.name) == Some(&json!(id))
            });
            if used {
                return Err(in_use(format!("{} {id} is in use.", FAMILIES[at].singular)));
            }
        }
        Ok(())
    }

    /// A category that was deactivated is not changed, only made active again.
    pub(super) fn check_category(
        family: &Family,
        before: &Fields,
        after: &Fields,
    ) -> Result<(), Refusal> {
        let category = family.id == "CATEGORY_ID";
        if category && !is_active(before) && !is_active(after) {
            return Err(in_use("The category is inactive."));
        }
        Ok(())
    }

    /// Source and status that a lead gets unless it has some.
    pub(super) fn lead_defaults(&self, family: &Family, fields: &mut Fields) {
        if family.key != "leads" {
            return;
        }
        for (key, flag, name) in [
            ("lead_sources", "DEFAULT_VALUE", "LEAD_SOURCE_ID"),
            ("lead_statuses", "DEFAULT_STATUS", "LEAD_STATUS_ID"),
        ] {
            let mut rows = self.shelves[shelf(key)].rows.live().iter();
            let chosen = rows.find(|(_, row)| row.fields.open().get(flag) == Some(&json!(true)));
            fields.set(name, chosen.map_or(Value::Null, |(id, _)| json!(id)));
        }
    }

    /// The status that conversion gives to a lead.
    pub(super) fn converted_status(&self) -> i64 {
        let mut rows = self.shelves[shelf("lead_statuses")].rows.live().iter();
        let converted = rows.find(|(_, row)| {
            let fields = row.fields.open();
            fields.text("LEAD_STATUS") == Some("Converted")
        });
        converted.map_or(0, |(id, _)| *id)
    }
}

fn is_active(fields: &Fields) -> bool {
    fields.get("ACTIVE") == Some(&json!(true))
}
