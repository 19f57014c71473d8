//! Workflow rules with a webhook: they post a record to a URL when it was written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::families::FAMILIES;
use super::schema::Kind;
use super::{End, Insightly, moment};
use crate::error::SandboxError;
use crate::outbox::{Outbox, loopback};

/// The rules of an account and what they have to send.
pub(super) struct Workflow {
    pub(super) rules: Vec<Rule>,
    pub(super) outbox: Outbox,
}

impl Default for Workflow {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            outbox: Outbox::new(fastrand::Rng::with_seed(0)),
        }
    }
}

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    family: String,
    url: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    /// `create` and `update`, unless said otherwise.
    #[serde(default = "both")]
    on: Vec<String>,
}

fn both() -> Vec<String> {
    vec!["create".to_owned(), "update".to_owned()]
}

impl Insightly {
    pub(super) fn add_rule(&mut self, rule: Rule) -> Result<(), SandboxError> {
        super::hand::family_at(&rule.family)?;
        loopback(&rule.url)?;
        self.workflow.rules.push(rule);
        Ok(())
    }

    /// Tells the rules that a record was created or updated. Deletes are told to none.
    pub(super) fn record_written(&mut self, end: End, how: &str) {
        let key = FAMILIES[end.0].key;
        let heeds = |rule: &&Rule| rule.family == key && rule.on.iter().any(|on| on == how);
        let rules: Vec<Rule> = self.workflow.rules.iter().filter(heeds).cloned().collect();
        for rule in rules {
            let Ok(url) = loopback(&rule.url) else {
                continue;
            };
            let credentials = STANDARD.encode(format!("{}:{}", rule.user, rule.password));
            let credentials = format!("Basic {credentials}");
            let body = Map::from_iter([("entity".to_owned(), self.entity(end))]);
            let outbox = &mut self.workflow.outbox;
            outbox.put_to(url, credentials, key, body, self.now);
        }
    }

    /// A record with its dates in the form that only webhooks have.
    fn entity(&self, end: End) -> Value {
        let mut shown = self.shown(end);
        for field in FAMILIES[end.0].fields {
            let date = matches!(
                field.kind,
                Kind::Stamp | Kind::Moment | Kind::Day | Kind::Activity
            );
            let text = shown.get(field.name).and_then(Value::as_str);
            let at = text.filter(|_| date).and_then(moment::parse);
            if let Some((at, _)) = at {
                shown[field.name] = json!(format!("/Date({}-0800)/", at.as_millisecond()));
            }
        }
        if let Some(members) = shown.as_object_mut() {
            members.remove("ETag");
        }
        shown
    }
}
