//! What only GHL can be told by hand.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::access::{Grant, Level};
use super::family::Family;
use super::workflows::Workflow;
use super::{Ghl, Id};
use crate::error::SandboxError;
use crate::faults::FaultRule;
use crate::outbox::WebhookFault;
use crate::rows::Stamps;
use crate::seed;

/// How long a deleted contact can be brought back.
const BIN_LIFE: SignedDuration = SignedDuration::from_hours(24 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    survivor: String,
    absorbed: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offering {
    id: String,
    options: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hide {
    id: String,
    #[serde(default = "forbidden")]
    status: u16,
}

fn forbidden() -> u16 {
    403
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rights {
    #[serde(default)]
    level: Level,
    scopes: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suspend {
    on: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhooks {
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    #[serde(default)]
    seed: u64,
    count: u64,
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, SandboxError> {
    serde_json::from_value(body.clone()).map_err(SandboxError::Order)
}

impl Ghl {
    /// Follows an order; see [`Crm::order`](crate::Crm::order).
    pub(super) fn follow(
        &mut self,
        order: &str,
        body: &Value,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let mut answer = json!({});
        match order {
            "merge" => {
                let Merge { survivor, absorbed } = read(body)?;
                answer = self.merge(&survivor, &absorbed, now)?;
            }
            "restore" => answer = self.restore(&read::<Named>(body)?.id, now)?,
            "hide" => {
                let Hide { id, status } = read(body)?;
                self.hidden.insert(id.into(), status);
            }
            "show" => {
                self.hidden.remove(read::<Named>(body)?.id.as_str());
            }
            "options" => {
                let Offering { id, options } = read(body)?;
                self.offer(&id, &options, now)?;
            }
            "token" => {
                let Rights { level, scopes } = read(body)?;
                answer = json!({ "token": self.private_token(level, scopes) });
            }
            "revoke" => {
                self.tokens.remove(&read::<Token>(body)?.token);
            }
            "oauth_code" => {
                let Rights { level, scopes } = read(body)?;
                answer = json!({ "code": self.consent(level, scopes, None, now) });
            }
            "uninstall" => self.forget_installations(),
            "suspend" => self.suspended = read::<Suspend>(body)?.on,
            "workflow" => self.workflows.add(read::<Workflow>(body)?)?,
            "clear_workflows" => self.workflows.clear(),
            "webhooks" => self.outbox.aim(read::<Webhooks>(body)?.url)?,
            "webhook_fault" => self
                .outbox
                .faults
                .add(read::<FaultRule<WebhookFault>>(body)?),
            "clear_webhook_faults" => self.outbox.faults.clear(),
            "people" => {
                let People { seed, count } = read(body)?;
                answer = json!({ "edits": self.people(seed, count, now)? });
            }
            _ => return Err(SandboxError::UnknownOrder(order.to_owned())),
        }
        Ok(answer)
    }

    /// People change what a custom field offers. Contacts keep what they have.
    fn offer(&mut self, id: &str, options: &[String], now: Timestamp) -> Result<(), SandboxError> {
        let row = self.row(Family::CustomFields, id);
        let row = row.ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))?;
        let mut fields = row.fields.clone();
        fields.set("picklistOptions", json!(options));
        self.change(Family::CustomFields, &id.into(), fields, now);
        Ok(())
    }

    /// A private integration token, of the location or of the agency.
    fn private_token(&mut self, level: Level, scopes: BTreeSet<String>) -> String {
        let token = format!("pit-{}", seed::guid(&mut self.dice));
        let grant = Grant {
            level,
            scopes: Some(scopes),
            until: None,
            user: self.user.clone(),
        };
        self.tokens.insert(token.clone(), grant);
        token
    }

    /// As from the dashboard: tasks, notes, appointments and tags go to the
    /// survivor, blanks are filled, the absorbed id is gone and no webhook tells.
    fn merge(
        &mut self,
        survivor: &str,
        absorbed: &str,
        now: Timestamp,
    ) -> Result<Value, SandboxError> {
        let known = |id: &str| {
            let row = self.row(Family::Contacts, id).cloned();
            row.ok_or_else(|| SandboxError::UnknownRecord(id.to_owned()))
        };
        let (to, from) = (known(survivor)?, known(absorbed)?);
        if survivor == absorbed {
            return Err(SandboxError::UnknownRecord(absorbed.to_owned()));
        }
        let mut fields = to.fields.clone();
        let mut tags = fields.list("tags").to_vec();
        for tag in from.fields.list("tags") {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        for (name, value) in from.fields.iter() {
            if fields.get(name).is_none() {
                fields.set(name, value.clone());
            }
        }
        fields.set("tags", Value::Array(tags));
        self.muted = true;
        self.move_children(absorbed, survivor, now);
        self.take_away(Family::Contacts, &absorbed.into(), now);
        self.muted = false;
        self.change(Family::Contacts, &survivor.into(), fields, now);
        let row = self.row(Family::Contacts, survivor);
        Ok(row.map_or(Value::Null, |row| self.read_shape(survivor, row)))
    }

    /// Deletes a contact into the bin.
    pub(super) fn bin_contact(&mut self, id: &Id, now: Timestamp) {
        if let Some(row) = self.row(Family::Contacts, id).cloned() {
            self.children_leave(id, now);
            self.take_away(Family::Contacts, id, now);
            self.bin.insert(id.clone(), (row, now));
        }
    }

    /// Brings a deleted contact back under its id; its notes do not come with it.
    fn restore(&mut self, id: &str, now: Timestamp) -> Result<Value, SandboxError> {
        let binned = self.bin.remove(id);
        let binned = binned.filter(|(_, gone)| now.duration_since(*gone) <= BIN_LIFE);
        let unknown = || SandboxError::UnknownRecord(id.to_owned());
        let (row, _) = binned.ok_or_else(unknown)?;
        let id: Id = id.into();
        if !self.restored_with_tasks() {
            for (task, _) in self.children(Family::Tasks, &id) {
                self.take_away(Family::Tasks, &task, now);
            }
        }
        let stamps = Stamps {
            created: row.created,
            updated: now,
        };
        self.bring_back(&id, row.fields.clone(), stamps, now);
        let row = self.row(Family::Contacts, &id).ok_or_else(unknown)?;
        Ok(self.read_shape(&id, row))
    }
}
