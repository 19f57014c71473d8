use axum::body::Body;
use crm_sandbox::{Crm, SandboxError};
use http::Request;
use serde_json::{Value, json};

use crate::desk::{Answer, builder, empty, ghl, insightly, send};

async fn steer(crm: &Crm, line: &str, body: Value) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(format!("/_sandbox/{path}"))
        .body(Body::from(body.to_string()))
        .unwrap();
    send(crm.router(), request).await
}

#[tokio::test]
async fn a_person_edits_past_the_api_and_moves_the_stamp() {
    let sandbox = builder().insightly_contacts(1).build();
    let crm = sandbox.insightly();
    let id = crm.contacts().all().unwrap()[0]["CONTACT_ID"].clone();
    let line = format!("PUT contacts/{id}");
    let edited = steer(crm, &line, json!({ "FIRST_NAME": "Eve", "PHONE": null }))
        .await
        .json();
    assert_eq!(edited["FIRST_NAME"], "Eve");
    assert_eq!(edited["DATE_UPDATED_UTC"], "2026-04-09 12:00:00");
    assert_eq!(crm.contacts().get(&id).unwrap(), edited);
    assert_eq!(
        steer(crm, &format!("DELETE contacts/{id}"), Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(
        steer(crm, &format!("GET contacts/{id}"), Value::Null)
            .await
            .status,
        404
    );
    assert!(crm.requests().is_empty());
}

#[tokio::test]
async fn a_person_may_create_what_the_api_refuses() {
    let sandbox = empty();
    for _ in 0..2 {
        let made = sandbox
            .ghl()
            .contacts()
            .create(&json!({ "email": "ada@example.com", "gender": "f" }));
        assert_eq!(made.unwrap()["gender"], "f");
    }
    let error = sandbox
        .ghl()
        .contacts()
        .create(&json!({ "shoeSize": 43 }))
        .unwrap_err();
    assert!(matches!(error, SandboxError::UnknownField(name) if name == "shoeSize"));
}

#[tokio::test]
async fn everything_can_be_steered_over_http() {
    let sandbox = empty();
    let crm = sandbox.ghl();
    let seeded = steer(crm, "POST seed", json!({ "seed": 1, "count": 3 }))
        .await
        .json();
    assert_eq!(seeded["ids"].as_array().unwrap().len(), 3);
    assert_eq!(
        steer(crm, "GET state", Value::Null).await.json()["contacts"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let clock = steer(crm, "POST clock", json!({ "advance_ms": 750 }))
        .await
        .json();
    assert_eq!(clock["now"], "2026-04-09T12:00:01Z");
    let set = steer(crm, "PUT switches", json!({ "email_case": "lower" }))
        .await
        .json();
    assert_eq!(set["set"]["email_case"], "lower");
    let bad = steer(crm, "PUT switches", json!({ "email_case": "mixed" })).await;
    assert_eq!(bad.status, 400);
    let settings = json!({ "index_lag_ms": 10, "rate_limits": true, "rate": { "burst": 1, "window_ms": 1000, "daily": 9 } });
    assert_eq!(steer(crm, "PUT settings", settings).await.status, 200);
    let rule =
        json!({ "operation": "contacts.get", "when": { "nth": 2 }, "fault": "reset_before" });
    steer(crm, "POST faults", rule).await;
    assert_eq!(
        steer(crm, "GET faults", Value::Null)
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let nothing = json!({ "operation": "contacts.read", "fault": "reset_before" });
    let refused = steer(crm, "POST faults", nothing).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("contacts.create"), "{}", refused.text);
    ghl(&sandbox, "GET /contacts/x", Value::Null).await;
    assert_eq!(
        steer(crm, "GET requests", Value::Null).await.json(),
        json!({ "contacts.get": 1 })
    );
    steer(crm, "DELETE faults", Value::Null).await;
    assert!(crm.faults().is_empty());
}

#[tokio::test]
async fn people_change_what_a_custom_field_offers() {
    let sandbox = empty();
    let size = json!({ "family": "contacts", "field": "Size__c", "options": ["S", "XL"] });
    let order = steer(sandbox.insightly(), "POST orders/options", size).await;
    assert_eq!(order.status, 200);
    let shown = insightly(&sandbox, "GET /CustomFields/Contacts", Value::Null).await;
    let shown = shown.json();
    let fields = shown.as_array().unwrap();
    let field = fields.iter().find(|field| field["FIELD_NAME"] == "Size__c");
    let options = field.unwrap()["CUSTOM_FIELD_OPTIONS"].as_array().unwrap();
    let options: Vec<&Value> = options
        .iter()
        .map(|option| &option["OPTION_VALUE"])
        .collect();
    assert_eq!(options, ["S", "XL"]);
    for (size, status) in [("XL", 201), ("M", 400)] {
        let fields = json!([{ "FIELD_NAME": "Size__c", "FIELD_VALUE": size }]);
        let ada = json!({ "FIRST_NAME": "Ada", "CUSTOMFIELDS": fields });
        let made = insightly(&sandbox, "POST /Contacts", ada).await;
        assert_eq!(made.status, status, "{size}");
    }
    let nothing = json!({ "family": "contacts", "field": "Nothing__c", "options": [] });
    sandbox.insightly().order("options", &nothing).unwrap_err();

    let fields = sandbox.ghl().family("custom_fields");
    let all = fields.all().unwrap();
    let size = all.iter().find(|field| field["name"] == "Size").unwrap();
    let order = json!({ "id": size["id"], "options": ["S", "XL"] });
    sandbox.ghl().order("options", &order).unwrap();
    let size = fields.get(size["id"].as_str().unwrap()).unwrap();
    assert_eq!(size["picklistOptions"], json!(["S", "XL"]));
    let nothing = json!({ "id": "nothing", "options": [] });
    sandbox.ghl().order("options", &nothing).unwrap_err();
}

#[tokio::test]
async fn the_date_of_an_answer_is_the_sandbox_s() {
    let sandbox = empty();
    let answer = ghl(&sandbox, "GET /contacts/x", Value::Null).await;
    assert_eq!(answer.header("date"), Some("Thu, 09 Apr 2026 12:00:00 GMT"));
}
