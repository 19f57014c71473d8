use std::collections::BTreeSet;
use std::time::Duration;

use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{Answer, builder, empty, ghl, ghl_contact};

async fn search(sandbox: &Sandbox, mut body: Value) -> Answer {
    body["locationId"] = json!(sandbox.ghl_location_id());
    ghl(sandbox, "POST /contacts/search", body).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let contacts = answer.json()["contacts"].as_array().unwrap().clone();
    let ids = contacts
        .iter()
        .map(|contact| contact["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn a_walk_by_cursor_meets_every_contact_once() {
    let sandbox = builder().ghl_contacts(57).build();
    for (field, direction) in [
        ("dateUpdated", "asc"),
        ("dateAdded", "desc"),
        ("lastNameLowerCase", "asc"),
    ] {
        let mut after = Value::Null;
        let mut met = Vec::new();
        loop {
            let mut body =
                json!({ "pageLimit": 10, "sort": [{ "field": field, "direction": direction }] });
            if !after.is_null() {
                body["searchAfter"] = after.clone();
            }
            let answer = search(&sandbox, body).await;
            assert_eq!(answer.json()["total"], 57);
            let page = ids(&answer);
            met.extend(page.iter().cloned());
            if page.len() < 10 {
                break;
            }
            after = answer.json()["contacts"][9]["searchAfter"].clone();
        }
        assert_eq!(met.len(), 57, "{field}");
        assert_eq!(met.iter().collect::<BTreeSet<_>>().len(), 57);
    }
}

#[tokio::test]
async fn what_changed_since_is_found_by_range() {
    let sandbox = builder().ghl_contacts(20).build();
    let all = sandbox.ghl().contacts().all().unwrap();
    let id = all[3]["id"].as_str().unwrap();
    sandbox
        .ghl()
        .contacts()
        .edit(id, &json!({ "city": "Oslo" }))
        .unwrap();
    for since in [
        json!("2026-04-09T12:00:00.250Z"),
        json!(1_775_736_000_250_i64),
    ] {
        let filter =
            json!([{ "field": "dateUpdated", "operator": "range", "value": { "gte": since } }]);
        let answer = search(&sandbox, json!({ "pageLimit": 100, "filters": filter })).await;
        assert_eq!(ids(&answer), [id], "{}", answer.text);
    }
    let filter = json!([{ "field": "dateUpdated", "operator": "range",
        "value": { "gt": "2026-04-09T12:00:00.250Z" } }]);
    let answer = search(&sandbox, json!({ "pageLimit": 100, "filters": filter })).await;
    assert_eq!(answer.json()["total"], 0);
}

#[tokio::test]
async fn filters_and_groups_are_combined() {
    let sandbox = empty();
    let ada = ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "email": "ada@example.com", "tags": ["x"] }),
    )
    .await;
    let bob = ghl_contact(
        &sandbox,
        json!({ "firstName": "Bob", "phone": "+14155550142" }),
    )
    .await;
    let one = |field: &str, operator: &str, value: Value| json!({ "field": field, "operator": operator, "value": value });
    for (filter, expected) in [
        (one("email", "eq", json!("ADA@example.com")), vec![&ada]),
        (one("email", "not_exists", Value::Null), vec![&bob]),
        (one("tags", "contains", json!("x")), vec![&ada]),
        (
            one("firstNameLowerCase", "not_eq", json!("ada")),
            vec![&bob],
        ),
        (one("dnd", "eq", json!(true)), vec![]),
        (
            json!({ "group": "OR", "filters": [
                one("email", "exists", Value::Null), one("phone", "eq", json!("+14155550142")) ] }),
            vec![&ada, &bob],
        ),
    ] {
        let body = json!({ "pageLimit": 10, "filters": [filter],
            "sort": [{ "field": "firstNameLowerCase", "direction": "asc" }] });
        let answer = search(&sandbox, body).await;
        assert_eq!(
            ids(&answer).iter().collect::<Vec<_>>(),
            expected,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_search_row_is_not_a_read() {
    let sandbox = empty();
    ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "address1": "1 Main St", "dateOfBirth": "1990-09-25",
            "dndSettings": { "Email": { "status": "active" } } }),
    )
    .await;
    let row = search(&sandbox, json!({ "pageLimit": 1 })).await.json()["contacts"][0].clone();
    assert_eq!(row["address"], "1 Main St");
    assert_eq!(row.get("address1"), None);
    assert_eq!(row.get("dndSettings"), None);
    assert_eq!(row["dateOfBirth"], 654_220_800_000_i64);
    assert_eq!(row["firstName"], "Ada");
    sandbox
        .ghl()
        .set_switch("search_dnd_settings", "present")
        .unwrap();
    let row = search(&sandbox, json!({ "pageLimit": 1 })).await.json()["contacts"][0].clone();
    assert_eq!(row["dndSettings"]["Email"]["status"], "active");
}

#[tokio::test]
async fn a_search_that_asks_too_much_is_refused() {
    let sandbox = empty();
    for (body, status) in [
        (json!({}), 422),
        (json!({ "pageLimit": 501 }), 400),
        (json!({ "pageLimit": 500, "page": 21 }), 400),
        (
            json!({ "pageLimit": 10, "page": 1, "searchAfter": [1, "x"] }),
            400,
        ),
        (json!({ "pageLimit": 10, "limit": 5 }), 422),
        (
            json!({ "pageLimit": 10, "filters": [{ "field": "shoeSize", "operator": "eq", "value": 1 }] }),
            400,
        ),
        (
            json!({ "pageLimit": 10, "filters": [{ "field": "email", "operator": "gt", "value": 1 }] }),
            400,
        ),
    ] {
        let answer = search(&sandbox, body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
    }
    assert_eq!(
        search(&sandbox, json!({ "pageLimit": 500, "page": 20 }))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_write_reaches_searches_after_the_lag_and_reads_at_once() {
    let sandbox = empty();
    sandbox.ghl().set_index_lag(Duration::from_secs(5));
    let id = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let seen =
        || async { search(&sandbox, json!({ "pageLimit": 1 })).await.json()["total"].clone() };
    assert_eq!(seen().await, 0);
    let read = ghl(&sandbox, &format!("GET /contacts/{id}"), Value::Null).await;
    assert_eq!(read.status, 200);
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(seen().await, 1);
}

#[tokio::test]
async fn the_deprecated_list_needs_both_halves_of_its_cursor() {
    let sandbox = builder().ghl_contacts(25).build();
    let at = format!(
        "GET /contacts/?locationId={}&limit=10",
        sandbox.ghl_location_id()
    );
    let first = ghl(&sandbox, &at, Value::Null).await;
    let meta = first.json()["meta"].clone();
    assert_eq!(meta["total"], 25);
    let (added, id) = (&meta["startAfter"], meta["startAfterId"].as_str().unwrap());
    let half = ghl(&sandbox, &format!("{at}&startAfterId={id}"), Value::Null).await;
    assert_eq!(ids(&half), ids(&first));
    let second = ghl(
        &sandbox,
        &format!("{at}&startAfter={added}&startAfterId={id}"),
        Value::Null,
    )
    .await;
    assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)));
    let row = first.json()["contacts"][0].clone();
    let raw = row["firstNameRaw"].as_str().unwrap();
    assert_eq!(row["firstName"].as_str().unwrap(), raw.to_lowercase());
    let too_much = at.replace("limit=10", "limit=101");
    assert_eq!(ghl(&sandbox, &too_much, Value::Null).await.status, 400);
}
