//! Every operation of the first half of the papers, each in an account of its own.

use axum::body::Body;
use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{Answer, done, empty, insightly, insightly_raw, order};

const OPERATIONS: &str = include_str!("insightly_operations.txt");
const GIF: &str = "GIF89a-and-so-on";
const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
    Content-Type: text/plain\r\n\r\nhello\r\n--x\r\n\
    Content-Disposition: form-data; name=\"file_category_id\"\r\n\r\n604001\r\n--x--\r\n";

/// The ids of one record of each family.
struct World {
    sandbox: Sandbox,
}

impl World {
    async fn new() -> Self {
        let sandbox = empty();
        let crm = sandbox.insightly();
        let make = |family: &str, members: Value| crm.family(family).create(&members).unwrap();
        make(
            "contacts",
            json!({ "FIRST_NAME": "Ada", "TAGS": [{ "TAG_NAME": "vip" }] }),
        );
        make("organisations", json!({ "ORGANISATION_NAME": "Engines" }));
        make("leads", json!({ "LAST_NAME": "Byron" }));
        make("opportunities", json!({ "OPPORTUNITY_NAME": "Deal" }));
        make(
            "projects",
            json!({ "PROJECT_NAME": "Mill", "STATUS": "NOT STARTED" }),
        );
        make("tasks", json!({ "TITLE": "Call" }));
        make(
            "events",
            json!({ "TITLE": "Meet", "START_DATE_UTC": "2026-05-01 09:00:00" }),
        );
        make("contacts", json!({ "FIRST_NAME": "Eve" }));
        let main = [
            ("Contact", 366_000_001),
            ("Organisation", 182_000_001),
            ("Lead", 76_000_001),
            ("Opportunity", 31_000_001),
            ("Project", 8_000_001),
        ];
        let to_all: Value = main
            .iter()
            .map(|(name, id)| json!({ "LINK_OBJECT_NAME": name, "LINK_OBJECT_ID": id }))
            .collect();
        make("notes", json!({ "TITLE": "Note", "LINKS": to_all }));
        make("emails", json!({ "SUBJECT": "Hello", "BODY": "Hi" }));
        make("fruit__c", json!({ "RECORD_NAME": "Apple" }));
        for family in [
            "contacts",
            "organisations",
            "leads",
            "opportunities",
            "projects",
        ] {
            let id = only_id(&sandbox, family);
            let file = json!({ "family": family, "id": id, "name": "a.txt", "text": "hello" });
            order(&sandbox, "attach", file);
        }
        let body = json!({ "BODY": "first" });
        done(&sandbox, "POST /Notes/90000001/Comments", body).await;
        let milestone = json!({ "TITLE": "Half", "DUE_DATE": "2026-06-01 00:00:00" });
        done(&sandbox, "POST /Projects/8000001/Milestones", milestone).await;
        let item = json!({ "UNIT_PRICE": 2.5, "QUANTITY": 4 });
        done(
            &sandbox,
            "POST /Opportunities/31000001/OpportunityLineItem",
            item,
        )
        .await;
        let team =
            json!({ "TEAM_NAME": "Sales", "TEAMMEMBERS": [{ "MEMBER_USER_ID": 2_240_002 }] });
        done(&sandbox, "POST /Teams", team).await;
        Self { sandbox }
    }

    fn path(&self, template: &str) -> String {
        let name = template.split('/').nth(1).unwrap();
        let key = key_of(name);
        let id = if key.is_empty() {
            0
        } else {
            only_id(&self.sandbox, &key)
        };
        template
            .replace("{id}", &id.to_string())
            .replace("{documentTemplateId}", "612001")
            .replace("{fieldName}", image_field(name))
            .replace("{fileName}", "a.gif")
            .replace("{filename}", "a.gif")
            .replace("{objectName}", "Contacts")
            .replace("{customObjectName}", "Fruit__c")
            .replace("{language}", "fr")
            .replace("{milestoneId}", "4000001")
            .replace("{permissionId}", "608001")
            .replace(
                "{childEntityId}",
                if name == "Notes" {
                    "12000001"
                } else {
                    "2000001"
                },
            )
    }

    /// What must be there before an operation can succeed.
    async fn prepare(&self, operation: &str, path: &str) -> String {
        let on_link = operation.ends_with("/{linkId}")
            || operation.contains("PUT /") && operation.ends_with("/Links");
        if on_link {
            let links = path.replace("/{linkId}", "");
            let link = done(&self.sandbox, &format!("POST {links}"), link_body(path)).await;
            return path.replace("{linkId}", &link["LINK_ID"].to_string());
        }
        let image = path.contains("/Image") && !operation.starts_with("PUT");
        if image {
            let line = format!("PUT {path}/a.gif");
            let answer = insightly_raw(&self.sandbox, &line, Body::from(GIF), &[]).await;
            assert_eq!(answer.status, 200, "{line}");
        }
        path.to_owned()
    }

    async fn call(&self, operation: &str) -> Answer {
        let (method, template) = operation.split_once(' ').unwrap();
        let path = self.prepare(operation, &self.path(template)).await;
        let line = format!("{method} {path}{}", query(operation));
        let kind = ("content-type", "multipart/form-data; boundary=x");
        if method == "POST" && path.ends_with("/FileAttachments") {
            return insightly_raw(&self.sandbox, &line, Body::from(FORM), &[kind]).await;
        }
        if method == "PUT" && path.ends_with("a.gif") {
            return insightly_raw(&self.sandbox, &line, Body::from(GIF), &[]).await;
        }
        insightly(&self.sandbox, &line, body(operation, &path)).await
    }
}

fn only_id(sandbox: &Sandbox, family: &str) -> i64 {
    let all = sandbox.insightly().family(family).all().unwrap();
    let ids = all.first().unwrap().as_object().unwrap();
    let id_of = match family {
        "fruit__c" => "RECORD_ID",
        "comments" => "COMMENT_ID",
        "file_attachments" => "FILE_ID",
        "activity_sets" => "ACTIVITYSET_ID",
        "pipeline_stages" => "STAGE_ID",
        "team_members" => "PERMISSION_ID",
        "opportunities" => "OPPORTUNITY_ID",
        family if family.ends_with("categories") => "CATEGORY_ID",
        family => &format!("{}_ID", family.trim_end_matches('s').to_uppercase()),
    };
    ids[id_of].as_i64().unwrap()
}

/// The family of a path, if records of it have ids.
fn key_of(name: &str) -> String {
    let mut key = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 && !name.ends_with("__c") {
            key.push('_');
        }
        key.extend(letter.to_lowercase());
    }
    let without_ids = [
        "countries",
        "currencies",
        "permissions",
        "instance",
        "tags",
        "follows",
        "custom_fields",
        "custom_objects",
        "lead_sources",
        "lead_statuses",
        "relationships",
        "opportunity_state_reasons",
    ];
    if without_ids.contains(&key.as_str()) {
        key.clear();
    }
    key
}

fn image_field(name: &str) -> &str {
    match name {
        "Organisations" => "Logo__c",
        "Leads" => "Badge__c",
        "Opportunities" => "Sketch__c",
        "Projects" => "Plan__c",
        "Tasks" => "Screenshot__c",
        "Events" => "Poster__c",
        _ => "Photo__c",
    }
}

fn query(operation: &str) -> &str {
    match operation {
        "GET /Tags" => "?record_type=contacts",
        "DELETE /LeadSources" => "?id=605002",
        "DELETE /LeadStatuses" => "?id=606002",
        "GET /CustomFields/{objectName}/Search" => "?fieldName=Hobby__c",
        operation if operation.ends_with("/SearchByTag") => "?tagName=vip",
        _ => "",
    }
}

fn link_body(path: &str) -> Value {
    if path.starts_with("/Contacts") {
        json!({ "LINK_OBJECT_NAME": "Organisation", "LINK_OBJECT_ID": 182_000_001 })
    } else if path.starts_with("/Notes") {
        json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 366_000_002 })
    } else {
        json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 366_000_001 })
    }
}

/// What a write sends.
fn body(operation: &str, path: &str) -> Value {
    let (method, template) = operation.split_once(' ').unwrap();
    let last = template.rsplit('/').find(|part| !part.starts_with('{'));
    let one_name = template.matches('/').count() == 1;
    let member = match (method, last.unwrap()) {
        ("GET", _) => return Value::Null,
        ("DELETE", "Tags") => return json!({ "TAG_NAME": "vip" }),
        ("DELETE", _) => return Value::Null,
        ("POST", "Links") => return link_body(path),
        ("PUT", "Links") => return json!({ "LINK_ID": 51_000_006, "ROLE": "CEO" }),
        ("POST", "Tags") => return json!({ "TAG_NAME": "new" }),
        ("PUT", "Tags") => return json!([{ "TAG_NAME": "new" }]),
        ("PUT", "Dates") => return json!([{ "OCCASION_NAME": "Birthday" }]),
        ("PUT", "EmailDomains") => return json!([{ "EMAIL_DOMAIN": "example.com" }]),
        ("POST", "Comments" | "Comment") => return json!({ "BODY": "second" }),
        ("PUT", "Comment" | "Comments") => {
            return json!({ "COMMENT_ID": 12_000_001, "BODY": "changed" });
        }
        ("POST", "Notes") => return json!({ "TITLE": "Note" }),
        ("PUT", "Notes") => return json!({ "NOTE_ID": 90_000_001, "BODY": "<p>x</p>" }),
        ("POST", "ActivitySetAssignment") => return json!({ "ACTIVITYSET_ID": 609_001 }),
        ("PUT", "Pipeline") => return json!({ "PIPELINE_ID": 501_001 }),
        ("PUT", "PipelineStage") => return json!({ "STAGE_ID": 502_002 }),
        ("PUT", "Pricebook") => return json!({ "PRICEBOOK_ID": 1_001 }),
        ("PUT", "StateChange") => {
            return json!({ "FOR_OPPORTUNITY_STATE": "LOST", "STATE_REASON_ID": 611_001 });
        }
        ("POST", "Milestones") => return json!({ "DUE_DATE": "2026-07-01 00:00:00" }),
        ("PUT", "Milestones") => return json!({ "MILESTONE_ID": 4_000_001, "COMPLETED": true }),
        ("POST", "OpportunityLineItem") => return json!({ "UNIT_PRICE": 1, "QUANTITY": 1 }),
        ("PUT", "OpportunityLineItem") => {
            return json!({ "OPPORTUNITY_ITEM_ID": 2_000_001, "QUANTITY": 5 });
        }
        ("POST" | "PUT", "Translations") => return json!({ "RECORD_NAME": "Pomme" }),
        ("POST", "TeamMembers") => {
            return json!({ "TEAM_ID": 607_001, "MEMBER_USER_ID": 2_240_001 });
        }
        (_, name) if one_name => name,
        _ => return Value::Null,
    };
    record_body(method, member)
}

fn record_body(method: &str, name: &str) -> Value {
    let (id_of, id, required) = match name {
        "Contacts" => ("CONTACT_ID", 366_000_001, json!({ "FIRST_NAME": "Eve" })),
        "Organisations" => (
            "ORGANISATION_ID",
            182_000_001,
            json!({ "ORGANISATION_NAME": "X" }),
        ),
        "Leads" => ("LEAD_ID", 76_000_001, json!({ "LAST_NAME": "Eve" })),
        "Opportunities" => (
            "OPPORTUNITY_ID",
            31_000_001,
            json!({ "OPPORTUNITY_NAME": "X" }),
        ),
        "Projects" => {
            let project = json!({ "PROJECT_NAME": "X", "STATUS": "Not Started" });
            ("PROJECT_ID", 8_000_001, project)
        }
        "Tasks" => ("TASK_ID", 70_000_001, json!({ "TITLE": "X" })),
        "Events" => {
            let (start, end) = ("2026-05-01 09:00:00", "2026-05-01 10:00:00");
            (
                "EVENT_ID",
                21_000_001,
                json!({ "START_DATE_UTC": start, "END_DATE_UTC": end }),
            )
        }
        "Fruit__c" => ("RECORD_ID", 55_000_001, json!({ "RECORD_NAME": "Pear" })),
        "LeadSources" => ("LEAD_SOURCE_ID", 605_001, json!({ "LEAD_SOURCE": "Fair" })),
        "LeadStatuses" => ("LEAD_STATUS_ID", 606_001, json!({ "LEAD_STATUS": "Warm" })),
        "Teams" => ("TEAM_ID", 607_001, json!({ "TEAM_NAME": "X" })),
        _ => {
            let id = match name {
                "TaskCategories" => 601_001,
                "ProjectCategories" => 602_001,
                "OpportunityCategories" => 603_001,
                _ => 604_001,
            };
            let category = json!({ "CATEGORY_NAME": "X", "BACKGROUND_COLOR": "FFFFFF" });
            ("CATEGORY_ID", id, category)
        }
    };
    let mut body = required;
    if method == "PUT" {
        body[id_of] = json!(id);
    }
    body
}

#[tokio::test]
async fn each_of_the_343_operations_ends_in_the_status_of_its_method() {
    let mut count = 0;
    for operation in OPERATIONS.lines() {
        let world = World::new().await;
        let answer = world.call(operation).await;
        let expected = match operation.split(' ').next().unwrap() {
            "DELETE" => 202,
            "POST" if operation.contains("/MergeDocument/") => 200,
            "POST" => 201,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{operation}: {}", answer.text);
        let list = operation.starts_with("GET") && !operation.contains("{id}");
        if list && answer.json().is_array() {
            let few = ["Follows", "Tags"]
                .iter()
                .any(|name| operation.contains(name));
            let empty = answer.json() == json!([]);
            assert!(
                !empty || few || operation.contains("SearchByTag"),
                "{operation}"
            );
        }
        count += 1;
    }
    assert_eq!(count, 343);
}

#[tokio::test]
async fn no_operation_is_taken_for_an_unknown_one() {
    let world = World::new().await;
    let line = |operation: &str| {
        let (method, template) = operation.split_once(' ').unwrap();
        format!("{method} {}", world.path(template).replace("{linkId}", "1"))
    };
    let lines: Vec<String> = OPERATIONS.lines().map(line).collect();
    for line in lines {
        insightly(&world.sandbox, &line, Value::Null).await;
    }
    assert_eq!(world.sandbox.insightly().requests().get("unknown"), None);
}
