use futures_util::TryStreamExt;
use insightly::{
    ContactId, ContactUpdate, CustomField, ETag, Edit, ErrorKind, ListQuery, NewContact, Occasion,
    SearchQuery, UserId,
};
use serde_json::json;

use crate::server::{Server, body, json, query, status};

const ID: ContactId = ContactId(366_000_001);

#[tokio::test]
async fn a_read_tells_the_record_its_version_and_the_servers_clock() {
    let answer = json(
        200,
        json!({"CONTACT_ID": 366_000_001, "FIRST_NAME": "Ada", "ETag": "member"}),
    )
    .insert_header("date", "Tue, 24 Nov 2026 10:00:00 GMT")
    .insert_header("etag", "W/\"header\"");
    let server = Server::on("GET", "/Contacts/366000001", answer).await;
    let ada = server.client.contacts().get(ID).await.unwrap();
    assert_eq!(ada.value.first_name.as_deref(), Some("Ada"));
    assert_eq!(ada.etag.unwrap().0, "W/\"header\"");
    assert_eq!(ada.server_time.unwrap().to_string(), "2026-11-24T10:00:00Z");

    let request = server.request().await;
    assert_eq!(
        request.headers["authorization"],
        "Basic Y2FuYXJ5LWtleS0wZjllOGQ3Yzo="
    );
    assert_eq!(request.headers["accept"], "application/json");
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_version_is_read_from_the_record_where_no_header_tells_it() {
    let server = Server::answering(json(200, json!({"CONTACT_ID": 1, "ETag": "member"}))).await;
    let etag = server.client.contacts().get(ID).await.unwrap().etag;
    assert_eq!(etag, Some(ETag("member".into())));
}

#[tokio::test]
async fn a_missing_contact_is_an_error_or_none_as_asked() {
    let server = Server::answering(status(404)).await;
    let error = server.client.contacts().get(ID).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotFound);
    assert_eq!(error.op(), "contacts.get");
    assert_eq!(server.client.contacts().get_opt(ID).await.unwrap(), None);
}

#[tokio::test]
async fn a_new_contact_sends_what_was_set_and_no_more() {
    let answer = json(201, json!({"CONTACT_ID": 7, "FIRST_NAME": "Ada"}));
    let server = Server::on("POST", "/Contacts", answer).await;
    let new = NewContact::new("Ada")
        .email_address("ada@example.com")
        .owner_user_id(UserId(3))
        .date_of_birth("1981-02-03".parse::<jiff::civil::Date>().unwrap())
        .custom_fields([CustomField::text("GHL_ID__c", "x1")])
        .tags(["vip"])
        .dates([Occasion::new("Wedding", "2020-06-01".parse().unwrap()).yearly()]);
    let made = server.client.contacts().create(&new).await.unwrap();
    assert_eq!(made.value.id, ContactId(7));
    assert_eq!(
        body(&server.request().await),
        json!({
            "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com", "OWNER_USER_ID": 3,
            "DATE_OF_BIRTH": "1981-02-03 00:00:00",
            "CUSTOMFIELDS": [{"FIELD_NAME": "GHL_ID__c", "FIELD_VALUE": "x1"}],
            "TAGS": [{"TAG_NAME": "vip"}],
            "DATES": [{"OCCASION_NAME": "Wedding", "OCCASION_DATE": "2020-06-01 00:00:00",
                       "REPEAT_YEARLY": true, "CREATE_TASK_YEARLY": false}],
        })
    );
}

#[tokio::test]
async fn an_update_names_its_record_in_the_body() {
    for code in [200, 201] {
        let answer = json(code, json!({"CONTACT_ID": 366_000_001, "PHONE": "1"}));
        let server = Server::on("PUT", "/Contacts", answer).await;
        let update = ContactUpdate::of(ID).phone("1").title(Edit::Clear);
        server.client.contacts().update(&update).await.unwrap();
        let request = server.request().await;
        assert_eq!(
            body(&request),
            json!({"CONTACT_ID": 366_000_001, "PHONE": "1", "TITLE": null})
        );
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(!request.headers.contains_key("if-match"));
    }
}

#[tokio::test]
async fn an_update_of_a_known_version_is_refused_when_it_is_stale() {
    let stale = json(
        400,
        json!({"Message": "The If-Match header value is not valid."}),
    );
    let server = Server::on("PUT", "/Contacts", stale).await;
    let update = ContactUpdate::of(ID).phone("1");
    let etag = ETag("W/\"1\"".into());
    let error = server
        .client
        .contacts()
        .update_if(&update, &etag)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::ChangedMeanwhile);
    assert_eq!(server.request().await.headers["if-match"], "W/\"1\"");
}

#[tokio::test]
async fn a_delete_is_accepted_without_a_body() {
    let server = Server::on("DELETE", "/Contacts/366000001", status(202)).await;
    server.client.contacts().delete(ID).await.unwrap();
    assert!(server.request().await.body.is_empty());
}

#[tokio::test]
async fn a_text_over_its_limit_is_refused_before_it_is_sent() {
    let server = Server::answering(status(500)).await;
    let new = NewContact::new("Ada").salutation("x".repeat(51));
    let error = server.client.contacts().create(&new).await.unwrap_err();
    let ErrorKind::TooLong(why) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!((why.field, why.limit, why.length), ("SALUTATION", 50, 51));
    assert_eq!(
        error.to_string(),
        "contacts.create: SALUTATION takes 50 characters at most, this has 51"
    );
    assert!(server.requests().await.is_empty());
}

#[tokio::test]
async fn a_feed_always_goes_to_search() {
    let server = Server::on("GET", "/Contacts/Search", json(200, json!([]))).await;
    let since = server
        .client
        .contacts()
        .since("2026-04-09T16:58:14.9Z".parse().unwrap());
    assert_eq!(since.try_collect::<Vec<_>>().await.unwrap(), []);
    assert_eq!(
        query(&server.request().await),
        [
            "brief=false",
            "updated_after_utc=2026-04-09T16:58:14Z",
            "top=200",
            "count_total=true"
        ]
    );
}

#[tokio::test]
async fn a_search_by_field_sends_both_parameters() {
    let answer = json(200, json!([{"CONTACT_ID": 1}])).insert_header("x-total-count", "1");
    let server = Server::on("GET", "/Contacts/Search", answer).await;
    let found = server
        .client
        .contacts()
        .find_by("EMAIL_ADDRESS", "a+b@example.com")
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        query(&server.request().await),
        [
            "brief=false",
            "field_name=EMAIL_ADDRESS",
            "field_value=a+b@example.com",
            "top=200",
            "count_total=true"
        ]
    );
}

#[tokio::test]
async fn a_count_is_one_small_call() {
    let answer = json(200, json!([{"CONTACT_ID": 1}])).insert_header("x-total-count", "4711");
    let server = Server::on("GET", "/Contacts", answer).await;
    assert_eq!(server.client.contacts().count().await.unwrap(), 4711);
    assert_eq!(
        query(&server.request().await),
        ["brief=true", "top=1", "count_total=true"]
    );
}

#[tokio::test]
async fn a_count_without_its_header_is_an_error() {
    let server = Server::answering(json(200, json!([]))).await;
    let search = SearchQuery::new();
    let error = server
        .client
        .contacts()
        .count_found(&search)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode { path, .. } if path == "X-Total-Count"));
}

#[tokio::test]
async fn ids_are_walked_in_brief_and_large_pages() {
    let answer = json(200, json!([{"CONTACT_ID": 1}, {"CONTACT_ID": 2}]));
    let server = Server::on(
        "GET",
        "/Contacts",
        answer.insert_header("x-total-count", "2"),
    )
    .await;
    let ids: Vec<_> = server.client.contacts().ids().try_collect().await.unwrap();
    assert_eq!(ids, [ContactId(1), ContactId(2)]);
    assert_eq!(
        query(&server.request().await),
        ["brief=true", "top=500", "count_total=true"]
    );
}

#[tokio::test]
async fn a_search_by_tag_sends_the_tag() {
    let server = Server::on("GET", "/Contacts/SearchByTag", json(200, json!([]))).await;
    let query_of = ListQuery::new().brief().page_size(50);
    let found = server
        .client
        .contacts()
        .search_by_tag("vip & co", &query_of);
    found.try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(
        query(&server.request().await),
        [
            "brief=true",
            "tagName=vip & co",
            "top=50",
            "count_total=true"
        ]
    );
}
