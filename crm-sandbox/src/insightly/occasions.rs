//! Parts of a record that are replaced as a whole: occasions and e-mail domains.

use http::StatusCode;
use serde_json::{Value, json};

use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{Insightly, switches as on};
use crate::reply::Reply;
use crate::rows::Fields;

/// The member of the record, and the member that holds the id of a part.
const DATES: (&str, &str) = ("DATES", "DATE_ID");
const DOMAINS: (&str, &str) = ("EMAILDOMAINS", "EMAIL_DOMAIN_ID");

impl Insightly {
    pub(super) fn get_dates(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.get_parts(exchange, DATES.0)
    }

    pub(super) fn get_email_domains(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.get_parts(exchange, DOMAINS.0)
    }

    pub(super) fn set_dates(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.set_parts(exchange, DATES.0)
    }

    pub(super) fn set_email_domains(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.set_parts(exchange, DOMAINS.0)
    }

    fn get_parts(&self, exchange: &Exchange<'_>, member: &str) -> Outcome {
        let (_, row) = self.row(exchange)?;
        let parts = json!(row.fields.open().list(member));
        Ok(Reply::json(self.sublist_status(), &parts))
    }

    fn set_parts(&mut self, exchange: &Exchange<'_>, member: &'static str) -> Outcome {
        let (end, row) = self.row(exchange)?;
        let given = match exchange.body()? {
            Value::Array(parts) => Value::Array(parts),
            part => json!([part]),
        };
        let mut fields = row.fields.open();
        self.write_parts(&mut fields, member, &given)?;
        self.store(end, &fields, true);
        self.record_written(end, "update");
        Ok(Reply::json(StatusCode::OK, &json!(fields.list(member))))
    }

    /// Writes occasions or domains; those that are not given go, or stay, as the switch says.
    pub(super) fn write_parts(
        &mut self,
        fields: &mut Fields,
        member: &'static str,
        given: &Value,
    ) -> Result<(), Refusal> {
        let given = given
            .as_array()
            .ok_or_else(|| bad(format!("{member} must be an array.")))?;
        let id_of = if member == DATES.0 {
            DATES.1
        } else {
            DOMAINS.1
        };
        let mut parts = Vec::new();
        if self.switches.is(&on::PARTS_PUT, "upserts") {
            parts = fields.list(member).to_vec();
        }
        for entry in given {
            let id = match entry.get(id_of).and_then(Value::as_i64) {
                Some(id) if id > 0 => id,
                _ => self.new_part_id(),
            };
            let part = if member == DATES.0 {
                self.occasion(id, entry)?
            } else {
                email_domain(id, entry)?
            };
            match parts.iter_mut().find(|kept| kept[id_of] == part[id_of]) {
                Some(kept) => *kept = part,
                None => parts.push(part),
            }
        }
        fields.set(member, json!(parts));
        Ok(())
    }

    fn occasion(&self, id: i64, entry: &Value) -> Result<Value, Refusal> {
        let member = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
        let at = match member("OCCASION_DATE") {
            Value::Null => Value::Null,
            written => self.moment("OCCASION_DATE", &written)?,
        };
        Ok(json!({
            "DATE_ID": id,
            "OCCASION_NAME": member("OCCASION_NAME"),
            "OCCASION_DATE": at,
            "REPEAT_YEARLY": member("REPEAT_YEARLY") == json!(true),
            "CREATE_TASK_YEARLY": member("CREATE_TASK_YEARLY") == json!(true),
        }))
    }
}

fn email_domain(id: i64, entry: &Value) -> Result<Value, Refusal> {
    let domain = entry.get("EMAIL_DOMAIN").and_then(Value::as_str);
    match domain.filter(|domain| !domain.is_empty() && domain.chars().count() <= 255) {
        Some(domain) => Ok(json!({ "EMAIL_DOMAIN_ID": id, "EMAIL_DOMAIN": domain })),
        None => Err(bad("EMAIL_DOMAIN is required.")),
    }
}
