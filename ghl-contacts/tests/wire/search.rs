use futures_util::TryStreamExt;
use ghl_contacts::{Contact, ContactQuery, ErrorKind, Filter, SearchField};
use serde_json::{Value, json};
use wiremock::MockServer;

use crate::server::{answers, client, sent, start};

const SEARCH: &str = "POST /contacts/search";

/// A row as the index shows it, with its cursor.
fn row(n: u32) -> Value {
    json!({"id": format!("c{n}"), "searchAfter": [n, format!("c{n}")]})
}

async fn page(server: &MockServer, rows: std::ops::Range<u32>, total: u32) {
    let rows: Vec<Value> = rows.map(row).collect();
    let body = json!({"contacts": rows, "total": total, "traceId": "t-1"});
    answers(server, SEARCH, 200, body).await;
}

async fn walk(server: &MockServer) -> ghl_contacts::Result<Vec<Contact>> {
    let query = ContactQuery::in_location("loc").page_size(3);
    client(server).contacts().search(query).try_collect().await
}

#[tokio::test]
async fn a_page_is_asked_for_by_filter_sort_and_cursor() {
    let server = start().await;
    page(&server, 0..2, 2).await;
    let query = ContactQuery::in_location("loc")
        .text("ada")
        .filter(Filter::updated_at_least(
            "2026-11-24T10:00:00Z".parse().unwrap(),
        ))
        .ascending(SearchField::DATE_UPDATED)
        .page_size(500);
    let after = serde_json::from_value(json!([1_736_471_515_514_i64, "VU1"])).unwrap();
    let contacts = client(&server).contacts();
    let page = contacts.search_page(&query, Some(&after)).await.unwrap();
    assert_eq!(page.total, Some(2));
    assert_eq!(page.trace_id.as_deref(), Some("t-1"));
    assert_eq!(serde_json::to_value(&page.next).unwrap(), json!([1, "c1"]));
    let body = json!({
        "locationId": "loc", "pageLimit": 500, "query": "ada",
        "filters": [{"field": "dateUpdated", "operator": "range",
                     "value": {"gte": "2026-11-24T10:00:00.000Z"}}],
        "sort": [{"field": "dateUpdated", "direction": "asc"}],
        "searchAfter": [1_736_471_515_514_i64, "VU1"],
    });
    assert_eq!(sent(&server).await, body);
}

#[tokio::test]
async fn a_short_page_does_not_end_the_stream() {
    let server = start().await;
    page(&server, 0..3, 6).await;
    page(&server, 3..5, 6).await;
    page(&server, 5..6, 6).await;
    page(&server, 0..0, 6).await;
    assert_eq!(walk(&server).await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_shrinking_total_does_not_end_the_stream() {
    let server = start().await;
    page(&server, 0..3, 6).await;
    page(&server, 3..5, 4).await;
    page(&server, 5..6, 4).await;
    page(&server, 0..0, 4).await;
    assert_eq!(walk(&server).await.unwrap().len(), 6);
}

#[tokio::test]
async fn an_empty_page_ends_the_stream() {
    let server = start().await;
    page(&server, 0..3, 9).await;
    page(&server, 0..0, 9).await;
    assert_eq!(walk(&server).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_page_that_leads_nowhere_is_an_error_and_not_an_end() {
    let server = start().await;
    let body = json!({"contacts": [{"id": "c"}], "total": 9});
    answers(&server, SEARCH, 200, body).await;
    assert!(walk(&server).await.is_err());

    server.reset().await;
    page(&server, 0..3, 9).await;
    page(&server, 0..3, 9).await;
    assert!(walk(&server).await.is_err());
}

#[tokio::test]
async fn what_the_api_would_refuse_is_refused_here() {
    let server = start().await;
    let contacts = client(&server).contacts();
    for query in [
        ContactQuery::in_location("loc").page_size(501),
        ContactQuery::in_location("loc").text("x".repeat(76)),
        ContactQuery::in_location("loc").tag("x".repeat(76)),
    ] {
        let error = contacts.search_page(&query, None).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::InvalidRequest);
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unreadable_page_names_the_row() {
    let server = start().await;
    let body = json!({"contacts": [row(0), {"email": "no id"}], "total": 2});
    answers(&server, SEARCH, 200, body).await;
    let error = walk(&server).await.unwrap_err();
    let ErrorKind::Decode { path, detail } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(path, "contacts[1]");
    assert!(detail.contains("missing field `id`"), "{detail}");
}
