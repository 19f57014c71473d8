use futures_util::TryStreamExt;
use insightly::{
    ApiKey, Client, ContactId, ContactUpdate, Effect, Error, ErrorKind, ListQuery, NewContact,
    RepeatPolicy, SecretString,
};
use serde_json::json;
use wiremock::{Request, ResponseTemplate};

use crate::server::{Server, json, status};

const ID: ContactId = ContactId(7);

async fn get(answer: ResponseTemplate) -> Error {
    let server = Server::answering(answer).await;
    server.client.contacts().get(ID).await.unwrap_err()
}

async fn create(answer: ResponseTemplate) -> (Error, usize) {
    let server = Server::answering(answer).await;
    let error = server
        .client
        .contacts()
        .create(&NewContact::new("Ada"))
        .await
        .unwrap_err();
    (error, server.requests().await.len())
}

#[tokio::test]
async fn each_form_of_error_body_gives_its_message() {
    let text = |body: &str| status(404).set_body_string(body);
    for (answer, message) in [
        (text("No Contact with ID = 7"), "No Contact with ID = 7"),
        (text("\"no such contact\""), "no such contact"),
        (json(404, json!({"Message": "gone"})), "gone"),
        (json(404, json!({"message": "gone"})), "gone"),
        (json(404, json!({"ErrorMessage": "gone"})), "gone"),
        (json(404, json!({"error": "gone"})), "gone"),
        (
            text("<!DOCTYPE html><html><title>404 - File</title></html>"),
            "404 - File",
        ),
        (status(404), "Not Found"),
    ] {
        let error = get(answer).await;
        assert_eq!(error.message(), message);
        assert_eq!(error.to_string(), format!("contacts.get: 404: {message}"));
        assert_eq!(error.status().unwrap(), 404);
    }
}

#[tokio::test]
async fn each_status_has_its_kind_and_changes_nothing() {
    for (code, kind) in [
        (400, ErrorKind::Invalid),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::PlanFull),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::FamilyNotAvailable),
        (405, ErrorKind::WrongResource),
        (409, ErrorKind::InUse),
        (412, ErrorKind::ChangedMeanwhile),
        (417, ErrorKind::DeleteFailed),
        (418, ErrorKind::Other),
    ] {
        let (error, requests) = create(status(code)).await;
        assert_eq!(error.kind(), &kind, "{code}");
        assert_eq!(error.effect(), Effect::NotApplied, "{code}");
        assert!(!error.is_transient(), "{code}");
        assert_eq!(requests, 1, "{code}");
    }
}

#[tokio::test]
async fn a_family_that_the_plan_lacks_is_not_a_missing_record() {
    let server = Server::answering(status(404)).await;
    let list = server.client.contacts().list(&ListQuery::new());
    let error = list.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::FamilyNotAvailable);
    let refused = "API User does not have access to Contacts.";
    let error = get(status(403).set_body_string(refused)).await;
    assert_eq!(error.kind(), &ErrorKind::FamilyNotAvailable);
    let error = get(json(403, json!("API User does not have access to Record."))).await;
    assert_eq!(error.kind(), &ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_create_with_a_lost_answer_is_not_sent_again() {
    let (error, requests) = create(status(500).set_body_string("<html></html>")).await;
    assert_eq!(error.kind(), &ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(requests, 1);
    let (error, requests) = create(ResponseTemplate::new(201).set_body_string("<html>")).await;
    assert_eq!(error.kind(), &ErrorKind::NotJson);
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_read_and_a_plain_update_are_sent_again_after_a_5xx() {
    let server = Server::answering(status(503)).await;
    server.client.contacts().get(ID).await.unwrap_err();
    assert_eq!(server.requests().await.len(), 5);
    let server = Server::answering(status(503)).await;
    let update = ContactUpdate::of(ID).phone("1");
    server.client.contacts().update(&update).await.unwrap_err();
    assert_eq!(server.requests().await.len(), 5);
}

#[tokio::test]
async fn an_update_under_if_match_is_not_sent_again() {
    let server = Server::answering(status(503)).await;
    let update = ContactUpdate::of(ID).phone("1");
    let etag = insightly::ETag("1".into());
    let error = server
        .client
        .contacts()
        .update_if(&update, &etag)
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(server.requests().await.len(), 1);
}

#[tokio::test]
async fn a_burst_is_waited_out_also_for_a_create() {
    let burst = status(429).insert_header("x-ratelimit-remaining", "17");
    let server = Server::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(burst)
        .up_to_n_times(1)
        .mount(&server.http)
        .await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(json(201, json!({"CONTACT_ID": 7})))
        .mount(&server.http)
        .await;
    server
        .client
        .contacts()
        .create(&NewContact::new("Ada"))
        .await
        .unwrap();
    assert_eq!(server.requests().await.len(), 2);
}

#[tokio::test]
async fn a_used_up_day_stops_at_once_and_further_calls_are_not_sent() {
    let used_up = status(429)
        .insert_header("x-ratelimit-limit", "1000")
        .insert_header("x-ratelimit-remaining", "0");
    let server = Server::answering(used_up).await;
    for _ in 0..2 {
        let error = server.client.contacts().get(ID).await.unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::DayExhausted {
                    ask_again_in: Some(_)
                }
            ),
            "{error:?}"
        );
        assert!(!error.is_transient());
        assert_eq!(error.effect(), Effect::NotApplied);
    }
    assert_eq!(server.requests().await.len(), 1);
}

#[tokio::test]
async fn a_200_that_is_no_list_is_not_the_end_of_a_list() {
    for answer in [
        json(200, json!({"Message": "maintenance"})),
        json(200, json!(null)),
        status(200).set_body_string("<html>proxy</html>"),
    ] {
        let server = Server::answering(answer).await;
        let list = server.client.contacts().list(&ListQuery::new());
        let error = list.try_collect::<Vec<_>>().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Decode { .. } | ErrorKind::NotJson),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_unreadable_record_tells_where() {
    let odd = json(200, json!({"CONTACT_ID": 7, "DATE_CREATED_UTC": "soon"}));
    let error = get(odd).await;
    let ErrorKind::Decode { path, detail } = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(path, "DATE_CREATED_UTC");
    assert!(detail.contains("`soon` is no date"), "{detail}");
}

#[tokio::test]
async fn a_replaced_key_is_tried_once_after_a_401() {
    let server = Server::answering(|request: &Request| {
        let fresh = request.headers["authorization"] == "Basic ZnJlc2g6";
        if fresh {
            json(200, json!({"CONTACT_ID": 7}))
        } else {
            status(401)
        }
    })
    .await;
    let key = ApiKey::new(SecretString::from("stale"));
    let client = Client::builder(key.clone())
        .base_url(format!("{}/v3.1", server.http.uri()))
        .repeats(RepeatPolicy::never())
        .build()
        .unwrap();
    let error = client.contacts().get(ID).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Unauthorized);
    key.replace(SecretString::from("fresh"));
    client.contacts().get(ID).await.unwrap();
}

#[tokio::test]
async fn no_server_is_no_connection() {
    let client = Client::builder(SecretString::from("k"))
        .base_url("http://127.0.0.1:1/v3.1")
        .repeats(RepeatPolicy::never())
        .build()
        .unwrap();
    let error = client
        .contacts()
        .create(&NewContact::new("Ada"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Connect);
    assert_eq!(error.effect(), Effect::NotApplied);
}
