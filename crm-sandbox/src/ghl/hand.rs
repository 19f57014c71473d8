//! GHL under the hand of a person and of the test.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::family::Family;
use super::members::CONTACT;
use super::moment::{parse, stamp};
use super::schema::{self, Kind};
use super::{Ghl, Id, first_fields, refusal, routes, shape, switches as on};
use crate::allowance::Allowance;
use crate::call::{Call, Matched};
use crate::error::SandboxError;
use crate::outbox::Outbox;
use crate::reply::Reply;
use crate::rows::Fields;
use crate::seed::{Person, Phone};
use crate::switches::Switches;
use crate::world::World;

impl World for Ghl {
    fn find(&self, call: &Call) -> Option<Matched> {
        Self::matched(call)
    }

    fn operations(&self) -> BTreeSet<String> {
        routes::operations()
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

    fn set_index_lag(&mut self, lag: Duration) {
        for rows in self.rows.iter_mut() {
            rows.set_lag(lag);
        }
    }

    fn families(&self) -> Vec<&'static str> {
        Family::ALL.map(Family::name).to_vec()
    }

    fn name(&self) -> &'static str {
        "ghl"
    }

    fn catch_up(&mut self, now: Timestamp) {
        self.run_workflows(now);
    }

    fn next_due(&self) -> Option<Timestamp> {
        let due = [self.workflows.next_due(), self.outbox.next_due()];
        due.into_iter().flatten().min()
    }

    fn outbox(&mut self) -> Option<&mut Outbox> {
        self.outbox.fresh_envelope = self.switches.is(&on::REPEATED_ENVELOPE, "fresh");
        self.outbox.legacy_placeholder = self.switches.is(&on::LEGACY_SIGNATURE, "placeholder");
        Some(&mut self.outbox)
    }

    fn order(&mut self, order: &str, body: &Value, now: Timestamp) -> Result<Value, SandboxError> {
        self.follow(order, body, now)
    }

    fn state(&self) -> Value {
        let families = Family::ALL.into_iter();
        let mut state: Map<String, Value> = families
            .map(|family| (family.name().to_owned(), self.shapes(family).into()))
            .collect();
        if let Some(tags) = state.get_mut("tags").and_then(Value::as_array_mut) {
            tags.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        }
        let enrolments = self.enrolments.iter();
        let enrolments = enrolments
            .map(super::enrolments::Enrolment::shape)
            .collect();
        state.insert("enrolments".to_owned(), enrolments);
        Value::Object(state)
    }

    fn records(&self, family: &str) -> Result<Vec<Value>, SandboxError> {
        Ok(self.shapes(Family::named(family)?))
    }

    fn record(&self, family: &str, id: &str) -> Result<Value, SandboxError> {
        let family = Family::named(family)?;
        let row = self.row(family, id);
        row.map(|row| self.shape_of(family, id, row))
            .ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))
    }

    fn create(
        &mut self,
        family: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let kind = Family::named(family)?;
        let mut fields = Fields::default();
        self.set_by_hand(kind, &mut fields, members)?;
        if Family::CHILDREN.contains(&kind) {
            let contact = fields.text("contactId").unwrap_or_default();
            if self.row(Family::Contacts, contact).is_none() {
                return Err(SandboxError::UnknownRecord(contact.to_owned()));
            }
        }
        let id = match kind {
            Family::Contacts => self.add_contact(fields, now),
            Family::Appointments => {
                self.booked(&mut fields);
                self.add(kind, fields, now)
            }
            _ => self.add(kind, fields, now),
        };
        self.touched_by_hand(kind, &id, now);
        self.record(family, &id)
    }

    fn edit(
        &mut self,
        family: &str,
        id: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let kind = Family::named(family)?;
        let key: Id = id.into();
        let row = self.row(kind, id);
        let row = row.ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))?;
        let old = row.fields.clone();
        let mut fields = old.clone();
        self.set_by_hand(kind, &mut fields, members)?;
        if kind == Family::Appointments && !members.contains_key("endTime") {
            keep_length(&old, &mut fields);
        }
        self.change(kind, &key, fields, now);
        self.touched_by_hand(kind, &key, now);
        self.record(family, id)
    }

    fn delete(&mut self, family: &str, id: &str, now: Timestamp) -> Result<(), SandboxError> {
        let kind = Family::named(family)?;
        let key: Id = id.into();
        if self.row(kind, id).is_none() {
            return Err(SandboxError::UnknownRecord(id.to_owned()));
        }
        self.touched_by_hand(kind, &key, now);
        match kind {
            Family::Contacts => self.bin_contact(&key, now),
            _ => {
                self.take_away(kind, &key, now);
            }
        }
        if kind == Family::Businesses {
            self.business_left(id, now);
        }
        Ok(())
    }

    fn add_person(&mut self, person: &Person, at: Timestamp) -> String {
        let mut fields = Fields::default();
        self.write(&mut fields, CONTACT, &members_of(person));
        if let Some(email) = &person.other_email {
            fields.set("additionalEmails", json!([email]));
        }
        if let Some(phone) = person.phones.get(1) {
            fields.set("additionalPhones", json!([phone.e164()]));
        }
        self.plant(Family::Contacts, fields, at).to_string()
    }
}

impl Ghl {
    /// A person is held to no rule of the API, but sees the same normal forms.
    fn set_by_hand(
        &self,
        family: Family,
        fields: &mut Fields,
        members: &Map<String, Value>,
    ) -> Result<(), SandboxError> {
        let table = family.members();
        for (name, value) in members {
            let member = schema::find(table, name);
            let member = member.ok_or_else(|| SandboxError::UnknownField(name.clone()))?;
            if value.is_null() && member.kind != Kind::Name {
                fields.set(member.name, Value::Null);
            }
        }
        self.write(fields, table, members);
        shape::pack_further(fields);
        let html = family == Family::Notes && self.switches.is(&on::NOTE_BODY, "html");
        if html && let Some(body) = members.get("body").and_then(Value::as_str) {
            fields.set("body", json!(format!("<p>{body}</p>")));
        }
        Ok(())
    }

    /// What a person's edit of a child moves on its contact.
    fn touched_by_hand(&mut self, family: Family, id: &str, now: Timestamp) {
        let switch = match family {
            Family::Tasks => &on::TASK_BUMP,
            Family::Notes => &on::NOTE_BUMP,
            Family::Appointments => &on::APPOINTMENT_BUMP,
            _ => return,
        };
        let row = self.row(family, id);
        let contact = row.and_then(|row| row.fields.text("contactId"));
        if let Some(contact) = contact.map(str::to_owned) {
            self.touch_contact(switch, &contact, now);
        }
    }
}

/// An appointment that moves stays as long as it was.
fn keep_length(old: &Fields, new: &mut Fields) {
    let at = |fields: &Fields, name: &str| fields.text(name).and_then(parse);
    let (start, end) = (at(old, "startTime"), at(old, "endTime"));
    if let (Some(start), Some(end), Some(moved)) = (start, end, at(new, "startTime"))
        && let Ok(end) = moved.checked_add(end.duration_since(start))
    {
        new.set("endTime", stamp(end));
    }
}

fn members_of(person: &Person) -> Map<String, Value> {
    let mut custom = Vec::new();
    if let Some(hobby) = person.hobby {
        custom.push(json!({ "id": first_fields::HOBBY, "field_value": hobby }));
    }
    if !person.interests.is_empty() {
        custom.push(json!({ "id": first_fields::INTERESTS, "field_value": person.interests }));
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
    // What is shown by itself need not be stored.
    let idle = [json!(null), json!(false), json!([])];
    members.retain(|_, value| !idle.contains(value));
    members
}
