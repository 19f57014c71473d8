//! What other clients of this API were measured to get wrong, in paging and decoding. What they
//! get wrong in webhooks is in `tests/webhooks`.

use futures_util::TryStreamExt;
use ghl_contacts::{Contact, ContactQuery, DuplicateKey, ListPage, LocationId, TagChange};
use serde_json::{Value, json};

use crate::server::{answers, client, start};

fn row(n: usize) -> Value {
    json!({"id": format!("c{n}"), "searchAfter": [n, format!("c{n}")]})
}

/// ghl-sdk: `search`, `duplicate` and `bulk tags` decode to nothing, since no schema says what
/// they answer.
#[tokio::test]
async fn answers_that_no_schema_describes_are_decoded_all_the_same() {
    let server = start().await;
    let contacts = client(&server).contacts();
    let location = LocationId::from("l");

    let found = json!({"contacts": [row(1)], "total": 1, "traceId": "t"});
    answers(&server, "POST /contacts/search", 200, found).await;
    let query = ContactQuery::in_location(&location);
    let page = contacts.search_page(&query, None).await.unwrap();
    assert_eq!(page.contacts[0].id, "c1".into());

    let same = json!({"contact": {"id": "c2", "email": "a@b.c"}});
    answers(&server, "GET /contacts/search/duplicate", 200, same).await;
    let key = DuplicateKey::email("a@b.c");
    let same = contacts.find_duplicate(&location, &key).await.unwrap();
    assert_eq!(same.unwrap().email.as_deref(), Some("a@b.c"));

    let done = json!({"succeded": true, "errorCount": 0,
        "responses": [{"contactId": "c1", "type": "success", "tagsAdded": ["vip"]}]});
    answers(&server, "POST /contacts/bulk/tags/update/add", 201, done).await;
    let change = TagChange::add(["vip"]);
    let done = contacts.bulk_tags(&location, &["c1".into()], &change).await;
    let results = done.unwrap().responses.unwrap();
    assert_eq!(results[0].tags_added, Some(vec!["vip".to_owned()]));
}

/// ghl-sdk: its stream ends at the first page with fewer rows than asked for.
#[tokio::test]
async fn a_short_page_with_a_cursor_is_followed_by_the_next_one() {
    let server = start().await;
    for rows in [vec![row(1)], vec![row(2), row(3)], vec![]] {
        let page = json!({"contacts": rows, "total": 3});
        answers(&server, "POST /contacts/search", 200, page).await;
    }
    let query = ContactQuery::in_location("l").page_size(100);
    let contacts = client(&server).contacts();
    let all: Vec<Contact> = contacts.search(query).try_collect().await.unwrap();
    assert_eq!(all.len(), 3);
}

/// n8n's node: page two goes without `locationId`, which is a 403. A Singer tap: page one only.
#[tokio::test]
async fn every_page_names_the_location_and_goes_on_from_the_last_row() {
    let server = start().await;
    for rows in [vec![row(1)], vec![row(2)], vec![]] {
        let page = json!({"contacts": rows, "total": 2});
        answers(&server, "POST /contacts/search", 200, page).await;
    }
    let query = ContactQuery::in_location("l").page_size(1);
    let contacts = client(&server).contacts();
    let all: Vec<Contact> = contacts.search(query).try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<Value> = requests
        .iter()
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect();
    assert!(bodies.iter().all(|body| body["locationId"] == "l"));
    let cursors: Vec<&Value> = bodies.iter().map(|body| &body["searchAfter"]).collect();
    assert_eq!(
        cursors,
        [&Value::Null, &json!([1, "c1"]), &json!([2, "c2"])]
    );
}

/// Of the list's cursor one part alone shows page one for ever.
#[tokio::test]
async fn the_lists_second_page_is_asked_for_with_both_parts_of_the_cursor() {
    let server = start().await;
    let first = json!({"contacts": [{"id": "c1"}],
        "meta": {"total": 2, "startAfter": 1_603_870_249_758_i64, "startAfterId": "c1"}});
    answers(&server, "GET /contacts/", 200, first).await;
    answers(&server, "GET /contacts/", 200, json!({"contacts": []})).await;
    let contacts = client(&server).contacts();
    let location = LocationId::from("l");
    let first: ListPage = contacts.list_page(&location, None, 1, None).await.unwrap();
    let after = first.next();
    let last = contacts.list_page(&location, None, 1, after.as_ref()).await;
    assert_eq!(last.unwrap().next(), None);
    let requests = server.received_requests().await.unwrap();
    let asked = requests[1].url.query().unwrap();
    for part in [
        "locationId=l",
        "startAfter=1603870249758",
        "startAfterId=c1",
    ] {
        assert!(asked.contains(part), "{asked}");
    }
}
