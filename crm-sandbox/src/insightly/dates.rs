//! Occasions of a record: `DATES`.

use http::StatusCode;
use serde_json::{Value, json};

use super::Insightly;
use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use crate::reply::Reply;

impl Insightly {
    pub(super) fn get_dates(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, row) = self.row(exchange)?;
        Ok(Reply::json(
            self.sublist_status(),
            &json!(row.fields.list("DATES")),
        ))
    }

    /// Replaces them all.
    pub(super) fn set_dates(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (at, _) = exchange.family();
        let (id, row) = self.row(exchange)?;
        let dates = self.dates(&exchange.body()?)?;
        let mut fields = row.fields.clone();
        fields.set("DATES", json!(dates));
        self.change(at, id, fields, true, exchange.now);
        Ok(Reply::json(StatusCode::OK, &json!(dates)))
    }

    /// Checked occasions; those without an id get one.
    pub(super) fn dates(&mut self, given: &Value) -> Result<Vec<Value>, Refusal> {
        let given = given
            .as_array()
            .ok_or_else(|| bad("DATES must be an array."))?;
        let mut dates = Vec::new();
        for entry in given {
            let member = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
            let at = match member("OCCASION_DATE") {
                Value::Null => Value::Null,
                written => self.moment("OCCASION_DATE", &written)?,
            };
            let id = match member("DATE_ID").as_i64().filter(|id| *id > 0) {
                Some(id) => id,
                None => self.new_part_id(),
            };
            dates.push(json!({
                "DATE_ID": id,
                "OCCASION_NAME": member("OCCASION_NAME"),
                "OCCASION_DATE": at,
                "REPEAT_YEARLY": member("REPEAT_YEARLY") == json!(true),
                "CREATE_TASK_YEARLY": member("CREATE_TASK_YEARLY") == json!(true),
            }));
        }
        Ok(dates)
    }
}
