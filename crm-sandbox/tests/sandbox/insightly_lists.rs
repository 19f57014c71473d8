use std::time::Duration;

use crm_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::desk::{Answer, builder, empty, insightly, insightly_contact};

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    insightly(sandbox, &format!("GET {path}"), Value::Null).await
}

fn ids(answer: &Answer) -> Vec<i64> {
    let rows = answer.json().as_array().unwrap().clone();
    rows.iter()
        .map(|row| row["CONTACT_ID"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_list_is_paged_by_ascending_id() {
    let sandbox = builder().insightly_contacts(25).build();
    let first = get(&sandbox, "/Contacts?top=10&count_total=True&brief=true").await;
    assert_eq!(first.header("x-total-count"), Some("25"));
    assert_eq!(first.json()[0].get("TAGS"), None);
    assert_eq!(first.json()[0].get("CUSTOMFIELDS"), None);
    let last = get(&sandbox, "/Contacts?top=10&skip=20").await;
    assert_eq!(ids(&last).len(), 5);
    assert!(ids(&first).last() < ids(&last).first());
    assert_eq!(get(&sandbox, "/Contacts?skip=25").await.json(), json!([]));
    for bad in ["top=0", "skip=-1", "top=x"] {
        assert_eq!(get(&sandbox, &format!("/Contacts?{bad}")).await.status, 400);
    }
}

#[tokio::test]
async fn only_a_search_heeds_updated_after() {
    let sandbox = empty();
    insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    sandbox.clock().advance(Duration::from_secs(60));
    let eve = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Eve" })).await;
    let at = |second: u8| format!("updated_after_utc=2026-04-09T12:01:{second:02}Z");
    assert_eq!(
        ids(&get(&sandbox, &format!("/Contacts?{}", at(0))).await).len(),
        2
    );
    assert_eq!(
        ids(&get(&sandbox, &format!("/Contacts/Search?{}", at(1))).await),
        [eve]
    );
    assert_eq!(
        ids(&get(&sandbox, &format!("/Contacts/Search?{}", at(2))).await),
        [0_i64; 0]
    );
    sandbox
        .insightly()
        .set_switch("updated_after", "exclusive")
        .unwrap();
    assert_eq!(
        ids(&get(&sandbox, &format!("/Contacts/Search?{}", at(1))).await),
        [0_i64; 0]
    );
    assert_eq!(
        get(&sandbox, "/Contacts/Search?updated_after_utc=soon")
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_search_finds_the_whole_value_of_a_field() {
    let sandbox = empty();
    let ada = insightly_contact(
        &sandbox,
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "Ada@Example.com", "PHONE": "+1 (415) 555-0142",
            "CUSTOMFIELDS": [{ "FIELD_NAME": "GHL_ID__c", "FIELD_VALUE": "abc" }] }),
    )
    .await;
    insightly_contact(&sandbox, json!({ "FIRST_NAME": "Adam" })).await;
    for (query, found) in [
        ("field_name=EMAIL_ADDRESS&field_value=ada@example.com", true),
        ("field_name=FIRST_NAME&field_value=Ada", true),
        ("field_name=GHL_ID__c&field_value=abc", true),
        ("field_name=PHONE&field_value=%2B14155550142", false),
    ] {
        let answer = get(&sandbox, &format!("/Contacts/Search?{query}")).await;
        assert_eq!(ids(&answer) == [ada], found, "{query}");
    }
    for bad in ["field_name=PHONE", "field_name=NOTHING&field_value=1"] {
        assert_eq!(
            get(&sandbox, &format!("/Contacts/Search?{bad}"))
                .await
                .status,
            400
        );
    }
    sandbox
        .insightly()
        .set_switch("search_case", "exact")
        .unwrap();
    let exact = "/Contacts/Search?field_name=EMAIL_ADDRESS&field_value=ada@example.com";
    assert_eq!(get(&sandbox, exact).await.json(), json!([]));
}

#[tokio::test]
async fn the_day_is_in_the_headers_and_a_burst_is_a_429() {
    let sandbox = builder().rate_limits(true).build();
    for left in (0..10).rev() {
        let answer = get(&sandbox, "/Instance").await;
        assert_eq!(answer.status, 200);
        let remaining = answer.header("x-ratelimit-remaining").unwrap();
        assert_eq!(remaining, (99_990 + left).to_string());
    }
    let answer = get(&sandbox, "/Instance").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("1"));
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(get(&sandbox, "/Instance").await.status, 200);
}

#[tokio::test]
async fn reference_data_is_answered() {
    let sandbox = empty();
    let fields = get(&sandbox, "/CustomFields/Contacts").await.json();
    assert_eq!(fields[0]["FIELD_NAME"], "GHL_ID__c");
    assert_eq!(fields[0]["FIELD_FOR"], "CONTACT");
    assert_eq!(
        get(&sandbox, "/Countries").await.json()[0]["COUNTRY_NAME"],
        "Argentina"
    );
    assert_eq!(get(&sandbox, "/Users/Me").await.json()["ACTIVE"], true);
    assert_eq!(get(&sandbox, "/Tags").await.status, 400);
}

#[tokio::test]
async fn a_write_reaches_lists_after_the_lag_and_reads_at_once() {
    let sandbox = empty();
    sandbox.insightly().set_index_lag(Duration::from_secs(6));
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada" })).await;
    assert_eq!(get(&sandbox, "/Contacts").await.json(), json!([]));
    assert_eq!(get(&sandbox, &format!("/Contacts/{id}")).await.status, 200);
    sandbox.clock().advance(Duration::from_secs(6));
    assert_eq!(ids(&get(&sandbox, "/Contacts").await), [id]);
    assert_eq!(ids(&get(&sandbox, "/Contacts/Search").await), [id]);
}
