//! `POST /contacts/upsert`.

use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome, checked};
use super::family::Family;
use super::members::{CONTACT, UPSERT};
use super::{Ghl, Id, schema, switches as on};
use crate::reply::Reply;

impl Ghl {
    pub(super) fn upsert_contact(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let mut body = self.located(exchange)?;
        let flag = "createNewIfDuplicateAllowed";
        let extra: Map<String, Value> = body
            .remove_entry(flag)
            .map(|(name, value)| [(name, value)].into_iter().collect())
            .unwrap_or_default();
        let mut complaints = schema::complaints(CONTACT, &body, |member| member.create);
        complaints.extend(schema::complaints(UPSERT, &extra, |member| member.create));
        checked(&complaints)?;
        let anew = extra.get(flag) == Some(&json!(true)) && self.duplicates_allowed();
        let found = if anew { None } else { self.same_person(&body) };
        let (id, new) = match found {
            Some((id, by)) => (self.merge_into(exchange, id, by, body)?, false),
            None => {
                let fields = self.new_contact(&body)?;
                (self.add_contact(fields, exchange.now), true)
            }
        };
        let contact = self.read_shape(&id, self.contact(&id)?);
        let trace = self.new_id();
        let body = json!({ "new": new, "contact": contact, "traceId": trace });
        Ok(Reply::ok(&body))
    }

    /// Who has the e-mail or the phone of a body already, and by which of them.
    fn same_person(&self, body: &Map<String, Value>) -> Option<(Id, &'static str)> {
        let contacts = self.rows[Family::Contacts].live();
        let value = |field: &str| {
            let text = body.get(field)?.as_str().filter(|text| !text.is_empty())?;
            Some(match field {
                "phone" => self.phone(text),
                _ => text.to_owned(),
            })
        };
        let fields = self.unique_fields();
        let mut found = fields.into_iter().filter_map(|field| {
            let ids = contacts.find(field, &value(field)?)?;
            Some((ids.into_iter().next()?, field))
        });
        found.next().or_else(|| {
            let secondary = self.switches.is(&on::UPSERT_SECONDARY, "promotes");
            let email = value("email").filter(|_| secondary)?.to_lowercase();
            let mut holders = contacts.iter().filter(|(_, row)| {
                let more = row.fields.list("additionalEmails").iter();
                more.filter_map(|entry| entry.as_str().or(entry["email"].as_str()))
                    .any(|other| other.to_lowercase() == email)
            });
            holders.next().map(|(id, _)| (id.clone(), "email"))
        })
    }

    /// Updates the contact that was found; an address of somebody else is
    /// dropped without a word, and so is the gender.
    fn merge_into(
        &mut self,
        exchange: &Exchange<'_>,
        id: Id,
        by: &'static str,
        mut body: Map<String, Value>,
    ) -> Result<Id, Reply> {
        self.check_custom_fields(&body)?;
        self.check_phone(&body)?;
        body.remove("gender");
        let mut fields = self.contact(&id)?.fields.clone();
        self.write(&mut fields, CONTACT, &body);
        if self.check_duplicate(&fields, Some(&id)).is_err() {
            let other = if by == "email" { "phone" } else { "email" };
            let kept = self.contact(&id)?.fields.get(other).cloned();
            fields.set(other, kept.unwrap_or_default());
        }
        self.change(Family::Contacts, &id, fields, exchange.now);
        Ok(id)
    }
}
