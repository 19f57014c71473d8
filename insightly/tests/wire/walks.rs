use std::sync::Mutex;

use futures_util::{StreamExt, TryStreamExt};
use insightly::{ChildQuery, ContactId, Cursor, ErrorKind, ListQuery, SearchQuery};
use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use crate::server::{Server, json, query};

/// A live table: serves `top` and `skip`, and loses rows before the n-th request.
struct Table {
    rows: Mutex<(Vec<i64>, usize)>,
    vanish: fn(usize) -> &'static [i64],
}

impl Table {
    fn new(rows: impl IntoIterator<Item = i64>, vanish: fn(usize) -> &'static [i64]) -> Self {
        Self {
            rows: Mutex::new((rows.into_iter().collect(), 0)),
            vanish,
        }
    }
}

impl Respond for Table {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.rows.lock().unwrap();
        let gone = (self.vanish)(state.1);
        state.1 += 1;
        state.0.retain(|row| !gone.contains(row));
        let number = |name: &str| {
            let found = request.url.query_pairs().find(|(key, _)| key == name);
            found.map_or(0, |(_, value)| value.parse().unwrap())
        };
        let rows = state.0.iter().skip(number("skip")).take(number("top"));
        let rows: Vec<Value> = rows.map(|id| json!({"CONTACT_ID": id})).collect();
        json(200, json!(rows)).insert_header("x-total-count", state.0.len().to_string().as_str())
    }
}

async fn walked(table: Table, size: u32) -> Vec<i64> {
    let server = Server::answering(table).await;
    let list = server
        .client
        .contacts()
        .list(&ListQuery::new().page_size(size));
    let ids: Vec<_> = list
        .map_ok(|contact| contact.id.0)
        .try_collect()
        .await
        .unwrap();
    ids
}

#[tokio::test]
async fn pages_overlap_by_a_row_and_only_the_first_one_counts() {
    let server = Server::answering(Table::new(1..=7, |_| &[])).await;
    let list = server
        .client
        .contacts()
        .list(&ListQuery::new().page_size(4));
    let ids: Vec<_> = list
        .map_ok(|contact| contact.id)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids, (1..=7).map(ContactId).collect::<Vec<_>>());
    let requests: Vec<_> = server.requests().await.iter().map(query).collect();
    assert_eq!(
        requests,
        [
            vec!["brief=false", "top=4", "count_total=true"],
            vec!["brief=false", "top=4", "skip=3"],
        ]
    );
}

#[tokio::test]
async fn a_row_that_vanishes_during_a_walk_hides_no_other() {
    let first = Table::new(1..=10, |call| if call == 1 { &[1, 2] } else { &[] });
    assert_eq!(walked(first, 4).await, (1..=10).collect::<Vec<_>>());
    let last_seen = Table::new(1..=10, |call| if call == 1 { &[4] } else { &[] });
    assert_eq!(walked(last_seen, 4).await, (1..=10).collect::<Vec<_>>());
    let unseen = Table::new(1..=10, |call| {
        if call == 1 {
            &[1, 2, 3, 4, 5, 6, 7]
        } else {
            &[]
        }
    });
    assert_eq!(walked(unseen, 4).await, [1, 2, 3, 4, 8, 9, 10]);
}

#[tokio::test]
async fn a_walk_goes_on_from_a_kept_cursor() {
    let server = Server::answering(Table::new(1..=5, |_| &[])).await;
    let query = SearchQuery::new().page_size(3);
    let contacts = server.client.contacts();
    let first = contacts
        .search_page(&query, &Cursor::start())
        .await
        .unwrap();
    assert_eq!(first.total, Some(5));
    let kept = serde_json::to_string(&first.next.unwrap()).unwrap();
    let cursor: Cursor = serde_json::from_str(&kept).unwrap();
    let second = contacts.search_page(&query, &cursor).await.unwrap();
    let ids: Vec<_> = second.items.iter().map(|contact| contact.id.0).collect();
    assert_eq!(ids, [4, 5]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn a_broken_row_hides_no_other() {
    let rows = json!([
        {"CONTACT_ID": 1},
        {"CONTACT_ID": 2, "DATE_OF_BIRTH": "soon"},
        {"CONTACT_ID": 3},
    ]);
    let answer = json(200, rows).insert_header("x-total-count", "3");
    let server = Server::answering(answer).await;
    let contacts = server.client.contacts();
    let page = contacts
        .list_page(&ListQuery::new(), &Cursor::start())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.unreadable[0].id, Some(2));
    assert_eq!(page.unreadable[0].path, "[1].DATE_OF_BIRTH");

    let rows: Vec<_> = contacts.list(&ListQuery::new()).collect().await;
    assert_eq!(rows.len(), 3);
    let error = rows[1].as_ref().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode { path, .. } if path == "[1].DATE_OF_BIRTH"));
    assert!(rows[2].is_ok());
}

#[tokio::test]
async fn a_list_below_a_record_is_walked_like_any_other() {
    let server = Server::answering(|_: &Request| {
        json(200, json!([{"NOTE_ID": 1}, {"NOTE_ID": 2}])).insert_header("x-total-count", "3")
    })
    .await;
    let contacts = server.client.contacts();
    let (id, query) = (ContactId(7), ChildQuery::new().page_size(2));
    let first = contacts
        .notes_page(id, &query, &Cursor::start())
        .await
        .unwrap();
    assert_eq!(first.items.len(), 2);
    let next = first.next.unwrap();
    let second = contacts.notes_page(id, &query, &next).await.unwrap();
    assert!(second.items.is_empty(), "the anchor is gone: a step back");
    assert!(second.next.is_some());
}

#[tokio::test]
async fn pages_asked_for_at_once_give_the_same_rows_in_the_same_order() {
    for vanish in [
        (|_| &[]) as fn(usize) -> &'static [i64],
        |call| if call == 2 { &[1, 2, 30, 31] } else { &[] },
        |call| if call % 3 == 2 { &[5, 40, 41, 90] } else { &[] },
    ] {
        let server = Server::answering(Table::new(1..=100, vanish)).await;
        let query = ListQuery::new().page_size(10).pages_at_once(4);
        let list = server.client.contacts().list(&query);
        let seen: Vec<i64> = list
            .map_ok(|contact| contact.id.0)
            .try_collect()
            .await
            .unwrap();
        assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
        let vanished = [1, 2, 5, 30, 31, 40, 41, 90];
        for row in (1..=100).filter(|row| !vanished.contains(row)) {
            assert!(seen.contains(&row), "{row} was missed: {seen:?}");
        }
    }
}

#[tokio::test]
async fn reading_ahead_asks_for_nothing_that_is_not_there() {
    let server = Server::answering(Table::new(1..=100, |_| &[])).await;
    let query = ListQuery::new().page_size(34).pages_at_once(6);
    let list = server.client.contacts().list(&query);
    assert_eq!(list.count().await, 100);
    assert_eq!(server.requests().await.len(), 3);
}

#[tokio::test]
async fn small_records_come_in_larger_pages_after_the_first_one() {
    let server = Server::answering(Table::new(1..=700, |_| &[])).await;
    let list = server.client.contacts().list(&ListQuery::new());
    assert_eq!(list.count().await, 700);
    let asked: Vec<_> = server.requests().await.iter().map(query).collect();
    assert_eq!(asked[0][1], "top=200");
    assert_eq!(asked[1][1..], ["top=500", "skip=199"]);
    assert_eq!(asked.len(), 3);
}
