use insightly::{
    Contact, ContactId, HeaderMap, HeaderValue, SecretString, Task, TaskId,
    webhooks::{BasicCredentials, Hint, HintKind, NotAHint, Receiver, Refusal},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

pub(crate) const PASSWORD: &str = "correct horse: battery";

pub(crate) fn credentials() -> BasicCredentials {
    BasicCredentials::new("insightly", SecretString::from(PASSWORD))
}

pub(crate) fn headers(value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_str(value).unwrap());
    headers
}

/// `insightly:correct horse: battery`, encoded by `base64` on the command line.
pub(crate) const RIGHT: &str = "Basic aW5zaWdodGx5OmNvcnJlY3QgaG9yc2U6IGJhdHRlcnk=";

fn body(entity: Value) -> Vec<u8> {
    json!({ "entity": entity }).to_string().into_bytes()
}

#[test]
fn the_kind_is_that_of_the_record_and_not_of_those_that_it_points_at() {
    for (entity, kind, id) in [
        (
            json!({"TASK_ID": 1, "PROJECT_ID": 2, "OPPORTUNITY_ID": null}),
            HintKind::Task,
            Some(1),
        ),
        (
            json!({"PROJECT_ID": 2, "OPPORTUNITY_ID": 3}),
            HintKind::Project,
            Some(2),
        ),
        (
            json!({"OPPORTUNITY_ID": 3, "ORGANISATION_ID": 4}),
            HintKind::Opportunity,
            Some(3),
        ),
        (
            json!({"CONTACT_ID": "5", "ORGANISATION_ID": 4}),
            HintKind::Contact,
            Some(5),
        ),
        (
            json!({"LEAD_ID": 6, "CONVERTED_CONTACT_ID": 5}),
            HintKind::Lead,
            Some(6),
        ),
        (
            json!({"ORGANISATION_ID": 4}),
            HintKind::Organisation,
            Some(4),
        ),
        (json!({"EVENT_ID": 7}), HintKind::Event, Some(7)),
        (
            json!({"RECORD_ID": 8}),
            HintKind::CustomObjectRecord,
            Some(8),
        ),
        (
            json!({"QUOTE_ID": 9, "OPPORTUNITY_ID": 3, "CONTACT_ID": 5}),
            HintKind::Other,
            None,
        ),
        (json!({"NAME": "?"}), HintKind::Other, None),
    ] {
        let hint = Hint::read(&body(entity.clone())).unwrap();
        assert_eq!((hint.kind(), hint.id()), (kind, id), "{entity}");
    }
}

#[test]
fn a_route_of_one_kind_settles_the_kind() {
    let task = body(json!({"TASK_ID": 1, "PROJECT_ID": 2}));
    let hint = Hint::read_as(&task, HintKind::Task).unwrap();
    assert_eq!(hint.id_of::<Task>(), Some(TaskId(1)));
    assert_eq!(hint.id_of::<Contact>(), None);
    let wrong = Hint::read_as(&task, HintKind::Contact).unwrap_err();
    assert_eq!(wrong, NotAHint::NoId("CONTACT_ID"));
}

#[test]
fn dates_of_webhooks_are_read_and_days_stay_days() {
    let hint = Hint::read(&body(json!({
        "CONTACT_ID": 7,
        "DATE_UPDATED_UTC": "/Date(1489116850787-0800)/",
        "DATE_OF_BIRTH": "/Date(350006400000)/",
    })))
    .unwrap();
    let shown: Contact = hint.shown_as().unwrap();
    assert_eq!(shown.id, ContactId(7));
    assert_eq!(
        shown.date_updated.unwrap().as_millisecond(),
        1_489_116_850_787
    );
    assert_eq!(shown.date_of_birth.unwrap().to_string(), "1981-02-03");
}

#[test]
fn what_is_no_hint_says_so_and_never_panics() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"entity\": 7}",
        "{\"entity\": [",
        "\u{0}",
    ] {
        assert!(
            matches!(Hint::read(body.as_bytes()), Err(NotAHint::NoEntity(_))),
            "{body}"
        );
    }
}

#[tokio::test]
async fn trap_23_a_webhook_is_neither_believed_without_its_password_nor_taken_for_the_record() {
    let (inbox, mut hints) = mpsc::channel(8);
    let receiver = Receiver::new(credentials(), inbox);
    let contact = body(json!({"CONTACT_ID": 7, "FIRST_NAME": "Ada"}));
    let wrong = ["Basic aW5zaWdodGx5Og==", "Basic !", "Basic", "Bearer x", ""];
    for value in wrong {
        let refused = receiver.receive(&headers(value), &contact);
        assert_eq!(refused, Err(Refusal::Unauthorized), "{value}");
    }
    let nobody = receiver.receive(&HeaderMap::new(), &contact);
    assert_eq!(nobody, Err(Refusal::Unauthorized));
    let mut twice = headers(RIGHT);
    twice.append("authorization", HeaderValue::from_static("Basic eDp5"));
    assert_eq!(
        receiver.receive(&twice, &contact),
        Err(Refusal::Unauthorized)
    );
    assert!(hints.try_recv().is_err());

    receiver.receive(&headers(RIGHT), &contact).unwrap();
    let hint = hints.try_recv().unwrap();
    assert_eq!(
        hint.id_of::<Contact>(),
        Some(ContactId(7)),
        "an id to read by"
    );
}

#[tokio::test]
async fn a_full_inbox_asks_to_come_again_and_loses_nothing_that_it_took() {
    let (inbox, mut hints) = mpsc::channel(1);
    let receiver = Receiver::new(credentials(), inbox).of(HintKind::Contact);
    let send = |id: i64| receiver.receive(&headers(RIGHT), &body(json!({"CONTACT_ID": id})));
    send(1).unwrap();
    assert_eq!(send(2), Err(Refusal::Full));
    assert_eq!(Refusal::Full.status(), 503);
    assert_eq!(hints.recv().await.unwrap().id(), Some(1));
    send(2).unwrap();
    assert_eq!(hints.recv().await.unwrap().id(), Some(2));
}

#[test]
fn no_password_is_ever_shown() {
    let (inbox, _hints) = mpsc::channel(1);
    let shown = format!("{:?}", Receiver::new(credentials(), inbox));
    assert!(!shown.contains("horse"), "{shown}");
}
