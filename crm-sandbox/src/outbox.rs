//! Webhooks on their way: signed, lost, doubled, late, repeated.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::Notify;
use url::Url;

use crate::error::SandboxError;
use crate::faults::Faults;
use crate::seed;

/// What goes wrong with a webhook, in a [`FaultRule`](crate::FaultRule) whose
/// operation is the type of the event, for example `ContactUpdate` or `Task*`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum WebhookFault {
    /// It is never sent.
    Lost,
    /// It is sent twice.
    Doubled,
    /// It is sent later, by the sandbox's clock.
    Late {
        /// Milliseconds.
        ms: u64,
    },
    /// It is sent after the next one.
    Overtaken,
    /// Its signature is one of another body.
    Forged,
}

/// Only 429 is repeated: so often, and so far apart.
const REPEATS: u32 = 6;
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);
const JITTER_MS: i64 = 60_000;

/// What carries credentials is tried so often more, and so much later.
const TRIES_MORE: u32 = 2;
const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// The DER of an Ed25519 public key up to its 32 bytes.
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// One webhook.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) url: Url,
    payload: Map<String, Value>,
    /// `Authorization`, where the receiver wants it.
    credentials: Option<String>,
    forged: bool,
    repeats: u32,
}

/// A body with the headers that sign it.
pub(crate) struct Signed {
    pub(crate) body: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// Webhooks that wait, and the key that signs them.
pub(crate) struct Outbox {
    key: Option<Ed25519KeyPair>,
    target: Option<Url>,
    pub(crate) faults: Faults<WebhookFault>,
    waiting: BTreeMap<(Timestamp, u64), Post>,
    overtaken: Option<Post>,
    put: u64,
    stirred: Arc<Notify>,
    dice: fastrand::Rng,
    /// Whether a repeat gets a timestamp and an id of its own.
    pub(crate) fresh_envelope: bool,
    /// Whether the old signature's header is sent with a placeholder.
    pub(crate) legacy_placeholder: bool,
}

impl Outbox {
    pub(crate) fn new(mut dice: fastrand::Rng) -> Self {
        let mut seed = [0; 32];
        dice.fill(&mut seed);
        Self {
            // Any 32 bytes are a key.
            key: Ed25519KeyPair::from_seed_unchecked(&seed).ok(),
            target: None,
            faults: Faults::default(),
            waiting: BTreeMap::new(),
            overtaken: None,
            put: 0,
            stirred: Arc::default(),
            dice,
            fresh_envelope: false,
            legacy_placeholder: false,
        }
    }

    /// The public half of the key, in PEM.
    pub(crate) fn public_key(&self) -> String {
        let public = self.key.as_ref().map(|key| key.public_key().as_ref());
        let der = [&SPKI, public.unwrap_or_default()].concat();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der)
        )
    }

    /// Where webhooks go from now on; without an address, nowhere.
    pub(crate) fn aim(&mut self, url: Option<String>) -> Result<(), SandboxError> {
        self.target = url.map(|url| loopback(&url)).transpose()?;
        Ok(())
    }

    pub(crate) fn is_on(&self) -> bool {
        self.target.is_some()
    }

    /// Wakes whoever sends.
    pub(crate) fn stir(&self) {
        if self.is_on() {
            self.stirred.notify_one();
        }
    }

    pub(crate) fn stirred(&self) -> Arc<Notify> {
        self.stirred.clone()
    }

    /// Puts an event on its way, unless a fault loses it.
    pub(crate) fn put(&mut self, kind: &str, mut payload: Map<String, Value>, at: Timestamp) {
        let Some(url) = self.target.clone() else {
            return;
        };
        payload.insert("timestamp".to_owned(), json!(format!("{at:.3}")));
        payload.insert("webhookId".to_owned(), json!(seed::guid(&mut self.dice)));
        let post = Post {
            url,
            payload,
            credentials: None,
            forged: false,
            repeats: 0,
        };
        self.send_off(kind, post, at);
    }

    /// Puts a body on its way to an address of its own, with credentials and no signature.
    pub(crate) fn put_to(
        &mut self,
        url: Url,
        credentials: String,
        kind: &str,
        payload: Map<String, Value>,
        at: Timestamp,
    ) {
        let post = Post {
            url,
            payload,
            credentials: Some(credentials),
            forged: false,
            repeats: 0,
        };
        self.send_off(kind, post, at);
        self.stirred.notify_one();
    }

    fn send_off(&mut self, kind: &str, mut post: Post, at: Timestamp) {
        let (mut copies, mut due, mut overtaken) = (1, at, false);
        for fault in self.faults.strike(kind) {
            match fault {
                WebhookFault::Lost => copies = 0,
                WebhookFault::Doubled => copies *= 2,
                WebhookFault::Late { ms } => due = later(due, Duration::from_millis(ms)),
                WebhookFault::Overtaken => overtaken = true,
                WebhookFault::Forged => post.forged = true,
            }
        }
        if overtaken && copies > 0 && self.overtaken.is_none() {
            self.overtaken = Some(post);
            return;
        }
        for _ in 0..copies {
            self.queue(post.clone(), due);
        }
        if let Some(overtaken) = self.overtaken.take_if(|_| copies > 0) {
            self.queue(overtaken, due);
        }
    }

    fn queue(&mut self, post: Post, due: Timestamp) {
        self.put += 1;
        self.waiting.insert((due, self.put), post);
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next one whose time has come.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Post> {
        let entry = self.waiting.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    pub(crate) fn sign(&self, post: &Post) -> Signed {
        let body = Value::Object(post.payload.clone()).to_string();
        if let Some(credentials) = &post.credentials {
            let headers = vec![("authorization", credentials.clone())];
            return Signed { body, headers };
        }
        let bytes = if post.forged { "another body" } else { &body };
        let signature = self.key.as_ref().map(|key| key.sign(bytes.as_bytes()));
        let signature = signature.map(|signature| STANDARD.encode(signature));
        let mut headers = vec![("x-ghl-signature", signature.unwrap_or_default())];
        if self.legacy_placeholder {
            headers.push(("x-wh-signature", "N/A".to_owned()));
        }
        Signed { body, headers }
    }

    /// A body with credentials is tried twice more, whatever went wrong.
    fn try_again(&mut self, mut post: Post, status: Option<u16>, now: Timestamp) {
        let taken = status.is_some_and(|status| (200..300).contains(&status));
        if !taken && post.repeats < TRIES_MORE {
            post.repeats += 1;
            self.queue(post, later(now, BETWEEN_TRIES));
        }
    }

    /// What becomes of a webhook after its answer; without one it is lost.
    pub(crate) fn answered(&mut self, mut post: Post, status: Option<u16>, now: Timestamp) {
        if post.credentials.is_some() {
            self.try_again(post, status, now);
            return;
        }
        if status != Some(429) || post.repeats == REPEATS {
            return;
        }
        post.repeats += 1;
        let wait = BETWEEN + SignedDuration::from_millis(self.dice.i64(0..JITTER_MS));
        let due = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        if self.fresh_envelope {
            let stamp = json!(format!("{due:.3}"));
            post.payload.insert("timestamp".to_owned(), stamp);
            let id = json!(seed::guid(&mut self.dice));
            post.payload.insert("webhookId".to_owned(), id);
        }
        self.queue(post, due);
    }
}

fn later(from: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// An address of this machine: no webhook leaves it.
pub(crate) fn loopback(url: &str) -> Result<Url, SandboxError> {
    match Url::parse(url) {
        Ok(parsed) if is_loopback(&parsed) => Ok(parsed),
        _ => Err(SandboxError::NotLoopback(url.to_owned())),
    }
}

fn is_loopback(url: &Url) -> bool {
    let local = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && local
}
