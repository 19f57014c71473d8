//! Insightly under the hand of a person and of the test.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::refusal;
use super::schema::{FAMILIES, Kind};
use super::{Insightly, custom_fields, moment, tags};
use crate::allowance::Allowance;
use crate::call::{Call, Matched};
use crate::error::SandboxError;
use crate::reply::Reply;
use crate::rows::Fields;
use crate::seed::{Difference, Person};
use crate::switches::Switches;
use crate::world::World;

fn family_at(key: &str) -> Result<usize, SandboxError> {
    let at = FAMILIES.iter().position(|family| family.key == key);
    at.ok_or_else(|| SandboxError::UnknownFamily(key.to_owned()))
}

fn unknown(id: &str) -> SandboxError {
    SandboxError::UnknownRecord(id.to_owned())
}

impl World for Insightly {
    fn find(&self, call: &Call) -> Option<Matched> {
        Self::matched(call)
    }

    fn answer(&mut self, call: &Call, matched: Option<&Matched>, now: Timestamp) -> Reply {
        self.respond(call, matched, now)
    }

    fn too_many_requests(
        &mut self,
        retry_after: Option<u64>,
        day_used_up: bool,
        now: Timestamp,
    ) -> Reply {
        let left = self.allowance.feigned(now, day_used_up);
        let reply = self.refuse(refusal::too_many_requests());
        let reply = self.with_rate_headers(reply, &left);
        match retry_after {
            Some(seconds) => reply.with(http::header::RETRY_AFTER, seconds.to_string()),
            None => reply,
        }
    }

    fn switches(&mut self) -> &mut Switches {
        &mut self.switches
    }

    fn allowance(&mut self) -> &mut Allowance {
        &mut self.allowance
    }

    fn name(&self) -> &'static str {
        "insightly"
    }

    fn set_index_lag(&mut self, lag: Duration) {
        for shelf in &mut self.shelves {
            shelf.rows.set_lag(lag);
        }
    }

    fn state(&self) -> Value {
        let families = FAMILIES.iter().enumerate();
        let families = families.map(|(at, family)| (family.key.to_owned(), json!(self.shapes(at))));
        Value::Object(families.collect())
    }

    fn records(&self, family: &str) -> Result<Vec<Value>, SandboxError> {
        Ok(self.shapes(family_at(family)?))
    }

    fn record(&self, family: &str, id: &str) -> Result<Value, SandboxError> {
        let at = family_at(family)?;
        let number = id.parse().map_err(|_| unknown(id))?;
        let row = self.shelves[at].rows.live().get(&number);
        let row = row.ok_or_else(|| unknown(id))?;
        Ok(self.shape(&FAMILIES[at], number, row, false))
    }

    fn create(
        &mut self,
        family: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let at = family_at(family)?;
        let mut fields = Self::blank();
        set_by_hand(at, &mut fields, members)?;
        let id = self.insert(at, fields, now);
        self.record(family, &id.to_string())
    }

    fn edit(
        &mut self,
        family: &str,
        id: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let at = family_at(family)?;
        let number: i64 = id.parse().map_err(|_| unknown(id))?;
        let rows = &mut self.shelves[at].rows;
        let row = rows.live().get(&number).ok_or_else(|| unknown(id))?;
        let mut fields = row.fields.clone();
        set_by_hand(at, &mut fields, members)?;
        rows.replace(&number, fields, moment::to_second(now), now);
        self.record(family, id)
    }

    fn delete(&mut self, family: &str, id: &str, now: Timestamp) -> Result<(), SandboxError> {
        let at = family_at(family)?;
        let number = id.parse().map_err(|_| unknown(id))?;
        if self.remove(at, number, now) {
            Ok(())
        } else {
            Err(unknown(id))
        }
    }

    fn add_person(&mut self, person: &Person, at: Timestamp) -> String {
        let mut fields = Self::blank();
        // The table of families begins with contacts, and a person has no other members.
        let _ = set_by_hand(0, &mut fields, &members_of(person));
        self.insert(0, fields, at).to_string()
    }
}

impl Insightly {
    fn shapes(&self, at: usize) -> Vec<Value> {
        let rows = self.shelves[at].rows.live().iter();
        rows.map(|(id, row)| self.shape(&FAMILIES[at], *id, row, false))
            .collect()
    }
}

/// Takes members as a read shows them; of custom fields only those named change.
fn set_by_hand(
    at: usize,
    fields: &mut Fields,
    members: &Map<String, Value>,
) -> Result<(), SandboxError> {
    for (name, value) in members {
        let field = FAMILIES[at].field(name);
        let field = field.filter(|field| field.kind != Kind::Stamp);
        let field = field.ok_or_else(|| SandboxError::UnknownField(name.clone()))?;
        match field.kind {
            Kind::CustomFields => merge_custom_fields(at, fields, value)?,
            Kind::Tags => fields.set(field.name, tags::names(value)),
            _ => fields.set(field.name, value.clone()),
        }
    }
    Ok(())
}

fn merge_custom_fields(at: usize, fields: &mut Fields, given: &Value) -> Result<(), SandboxError> {
    for entry in given.as_array().into_iter().flatten() {
        let name = entry
            .get("FIELD_NAME")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if custom_fields::of_family(FAMILIES[at].key).all(|field| field.name != name) {
            return Err(SandboxError::UnknownField(name.to_owned()));
        }
        let value = entry.get("FIELD_VALUE").filter(|value| !value.is_null());
        fields.set_pair("CUSTOMFIELDS", name, value.cloned());
    }
    Ok(())
}

fn members_of(person: &Person) -> Map<String, Value> {
    let differs = |difference| person.difference == difference;
    let email = person.email.as_ref().map(|email| {
        if differs(Difference::EmailCase) {
            email.to_uppercase()
        } else {
            email.clone()
        }
    });
    let phone = |at: usize| {
        let phone = person
            .phones
            .get(at)
            .filter(|_| !differs(Difference::BlankPhone));
        phone.map(|phone| {
            if differs(Difference::PhoneFormat) {
                phone.typed()
            } else {
                phone.e164()
            }
        })
    };
    let home = person
        .home
        .as_ref()
        .filter(|_| !differs(Difference::BlankAddress));
    let city = home.map(|home| {
        if differs(Difference::OtherCity) {
            "Springfield"
        } else {
            home.city
        }
    });
    let last = if differs(Difference::OtherLastName) {
        "Married-Name"
    } else {
        person.last
    };
    let tags: Vec<Value> = person
        .tags
        .iter()
        .map(|tag| json!({ "TAG_NAME": tag }))
        .collect();
    let interests = Some(person.interests.join(";")).filter(|joined| !joined.is_empty());
    let custom = json!([
        { "FIELD_NAME": "Hobby__c", "FIELD_VALUE": person.hobby },
        { "FIELD_NAME": "Interests__c", "FIELD_VALUE": interests },
        { "FIELD_NAME": "Second_Email__c", "FIELD_VALUE": person.other_email },
        { "FIELD_NAME": "Newsletter__c", "FIELD_VALUE": !person.opted_out },
    ]);
    let written = json!({
        "FIRST_NAME": person.first,
        "LAST_NAME": last,
        "EMAIL_ADDRESS": email,
        "PHONE": phone(0),
        "PHONE_MOBILE": phone(1),
        "PHONE_HOME": phone(2),
        "TITLE": person.title,
        "ADDRESS_MAIL_STREET": home.map(|home| home.street),
        "ADDRESS_MAIL_CITY": city,
        "ADDRESS_MAIL_STATE": home.map(|home| home.state),
        "ADDRESS_MAIL_POSTCODE": home.map(|home| home.postcode),
        "ADDRESS_MAIL_COUNTRY": home.map(|home| home.country),
        "DATE_OF_BIRTH": person.birthday.map(|day| format!("{day} 00:00:00")),
        "EMAIL_OPTED_OUT": person.opted_out,
        "TAGS": tags,
        "CUSTOMFIELDS": custom,
    });
    written.as_object().cloned().unwrap_or_default()
}
