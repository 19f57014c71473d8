use insightly::{ContactId, ETag, Tag};
use serde_json::json;

use crate::server::{Server, body, json, status};

const ID: ContactId = ContactId(7);

#[tokio::test]
async fn tags_are_read_as_names() {
    let server = Server::on(
        "GET",
        "/Contacts/7/Tags",
        json(201, json!([{"TAG_NAME": "vip"}])),
    )
    .await;
    assert_eq!(
        server.client.contacts().tags(ID).await.unwrap(),
        [Tag::new("vip")]
    );
}

#[tokio::test]
async fn one_tag_is_added_by_post() {
    let server = Server::on(
        "POST",
        "/Contacts/7/Tags",
        json(201, json!({"TAG_NAME": "vip"})),
    )
    .await;
    server.client.contacts().add_tag(ID, "vip").await.unwrap();
    assert_eq!(body(&server.request().await), json!({"TAG_NAME": "vip"}));
}

#[tokio::test]
async fn one_tag_is_removed_by_a_delete_with_a_body() {
    let server = Server::on("DELETE", "/Contacts/7/Tags", status(202)).await;
    server
        .client
        .contacts()
        .remove_tag(ID, "vip")
        .await
        .unwrap();
    assert_eq!(body(&server.request().await), json!({"TAG_NAME": "vip"}));
}

#[tokio::test]
async fn the_whole_set_is_put_as_an_array() {
    let now = json!([{"TAG_NAME": "a"}, {"TAG_NAME": "b"}]);
    let server = Server::on("PUT", "/Contacts/7/Tags", json(201, now.clone())).await;
    let tags = [Tag::new("a"), Tag::new("b")];
    assert_eq!(
        server.client.contacts().set_tags(ID, &tags).await.unwrap(),
        tags
    );
    let request = server.request().await;
    assert_eq!(body(&request), now);
    assert!(!request.headers.contains_key("if-match"));
}

#[tokio::test]
async fn the_whole_set_can_be_put_for_a_known_version_only() {
    let server = Server::on("PUT", "/Contacts/7/Tags", json(200, json!([]))).await;
    let etag = ETag("W/\"1\"".into());
    server
        .client
        .contacts()
        .set_tags_if(ID, &[], &etag)
        .await
        .unwrap();
    let request = server.request().await;
    assert_eq!(request.headers["if-match"], "W/\"1\"");
    assert_eq!(body(&request), json!([]));
}

#[tokio::test]
async fn a_tag_over_its_limit_is_refused_before_it_is_sent() {
    let server = Server::answering(status(500)).await;
    let tags = [Tag::new("a"), Tag::new("x".repeat(256))];
    let error = server
        .client
        .contacts()
        .set_tags(ID, &tags)
        .await
        .unwrap_err();
    assert!(error.message().contains("TAG_NAME takes 255"), "{error}");
    assert!(server.requests().await.is_empty());
}
