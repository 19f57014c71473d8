//! Workflows: rules of the location that edit contacts by themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::family::Family;
use super::members::CONTACT;
use super::records::Change;
use super::{Ghl, Id, schema};
use crate::error::SandboxError;
use crate::rows::Row;

/// When a contact is edited, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Workflow {
    when: Trigger,
    /// How long after it, on the sandbox's clock.
    #[serde(default)]
    after_ms: u64,
    #[serde(default)]
    add_tags: Vec<String>,
    #[serde(default)]
    set: Map<String, Value>,
    /// What becomes of the member that was written.
    #[serde(default)]
    rewrite: Option<Rewrite>,
}

/// Never another workflow's edit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Trigger {
    ContactCreated,
    /// A text member has got another value.
    Written(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rewrite {
    Upper,
    Lower,
    Append(String),
}

/// The rules, and what they have still to do.
#[derive(Debug, Default)]
pub(super) struct Workflows {
    rules: Vec<Workflow>,
    waiting: BTreeMap<(Timestamp, u64), (Id, Workflow)>,
    started: u64,
    at_work: bool,
}

impl Workflows {
    pub(super) fn add(&mut self, rule: Workflow) -> Result<(), SandboxError> {
        let written = match &rule.when {
            Trigger::Written(member) => Some(member),
            Trigger::ContactCreated => None,
        };
        let named = rule.set.keys().chain(written);
        for name in named {
            if schema::find(CONTACT, name).is_none() {
                return Err(SandboxError::UnknownField(name.clone()));
            }
        }
        self.rules.push(rule);
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Starts what a change sets off.
    pub(super) fn see(&mut self, change: &Change) {
        if self.at_work || change.family != Family::Contacts {
            return;
        }
        let Some(after) = &change.after else { return };
        let set_off = self.rules.iter().filter(|rule| match &rule.when {
            Trigger::ContactCreated => change.before.is_none(),
            Trigger::Written(member) => {
                let before = change.before.as_ref();
                let before = before.and_then(|row| row.fields.text(member));
                let after = after.fields.text(member);
                after.is_some() && before != after
            }
        });
        for rule in set_off.cloned().collect::<Vec<_>>() {
            let wait = SignedDuration::try_from(Duration::from_millis(rule.after_ms));
            let wait = wait.unwrap_or(SignedDuration::MAX);
            let due = change.at.checked_add(wait).unwrap_or(Timestamp::MAX);
            self.started += 1;
            self.waiting
                .insert((due, self.started), (change.id.clone(), rule));
        }
    }
}

impl Ghl {
    /// Does what workflows had to do by now, each at its own time.
    pub(super) fn run_workflows(&mut self, now: Timestamp) {
        while let Some(entry) = self.workflows.waiting.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let ((due, _), (id, rule)) = entry.remove_entry();
            self.workflows.at_work = true;
            self.apply(&id, &rule, due);
            self.workflows.at_work = false;
        }
    }

    fn apply(&mut self, id: &Id, rule: &Workflow, at: Timestamp) {
        if let Some(row) = self.row(Family::Contacts, id).cloned() {
            let members = rule.members(&row);
            let mut fields = row.fields.clone();
            self.write(&mut fields, CONTACT, &members);
            if fields != row.fields {
                self.change(Family::Contacts, id, fields, at);
            }
            if !rule.add_tags.is_empty() {
                self.tag_contact(id, &json!(rule.add_tags), at);
            }
        }
    }
}

impl Workflow {
    fn members(&self, row: &Row) -> Map<String, Value> {
        let mut members = self.set.clone();
        if let (Trigger::Written(member), Some(rewrite)) = (&self.when, &self.rewrite) {
            let text = row.fields.text(member).unwrap_or_default();
            let text = match rewrite {
                Rewrite::Upper => text.to_uppercase(),
                Rewrite::Lower => text.to_lowercase(),
                Rewrite::Append(more) => format!("{text}{more}"),
            };
            members.insert(member.clone(), json!(text));
        }
        members
    }
}
