//! What the server does to a record once its members are written.

use serde_json::{Map, Value, json};

use super::families::shelf;
use super::refusal::{Refusal, bad};
use super::schema::Family;
use super::{Insightly, moment, switches as on};
use crate::rows::Fields;

impl Insightly {
    /// Checks members against each other and fills in what follows from them.
    pub(super) fn complete(
        &self,
        family: &Family,
        before: Option<&Fields>,
        fields: &mut Fields,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        if let Some(before) = before {
            Self::check_category(family, before, fields)?;
        }
        match family.key {
            "tasks" => self.complete_task(before, fields, body)?,
            "milestones" => self.stamp_completion(before, fields),
            "opportunities" => fields.set("OPPORTUNITY_VALUE", value_of(fields)),
            "opportunity_line_items" => total_line_item(fields),
            "contacts" if before.is_none() => self.check_twin(family, fields, "EMAIL_ADDRESS")?,
            "leads" if before.is_none() => self.check_twin(family, fields, "EMAIL")?,
            _ => {}
        }
        Ok(())
    }

    fn complete_task(
        &self,
        before: Option<&Fields>,
        fields: &mut Fields,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let number = |fields: &Fields, name: &str| fields.get(name).and_then(Value::as_i64);
        let project = number(fields, "PROJECT_ID");
        if project.is_some() && number(fields, "OPPORTUNITY_ID").is_some() {
            return Err(bad("PROJECT_ID and OPPORTUNITY_ID exclude each other."));
        }
        if let Some(milestone) = number(fields, "MILESTONE_ID") {
            let row = self.live((shelf("milestones"), milestone));
            let its = row.and_then(|row| number(&row.fields.open(), "PROJECT_ID"));
            if its != project {
                return Err(bad("MILESTONE_ID belongs to another project."));
            }
        }
        if self.switches.is(&on::TASK_STEP, "in_step") {
            let named = |name: &str| self.member(body, name).is_some();
            keep_in_step(fields, &named);
        }
        let assignee = |fields: &Fields| number(fields, "RESPONSIBLE_USER_ID");
        if before.and_then(assignee) != assignee(fields) {
            fields.set("ASSIGNED_BY_USER_ID", json!(self.caller));
            let now = moment::written(moment::to_second(self.now));
            fields.set("ASSIGNED_DATE_UTC", json!(now));
        }
        self.stamp_completion(before, fields);
        Ok(())
    }

    /// `COMPLETED_DATE_UTC` is the server's.
    pub(super) fn stamp_completion(&self, before: Option<&Fields>, fields: &mut Fields) {
        let done = |fields: &Fields| fields.get("COMPLETED") == Some(&json!(true));
        match (before.is_some_and(done), done(fields)) {
            (false, true) => {
                let now = moment::written(moment::to_second(self.now));
                fields.set("COMPLETED_DATE_UTC", json!(now));
            }
            (_, false) => fields.set("COMPLETED_DATE_UTC", Value::Null),
            (true, true) => {}
        }
    }

    /// The live server takes a second record with the same e-mail.
    fn check_twin(&self, family: &Family, fields: &Fields, name: &str) -> Result<(), Refusal> {
        if self.switches.is(&on::SAME_EMAIL, "accepted") {
            return Ok(());
        }
        let email = fields.text(name).filter(|email| !email.is_empty());
        let rows = self.shelves[shelf(family.key)].rows.live();
        let twins = email.and_then(|email| rows.find(name, email));
        if twins.is_some_and(|twins| !twins.is_empty()) {
            return Err(bad(format!("{name} is already in use.")));
        }
        Ok(())
    }
}

/// Brings completion, status and percentage of a task together. Of what a body
/// names, completion leads, then the status, then the percentage.
pub(super) fn keep_in_step(fields: &mut Fields, named: &dyn Fn(&str) -> bool) {
    let was_done = fields.text("STATUS") == Some("COMPLETED");
    let done = if named("COMPLETED") {
        fields.get("COMPLETED") == Some(&json!(true))
    } else if named("STATUS") {
        fields
            .text("STATUS")
            .is_some_and(|status| status.eq_ignore_ascii_case("COMPLETED"))
    } else if named("PERCENT_COMPLETE") {
        fields.get("PERCENT_COMPLETE") == Some(&json!(100))
    } else {
        return;
    };
    fields.set("COMPLETED", json!(done));
    if done {
        fields.set("STATUS", json!("COMPLETED"));
        fields.set("PERCENT_COMPLETE", json!(100));
    } else {
        if was_done {
            fields.set("STATUS", json!("IN PROGRESS"));
        }
        if fields.get("PERCENT_COMPLETE") == Some(&json!(100)) {
            fields.set("PERCENT_COMPLETE", json!(0));
        }
    }
}

/// What an opportunity is worth: the bid, times its duration unless it is fixed.
fn value_of(fields: &Fields) -> Value {
    let Some(amount) = fields.get("BID_AMOUNT").and_then(Value::as_f64) else {
        return Value::Null;
    };
    let fixed = fields.text("BID_TYPE").unwrap_or("Fixed Bid");
    let duration = fields.get("BID_DURATION").and_then(Value::as_f64);
    if fixed.eq_ignore_ascii_case("Fixed Bid") {
        json!(amount)
    } else {
        json!(amount * duration.unwrap_or(1.0))
    }
}

fn total_line_item(fields: &mut Fields) {
    let of = |name: &str| fields.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let subtotal = of("UNIT_PRICE") * of("QUANTITY");
    let total = subtotal * (1.0 - of("DISCOUNT") / 100.0);
    fields.set("SUBTOTAL", json!(subtotal));
    fields.set("TOTAL_PRICE", json!(total));
}
