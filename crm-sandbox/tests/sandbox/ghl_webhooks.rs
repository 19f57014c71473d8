use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crm_sandbox::{Crm, Sandbox};
use http::{HeaderMap, StatusCode};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::desk::{empty, ghl, ghl_contact};

/// What arrived, and what is answered.
#[derive(Clone)]
struct Receiver {
    arrived: mpsc::UnboundedSender<(HeaderMap, Bytes)>,
    status: Arc<Mutex<StatusCode>>,
}

pub(crate) struct Inbox {
    pub(crate) arrived: mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
    pub(crate) status: Arc<Mutex<StatusCode>>,
    pub(crate) url: String,
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.arrived.send((headers, body)).unwrap();
    *receiver.status.lock().unwrap()
}

/// A receiver on a port of its own that GHL sends to.
async fn inbox(sandbox: &Sandbox) -> Inbox {
    let inbox = listen().await;
    sandbox
        .ghl()
        .order("webhooks", &json!({ "url": inbox.url }))
        .unwrap();
    inbox
}

/// A receiver on a port of its own.
pub(crate) async fn listen() -> Inbox {
    let (sender, arrived) = mpsc::unbounded_channel();
    let status = Arc::new(Mutex::new(StatusCode::OK));
    let receiver = Receiver {
        arrived: sender,
        status: status.clone(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let router = Router::new().fallback(receive).with_state(receiver);
    tokio::spawn(async move { serve(listener, router).await });
    Inbox {
        arrived,
        status,
        url,
    }
}

async fn serve(listener: TcpListener, router: Router) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        let io = hyper_util::rt::TokioIo::new(stream);
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(io, service));
    }
}

impl Inbox {
    /// Has everything sent that is due; answers the bodies.
    async fn collect(&mut self, crm: &Crm) -> Vec<Value> {
        let mut bodies = Vec::new();
        for _ in 0..crm.deliver_webhooks().await {
            let (_, body) = self.arrived.recv().await.unwrap();
            bodies.push(serde_json::from_slice(&body).unwrap());
        }
        bodies
    }

    async fn kinds(&mut self, crm: &Crm) -> Vec<String> {
        let bodies = self.collect(crm).await;
        bodies
            .iter()
            .map(|body| body["type"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn verify(sandbox: &Sandbox, headers: &HeaderMap, body: &[u8]) -> bool {
    let pem = &sandbox.ghl_app().webhook_public_key;
    let der: String = pem
        .lines()
        .filter(|line| !line.starts_with("---"))
        .collect();
    let der = STANDARD.decode(der).unwrap();
    let signature = STANDARD
        .decode(headers["x-ghl-signature"].as_bytes())
        .unwrap();
    let key = UnparsedPublicKey::new(&ED25519, &der[12..]);
    key.verify(body, &signature).is_ok()
}

#[tokio::test]
async fn a_webhook_is_signed_and_flat() {
    let sandbox = empty();
    let mut inbox = inbox(&sandbox).await;
    let ada = json!({ "firstName": "Ada", "dateOfBirth": "1990-09-25", "customFields": [{ "key": "hobby", "field_value": "Chess" }] });
    let id = ghl_contact(&sandbox, ada).await;
    assert_eq!(sandbox.ghl().deliver_webhooks().await, 1);
    let (headers, body) = inbox.arrived.recv().await.unwrap();
    assert!(verify(&sandbox, &headers, &body));
    assert!(!verify(&sandbox, &headers, b"{}"));
    assert_eq!(headers.get("x-wh-signature"), None);
    let said: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(said["type"], "ContactCreate");
    assert_eq!(said["id"], json!(id));
    assert_eq!(said["dateOfBirth"], "1990-09-25T00:00:00.000Z");
    assert_eq!(said["customFields"][0]["value"], "Chess");
    assert_eq!(said["timestamp"], "2026-04-09T12:00:00.250Z");
    assert_eq!(said["appId"], json!(sandbox.ghl_app().app_id));
    assert_eq!(said["webhookId"].as_str().unwrap().len(), 36);
    sandbox
        .ghl()
        .set_switch("legacy_signature", "placeholder")
        .unwrap();
    sandbox
        .ghl()
        .contacts()
        .edit(&id, &json!({ "city": "Oslo" }))
        .unwrap();
    sandbox.ghl().deliver_webhooks().await;
    let (headers, _) = inbox.arrived.recv().await.unwrap();
    assert_eq!(headers["x-wh-signature"], "N/A");
}

#[tokio::test]
async fn each_change_has_its_event_and_some_have_none() {
    let sandbox = empty();
    let crm = sandbox.ghl();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let mut inbox = inbox(&sandbox).await;
    let contacts = crm.contacts();
    let change = json!({ "city": "Oslo", "tags": ["a"], "dnd": true });
    contacts.edit(&ada, &change).unwrap();
    let all = ["ContactUpdate", "ContactTagUpdate", "ContactDndUpdate"];
    assert_eq!(inbox.kinds(crm).await, all);
    let task = json!({ "contactId": ada, "title": "Call", "body": "now", "completed": false });
    let task = crm.family("tasks").create(&task).unwrap();
    let id = task["id"].as_str().unwrap();
    let bare = inbox.collect(crm).await;
    assert_eq!(bare[0]["type"], "TaskCreate");
    assert_eq!(
        (bare[0].get("contactId"), bare[0].get("body")),
        (None, None)
    );
    crm.family("tasks")
        .edit(id, &json!({ "title": "Call again" }))
        .unwrap();
    assert_eq!(inbox.kinds(crm).await, [""; 0]);
    crm.family("tasks")
        .edit(id, &json!({ "completed": true }))
        .unwrap();
    let done = inbox.collect(crm).await;
    assert_eq!(
        (&done[0]["type"], &done[0]["contactId"]),
        (&json!("TaskComplete"), &json!(ada))
    );
    let note = json!({ "contactId": ada, "body": "Hello" });
    let note = crm.family("notes").create(&note).unwrap();
    let id = note["id"].as_str().unwrap();
    crm.family("notes")
        .edit(id, &json!({ "body": "Bye" }))
        .unwrap();
    crm.family("notes").delete(id).unwrap();
    assert_eq!(
        inbox.kinds(crm).await,
        ["NoteCreate", "NoteUpdate", "NoteDelete"]
    );
    let booking = json!({ "contactId": ada, "startTime": "2026-07-01T15:00:00Z" });
    crm.family("appointments").create(&booking).unwrap();
    let booked = inbox.collect(crm).await;
    assert_eq!(
        booked[0]["appointment"]["startTime"],
        "2026-07-01T10:00:00-05:00"
    );
    crm.family("businesses")
        .create(&json!({ "name": "Acme" }))
        .unwrap();
    let eve = contacts.create(&json!({ "firstName": "Eve" })).unwrap();
    inbox.collect(crm).await;
    crm.order("merge", &json!({ "survivor": ada, "absorbed": eve["id"] }))
        .unwrap();
    assert_eq!(inbox.kinds(crm).await, [""; 0]);
}

#[tokio::test]
async fn webhooks_are_lost_doubled_late_overtaken_and_forged_on_demand() {
    let sandbox = empty();
    let crm = sandbox.ghl();
    let mut inbox = inbox(&sandbox).await;
    let add = |name: &str| {
        crm.contacts()
            .create(&json!({ "firstName": name }))
            .unwrap()
    };
    for (nth, fault) in [
        (1, json!("lost")),
        (2, json!("doubled")),
        (3, json!({ "late": { "ms": 5000 } })),
        (4, json!("overtaken")),
        (6, json!("forged")),
    ] {
        let rule = json!({ "operation": "Contact*", "when": { "nth": nth }, "fault": fault });
        crm.order("webhook_fault", &rule).unwrap();
    }
    for name in ["one", "two", "three", "four", "five"] {
        add(name);
    }
    let names = |bodies: Vec<Value>| -> Vec<String> {
        bodies
            .iter()
            .map(|body| body["firstName"].as_str().unwrap().to_owned())
            .collect()
    };
    let sent = names(inbox.collect(crm).await);
    assert_eq!(sent, ["two", "two", "five", "four"]);
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(names(inbox.collect(crm).await), ["three"]);
    add("six");
    crm.deliver_webhooks().await;
    let (headers, body) = inbox.arrived.recv().await.unwrap();
    assert!(!verify(&sandbox, &headers, &body));
}

#[tokio::test]
async fn only_a_429_is_repeated_and_six_times_at_most() {
    let sandbox = empty();
    let crm = sandbox.ghl();
    let mut inbox = inbox(&sandbox).await;
    *inbox.status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    assert_eq!(inbox.kinds(crm).await, ["ContactCreate"]);
    sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(inbox.kinds(crm).await, [""; 0]);
    *inbox.status.lock().unwrap() = StatusCode::TOO_MANY_REQUESTS;
    ghl_contact(&sandbox, json!({ "firstName": "Eve" })).await;
    let first = inbox.collect(crm).await;
    sandbox.clock().advance(Duration::from_secs(599));
    assert_eq!(inbox.kinds(crm).await, [""; 0]);
    let mut repeats = Vec::new();
    for _ in 0..10 {
        sandbox.clock().advance(Duration::from_secs(660));
        repeats.extend(inbox.collect(crm).await);
    }
    assert_eq!(repeats, vec![first[0].clone(); 6]);
    crm.set_switch("repeated_envelope", "fresh").unwrap();
    ghl_contact(&sandbox, json!({ "firstName": "Kim" })).await;
    let first = inbox.collect(crm).await;
    sandbox.clock().advance(Duration::from_secs(660));
    let again = inbox.collect(crm).await;
    assert_ne!(again[0]["webhookId"], first[0]["webhookId"]);
}

#[tokio::test]
async fn the_api_s_own_writes_are_told_unless_switched_off() {
    let sandbox = empty();
    let crm = sandbox.ghl();
    let mut inbox = inbox(&sandbox).await;
    crm.set_switch("own_writes", "silent").unwrap();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    crm.contacts()
        .edit(&ada, &json!({ "city": "Oslo" }))
        .unwrap();
    assert_eq!(inbox.kinds(crm).await, ["ContactUpdate"]);
    crm.order("webhooks", &json!({ "url": null })).unwrap();
    crm.contacts()
        .edit(&ada, &json!({ "city": "Rome" }))
        .unwrap();
    assert_eq!(inbox.kinds(crm).await, [""; 0]);
}

#[tokio::test]
async fn a_served_sandbox_sends_by_itself_when_it_is_due() {
    let sandbox = empty();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let mut inbox = inbox(&sandbox).await;
    assert!(inbox.url.ends_with("/hook?a=b"));
    let rule = json!({ "when": "contact_created", "after_ms": 800, "add_tags": ["new"] });
    sandbox.ghl().order("workflow", &rule).unwrap();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let (_, body) = inbox.arrived.recv().await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("ContactCreate"));
    sandbox.clock().advance(Duration::from_secs(1));
    let (_, body) = inbox.arrived.recv().await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("ContactTagUpdate"));
    let answer = ghl(&sandbox, &format!("DELETE /contacts/{ada}"), Value::Null).await;
    assert_eq!(answer.status, 200);
    let (_, body) = inbox.arrived.recv().await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("ContactDelete"));
    servers.shutdown().await;
}
