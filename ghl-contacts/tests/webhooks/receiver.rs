//! What is kept, and how often.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use ghl_contacts::{
    StatusCode, async_trait,
    webhooks::{
        Claim, DeliveryId, Inbox, InboxError, MemoryError, NotKept, Received, Receiver,
        RecentDeliveries, Refusal, ReplayMemory, VerifiedEvent, Window,
    },
};
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc};

use crate::signer::Signer;

pub(crate) const NOW: &str = "2026-11-25T10:00:00Z";

fn at(now: &str) -> impl Fn() -> Timestamp + use<> {
    let now: Timestamp = now.parse().unwrap();
    move || now
}

pub(crate) fn receiver(signer: &Signer, inbox: impl Inbox) -> Receiver {
    Receiver::new(signer.verifier(), inbox).clock(at(NOW))
}

async fn take(
    receiver: &Receiver,
    signer: &Signer,
    id: &str,
    sent: &str,
) -> Result<Received, NotKept> {
    let (headers, body) = signer.delivery(id, sent);
    receiver.receive(&headers, body).await
}

#[tokio::test]
async fn a_delivery_that_comes_twice_is_kept_once() {
    let signer = Signer::new(1);
    let (inbox, mut events) = mpsc::channel(8);
    let receiver = receiver(&signer, inbox);
    assert_eq!(
        take(&receiver, &signer, "w", NOW).await.unwrap(),
        Received::Kept
    );
    let again = take(&receiver, &signer, "w", NOW).await.unwrap();
    assert_eq!(again, Received::KeptBefore);
    assert_eq!(events.try_recv().unwrap().delivery_id().as_str(), "w");
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn what_a_full_inbox_turned_away_is_taken_when_it_comes_again() {
    let signer = Signer::new(1);
    let (inbox, mut events) = mpsc::channel(1);
    let receiver = receiver(&signer, inbox);
    take(&receiver, &signer, "1", NOW).await.unwrap();
    let full = take(&receiver, &signer, "2", NOW).await.unwrap_err();
    assert_eq!(full.status(), StatusCode::TOO_MANY_REQUESTS);
    events.recv().await.unwrap();
    assert_eq!(
        take(&receiver, &signer, "2", NOW).await.unwrap(),
        Received::Kept
    );
    assert_eq!(events.recv().await.unwrap().delivery_id().as_str(), "2");
}

#[tokio::test]
async fn when_nobody_works_on_events_none_is_answered_as_kept() {
    let signer = Signer::new(1);
    let (inbox, events) = mpsc::channel(8);
    drop(events);
    let error = take(&receiver(&signer, inbox), &signer, "1", NOW).await;
    assert_eq!(error.unwrap_err().status(), StatusCode::TOO_MANY_REQUESTS);
}

/// HighLevel repeats for about 70 minutes, perhaps with the first stamp.
#[tokio::test]
async fn a_late_repetition_is_in_time_and_an_old_or_early_stamp_is_not() {
    let signer = Signer::new(1);
    let (inbox, _events) = mpsc::channel(8);
    let receiver = receiver(&signer, inbox);
    take(&receiver, &signer, "1", "2026-11-25T08:45:00Z")
        .await
        .unwrap();
    take(&receiver, &signer, "2", "2026-11-25T10:05:00Z")
        .await
        .unwrap();
    for stamp in ["2026-11-25T07:59:59Z", "2026-11-25T10:05:01Z"] {
        let error = take(&receiver, &signer, stamp, stamp).await.unwrap_err();
        assert!(matches!(error, NotKept::OutOfTime), "{stamp}: {error}");
        assert_eq!(error.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_delivery_without_a_stamp_counts_unless_the_window_wants_one() {
    let signer = Signer::new(1);
    let (headers, body) = signer.sign(&serde_json::json!({"type": "UNINSTALL", "appId": "a"}));
    let (inbox, _events) = mpsc::channel(8);
    let receiver = receiver(&signer, inbox);
    let kept = receiver.receive(&headers, body.clone()).await.unwrap();
    assert_eq!(kept, Received::Kept);
    let again = receiver.receive(&headers, body.clone()).await.unwrap();
    assert_eq!(again, Received::KeptBefore);
    let strict = receiver.window(Window::default().refuse_undated());
    let error = strict.receive(&headers, body).await.unwrap_err();
    assert!(matches!(error, NotKept::OutOfTime));
}

#[tokio::test]
async fn what_is_not_believed_never_reaches_the_memory() {
    let signer = Signer::new(1);
    let (inbox, _events) = mpsc::channel(8);
    let receiver = receiver(&signer, inbox);
    let (_, body) = signer.delivery("w", NOW);
    let forged = Signer::new(2).headers(&body);
    let error = receiver.receive(&forged, body).await.unwrap_err();
    assert!(matches!(error, NotKept::Refused(Refusal::Wrong(_))));
    assert_eq!(error.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        take(&receiver, &signer, "w", NOW).await.unwrap(),
        Received::Kept
    );
}

#[tokio::test]
async fn a_full_memory_lets_no_replay_through() {
    let signer = Signer::new(1);
    let (inbox, _events) = mpsc::channel(100);
    let receiver = receiver(&signer, inbox).memory(RecentDeliveries::new(3));
    let sent = |n: usize| format!("2026-11-25T09:{n:02}:00Z");
    for n in 0..10 {
        let kept = take(&receiver, &signer, &n.to_string(), &sent(n)).await;
        assert_eq!(kept.unwrap(), Received::Kept);
    }
    for n in 0..7 {
        let replayed = take(&receiver, &signer, &n.to_string(), &sent(n)).await;
        assert!(matches!(replayed, Err(NotKept::OutOfTime)), "{n}");
    }
    for n in 7..10 {
        let replayed = take(&receiver, &signer, &n.to_string(), &sent(n)).await;
        assert_eq!(replayed.unwrap(), Received::KeptBefore);
    }
}

#[tokio::test]
async fn the_stock_memory_holds_no_more_than_it_may() {
    let signer = Signer::new(1);
    let memory = RecentDeliveries::new(16);
    for n in 0..1_000 {
        let (headers, body) = signer.delivery(&n.to_string(), NOW);
        let event = signer.verifier().verify(&headers, body).unwrap();
        let stamp = NOW.parse::<Timestamp>().unwrap() + Duration::from_secs(n);
        let claim = memory.claim(event.delivery_id(), stamp).await.unwrap();
        assert_eq!(claim, Claim::New);
        assert!(memory.len() <= 16);
    }
}

/// Keeps nothing before it is told to.
struct Slow {
    go: Arc<Notify>,
    entered: Arc<Notify>,
    fails: AtomicBool,
    kept: Arc<Mutex<Vec<VerifiedEvent>>>,
}

#[async_trait]
impl Inbox for Slow {
    async fn keep(&self, event: VerifiedEvent) -> Result<(), InboxError> {
        self.entered.notify_one();
        self.go.notified().await;
        if self.fails.swap(false, Ordering::SeqCst) {
            return Err(InboxError::Failed("disk".into()));
        }
        self.kept.lock().unwrap().push(event);
        Ok(())
    }
}

#[tokio::test]
async fn a_copy_that_races_is_told_to_come_again_until_the_first_is_kept() {
    let signer = Signer::new(1);
    let (go, entered) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let kept = Arc::new(Mutex::new(Vec::new()));
    let receiver = receiver(
        &signer,
        Slow {
            go: go.clone(),
            entered: entered.clone(),
            fails: AtomicBool::new(true),
            kept: kept.clone(),
        },
    );
    let first = tokio::spawn({
        let (receiver, (headers, body)) = (receiver.clone(), signer.delivery("w", NOW));
        async move { receiver.receive(&headers, body).await }
    });
    entered.notified().await;
    let copy = take(&receiver, &signer, "w", NOW).await.unwrap_err();
    assert_eq!(copy.status(), StatusCode::TOO_MANY_REQUESTS);
    go.notify_one();
    let failed = first.await.unwrap().unwrap_err();
    assert_eq!(failed.status(), StatusCode::TOO_MANY_REQUESTS);
    go.notify_one();
    let again = take(&receiver, &signer, "w", NOW).await.unwrap();
    assert_eq!(again, Received::Kept);
    assert_eq!(kept.lock().unwrap().len(), 1);
}

/// A memory whose database is away.
struct Away;

#[async_trait]
impl ReplayMemory for Away {
    async fn claim(&self, _: &DeliveryId, _: Timestamp) -> Result<Claim, MemoryError> {
        Err(MemoryError("no connection".into()))
    }

    async fn confirm(&self, _: &DeliveryId) -> Result<(), MemoryError> {
        Ok(())
    }

    async fn release(&self, _: &DeliveryId) -> Result<(), MemoryError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_memory_that_cannot_tell_loses_nothing() {
    let signer = Signer::new(1);
    let (inbox, mut events) = mpsc::channel(8);
    let receiver = receiver(&signer, inbox).memory(Away);
    let error = take(&receiver, &signer, "w", NOW).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(events.try_recv().is_err());
}
