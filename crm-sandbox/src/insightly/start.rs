//! What an account holds from its first day: users and lists of choices.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::{Insightly, USER};
use crate::rows::Fields;

/// When the account was opened: 2024-01-15 09:00 in UTC.
const OPENED: i64 = 1_705_309_200;

fn user(first: &str, last: &str, chief: bool, active: bool) -> Value {
    json!({
        "CONTACT_ID": 0,
        "FIRST_NAME": first,
        "LAST_NAME": last,
        "TIMEZONE_ID": "Central Standard Time",
        "EMAIL_ADDRESS": format!("{}@example.com", first.to_lowercase()),
        "EMAIL_DROPBOX_IDENTIFIER": "sandbox",
        "EMAIL_DROPBOX_ADDRESS": "sandbox@mailbox.insight.ly",
        "ADMINISTRATOR": chief,
        "ACCOUNT_OWNER": chief,
        "ACTIVE": active,
        "USER_CURRENCY": "USD",
        "CONTACT_DISPLAY": "FIRST_LAST",
        "CONTACT_ORDER": "LAST_NAME",
        "TASK_WEEK_START": 1,
        "INSTANCE_ID": 890_123,
        "PROFILE_ID": 1,
        "ROLE_ID": 1,
    })
}

fn category(name: &str, color: &str) -> Value {
    json!({ "CATEGORY_NAME": name, "ACTIVE": true, "BACKGROUND_COLOR": color })
}

fn stage(pipeline: i64, name: &str, order: i64) -> Value {
    json!({
        "PIPELINE_ID": pipeline, "STAGE_NAME": name, "STAGE_ORDER": order,
        "ACTIVITYSET_ID": null, "OWNER_USER_ID": USER,
    })
}

fn activity(id: i64, name: &str, kind: &str, days: i64) -> Value {
    json!({
        "ACTIVITY_ID": id, "ACTIVITYSET_ID": 609_001, "ACTIVITY_NAME": name,
        "ACTIVITY_DETAILS": null, "ACTIVITY_TYPE": kind, "CATEGORY_ID": null,
        "REMINDER": false, "REMINDER_DAYS_BEFORE_DUE": null, "REMINDER_TIME": "3:04 PM",
        "PUBLICLY_VISIBLE": true, "OWNER_VISIBLE": true, "OWNER_USER_ID": USER,
        "RESPONSIBLE_USER_ID": USER, "ASSIGNED_TEAM_ID": null,
        "SKIP_SUN": true, "SKIP_MON": false, "SKIP_TUE": false, "SKIP_WED": false,
        "SKIP_THU": false, "SKIP_FRI": false, "SKIP_SAT": true,
        "DUE_DAYS_AFTER_START": days, "DUE_DAYS_BEFORE_END": null,
        "EVENT_DAYS_AFTER_START": days, "EVENT_DAYS_BEFORE_END": null,
        "EVENT_TIME": "3:04 PM", "ALL_DAY": false, "DURATION": 30,
    })
}

impl Insightly {
    pub(super) fn fill(&mut self) {
        self.now = Timestamp::from_second(OPENED).unwrap_or_default();
        self.put("users", user("Sam", "Sandbox", true, true));
        self.put("users", user("Olga", "Owner", false, true));
        self.put("users", user("Ivo", "Inactive", false, false));
        for name in ["Phone call", "Meeting", "E-mail"] {
            self.put("task_categories", category(name, "3366CC"));
        }
        for name in ["Internal", "External"] {
            self.put("project_categories", category(name, "109618"));
            self.put("opportunity_categories", category(name, "FF9900"));
            self.put("file_categories", category(name, "990099"));
        }
        self.fill_leads();
        self.fill_deals();
        self.put(
            "activity_sets",
            json!({
                "NAME": "Welcome", "FOR_CONTACTS": true, "FOR_ORGANISATIONS": true,
                "FOR_OPPORTUNITIES": true, "FOR_PROJECTS": true, "FOR_LEADS": true,
                "OWNER_USER_ID": USER,
                "ACTIVITIES": [
                    activity(1, "Say hello", "TASK", 1),
                    activity(2, "Meet", "EVENT", 3),
                ],
            }),
        );
        self.put(
            "relationships",
            json!({
                "FORWARD_TITLE": "is the parent of", "FORWARD": "Parent",
                "REVERSE_TITLE": "is the child of", "REVERSE": "Child",
                "FOR_CONTACTS": true, "FOR_ORGANISATIONS": false,
            }),
        );
        self.put(
            "document_templates",
            json!({
                "TEMPLATE_NAME": "Letter", "TEMPLATE_FILE_TYPE": "PDF",
                "RELATED_OBJECT_NAME": "Contact", "ACTIVE": true,
            }),
        );
    }

    fn fill_leads(&mut self) {
        for (order, name) in ["Web", "Phone", "Referral"].into_iter().enumerate() {
            let default = order == 0;
            let source =
                json!({ "LEAD_SOURCE": name, "DEFAULT_VALUE": default, "FIELD_ORDER": order + 1 });
            self.put("lead_sources", source);
        }
        for (order, (name, kind)) in [("Open", 0), ("Contacted", 0), ("Lost", 1), ("Converted", 1)]
            .into_iter()
            .enumerate()
        {
            let default = order == 0;
            let status = json!({
                "LEAD_STATUS": name, "DEFAULT_STATUS": default,
                "STATUS_TYPE": kind, "FIELD_ORDER": order + 1,
            });
            self.put("lead_statuses", status);
        }
    }

    fn fill_deals(&mut self) {
        for (name, deals) in [("Sales", true), ("Delivery", false)] {
            let pipeline = json!({
                "PIPELINE_NAME": name, "FOR_OPPORTUNITIES": deals,
                "FOR_PROJECTS": !deals, "OWNER_USER_ID": USER,
            });
            let pipeline = self.put("pipelines", pipeline);
            for (order, name) in [(1, "First"), (2, "Second"), (3, "Last")] {
                self.put("pipeline_stages", stage(pipeline, name, order));
            }
        }
        for (reason, state) in [("Price", "LOST"), ("Timing", "LOST"), ("Quality", "WON")] {
            let reason = json!({ "STATE_REASON": reason, "FOR_OPPORTUNITY_STATE": state });
            self.put("opportunity_state_reasons", reason);
        }
        let pricebook = json!({
            "NAME": "Standard", "CURRENCY_CODE": "USD", "IS_STANDARD": true, "ACTIVE": true,
            "OWNER_USER_ID": USER, "CREATED_USER_ID": USER,
        });
        self.put("pricebooks", pricebook);
    }

    fn put(&mut self, key: &str, mut members: Value) -> i64 {
        let at = shelf(key);
        let mut fields = Fields::default();
        for field in FAMILIES[at].fields {
            let value = members.get_mut(field.name).map(Value::take);
            fields.set(field.name, value.unwrap_or_default());
        }
        self.insert(at, &fields)
    }
}
