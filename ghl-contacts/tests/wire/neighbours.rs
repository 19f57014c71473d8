//! Locations, businesses, users, calendars, custom fields of objects, installed locations.

use futures_util::TryStreamExt;
use ghl_contacts::{
    BusinessEdit, CustomFieldEdit, EventTime, EventsOf, FolderId, InstalledQuery, Location,
    LocationId, NewObjectField, ObjectFieldEdit, TaskSearch,
};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, path},
};

use crate::server::{answers, client, only_request, sent, start};

fn location(server: &MockServer) -> Location {
    client(server).location(&LocationId::from("l"))
}

#[tokio::test]
async fn a_location_tells_country_and_zone() {
    let server = start().await;
    let body = json!({"location": {"id": "l", "country": "IN", "timezone": "America/Chicago"}});
    answers(&server, "GET /locations/l", 200, body).await;
    let details = location(&server).get().await.unwrap();
    assert_eq!(details.country.as_deref(), Some("IN"));
    assert_eq!(details.timezone.as_deref(), Some("America/Chicago"));
}

#[tokio::test]
async fn location_tags_are_defined_renamed_and_deleted() {
    let server = start().await;
    let location = location(&server);
    let tag = json!({"id": "t", "name": "VIP", "locationId": "l"});
    let reply = json!({"tag": tag});
    answers(
        &server,
        "GET /locations/l/tags",
        200,
        json!({"tags": [tag]}),
    )
    .await;
    answers(&server, "GET /locations/l/tags/t", 200, reply.clone()).await;
    let tags = location.tags().await.unwrap();
    assert_eq!(tags, [location.tag(&"t".into()).await.unwrap()]);
    for call in ["POST /locations/l/tags", "PUT /locations/l/tags/t"] {
        server.reset().await;
        answers(&server, call, 200, reply.clone()).await;
        if call.starts_with("POST") {
            location.create_tag("VIP").await.unwrap();
        } else {
            location.update_tag(&"t".into(), "VIP").await.unwrap();
        }
        assert_eq!(sent(&server).await, json!({"name": "VIP"}));
    }
    answers(
        &server,
        "DELETE /locations/l/tags/t",
        200,
        json!({"succeded": true}),
    )
    .await;
    location.delete_tag(&"t".into()).await.unwrap();
}

#[tokio::test]
async fn custom_fields_are_asked_for_by_model() {
    let server = start().await;
    let body = json!({"customFields": [{"id": "f", "name": "Level", "fieldKey": "contact.level",
        "dataType": "SINGLE_OPTIONS", "picklistOptions": ["gold", "silver"], "position": 50}]});
    answers(&server, "GET /locations/l/customFields", 200, body).await;
    let fields = location(&server).custom_fields().await.unwrap();
    assert_eq!(fields[0].options().collect::<Vec<_>>(), ["gold", "silver"]);
    let url = only_request(&server).await.url;
    assert_eq!(url.query(), Some("model=contact"));
}

#[tokio::test]
async fn custom_fields_are_made_changed_and_deleted() {
    let server = start().await;
    let location = location(&server);
    let reply = json!({"customField": {"id": "f"}});
    let key = "GET /locations/l/customFields/contact.level";
    answers(&server, key, 200, reply.clone()).await;
    location.custom_field("contact.level").await.unwrap();

    server.reset().await;
    answers(
        &server,
        "POST /locations/l/customFields",
        201,
        reply.clone(),
    )
    .await;
    let new = CustomFieldEdit::new("Level", "TEXT");
    location.create_custom_field(&new).await.unwrap();
    let body = json!({"name": "Level", "dataType": "TEXT", "model": "contact"});
    assert_eq!(sent(&server).await, body);

    server.reset().await;
    answers(&server, "PUT /locations/l/customFields/f", 200, reply).await;
    answers(
        &server,
        "DELETE /locations/l/customFields/f",
        200,
        json!({}),
    )
    .await;
    let id = "f".into();
    let edit = CustomFieldEdit::named("Rank");
    location.update_custom_field(&id, &edit).await.unwrap();
    location.delete_custom_field(&id).await.unwrap();
}

#[tokio::test]
async fn tasks_of_a_location_are_found_until_an_empty_page() {
    let server = start().await;
    let call = "POST /locations/l/tasks/search";
    let row = json!({"_id": "t", "dateUpdated": "2026-11-24T10:00:00.000Z", "deleted": false});
    answers(&server, call, 200, json!({"tasks": [row]})).await;
    answers(&server, call, 200, json!({"tasks": []})).await;
    let search = TaskSearch::new()
        .completed(false)
        .contact("c")
        .page_size(100);
    let tasks: Vec<_> = location(&server)
        .search_tasks(search)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(tasks[0].id, "t".into());
    assert!(tasks[0].date_updated.is_some());
    let last = server.received_requests().await.unwrap().pop().unwrap();
    let body = json!({"completed": false, "contactId": ["c"], "limit": 100, "skip": 1});
    assert_eq!(last.body_json::<serde_json::Value>().unwrap(), body);
}

#[tokio::test]
async fn events_are_asked_for_at_the_calendars_version() {
    let server = start().await;
    let body = json!({"events": [{"id": "e", "startTime": "2023-09-25T16:00:00+05:30"}]});
    Mock::given(path("/calendars/events"))
        .and(header("version", "2021-04-15"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let (from, to) = ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
    let of = EventsOf::Calendar("k".into());
    let events = location(&server)
        .events(&of, from.parse().unwrap(), to.parse().unwrap())
        .await
        .unwrap();
    assert!(matches!(events[0].start_time, Some(EventTime::Exact(_))));
    let url = only_request(&server).await.url;
    let query = "locationId=l&startTime=1795478400000&endTime=1795564800000&calendarId=k";
    assert_eq!(url.query(), Some(query));
}

#[tokio::test]
async fn users_are_listed_and_read() {
    let server = start().await;
    let user = json!({"id": "u", "email": "john@deo.com", "roles": {"type": "account"}});
    answers(&server, "GET /users/", 200, json!({"users": [user]})).await;
    answers(&server, "GET /users/u", 200, user).await;
    let users = location(&server).users().await.unwrap();
    assert_eq!(users, [client(&server).user(&"u".into()).await.unwrap()]);
    assert_eq!(users[0].email.as_deref(), Some("john@deo.com"));
}

#[tokio::test]
async fn businesses_are_read_under_both_spellings() {
    let server = start().await;
    let businesses = client(&server).businesses();
    let business = json!({"id": "b", "name": "Deos"});
    let written = json!({"success": true, "buiseness": business});
    answers(
        &server,
        "GET /businesses/b",
        200,
        json!({"business": business}),
    )
    .await;
    answers(&server, "PUT /businesses/b", 200, written.clone()).await;
    answers(
        &server,
        "DELETE /businesses/b",
        200,
        json!({"success": true}),
    )
    .await;
    let id = "b".into();
    let read = businesses.get(&id).await.unwrap();
    let edit = BusinessEdit::new().city("Dolomite");
    assert_eq!(businesses.update(&id, &edit).await.unwrap(), read);
    businesses.delete(&id).await.unwrap();

    server.reset().await;
    answers(&server, "POST /businesses/", 201, written).await;
    let new = BusinessEdit::named("Deos").postal_code("35061");
    businesses.create(&"l".into(), &new).await.unwrap();
    let body = json!({"locationId": "l", "name": "Deos", "postalCode": "35061"});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn businesses_are_listed_until_an_empty_page() {
    let server = start().await;
    for rows in [json!([{"id": "a"}]), json!([])] {
        answers(
            &server,
            "GET /businesses/",
            200,
            json!({ "businesses": rows }),
        )
        .await;
    }
    let all: Vec<_> = client(&server)
        .businesses()
        .list(&"l".into())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn fields_of_objects_are_read_and_written() {
    let server = start().await;
    let fields = client(&server).object_fields();
    let field = json!({"id": "f", "objectKey": "business", "acceptedFormats": ".pdf",
        "options": [{"key": "k", "label": "K"}]});
    let reply = json!({"field": field});
    let list = json!({"fields": [field], "folders": [{"id": "d", "name": "Main"}]});
    answers(&server, "GET /custom-fields/f", 200, reply.clone()).await;
    answers(&server, "GET /custom-fields/object-key/business", 200, list).await;
    answers(&server, "PUT /custom-fields/f", 200, reply.clone()).await;
    answers(
        &server,
        "DELETE /custom-fields/f",
        200,
        json!({"succeded": true}),
    )
    .await;
    let read = fields.get(&"f".into()).await.unwrap();
    let all = fields.list(&"l".into(), "business").await.unwrap();
    assert_eq!(all.fields, [read]);
    let edit = ObjectFieldEdit::in_location("l", true);
    fields.update(&"f".into(), &edit).await.unwrap();
    fields.delete(&"f".into()).await.unwrap();

    server.reset().await;
    answers(&server, "POST /custom-fields/", 201, reply).await;
    let new = NewObjectField {
        edit,
        data_type: "TEXT".into(),
        field_key: "business.rank".into(),
        object_key: "business".into(),
        parent_id: FolderId::from("d"),
        allow_custom_option: None,
    };
    fields.create(&new).await.unwrap();
    let body = json!({"locationId": "l", "showInForms": true, "dataType": "TEXT",
        "fieldKey": "business.rank", "objectKey": "business", "parentId": "d"});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn folders_are_made_renamed_and_deleted() {
    let server = start().await;
    let fields = client(&server).object_fields();
    let folder = json!({"id": "d", "name": "Main"});
    let (l, d) = ("l".into(), "d".into());
    answers(&server, "POST /custom-fields/folder", 201, folder.clone()).await;
    fields.create_folder(&l, "business", "Main").await.unwrap();
    let body = json!({"objectKey": "business", "name": "Main", "locationId": "l"});
    assert_eq!(sent(&server).await, body);
    answers(&server, "PUT /custom-fields/folder/d", 200, folder).await;
    answers(&server, "DELETE /custom-fields/folder/d", 200, json!({})).await;
    fields.update_folder(&l, &d, "Other").await.unwrap();
    fields.delete_folder(&l, &d).await.unwrap();
}

#[tokio::test]
async fn installed_locations_are_filtered_by_query() {
    let server = start().await;
    let reply = json!({"locations": [{"_id": "l", "name": "dentist", "address": "x"}], "count": 1});
    answers(&server, "GET /oauth/installedLocations", 200, reply).await;
    let mut query = InstalledQuery::of("co", "app");
    query.is_installed = Some(true);
    let page = client(&server).installed_locations(&query).await.unwrap();
    assert_eq!(page.locations.unwrap()[0].id, "l".into());
    let url = only_request(&server).await.url;
    assert_eq!(url.query(), Some("companyId=co&appId=app&isInstalled=true"));
}
