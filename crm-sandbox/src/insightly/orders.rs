//! Orders: what people do in the web app beyond writing records, and what a test sets up.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::families::{FAMILIES, shelf};
use super::hand::{family_at, unknown};
use super::workflow::Rule;
use super::{End, Insightly, USER};
use crate::error::SandboxError;
use crate::faults::FaultRule;
use crate::outbox::WebhookFault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneRecord {
    family: String,
    id: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merging {
    family: String,
    id: i64,
    into: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversion {
    id: i64,
    #[serde(default)]
    opportunity: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attachment {
    family: String,
    id: i64,
    name: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recurrence {
    task: Map<String, Value>,
    every_days: i64,
    times: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offering {
    family: String,
    field: String,
    options: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyOrder {
    user: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanOrder {
    #[serde(default)]
    lacks: Vec<String>,
    records: Option<usize>,
    storage: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleOrder {
    seed: u64,
    count: u64,
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, SandboxError> {
    serde_json::from_value(body.clone()).map_err(SandboxError::Order)
}

impl Insightly {
    pub(super) fn carry_out(&mut self, order: &str, body: &Value) -> Result<Value, SandboxError> {
        self.caller = USER;
        match order {
            "restore" => self.order_restore(&read(body)?),
            "merge" => self.order_merge(&read(body)?),
            "convert" => self.order_convert(&read(body)?),
            "to_lead" => self.order_to_lead(&read(body)?),
            "hide" | "show" => self.order_hide(&read(body)?, order == "hide"),
            "attach" => self.order_attach(&read(body)?),
            "recurring_tasks" => self.order_recurring_tasks(&read(body)?),
            "options" => {
                let order: Offering = read(body)?;
                self.offer(&order.family, &order.field, order.options)?;
                Ok(json!({}))
            }
            "key" => self.order_key(&read(body)?),
            "plan" => self.order_plan(read(body)?),
            "workflow_rule" => self.add_rule(read::<Rule>(body)?).map(|()| json!({})),
            "clear_workflow_rules" => {
                self.workflow.rules.clear();
                Ok(json!({}))
            }
            "webhook_fault" => {
                let rule: FaultRule<WebhookFault> = read(body)?;
                self.workflow.outbox.faults.add(rule);
                Ok(json!({}))
            }
            "clear_webhook_faults" => {
                self.workflow.outbox.faults.clear();
                Ok(json!({}))
            }
            "people" => {
                let order: PeopleOrder = read(body)?;
                Ok(json!({ "edits": self.live_a_while(order.seed, order.count) }))
            }
            _ => Err(SandboxError::UnknownOrder(order.to_owned())),
        }
    }

    fn order_restore(&mut self, order: &OneRecord) -> Result<Value, SandboxError> {
        let end = (family_at(&order.family)?, order.id);
        if self.restore(end) {
            Ok(self.shown(end))
        } else {
            Err(unknown(&order.id.to_string()))
        }
    }

    fn order_merge(&mut self, order: &Merging) -> Result<Value, SandboxError> {
        let source = self.known(&order.family, &order.id.to_string())?;
        let master = self.known(&order.family, &order.into.to_string())?;
        if self.merge(source, master) {
            Ok(self.shown(master))
        } else {
            Err(unknown(&order.id.to_string()))
        }
    }

    fn order_convert(&mut self, order: &Conversion) -> Result<Value, SandboxError> {
        let converted = self.convert(order.id, order.opportunity);
        let converted = converted.ok_or_else(|| unknown(&order.id.to_string()))?;
        Ok(json!({
            "CONTACT_ID": converted.contact,
            "ORGANISATION_ID": converted.organisation,
            "OPPORTUNITY_ID": converted.opportunity,
        }))
    }

    fn order_to_lead(&mut self, order: &Conversion) -> Result<Value, SandboxError> {
        let lead = self.turn_into_lead(order.id);
        let lead = lead.ok_or_else(|| unknown(&order.id.to_string()))?;
        Ok(self.shown((shelf("leads"), lead)))
    }

    fn order_hide(&mut self, order: &OneRecord, hide: bool) -> Result<Value, SandboxError> {
        let end = self.known(&order.family, &order.id.to_string())?;
        if hide {
            self.hidden.insert(end);
        } else {
            self.hidden.remove(&end);
        }
        Ok(json!({}))
    }

    fn order_attach(&mut self, order: &Attachment) -> Result<Value, SandboxError> {
        let owner = self.known(&order.family, &order.id.to_string())?;
        let told = Map::from_iter([
            ("FILE_NAME".to_owned(), json!(order.name)),
            ("CONTENT_TYPE".to_owned(), json!("text/plain")),
            ("FILE_SIZE".to_owned(), json!(order.text.len())),
        ]);
        let bytes = Bytes::from(order.text.clone());
        let id = self.attach(owner, &told, bytes);
        let id = id.map_err(|_| SandboxError::UnknownField("name".to_owned()))?;
        Ok(self.shown((shelf("file_attachments"), id)))
    }

    /// The instances of a task that recurs: the API never tells the rule.
    fn order_recurring_tasks(&mut self, order: &Recurrence) -> Result<Value, SandboxError> {
        let first = order.task.get("DUE_DATE").and_then(Value::as_str);
        let first = first.and_then(super::moment::parse).map(|(at, _)| at);
        let first = first.unwrap_or(self.now);
        let mut ids = Vec::new();
        for time in 0..order.times {
            let days = jiff::SignedDuration::from_hours(24 * order.every_days * time);
            let due = first.checked_add(days).unwrap_or(first);
            let mut task = order.task.clone();
            let due = super::moment::written(super::moment::to_second(due));
            task.insert("DUE_DATE".to_owned(), json!(due));
            task.insert("RECURRENCE".to_owned(), json!("CUSTOM"));
            let made = crate::world::World::create(self, "tasks", &task, self.now)?;
            ids.push(made["TASK_ID"].clone());
        }
        Ok(json!({ "ids": ids }))
    }

    /// A key that is the same for the same account and user.
    fn order_key(&mut self, order: &KeyOrder) -> Result<Value, SandboxError> {
        self.known("users", &order.user.to_string())?;
        let own = self.keys.iter().find(|(_, user)| **user == order.user);
        if let Some((key, _)) = own {
            return Ok(json!({ "api_key": key }));
        }
        let main = self.keys.keys().next().cloned().unwrap_or_default();
        let (start, _) = main.rsplit_once('-').unwrap_or_default();
        let key = format!("{start}-{:012x}", order.user);
        self.keys.insert(key.clone(), order.user);
        Ok(json!({ "api_key": key }))
    }

    fn order_plan(&mut self, order: PlanOrder) -> Result<Value, SandboxError> {
        for key in &order.lacks {
            family_at(key)?;
        }
        self.plan.lacks = order.lacks.into_iter().collect();
        self.plan.records = order.records;
        self.plan.storage = order.storage;
        Ok(json!({}))
    }

    /// The family of a record, for the words of an edit.
    pub(super) fn called(end: End) -> String {
        format!("{} {}", FAMILIES[end.0].singular, end.1)
    }
}
