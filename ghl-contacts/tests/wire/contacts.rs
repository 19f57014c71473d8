use ghl_contacts::{
    ContactId, ContactUpdate, CustomFieldWrite, DndEdit, DndStatus, DuplicateKey, Edit, LocationId,
    NewContact,
};
use serde_json::json;
use wiremock::{Mock, ResponseTemplate, matchers::any};

use crate::server::{answers, client, only_request, sent, start};

fn id() -> ContactId {
    ContactId::from("seD4PfOuKoVMLkEZqohJ")
}

const ONE: &str = "/contacts/seD4PfOuKoVMLkEZqohJ";

#[tokio::test]
async fn get_reads_the_contact_below_its_key() {
    let server = start().await;
    let body = json!({"contact": {"id": id(), "firstName": "Ada", "dateOfBirth": "1990-09-25",
        "dndSettings": {"Email": {"status": "active"}}, "newMember": 1}});
    answers(&server, &format!("GET {ONE}"), 200, body).await;
    let ada = client(&server).contacts().get(&id()).await.unwrap();
    assert_eq!(ada.id, id());
    assert_eq!(ada.first_name.as_deref(), Some("Ada"));
    assert_eq!(
        ada.dnd_settings.unwrap().email,
        Some(DndStatus::Active.into())
    );
    assert_eq!(ada.extra["newMember"], 1);
}

#[tokio::test]
async fn get_tells_the_servers_time() {
    let server = start().await;
    let answer = ResponseTemplate::new(200)
        .set_body_json(json!({"contact": {"id": "c"}}))
        .insert_header("date", "Tue, 24 Nov 2026 10:00:00 GMT");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let fetched = client(&server).contacts().get_with_time(&id()).await;
    let at = fetched.unwrap().server_time.unwrap();
    assert_eq!(at.to_string(), "2026-11-24T10:00:00Z");
}

#[tokio::test]
async fn a_missing_contact_is_none_for_get_opt() {
    let server = start().await;
    let body = json!({"error": "Contact with id seD4PfOuKoVMLkEZqohJ not found", "status": 400});
    answers(&server, &format!("GET {ONE}"), 400, body).await;
    let found = client(&server).contacts().get_opt(&id()).await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn create_posts_what_is_set() {
    let server = start().await;
    let reply = json!({"contact": {"id": "new", "birthMonth": 9}});
    answers(&server, "POST /contacts/", 201, reply).await;
    let new = NewContact::in_location("loc")
        .email("ada@example.com")
        .tag("vip")
        .custom_field(CustomFieldWrite::set("f", "gold"));
    let made = client(&server).contacts().create(&new).await.unwrap();
    assert_eq!(made.id, ContactId::from("new"));
    let body = json!({"locationId": "loc", "email": "ada@example.com", "tags": ["vip"],
        "customFields": [{"id": "f", "field_value": "gold"}]});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn update_puts_only_what_changes() {
    let server = start().await;
    let reply = json!({"succeded": true, "contact": {"id": id()}});
    answers(&server, &format!("PUT {ONE}"), 200, reply).await;
    let update = ContactUpdate::new()
        .phone(Edit::Clear)
        .city("Dolomite")
        .dnd_settings(DndEdit::new().email(DndStatus::Inactive));
    client(&server)
        .contacts()
        .update(&id(), &update)
        .await
        .unwrap();
    let body = json!({"phone": null, "city": "Dolomite",
        "dndSettings": {"Email": {"status": "inactive"}}});
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn delete_believes_a_missing_flag_but_not_a_false_one() {
    let server = start().await;
    let call = format!("DELETE {ONE}");
    let contacts = client(&server).contacts();
    answers(&server, &call, 200, json!({})).await;
    contacts.delete(&id()).await.unwrap();
    Mock::given(any())
        .respond_with(ResponseTemplate::new(204))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    contacts.delete(&id()).await.unwrap();
    answers(&server, &call, 200, json!({"succeded": false})).await;
    let error = contacts.delete(&id()).await.unwrap_err();
    assert!(error.message().contains("succeded"), "{error}");
}

#[tokio::test]
async fn find_duplicate_encodes_its_query() {
    let server = start().await;
    answers(
        &server,
        "GET /contacts/search/duplicate",
        200,
        json!({"contact": null}),
    )
    .await;
    let key = DuplicateKey::email("a+b@example.com").or_phone("+18832327657");
    let contacts = client(&server).contacts();
    let found = contacts
        .find_duplicate(&LocationId::from("loc"), &key)
        .await
        .unwrap();
    assert_eq!(found, None);
    let url = only_request(&server).await.url;
    assert_eq!(
        url.query(),
        Some("locationId=loc&number=%2B18832327657&email=a%2Bb%40example.com")
    );
}

#[tokio::test]
async fn tags_are_added_and_removed_by_a_body() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let call = format!("POST {ONE}/tags");
    answers(&server, &call, 201, json!({"tags": ["a", "vip"]})).await;
    let tags = contacts.add_tags(&id(), &["VIP"]).await.unwrap();
    assert_eq!(tags, ["a", "vip"]);
    assert_eq!(sent(&server).await, json!({"tags": ["VIP"]}));

    server.reset().await;
    let call = format!("DELETE {ONE}/tags");
    answers(&server, &call, 200, json!({"tags": ["a"]})).await;
    let tags = contacts.remove_tags(&id(), &["vip"]).await.unwrap();
    assert_eq!(tags, ["a"]);
    assert_eq!(sent(&server).await, json!({"tags": ["vip"]}));
}

#[tokio::test]
async fn an_empty_id_is_refused_before_anything_is_sent() {
    let server = start().await;
    let error = client(&server).contacts().delete(&"".into()).await;
    assert_eq!(
        error.unwrap_err().effect(),
        ghl_contacts::Effect::NotApplied
    );
    assert!(server.received_requests().await.unwrap().is_empty());
}
