//! The whole way of a call, over a wire that a test owns.
#![allow(clippy::unwrap_used, reason = "a broken law fails its test")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use api_transport::{
    ApiError, Attempt, Base, Bytes, Definition, Dialect, Edit, Effect, Fault, HeaderMap, Kind,
    LimitReading, Operation, Pacer, RepeatPolicy, Request, Response, RotatingSecret, SecretString,
    SendError, Sender, StatusCode, Transport, TransportBuilder, Verdict,
};
use async_trait::async_trait;
use tokio::time::Instant;

static READ: Definition = Definition::get("things.get", "/things/{id}");
static CREATE: Definition = Definition::post("things.create", "/things");
static DELETE: Definition = Definition::delete("things.delete", "/things/{id}");

#[derive(Debug, Clone, PartialEq)]
enum Why {
    Gone,
    Fault(Fault),
    Other,
}

impl From<Fault> for Why {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Kind for Why {
    fn is_not_found(&self) -> bool {
        *self == Self::Gone
    }
}

struct Plain;

impl Dialect for Plain {
    type Kind = Why;

    fn prepare(&self, _request: &mut Request) {}

    fn limits(&self, _response: &Response) -> LimitReading {
        LimitReading::default()
    }

    fn classify(&self, definition: &Definition, response: &Response) -> Verdict<Why> {
        let status = response.status.as_u16();
        Verdict {
            kind: if status == 404 { Why::Gone } else { Why::Other },
            message: "said the server".to_owned(),
            request_id: None,
            effect: match status {
                500.. if !definition.is_read() => Effect::Unknown,
                _ => Effect::NotApplied,
            },
            transient: matches!(status, 429 | 500..),
            credential_refused: status == 401,
        }
    }
}

type Answer = Result<(u16, &'static str), Fault>;

#[derive(Clone)]
struct Wire {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    sent: Arc<Mutex<Vec<Request>>>,
}

impl Wire {
    fn sent(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

#[async_trait]
impl Sender for Wire {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        self.sent.lock().unwrap().push(request);
        let (status, body) = self.answers.lock().unwrap().pop_front().unwrap()?;
        Ok(Response {
            status: StatusCode::from_u16(status).unwrap(),
            reason: None,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        })
    }
}

fn wire(answers: impl IntoIterator<Item = Answer>) -> Wire {
    Wire {
        answers: Arc::new(Mutex::new(answers.into_iter().collect())),
        sent: Arc::default(),
    }
}

fn secret() -> RotatingSecret {
    RotatingSecret::new(SecretString::from("canary"), |key| format!("Bearer {key}"))
}

fn parts(sender: Arc<dyn Sender>) -> TransportBuilder {
    TransportBuilder {
        base: Base::parse("https://api.example.com/v1").unwrap(),
        credentials: Arc::new(secret()),
        pacer: Pacer::unlimited(),
        sender,
        repeats: RepeatPolicy::default(),
    }
}

fn built(repeats: RepeatPolicy, sender: Arc<dyn Sender>) -> Transport<Plain> {
    let parts = TransportBuilder {
        repeats,
        ..parts(sender)
    };
    parts.build(Plain)
}

fn over_with(
    repeats: RepeatPolicy,
    answers: impl IntoIterator<Item = Answer>,
) -> (Transport<Plain>, Wire) {
    let wire = wire(answers);
    (built(repeats, Arc::new(wire.clone())), wire)
}

fn over(answers: impl IntoIterator<Item = Answer>) -> (Transport<Plain>, Wire, RotatingSecret) {
    let wire = wire(answers);
    let secret = secret();
    let parts = TransportBuilder {
        credentials: Arc::new(secret.clone()),
        ..parts(Arc::new(wire.clone()))
    };
    (parts.build(Plain), wire, secret)
}

async fn get(transport: &Transport<Plain>) -> Result<serde_json::Value, ApiError<Why>> {
    transport.send(Operation::of(&READ, ["7"])).await
}

async fn create(transport: &Transport<Plain>) -> Result<serde_json::Value, ApiError<Why>> {
    let op = Operation::of(&CREATE, []).json(&Edit::Set(1));
    transport.send(op).await
}

fn broken() -> Answer {
    Err(Fault::Reset("by peer".to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_after_whatever_is_transient() {
    let answers = [
        broken(),
        Ok((503, "busy")),
        Ok((200, "<html>")),
        Ok((200, "{}")),
    ];
    let (transport, wire, _) = over(answers);
    assert_eq!(get(&transport).await.unwrap(), serde_json::json!({}));
    assert_eq!(wire.sent(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_create_is_repeated_only_when_it_was_certainly_not_done() {
    let refused = Err(Fault::Connect("refused".to_owned()));
    let (transport, wire, _) = over([refused, Ok((429, "")), Ok((201, "{}"))]);
    create(&transport).await.unwrap();
    assert_eq!(wire.sent(), 3);
    let lost = [
        broken(),
        Ok((500, "oops")),
        Err(Fault::Timeout),
        Ok((200, "<html>")),
    ];
    for answer in lost {
        let (transport, wire, _) = over([answer]);
        let error = create(&transport).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
        assert_eq!(wire.sent(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_repeated() {
    let (transport, wire, _) = over([Ok((422, "no"))]);
    let error = create(&transport).await.unwrap_err();
    assert_eq!(error.effect(), Effect::NotApplied);
    assert!(!error.is_transient());
    assert_eq!(error.to_string(), "things.create: 422: said the server");
    assert_eq!(wire.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_delete_that_meets_nothing_has_succeeded() {
    let delete = || Operation::of(&DELETE, ["7"]);
    let (transport, ..) = over([broken(), Ok((404, ""))]);
    transport.send_unit(delete()).await.unwrap();
    let (transport, ..) = over([Ok((404, ""))]);
    let error = transport.send_unit(delete()).await.unwrap_err();
    assert!(error.is_not_found(), "at the first attempt it is an answer");
}

#[tokio::test(start_paused = true)]
async fn repeats_end_and_wait_longer_each_time() {
    let (transport, wire, _) = over((0..9).map(|_| Ok((503, ""))));
    let began = Instant::now();
    assert!(get(&transport).await.unwrap_err().is_transient());
    assert_eq!(wire.sent(), 5);
    let waited = began.elapsed();
    let expected = Duration::from_secs(2)..Duration::from_secs(5);
    assert!(expected.contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_answer_names_its_place() {
    #[derive(Debug, serde::Deserialize)]
    struct Thing {
        #[expect(dead_code, reason = "only its type counts")]
        size: u32,
    }
    let (transport, ..) = over([Ok((200, r#"{"size":"big"}"#))]);
    let read = transport.send::<Thing>(Operation::of(&READ, ["7"])).await;
    let error = read.unwrap_err();
    assert!(matches!(error.kind(), Why::Fault(Fault::Decode { path, .. }) if path == "size"));
}

#[tokio::test(start_paused = true)]
async fn a_replaced_secret_is_sent_from_the_next_attempt_on_and_an_endless_401_stops() {
    let (transport, wire, secret) = over([Ok((200, "{}")), Ok((401, ""))]);
    get(&transport).await.unwrap();
    secret.replace(SecretString::from("fresh"));
    let refused = get(&transport).await.unwrap_err();
    assert_eq!(refused.status(), Some(StatusCode::UNAUTHORIZED));
    let sent = wire.sent.lock().unwrap();
    let keys = sent.iter().map(|r| r.headers["authorization"].to_str());
    let keys: Vec<_> = keys.map(Result::unwrap).collect();
    assert_eq!(keys, ["Bearer canary", "Bearer fresh"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_refused_before_anything_goes_out() {
    let (transport, wire, _) = over([]);
    let refused = transport.send_unit(Operation::of(&READ, [""])).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("`id` cannot be empty"), "{refused}");
    assert_eq!(wire.sent(), 0);
}

#[test]
fn a_secret_never_prints() {
    let (transport, _, secret) = over([]);
    let shown = format!(
        "{transport:?} {secret:?} {:?}",
        SecretString::from("canary")
    );
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn what_one_attempt_left_open_stays_open_whatever_the_next_one_meets() {
    static PUT: Definition = Definition::put("things.put", "/things/{id}").repeatable();
    let (transport, wire, _) = over([broken(), Ok((422, "no"))]);
    let put = transport.send_unit(Operation::of(&PUT, ["7"]));
    let error = put.await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(wire.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_secret_of_a_form_is_in_no_error_and_in_no_debug() {
    static FORM: Definition = Definition::post("things.form", "/form");
    let (transport, wire, _) = over([Ok((400, "cannot use s3cret-canary or canary"))]);
    let secret = SecretString::from("s3cret-canary");
    let op = Operation::of(&FORM, []).form(&[("kind", "demo")], &[("key", &secret)]);
    assert!(!format!("{op:?}").contains("canary"));
    let error = transport.send_unit(op).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    let sent = wire.sent.lock().unwrap();
    assert_eq!(
        sent[0].body.as_deref(),
        Some(&b"kind=demo&key=s3cret-canary"[..])
    );
    assert!(!format!("{:?}", sent[0]).contains("canary"));
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_observed_and_headers_are_added_but_never_the_credential() {
    let (transport, wire, _) = over([Ok((503, "")), Ok((200, "{}"))]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&seen);
    let mut headers = HeaderMap::new();
    headers.insert("x-app", "demo".parse().unwrap());
    headers.insert("authorization", "Bearer stolen".parse().unwrap());
    let transport =
        transport
            .with_headers(headers)
            .with_observer(Arc::new(move |attempt: &Attempt<'_>| {
                let status = attempt.status.map(|status| status.as_u16());
                let name = attempt.operation.name();
                notes
                    .lock()
                    .unwrap()
                    .push((name, attempt.number, status, attempt.failed));
            }));
    get(&transport).await.unwrap();
    let expected = [
        ("things.get", 1, Some(503), true),
        ("things.get", 2, Some(200), false),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
    let sent = wire.sent.lock().unwrap();
    assert_eq!(sent[0].headers["x-app"], "demo");
    assert_eq!(sent[0].headers["authorization"], "Bearer canary");
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_after_the_time_that_repeats_are_given() {
    let policy = RepeatPolicy::default()
        .attempts(100)
        .within(Duration::from_secs(2));
    let (transport, wire) = over_with(policy, (0..99).map(|_| Ok((503, ""))));
    let began = Instant::now();
    get(&transport).await.unwrap_err();
    assert!(began.elapsed() <= Duration::from_secs(2));
    assert!(wire.sent() > 2);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_takes_too_long_is_given_up() {
    let policy = RepeatPolicy::never().attempt_timeout(Duration::from_secs(3));
    let transport = built(policy, Arc::new(Silent));
    let error = get(&transport).await.unwrap_err();
    assert_eq!(error.kind(), &Why::Fault(Fault::Timeout));
}

struct Silent;

#[async_trait]
impl Sender for Silent {
    async fn send(&self, _request: Request) -> Result<Response, SendError> {
        std::future::pending().await
    }
}
