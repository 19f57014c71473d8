#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a broken law fails the test that runs it"
)]

use std::{
    fmt::Debug,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::task::{JoinSet, yield_now};

use crate::SecretStore;

/// Makes secret stores for the laws.
pub trait SecretStoreFixture: Send + Sync {
    /// The kind of store.
    type Store: SecretStore + Debug;

    /// A new, empty one.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// The same one, opened once more as another process would.
    fn again(&self, store: &Self::Store) -> impl Future<Output = Self::Store> + Send;
}

/// Makes one test for each law of a secret store.
///
/// ```text
/// api_transport::secret_store_contract!(TempFiles::default());
/// ```
///
/// The expression is a [`SecretStoreFixture`](crate::testing::secret_store::SecretStoreFixture);
/// `tokio` with its test macro must be among the dependencies.
#[macro_export]
macro_rules! secret_store_contract {
    ($fixture:expr) => {
        $crate::secret_store_contract!(@each $fixture;
            what_was_swapped_in_is_read_by_everyone,
            a_swap_from_something_else_changes_nothing,
            of_many_swaps_from_one_value_one_wins,
            a_secret_can_be_removed_and_set_again,
            long_and_odd_texts_survive,
            keys_do_not_see_each_other,
            a_lease_has_one_holder_at_a_time,
            a_lease_comes_back_when_it_is_dropped,
            leases_of_other_keys_are_free,
            who_stops_waiting_takes_nothing,
            a_lease_keeps_nobody_from_reading_and_writing,
            debug_shows_no_secret,
        );
    };
    (@each $fixture:expr; $($law:ident,)*) => { $(
        #[tokio::test]
        async fn $law() {
            $crate::testing::secret_store::$law(&$fixture).await;
        }
    )* };
}

const TTL: Duration = Duration::from_secs(60);
/// Long enough for a lease that is free, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a lease that is held is waited for in vain.
const IN_VAIN: Duration = Duration::from_millis(120);

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn read(store: &impl SecretStore, key: &str) -> Option<String> {
    let secret = store.get(key).await.unwrap()?;
    Some(secret.expose_secret().to_owned())
}

async fn swap(store: &impl SecretStore, key: &str, from: Option<&str>, to: Option<&str>) -> bool {
    let (from, to) = (from.map(secret), to.map(secret));
    store
        .compare_and_swap(key, from.as_ref(), to.as_ref())
        .await
        .unwrap()
}

async fn is_held(store: &impl SecretStore, key: &str) -> bool {
    tokio::time::timeout(IN_VAIN, store.lease(key, TTL))
        .await
        .is_err()
}

async fn comes(store: &impl SecretStore, key: &str) {
    let lease = tokio::time::timeout(PATIENCE, store.lease(key, TTL)).await;
    drop(lease.unwrap().unwrap());
}

/// A law.
pub async fn what_was_swapped_in_is_read_by_everyone(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let other = fixture.again(&store).await;
    assert_eq!(read(&store, "k").await, None);
    assert!(swap(&store, "k", None, Some("first")).await);
    assert_eq!(read(&other, "k").await.as_deref(), Some("first"));
    assert!(swap(&other, "k", Some("first"), Some("second")).await);
    assert_eq!(read(&store, "k").await.as_deref(), Some("second"));
}

/// A law.
pub async fn a_swap_from_something_else_changes_nothing(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    assert!(!swap(&store, "k", Some("a"), Some("b")).await);
    assert!(!swap(&store, "k", Some("a"), None).await);
    assert!(swap(&store, "k", None, Some("a")).await);
    assert!(!swap(&store, "k", None, Some("b")).await);
    assert!(!swap(&store, "k", None, None).await);
    assert!(!swap(&store, "k", Some("A"), Some("b")).await);
    assert_eq!(read(&store, "k").await.as_deref(), Some("a"));
}

/// A law.
pub async fn of_many_swaps_from_one_value_one_wins(fixture: &impl SecretStoreFixture) {
    let store = Arc::new(fixture.fresh().await);
    let other = Arc::new(fixture.again(&store).await);
    assert!(swap(&store, "k", None, Some("start")).await);
    let mut racers = JoinSet::new();
    for racer in 0..16 {
        let store = Arc::clone(if racer % 2 == 0 { &store } else { &other });
        racers.spawn(async move {
            let mine = racer.to_string();
            swap(&store, "k", Some("start"), Some(&mine))
                .await
                .then_some(mine)
        });
    }
    let winners: Vec<String> = racers.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(read(&store, "k").await.as_ref(), winners.first());
}

/// A law.
pub async fn a_secret_can_be_removed_and_set_again(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    assert!(swap(&store, "k", None, None).await);
    assert!(swap(&store, "k", None, Some("a")).await);
    assert!(swap(&store, "k", Some("a"), None).await);
    assert_eq!(read(&store, "k").await, None);
    assert!(swap(&store, "k", None, Some("b")).await);
    assert_eq!(read(&store, "k").await.as_deref(), Some("b"));
}

/// A law.
pub async fn long_and_odd_texts_survive(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let mut before: Option<String> = None;
    let long = "0123456789abcdéf".repeat(1_000);
    for text in [
        "",
        " \n\"{}\\\t\u{1F511} ",
        "=",
        "+1:2",
        &long,
        "short again",
    ] {
        assert!(swap(&store, "k", before.as_deref(), Some(text)).await);
        assert_eq!(read(&store, "k").await.as_deref(), Some(text));
        before = Some(text.to_owned());
    }
}

/// A law.
pub async fn keys_do_not_see_each_other(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let keys = [
        "a", "A", "a/b", "a%2fb", "../a", "a.b", "a b", "é", "a.lock",
    ];
    for key in keys {
        assert!(swap(&store, key, None, Some(key)).await, "{key}");
    }
    for key in keys {
        assert_eq!(read(&store, key).await.as_deref(), Some(key));
    }
}

/// A law.
pub async fn a_lease_has_one_holder_at_a_time(fixture: &impl SecretStoreFixture) {
    let store = Arc::new(fixture.fresh().await);
    let other = Arc::new(fixture.again(&store).await);
    let inside = Arc::new(AtomicU32::new(0));
    let mut holders = JoinSet::new();
    for holder in 0..12 {
        let store = Arc::clone(if holder % 2 == 0 { &store } else { &other });
        let inside = Arc::clone(&inside);
        holders.spawn(async move {
            let lease = store.lease("k", TTL).await.unwrap();
            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
            for _ in 0..8 {
                yield_now().await;
            }
            inside.fetch_sub(1, Ordering::SeqCst);
            drop(lease);
        });
    }
    holders.join_all().await;
}

/// A law.
pub async fn a_lease_comes_back_when_it_is_dropped(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let other = fixture.again(&store).await;
    let lease = store.lease("k", TTL).await.unwrap();
    assert!(is_held(&other, "k").await);
    drop(lease);
    comes(&other, "k").await;
}

/// A law.
pub async fn leases_of_other_keys_are_free(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let lease = store.lease("k", TTL).await.unwrap();
    comes(&store, "K").await;
    comes(&store, "k/other").await;
    drop(lease);
}

/// A law.
pub async fn who_stops_waiting_takes_nothing(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let other = fixture.again(&store).await;
    let lease = store.lease("k", TTL).await.unwrap();
    assert!(is_held(&other, "k").await, "and given up");
    drop(lease);
    comes(&store, "k").await;
}

/// A law.
pub async fn a_lease_keeps_nobody_from_reading_and_writing(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    let other = fixture.again(&store).await;
    let lease = store.lease("k", TTL).await.unwrap();
    assert!(swap(&other, "k", None, Some("a")).await);
    assert_eq!(read(&store, "k").await.as_deref(), Some("a"));
    drop(lease);
}

/// A law.
pub async fn debug_shows_no_secret(fixture: &impl SecretStoreFixture) {
    let store = fixture.fresh().await;
    assert!(swap(&store, "k", None, Some("c0ffee-canary")).await);
    let lease = store.lease("k", TTL).await.unwrap();
    let shown = format!("{store:?} {lease:?}");
    assert!(!shown.contains("canary"), "{shown}");
}
