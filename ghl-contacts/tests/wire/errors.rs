use std::time::Duration;

use ghl_contacts::{
    ContactId, ContactUpdate, Effect, Error, ErrorKind, NewContact, RepeatPolicy, scopes::Scope,
};
use serde_json::{Value, json};
use wiremock::{Mock, ResponseTemplate, matchers::any};

use crate::server::{client, client_with, start};

/// The error of a create that is answered like this.
async fn create(answer: ResponseTemplate) -> Error {
    let server = start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let new = NewContact::in_location("loc").email("ada@example.com");
    client(&server).contacts().create(&new).await.unwrap_err()
}

/// The error of a read that is answered like this.
async fn get(answer: ResponseTemplate) -> Error {
    let server = start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let id = ContactId::from("c");
    client(&server).contacts().get(&id).await.unwrap_err()
}

fn answer(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

#[tokio::test]
async fn a_duplicate_names_the_existing_contact_and_the_field() {
    let body = json!({"statusCode": 400,
        "message": "This location does not allow duplicated contacts.",
        "meta": {"contactId": "old", "matchingField": "phone", "contactName": "Ada"},
        "traceId": "t-9"});
    let error = create(answer(400, body)).await;
    let kind = ErrorKind::Duplicate {
        existing: "old".into(),
        field: "phone".into(),
    };
    assert_eq!(error.kind(), &kind);
    assert_eq!(error.effect(), Effect::NotApplied);
    assert_eq!(error.request_id(), Some("t-9"));
    assert_eq!(
        error.to_string(),
        "contacts.create: 400: This location does not allow duplicated contacts. (request t-9)"
    );
}

#[tokio::test]
async fn not_found_is_a_400_and_a_404_of_the_framework_is_not() {
    let gone = json!({"error": "Contact with id c not found", "status": 400});
    assert!(get(answer(400, gone)).await.is_not_found());
    let gone = json!({"statusCode": 404, "message": "Contact not found"});
    assert!(get(answer(404, gone)).await.is_not_found());
    for route in [
        answer(404, json!({"message": "Cannot GET /contacts/c"})),
        ResponseTemplate::new(404),
    ] {
        assert_eq!(get(route).await.kind(), &ErrorKind::UnknownRoute);
    }
    let location = json!({"message": "Location not found"});
    assert!(!get(answer(400, location)).await.is_not_found());
}

#[tokio::test]
async fn a_refused_field_is_named() {
    let messages = vec!["property gender should not exist".to_owned()];
    let body = json!({"message": messages, "error": "Unprocessable Entity", "statusCode": 422});
    let error = create(answer(422, body)).await;
    let kind = ErrorKind::InvalidField {
        fields: vec!["gender".into()],
        messages,
    };
    assert_eq!(error.kind(), &kind);
    assert_eq!(error.effect(), Effect::NotApplied);
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_422_without_validation_messages_may_have_created_the_contact() {
    let error = create(answer(422, json!({"message": "Something went wrong"}))).await;
    assert_eq!(error.effect(), Effect::Unknown);
}

#[tokio::test]
async fn a_401_is_told_apart_by_its_text() {
    for (message, kind) in [
        ("Invalid Private Integration token", ErrorKind::Unauthorized),
        ("Invalid JWT", ErrorKind::Unauthorized),
        ("version header was not found.", ErrorKind::Version),
        ("version header is invalid", ErrorKind::Version),
        (
            "This token's user type is not yet supported!",
            ErrorKind::Forbidden,
        ),
        (
            "The token is not authorized for this scope.",
            ErrorKind::MissingScope {
                operation: "contacts.create",
                scope: Some(Scope::ContactsWrite),
            },
        ),
    ] {
        let error = create(answer(401, json!({"statusCode": 401, "message": message}))).await;
        assert_eq!(error.kind(), &kind, "{message}");
        assert_eq!(error.effect(), Effect::NotApplied, "{message}");
        assert!(!error.is_transient(), "{message}");
    }
}

#[tokio::test]
async fn a_401_command_timed_out_may_have_been_done() {
    let error = create(ResponseTemplate::new(401).set_body_string("Command timed out")).await;
    assert_eq!(error.kind(), &ErrorKind::Timeout);
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(error.is_transient());
    let error = get(ResponseTemplate::new(401).set_body_string("Command timed out")).await;
    assert_eq!(error.effect(), Effect::NotApplied);
}

#[tokio::test]
async fn a_403_is_the_wrong_location_or_forbidden() {
    let body = json!({"message": "The token does not have access to this location."});
    assert_eq!(
        create(answer(403, body)).await.kind(),
        &ErrorKind::WrongLocation
    );
    let body = json!({"message": "Forbidden resource", "error": "Forbidden", "statusCode": 403});
    assert_eq!(
        create(answer(403, body)).await.kind(),
        &ErrorKind::Forbidden
    );
}

#[tokio::test]
async fn a_400_without_a_closer_meaning_is_a_bad_request() {
    let body = json!({"message": "Pass at least one of number, email query parameter"});
    assert_eq!(
        create(answer(400, body)).await.kind(),
        &ErrorKind::BadRequest
    );
}

fn too_many() -> ResponseTemplate {
    answer(
        429,
        json!({"statusCode": 429, "message": "Too Many Requests"}),
    )
}

#[tokio::test]
async fn a_429_asks_to_wait_one_interval() {
    let error = create(too_many()).await;
    assert_eq!(error.kind(), &ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(10)));
    assert!(error.is_transient());
    let told = too_many().insert_header("x-ratelimit-interval-milliseconds", "4000");
    let error = create(told).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(4)));
}

#[tokio::test]
async fn an_exhausted_day_is_no_reason_to_wait_ten_seconds() {
    let told = too_many()
        .insert_header("x-ratelimit-daily-remaining", "0")
        .insert_header("x-ratelimit-daily-reset", "86343000");
    let error = create(told).await;
    let resets_in = Some(Duration::from_secs(86_343));
    assert_eq!(error.kind(), &ErrorKind::DayExhausted { resets_in });
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_gateways_page_keeps_status_and_text() {
    let page = ResponseTemplate::new(502).set_body_raw("<h1>Bad gateway</h1>", "text/html");
    let error = create(page).await;
    assert_eq!(error.kind(), &ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(error.message(), "<h1>Bad gateway</h1>");
}

#[tokio::test]
async fn a_200_with_html_may_have_been_done() {
    let page = ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html");
    let error = create(page).await;
    assert_eq!(error.kind(), &ErrorKind::NotJson);
    assert_eq!(error.effect(), Effect::Unknown);
}

#[tokio::test]
async fn an_update_is_repeated_after_a_gateway_error_and_a_create_is_not() {
    let server = start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(503))
        .mount(&server)
        .await;
    let repeats = RepeatPolicy::default()
        .attempts(3)
        .first_wait(Duration::from_millis(1));
    let contacts = client_with(&server, repeats).contacts();
    let new = NewContact::in_location("loc").email("ada@example.com");
    contacts.create(&new).await.unwrap_err();
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    let update = ContactUpdate::new().city("Dolomite");
    contacts.update(&"c".into(), &update).await.unwrap_err();
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_repeated_delete_that_finds_nothing_has_succeeded() {
    let server = start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(502))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(answer(400, json!({"error": "Contact with id c not found"})))
        .mount(&server)
        .await;
    let repeats = RepeatPolicy::default().first_wait(Duration::from_millis(1));
    let contacts = client_with(&server, repeats).contacts();
    contacts.delete(&"c".into()).await.unwrap();
}
