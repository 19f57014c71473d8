//! GHL under the hand of a person and of the test.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::contacts::to_millisecond;
use super::schema::{self, Kind};
use super::{Ghl, Id, custom_fields, refusal};
use crate::allowance::Allowance;
use crate::call::{Call, Matched};
use crate::error::SandboxError;
use crate::reply::Reply;
use crate::rows::{Fields, Stamps};
use crate::seed::{Person, Phone};
use crate::switches::Switches;
use crate::world::World;

fn known_family(family: &str) -> Result<(), SandboxError> {
    match family {
        "contacts" => Ok(()),
        _ => Err(SandboxError::UnknownFamily(family.to_owned())),
    }
}

impl World for Ghl {
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
        let reply = self.with_rate_headers(refusal::too_many_requests(), &left);
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
        "ghl"
    }

    fn set_index_lag(&mut self, lag: Duration) {
        self.contacts.set_lag(lag);
    }

    fn state(&self) -> Value {
        let mut tags = self.tag_shapes();
        tags.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        json!({
            "contacts": self.contact_shapes(),
            "tags": tags,
            "custom_fields": self.custom_field_shapes(),
        })
    }

    fn records(&self, family: &str) -> Result<Vec<Value>, SandboxError> {
        known_family(family)?;
        Ok(self.contact_shapes())
    }

    fn record(&self, family: &str, id: &str) -> Result<Value, SandboxError> {
        known_family(family)?;
        let row = self.contacts.live().get(&id.into());
        row.map(|row| self.read_shape(id, row))
            .ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))
    }

    fn create(
        &mut self,
        family: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        known_family(family)?;
        let mut fields = Fields::default();
        self.set_by_hand(&mut fields, members)?;
        let id = self.new_id();
        let now = to_millisecond(now);
        self.contacts
            .insert(id.as_str().into(), fields, Stamps::new(now), now);
        self.record(family, &id)
    }

    fn edit(
        &mut self,
        family: &str,
        id: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        known_family(family)?;
        let key: Id = id.into();
        let row = self.contacts.live().get(&key);
        let row = row.ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))?;
        let mut fields = row.fields.clone();
        self.set_by_hand(&mut fields, members)?;
        self.contacts
            .replace(&key, fields, to_millisecond(now), now);
        self.record(family, id)
    }

    fn delete(&mut self, family: &str, id: &str, now: Timestamp) -> Result<(), SandboxError> {
        known_family(family)?;
        if self.contacts.remove(&id.into(), to_millisecond(now)) {
            Ok(())
        } else {
            Err(SandboxError::UnknownRecord(id.to_owned()))
        }
    }

    fn add_person(&mut self, person: &Person, at: Timestamp) -> String {
        let mut fields = Fields::default();
        self.write(&mut fields, &members_of(person));
        if let Some(email) = &person.other_email {
            fields.set("additionalEmails", json!([{ "email": email }]));
        }
        if let Some(phone) = person.phones.get(1) {
            fields.set("additionalPhones", json!([{ "phone": phone.e164() }]));
        }
        let id = self.new_id();
        let at = to_millisecond(at);
        self.contacts
            .insert(id.as_str().into(), fields, Stamps::new(at), at);
        id
    }
}

impl Ghl {
    fn contact_shapes(&self) -> Vec<Value> {
        let rows = self.contacts.live().iter();
        rows.map(|(id, row)| self.read_shape(id, row)).collect()
    }

    /// A person is held to no rule of the API, but sees the same normal forms.
    fn set_by_hand(
        &mut self,
        fields: &mut Fields,
        members: &Map<String, Value>,
    ) -> Result<(), SandboxError> {
        for (name, value) in members {
            let member = schema::find(name);
            let member = member.ok_or_else(|| SandboxError::UnknownField(name.clone()))?;
            if value.is_null() && member.kind != Kind::Name {
                fields.set(member.name, Value::Null);
            }
        }
        self.write(fields, members);
        Ok(())
    }
}

fn members_of(person: &Person) -> Map<String, Value> {
    let mut custom = Vec::new();
    if let Some(hobby) = person.hobby {
        custom.push(json!({ "id": custom_fields::HOBBY, "field_value": hobby }));
    }
    if !person.interests.is_empty() {
        custom.push(json!({ "id": custom_fields::INTERESTS, "field_value": person.interests }));
    }
    let home = person.home.as_ref();
    let written = json!({
        "firstName": person.first,
        "lastName": person.last,
        "email": person.email,
        "phone": person.phones.first().map(Phone::e164),
        "address1": home.map(|home| home.street),
        "city": home.map(|home| home.city),
        "state": home.map(|home| home.state),
        "postalCode": home.map(|home| home.postcode),
        "country": home.map(|home| home.country_code),
        "companyName": person.company,
        "dateOfBirth": person.birthday.map(|day| day.to_string()),
        "tags": person.tags,
        "customFields": custom,
        "dnd": person.opted_out,
        "source": "seed",
    });
    let mut members = written.as_object().cloned().unwrap_or_default();
    if person.opted_out {
        let settings = json!({ "Email": { "status": "active", "message": "", "code": "" } });
        members.insert("dndSettings".to_owned(), settings);
    }
    members.retain(|_, value| !value.is_null());
    members
}
