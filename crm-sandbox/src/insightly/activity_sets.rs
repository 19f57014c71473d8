//! Sets of activities, put onto records.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::families::{FAMILIES, shelf};
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, moment};
use crate::reply::Reply;

impl Insightly {
    /// Makes the tasks and events of a set on the record of the path.
    pub(super) fn assign_activity_set(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let body = exchange.body()?;
        self.assign(end, &body)?;
        Ok(Reply::json(StatusCode::CREATED, &body))
    }

    pub(super) fn assign(&mut self, end: End, body: &Value) -> Result<(), Refusal> {
        let id = body.get("ACTIVITYSET_ID").and_then(Value::as_i64);
        let id = id.ok_or_else(|| bad("ACTIVITYSET_ID is required."))?;
        let set = self.live((shelf("activity_sets"), id));
        let set = set.ok_or_else(|| refusal::missing("ActivitySet", id))?;
        let set = set.fields.open();
        let family = &FAMILIES[end.0];
        let meant_for = format!("FOR_{}", family.name.to_uppercase());
        if set.get(&meant_for) != Some(&json!(true)) {
            return Err(bad(format!("The activity set is not for {}.", family.name)));
        }
        let start = match body.get("START_DATE").filter(|date| !date.is_null()) {
            Some(date) => self.moment("START_DATE", date)?,
            None => json!(moment::written(moment::to_second(self.now))),
        };
        for activity in set.list("ACTIVITIES") {
            self.make_activity(end, activity, body, &start)?;
        }
        Ok(())
    }

    fn make_activity(
        &mut self,
        end: End,
        activity: &Value,
        body: &Value,
        start: &Value,
    ) -> Result<(), Refusal> {
        let days = |name: &str| activity.get(name).and_then(Value::as_i64).unwrap_or(0);
        let is_event = activity["ACTIVITY_TYPE"] == "EVENT";
        let after = days(if is_event {
            "EVENT_DAYS_AFTER_START"
        } else {
            "DUE_DAYS_AFTER_START"
        });
        let date = start.as_str().and_then(moment::parse).map(|(at, _)| at);
        let date = date.and_then(|at| at.checked_add(SignedDuration::from_hours(24 * after)).ok());
        let date = json!(date.map(moment::written));
        let mut made = Map::new();
        let mut put = |name: &str, value: Value| made.insert(name.to_owned(), value);
        put("TITLE", activity["ACTIVITY_NAME"].clone());
        put("DETAILS", activity["ACTIVITY_DETAILS"].clone());
        if is_event {
            put("START_DATE_UTC", date.clone());
            put("END_DATE_UTC", date);
        } else {
            put("DUE_DATE", date);
            put("RESPONSIBLE_USER_ID", responsible(activity, body));
            // A task shows on a deal only if it names it.
            if matches!(FAMILIES[end.0].key, "opportunities" | "projects") {
                put(FAMILIES[end.0].id, json!(end.1));
            }
        }
        let at = shelf(if is_event { "events" } else { "tasks" });
        let id = self.make(at, &made, |_| ())?;
        self.join((at, id), end, &json!({}));
        Ok(())
    }
}

/// Who is to do an activity: as the assignment says, or the set.
fn responsible(activity: &Value, body: &Value) -> Value {
    let assignments = body["ACTIVITY_ASSIGNMENTS"].as_array();
    let mut assignments = assignments.into_iter().flatten();
    let own = assignments.find(|one| one["ACTIVITY_ID"] == activity["ACTIVITY_ID"]);
    let own = own.map(|one| one["RESPONSIBLE_USER_ID"].clone());
    let own = own.filter(|user| !user.is_null());
    own.unwrap_or_else(|| activity["RESPONSIBLE_USER_ID"].clone())
}
