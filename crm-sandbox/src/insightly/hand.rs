//! Insightly under the hand of a person and of the test.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::families::FAMILIES;
use super::links::other_end;
use super::person::members_of;
use super::rules::keep_in_step;
use super::schema::Kind;
use super::{End, Insightly, USER, custom_fields, refusal, routes, tags};
use crate::allowance::Allowance;
use crate::call::{Call, Matched};
use crate::error::SandboxError;
use crate::outbox::Outbox;
use crate::reply::Reply;
use crate::rows::Fields;
use crate::seed::Person;
use crate::switches::Switches;
use crate::world::World;

pub(super) fn family_at(key: &str) -> Result<usize, SandboxError> {
    let at = FAMILIES.iter().position(|family| family.key == key);
    at.ok_or_else(|| SandboxError::UnknownFamily(key.to_owned()))
}

pub(super) fn unknown(id: &str) -> SandboxError {
    SandboxError::UnknownRecord(id.to_owned())
}

impl World for Insightly {
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
        let reply = self.refuse(refusal::too_many_requests());
        let reply = self.with_headers(reply, &left);
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

    fn families(&self) -> Vec<&'static str> {
        FAMILIES.iter().map(|family| family.key).collect()
    }

    fn name(&self) -> &'static str {
        "insightly"
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.workflow.outbox.next_due()
    }

    fn outbox(&mut self) -> Option<&mut Outbox> {
        Some(&mut self.workflow.outbox)
    }

    fn set_index_lag(&mut self, lag: Duration) {
        self.lag.set = lag;
        self.apply_lag();
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
        Ok(self.shown(self.known(family, id)?))
    }

    fn create(
        &mut self,
        family: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        self.begin(now);
        let at = family_at(family)?;
        let mut fields = self.blank(&FAMILIES[at], USER);
        set_by_hand(at, &mut fields, members)?;
        let links = self.links_by_hand(members)?;
        self.follow_up(at, None, &mut fields, members);
        let id = self.insert(at, &fields);
        self.link_by_hand((at, id), links);
        self.record_written((at, id), "create");
        self.record(family, &id.to_string())
    }

    fn edit(
        &mut self,
        family: &str,
        id: &str,
        members: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        self.begin(now);
        let end = self.known(family, id)?;
        let row = self.live(end).ok_or_else(|| unknown(id))?;
        let before = row.fields.open();
        let mut fields = before.clone();
        set_by_hand(end.0, &mut fields, members)?;
        let links = self.links_by_hand(members)?;
        self.follow_up(end.0, Some(&before), &mut fields, members);
        self.note_state(end, &before, &fields);
        self.store(end, &fields, true);
        self.link_by_hand(end, links);
        self.record_written(end, "update");
        self.record(family, id)
    }

    fn delete(&mut self, family: &str, id: &str, now: Timestamp) -> Result<(), SandboxError> {
        self.begin(now);
        let end = self.known(family, id)?;
        if self.throw_away(end) {
            Ok(())
        } else {
            Err(unknown(id))
        }
    }

    fn order(&mut self, order: &str, body: &Value, now: Timestamp) -> Result<Value, SandboxError> {
        self.begin(now);
        self.carry_out(order, body)
    }

    fn add_person(&mut self, person: &Person, at: Timestamp) -> String {
        self.begin(at);
        let mut fields = self.blank(&FAMILIES[0], USER);
        // The table of families begins with contacts, and a person has no other members.
        let _ = set_by_hand(0, &mut fields, &members_of(person));
        self.insert(0, &fields).to_string()
    }
}

impl Insightly {
    fn shapes(&self, at: usize) -> Vec<Value> {
        let rows = self.shelves[at].rows.live().iter();
        rows.map(|(id, _)| self.shown((at, *id))).collect()
    }

    /// The record that a family's key and an id name.
    pub(super) fn known(&self, family: &str, id: &str) -> Result<End, SandboxError> {
        let at = family_at(family)?;
        let id: i64 = id.parse().map_err(|_| unknown(id))?;
        let known = self.live((at, id)).map(|_| (at, id));
        known.ok_or_else(|| unknown(&id.to_string()))
    }

    /// What the web app does by itself when somebody saves.
    fn follow_up(
        &self,
        at: usize,
        before: Option<&Fields>,
        fields: &mut Fields,
        members: &Map<String, Value>,
    ) {
        if FAMILIES[at].key == "tasks" {
            keep_in_step(fields, &|name| members.contains_key(name));
            self.stamp_completion(before, fields);
        }
    }

    /// The records that `LINKS` names, when it is given.
    fn links_by_hand(
        &self,
        members: &Map<String, Value>,
    ) -> Result<Option<Vec<(End, Value)>>, SandboxError> {
        let Some(links) = members.get("LINKS").and_then(Value::as_array) else {
            return Ok(None);
        };
        let mut ends = Vec::new();
        for link in links {
            let end = other_end(link).filter(|end| self.live(*end).is_some());
            let end = end.ok_or_else(|| unknown(&link["LINK_OBJECT_ID"].to_string()))?;
            ends.push((end, link.clone()));
        }
        Ok(Some(ends))
    }

    /// Links a record to these and to no others.
    fn link_by_hand(&mut self, end: End, links: Option<Vec<(End, Value)>>) {
        let Some(wanted) = links else { return };
        let old = self.links_of(end);
        for link in &old {
            let kept = wanted.iter().any(|(end, _)| other_end(link) == Some(*end));
            if !kept {
                self.unlink(end, link);
            }
        }
        for (other, link) in wanted {
            if old.iter().all(|link| other_end(link) != Some(other)) {
                self.join(end, other, &link);
            }
        }
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
        let field = field
            .filter(|field| !matches!(field.kind, Kind::Stamp | Kind::Activity | Kind::Members));
        let field = field.ok_or_else(|| SandboxError::UnknownField(name.clone()))?;
        match field.kind {
            Kind::CustomFields => merge_custom_fields(at, fields, value)?,
            Kind::Tags => fields.set(field.name, tags::names(value)),
            Kind::Links => {}
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
