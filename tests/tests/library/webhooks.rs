//! The sandbox's webhooks, received by the GHL client's own route.

use std::time::Duration;

use axum::Router;
use crm_sandbox::{Clock, Sandbox};
use ghl_contacts::webhooks::{Ed25519Key, Event, Keys, Receiver, VerifiedEvent, Verifier};
use serde_json::json;
use tokio::{net::TcpListener, sync::mpsc};

/// A sandbox that sends to a route with room for `rows` events.
async fn receiving(rows: usize) -> (Sandbox, mpsc::Receiver<VerifiedEvent>) {
    let clock = Clock::manual("2026-04-09T12:00:00Z".parse().unwrap());
    let sandbox = Sandbox::builder().seed(7).clock(clock.clone()).build();
    let key = Ed25519Key::from_pem(&sandbox.ghl_app().webhook_public_key).unwrap();
    let (inbox, events) = mpsc::channel(rows);
    let receiver = Receiver::new(Verifier::new(Keys::ed25519([key])), inbox);
    let route = receiver.clock(move || clock.now()).into_route();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ghl", listener.local_addr().unwrap());
    let app = Router::new().route("/ghl", route);
    tokio::spawn(async { axum::serve(listener, app).await });
    let order = json!({ "url": url });
    sandbox.ghl().order("webhooks", &order).unwrap();
    (sandbox, events)
}

fn told(events: &mut mpsc::Receiver<VerifiedEvent>) -> Vec<Event> {
    std::iter::from_fn(|| events.try_recv().ok())
        .map(VerifiedEvent::into_event)
        .collect()
}

#[tokio::test]
async fn every_event_that_the_sandbox_signs_is_believed_and_typed() {
    let (sandbox, mut events) = receiving(100).await;
    let crm = sandbox.ghl();
    let ada = crm
        .contacts()
        .create(&json!({ "firstName": "Ada" }))
        .unwrap();
    let id = ada["id"].as_str().unwrap();
    let change = json!({ "city": "Oslo", "tags": ["a"], "dnd": true });
    crm.contacts().edit(id, &change).unwrap();
    for (family, record) in [
        (
            "tasks",
            json!({ "contactId": id, "title": "Call", "completed": false }),
        ),
        ("notes", json!({ "contactId": id, "body": "Hello" })),
        (
            "appointments",
            json!({ "contactId": id, "startTime": "2026-07-01T15:00:00Z" }),
        ),
    ] {
        crm.family(family).create(&record).unwrap();
    }
    crm.contacts().delete(id).unwrap();
    while crm.deliver_webhooks().await > 0 {}
    let told = told(&mut events);
    let kinds: Vec<&str> = told.iter().map(Event::kind).collect();
    for kind in [
        "ContactCreate",
        "ContactUpdate",
        "ContactTagUpdate",
        "ContactDndUpdate",
        "TaskCreate",
        "NoteCreate",
        "AppointmentCreate",
        "ContactDelete",
    ] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    for event in &told {
        assert!(!matches!(event, Event::Other { .. }), "{event:?}");
    }
}

#[tokio::test]
async fn what_a_full_inbox_turns_away_arrives_at_a_later_attempt() {
    let (sandbox, mut events) = receiving(1).await;
    let crm = sandbox.ghl();
    for name in ["Ada", "Bea"] {
        let person = json!({ "firstName": name });
        crm.contacts().create(&person).unwrap();
    }
    while crm.deliver_webhooks().await > 0 {}
    assert_eq!(told(&mut events).len(), 1);
    sandbox.clock().advance(Duration::from_secs(15 * 60));
    while crm.deliver_webhooks().await > 0 {}
    assert_eq!(told(&mut events).len(), 1);
    sandbox.clock().advance(Duration::from_secs(15 * 60));
    while crm.deliver_webhooks().await > 0 {}
    assert_eq!(told(&mut events).len(), 0, "each was kept once");
}
