//! The traps that existing clients fell into, as the sandbox sets them.

use std::time::Duration;

use axum::body::Body;
use crm_sandbox::{Fault, FaultRule, Sandbox, When};
use serde_json::{Value, json};

use crate::desk::{
    Answer, builder, done, empty, insightly, insightly_contact, order, send, status, switch,
};
use crate::ghl_webhooks::listen;

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    insightly(sandbox, &format!("GET {path}"), Value::Null).await
}

fn rows(answer: &Answer) -> usize {
    answer.json().as_array().unwrap().len()
}

async fn ada(sandbox: &Sandbox) -> i64 {
    insightly_contact(sandbox, json!({ "FIRST_NAME": "Ada" })).await
}

#[tokio::test]
async fn trap_1_the_plain_list_passes_over_updated_after_utc() {
    let sandbox = empty();
    ada(&sandbox).await;
    let after = "updated_after_utc=2030-01-01T00:00:00Z";
    for family in ["Contacts", "Tasks"] {
        let all = get(&sandbox, &format!("/{family}?{after}")).await;
        assert_eq!(all.status, 200);
    }
    assert_eq!(rows(&get(&sandbox, &format!("/Contacts?{after}")).await), 1);
    assert_eq!(
        rows(&get(&sandbox, &format!("/Contacts/Search?{after}")).await),
        0
    );
}

#[tokio::test]
async fn trap_2_a_key_of_another_pod_is_a_401() {
    let (here, there) = (empty(), builder().seed(7).build());
    let key = format!("{}:", there.insightly_api_key());
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    let request = http::Request::get("/v3.1/Instance")
        .header("authorization", format!("Basic {key}"))
        .body(Body::empty())
        .unwrap();
    let answer = send(here.insightly().router(), request).await;
    assert_eq!(answer.status, 401);
    assert!(answer.json()["Message"].is_string());
}

#[tokio::test]
async fn trap_3_a_name_in_the_wrong_number_is_a_405() {
    let sandbox = empty();
    for name in ["Products", "Quotes", "Tickets", "Contact", "Project"] {
        assert_eq!(
            get(&sandbox, &format!("/{name}")).await.status,
            405,
            "{name}"
        );
    }
}

#[tokio::test]
async fn trap_4_a_lead_has_email_and_no_email_address() {
    let sandbox = empty();
    let lead = json!({ "LAST_NAME": "Byron", "EMAIL": "b@example.com" });
    done(&sandbox, "POST /Leads", lead).await;
    let by = |name: &str| format!("/Leads/Search?field_name={name}&field_value=B@example.com");
    assert_eq!(rows(&get(&sandbox, &by("EMAIL")).await), 1);
    assert_eq!(get(&sandbox, &by("EMAIL_ADDRESS")).await.status, 400);
}

#[tokio::test]
async fn trap_5_page_one_is_the_oldest_whatever_order_is_asked_for() {
    let sandbox = builder().insightly_contacts(5).build();
    let page = get(&sandbox, "/Contacts?top=2&$orderby=DATE_UPDATED_UTC%20desc").await;
    assert_eq!(page.json()[0]["CONTACT_ID"], 366_000_001);
}

#[tokio::test]
async fn trap_6_a_burst_leaves_some_of_the_day_and_an_exhausted_day_nothing() {
    let sandbox = builder().rate_limits(true).build();
    let crm = sandbox.insightly();
    crm.set_rate(2, Duration::from_secs(1), 4);
    let left = |answer: &Answer| answer.header("x-ratelimit-remaining").unwrap().to_owned();
    get(&sandbox, "/Instance").await;
    get(&sandbox, "/Instance").await;
    let burst = get(&sandbox, "/Instance").await;
    assert_eq!((burst.status.as_u16(), left(&burst).as_str()), (429, "2"));
    sandbox.clock().advance(Duration::from_secs(1));
    get(&sandbox, "/Instance").await;
    get(&sandbox, "/Instance").await;
    sandbox.clock().advance(Duration::from_secs(60));
    let over = get(&sandbox, "/Instance").await;
    assert_eq!((over.status.as_u16(), left(&over).as_str()), (429, "0"));
}

#[tokio::test]
async fn trap_7_a_200_can_be_a_page_of_html() {
    let sandbox = builder().insightly_contacts(1).build();
    let fault = Fault::Html { status: 200 };
    sandbox
        .insightly()
        .add_fault(FaultRule::new("contacts.list", When::Nth(1), fault))
        .unwrap();
    let page = get(&sandbox, "/Contacts").await;
    assert_eq!((page.status.as_u16(), page.json()), (200, Value::Null));
    assert!(page.text.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn trap_8_a_create_is_201_and_a_delete_202() {
    let sandbox = empty();
    let task = insightly(&sandbox, "POST /Tasks", json!({ "TITLE": "Call" })).await;
    assert_eq!(task.status, 201);
    let line = format!("DELETE /Tasks/{}", task.json()["TASK_ID"]);
    let gone = insightly(&sandbox, &line, Value::Null).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (202, ""));
}

#[tokio::test]
async fn trap_9_a_delete_of_a_tag_needs_its_body() {
    let sandbox = empty();
    let id = ada(&sandbox).await;
    let path = format!("/Contacts/{id}/Tags");
    done(
        &sandbox,
        &format!("POST {path}"),
        json!({ "TAG_NAME": "vip" }),
    )
    .await;
    let line = format!("DELETE {path}");
    assert_eq!(status(&sandbox, &line, Value::Null).await, 400);
    assert_eq!(rows(&get(&sandbox, &path).await), 1);
    assert_eq!(
        status(&sandbox, &line, json!({ "TAG_NAME": "vip" })).await,
        202
    );
}

#[tokio::test]
async fn trap_10_a_put_of_one_tag_wipes_the_others() {
    let sandbox = empty();
    let tags = json!([{ "TAG_NAME": "a" }, { "TAG_NAME": "b" }]);
    let id = insightly_contact(&sandbox, json!({ "FIRST_NAME": "Ada", "TAGS": tags })).await;
    let one = json!([{ "TAG_NAME": "c" }]);
    let line = format!("PUT /Contacts/{id}/Tags");
    assert_eq!(done(&sandbox, &line, one.clone()).await, one);
}

#[tokio::test]
async fn trap_11_members_of_older_versions_do_nothing() {
    let sandbox = empty();
    let old = json!({
        "FIRST_NAME": "Ada", "CONTACTINFOS": [{ "TYPE": "EMAIL", "DETAIL": "a@example.com" }],
        "ADDRESSES": [{ "CITY": "Oslo" }],
    });
    let made = done(&sandbox, "POST /Contacts", old).await;
    assert_eq!(made["EMAIL_ADDRESS"], Value::Null);
    let by_id_only = json!({
        "CONTACT_ID": made["CONTACT_ID"],
        "CUSTOMFIELDS": [{ "CUSTOM_FIELD_ID": "Hobby__c", "FIELD_VALUE": "Chess" }],
    });
    assert_eq!(status(&sandbox, "PUT /Contacts", by_id_only).await, 400);
}

#[tokio::test]
async fn trap_12_a_link_names_its_object_in_the_singular_in_any_case() {
    let sandbox = empty();
    let (ada, eve) = (ada(&sandbox).await, ada(&sandbox).await);
    let line = format!("POST /Contacts/{ada}/Links");
    let link = |name: &str| json!({ "LINK_OBJECT_NAME": name, "LINK_OBJECT_ID": eve });
    assert_eq!(status(&sandbox, &line, link("Contacts")).await, 400);
    assert_eq!(status(&sandbox, &line, link("contact")).await, 201);
}

#[tokio::test]
async fn trap_13_a_read_right_after_a_write_may_not_show_it() {
    let sandbox = empty();
    switch(&sandbox, "list_lag", "5s");
    switch(&sandbox, "part_lag", "1s");
    let id = ada(&sandbox).await;
    assert_eq!(rows(&get(&sandbox, "/Contacts").await), 0);
    let path = format!("/Contacts/{id}");
    let tag = json!({ "TAG_NAME": "vip" });
    done(&sandbox, &format!("POST {path}/Tags"), tag).await;
    assert_eq!(get(&sandbox, &path).await.json()["TAGS"], json!([]));
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(
        get(&sandbox, &path).await.json()["TAGS"][0]["TAG_NAME"],
        "vip"
    );
    assert_eq!(rows(&get(&sandbox, "/Contacts").await), 1);
}

#[tokio::test]
async fn trap_14_one_member_holds_strings_numbers_flags_and_null() {
    let sandbox = empty();
    let field = |name: &str, value: Value| json!({ "FIELD_NAME": name, "FIELD_VALUE": value });
    let fields = json!([
        field("Hobby__c", json!("Chess")),
        field("Newsletter__c", json!(true)),
        field("Seats__c", json!(3.2)),
        field("Renewal__c", json!("2026-05-01 00:00:00")),
    ]);
    let made = done(
        &sandbox,
        "POST /Contacts",
        json!({ "FIRST_NAME": "Ada", "CUSTOMFIELDS": fields }),
    )
    .await;
    let shown = made["CUSTOMFIELDS"].as_array().unwrap();
    let of = |name: &str| {
        let found = shown.iter().find(|field| field["FIELD_NAME"] == name);
        found.unwrap()["FIELD_VALUE"].clone()
    };
    assert_eq!(of("Hobby__c"), "Chess");
    assert_eq!(of("Newsletter__c"), true);
    assert_eq!(of("Seats__c"), 3.2);
    assert_eq!(of("Story__c"), Value::Null);
}

#[tokio::test]
async fn trap_15_dates_come_in_more_than_one_form() {
    let sandbox = empty();
    let id = insightly_contact(
        &sandbox,
        json!({ "FIRST_NAME": "Ada", "DATE_OF_BIRTH": "1990-09-25" }),
    )
    .await;
    let path = format!("/Contacts/{id}");
    assert_eq!(
        get(&sandbox, &path).await.json()["DATE_OF_BIRTH"],
        "1990-09-25 00:00:00"
    );
    switch(&sandbox, "date_form", "date_only");
    let read = get(&sandbox, &path).await.json();
    assert_eq!(read["DATE_OF_BIRTH"], "1990-09-25");
    assert_eq!(read["LAST_ACTIVITY_DATE_UTC"], Value::Null);
    let none = json!({ "DATE_OF_BIRTH": "0000-00-00 00:00:00" });
    sandbox.insightly().contacts().edit(id, &none).unwrap();
    switch(&sandbox, "date_form", "midnight");
    assert_eq!(
        get(&sandbox, &path).await.json()["DATE_OF_BIRTH"],
        "0000-00-00 00:00:00"
    );
}

#[tokio::test]
async fn trap_16_ids_of_custom_fields_are_their_names() {
    let sandbox = builder().insightly_contacts(1).build();
    let read = get(&sandbox, "/Contacts").await.json();
    let field = &read[0]["CUSTOMFIELDS"][0];
    assert!(field["CUSTOM_FIELD_ID"].is_string());
    assert_eq!(field["CUSTOM_FIELD_ID"], field["FIELD_NAME"]);
}

#[tokio::test]
async fn trap_17_brief_drops_arrays_and_a_layout_drops_fields() {
    let sandbox = builder().insightly_contacts(1).build();
    let brief = get(&sandbox, "/Contacts?brief=true").await.json();
    for name in ["CUSTOMFIELDS", "TAGS", "DATES", "LINKS"] {
        assert_eq!(brief[0].get(name), None, "{name}");
    }
    let full = get(&sandbox, "/Contacts").await.json();
    let names: Vec<&str> = full[0]["CUSTOMFIELDS"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["FIELD_NAME"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Hobby__c"));
    assert!(
        !names.contains(&"Legacy__c") && !names.contains(&"Photo__c"),
        "{names:?}"
    );
}

#[tokio::test]
async fn trap_18_records_show_members_that_no_paper_names() {
    let sandbox = empty();
    let lead = done(&sandbox, "POST /Leads", json!({ "LAST_NAME": "Byron" })).await;
    assert_eq!(lead["VISIBLE_TO"], "EVERYONE");
    assert!(lead["LINKED_EMAIL_ADDRESS"].is_string());
    assert!(lead["ETag"].is_string());
}

#[tokio::test]
async fn trap_19_a_plan_answers_403_and_404_for_whole_families() {
    let sandbox = empty();
    switch(&sandbox, "plan", "professional");
    let refused = get(&sandbox, "/Ticket").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json(), "API User does not have access to Ticket.");
    assert_eq!(get(&sandbox, "/Product").await.status, 404);
    assert_eq!(get(&sandbox, "/Contacts").await.status, 200);
    order(&sandbox, "plan", json!({ "lacks": ["leads"] }));
    assert_eq!(get(&sandbox, "/Leads/1").await.status, 403);
    let settings = get(&sandbox, "/LeadSources").await;
    assert_eq!(
        (settings.status.as_u16(), settings.json()),
        (403, json!("Lead Management disabled"))
    );
}

#[tokio::test]
async fn trap_20_one_record_among_others_may_hold_what_its_field_cannot() {
    let sandbox = builder().insightly_contacts(3).build();
    let crm = sandbox.insightly();
    let broken = json!({ "CUSTOMFIELDS": [{ "FIELD_NAME": "Seats__c", "FIELD_VALUE": "many" }] });
    crm.contacts().edit(366_000_002, &broken).unwrap();
    let all = get(&sandbox, "/Contacts").await;
    assert_eq!(rows(&all), 3);
    assert!(all.text.contains("\"many\""));
}

#[tokio::test]
async fn trap_21_sets_are_sent_and_answered_as_arrays() {
    let sandbox = empty();
    let id = ada(&sandbox).await;
    let tags = json!([{ "TAG_NAME": "a" }]);
    let line = format!("PUT /Contacts/{id}/Tags");
    assert_eq!(done(&sandbox, &line, tags.clone()).await, tags);
    // A single object, as the papers show it, counts as a set of one.
    assert_eq!(done(&sandbox, &line, tags[0].clone()).await, tags);
    let line = format!("PUT /Contacts/{id}/Dates");
    let dates = done(&sandbox, &line, json!({ "OCCASION_NAME": "Birthday" })).await;
    assert_eq!(dates[0]["OCCASION_NAME"], "Birthday");
}

#[tokio::test]
async fn trap_22_a_post_whose_answer_was_lost_is_a_second_record_when_repeated() {
    let sandbox = empty();
    let rule = FaultRule::new("contacts.create", When::Nth(1), Fault::ResetAfter);
    sandbox.insightly().add_fault(rule).unwrap();
    let body = json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "a@example.com" });
    assert!(
        insightly(&sandbox, "POST /Contacts", body.clone())
            .await
            .reset
    );
    done(&sandbox, "POST /Contacts", body).await;
    let found = "/Contacts/Search?field_name=EMAIL_ADDRESS&field_value=a@example.com";
    assert_eq!(rows(&get(&sandbox, found).await), 2);
}

#[tokio::test]
async fn trap_23_a_webhook_can_be_older_than_the_record() {
    let sandbox = empty();
    let mut inbox = listen().await;
    order(
        &sandbox,
        "workflow_rule",
        json!({ "family": "contacts", "url": inbox.url }),
    );
    let late = json!({ "operation": "contacts", "when": { "nth": 1 }, "fault": { "late": { "ms": 9000 } } });
    order(&sandbox, "webhook_fault", late);
    let id = ada(&sandbox).await;
    let edit = json!({ "FIRST_NAME": "Augusta" });
    sandbox.insightly().contacts().edit(id, &edit).unwrap();
    sandbox.clock().advance(Duration::from_secs(9));
    assert_eq!(sandbox.insightly().deliver_webhooks().await, 2);
    let mut names = Vec::new();
    for _ in 0..2 {
        let (_, body) = inbox.arrived.recv().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        names.push(body["entity"]["FIRST_NAME"].clone());
    }
    assert_eq!(names, ["Augusta", "Ada"]);
}
