//! Every operation of the table is sent by a call, and every call is in the table.

use std::collections::BTreeSet;

use futures_util::{Stream, StreamExt};
use insightly::{
    ApiOperation, Client, ContactId, ContactUpdate, ETag, ListQuery, NewContact, Record, Records,
    Row, SearchQuery, Tag, TaggedRecords, User, UserId, operations,
    shapes::{Changed, Created, Deleted, Listed, ReadById, Searched, SearchedByTag, Tagged},
};
use wiremock::Request;

use crate::server::{Server, status};

async fn first<T>(stream: impl Stream<Item = T>) {
    std::pin::pin!(stream).next().await;
}

async fn listed<R: Listed + Row>(records: &Records<R>) {
    first(records.list(&ListQuery::new())).await;
}

async fn searched<R: Searched + Row>(records: &Records<R>) {
    first(records.search(&SearchQuery::new())).await;
}

async fn searched_by_tag<R: SearchedByTag + Row>(records: &Records<R>) {
    first(records.search_by_tag("x", &ListQuery::new())).await;
}

async fn read_by_id<R: ReadById>(records: &Records<R>, id: R::Id) {
    records.get(id).await.ok();
}

async fn created<R: Created>(records: &Records<R>, new: R::New) {
    records.create(&new).await.ok();
}

async fn changed<R: Changed>(records: &Records<R>, update: R::Update) {
    records.update(&update).await.ok();
    records.update_if(&update, &ETag("1".into())).await.ok();
}

async fn deleted<R: Deleted>(records: &Records<R>, id: R::Id) {
    records.delete(id).await.ok();
}

async fn tagged<R: Tagged>(records: &Records<R>, id: R::Id) {
    records.tags(id).await.ok();
    records.add_tag(id, "x").await.ok();
    records.set_tags(id, &[Tag::new("x")]).await.ok();
    records.set_tags_if(id, &[], &ETag("1".into())).await.ok();
    records.remove_tag(id, "x").await.ok();
}

async fn call_everything(client: &Client) {
    let contacts = client.contacts();
    let id = ContactId(1);
    listed(&contacts).await;
    searched(&contacts).await;
    searched_by_tag(&contacts).await;
    read_by_id(&contacts, id).await;
    created(&contacts, NewContact::new("Ada")).await;
    changed(&contacts, ContactUpdate::of(id)).await;
    deleted(&contacts, id).await;
    tagged(&contacts, id).await;

    listed::<User>(&client.users()).await;
    searched(&client.users()).await;
    read_by_id(&client.users(), UserId(1)).await;
    client.me().await.ok();
    client.countries().await.ok();
    client.instance().await.ok();
    client.custom_fields("Contacts").await.ok();
    client.custom_field("Contacts", "A__c").await.ok();
    first(client.tags(TaggedRecords::Leads)).await;
}

/// Whether a request can be an operation's.
fn fits(operation: &ApiOperation, request: &Request) -> bool {
    let (template, path) = (operation.path().split('/'), request.url.path());
    let path = path.strip_prefix("/v3.1").unwrap().split('/');
    let literal = |part: &str| !part.starts_with('{');
    operation.method().as_str() == request.method.as_str()
        && template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(part, given)| !literal(part) || part == given)
}

#[tokio::test]
async fn every_operation_of_the_table_is_called_and_every_call_is_in_the_table() {
    let server = Server::answering(status(400)).await;
    call_everything(&server.client).await;
    let requests = server.requests().await;
    for request in &requests {
        let known = operations().any(|operation| fits(operation, request));
        assert!(
            known,
            "{} {} is not in the table",
            request.method, request.url
        );
    }
    for operation in operations() {
        let called = requests.iter().any(|request| fits(operation, request));
        assert!(called, "{} is never called", operation.name());
    }
}

#[test]
fn names_are_unique_and_say_their_family() {
    let mut names = BTreeSet::new();
    for operation in operations() {
        assert!(names.insert(operation.name()), "{} twice", operation.name());
        let prefix = format!("{}.", operation.family());
        assert!(
            operation.name().starts_with(&prefix),
            "{}",
            operation.name()
        );
    }
}

#[test]
fn only_reads_and_what_can_be_done_twice_are_repeated() {
    for operation in operations() {
        let verb = operation.method().as_str();
        assert_eq!(operation.is_read(), verb == "GET", "{}", operation.name());
        if operation.name().ends_with(".create") || operation.name().ends_with("_if") {
            assert!(!operation.is_repeatable(), "{}", operation.name());
        }
    }
}

#[test]
fn a_record_tells_its_id() {
    fn id_of<R: Record>(record: &R) -> String {
        format!("{} {}", R::ID_NAME, record.id())
    }
    let user: User = serde_json::from_str(r#"{"USER_ID": 3}"#).unwrap();
    assert_eq!(id_of(&user), "USER_ID 3");
}
