//! An event that HighLevel surely sent.

use std::fmt;

use api_transport::Bytes;
use jiff::Timestamp;

use crate::ids::LocationId;

use super::{Envelope, Event, Refusal, Scheme, event};

/// An event whose signature was right. Only
/// [`Verifier::verify`](super::Verifier::verify) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEvent {
    envelope: Envelope,
    event: Event,
    location: Option<LocationId>,
    delivery: DeliveryId,
    scheme: Scheme,
    body: Bytes,
}

impl VerifiedEvent {
    pub(super) fn parse(body: Bytes, scheme: Scheme) -> Result<Self, Refusal> {
        let parsed = event::parse(&body);
        let (envelope, event, location) =
            parsed.map_err(|error| Refusal::NotAnEvent(error.to_string()))?;
        Ok(Self {
            delivery: DeliveryId::of(&envelope, &body),
            envelope,
            event,
            location,
            scheme,
            body,
        })
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// What happened, without the proof.
    pub fn into_event(self) -> Event {
        self.event
    }

    /// What the delivery carries around the event.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The location that it is about; agency events name none.
    pub fn location_id(&self) -> Option<&LocationId> {
        self.location.as_ref()
    }

    /// When HighLevel sent it, if it says so.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.envelope.timestamp
    }

    /// What tells this delivery from every other one.
    pub fn delivery_id(&self) -> &DeliveryId {
        &self.delivery
    }

    /// How it was signed.
    pub fn signed_by(&self) -> Scheme {
        self.scheme
    }

    /// The bytes as they came: keep these where events wait on disk, and read them with
    /// [`Event::from_slice`].
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// What tells one delivery from every other: its `webhookId`, or where it has none the
/// SHA-256 of its body. Both are under the signature.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(String);

impl DeliveryId {
    fn of(envelope: &Envelope, body: &[u8]) -> Self {
        let told = envelope.webhook_id.as_deref().filter(|id| !id.is_empty());
        Self(told.map_or_else(|| digest(body), str::to_owned))
    }

    /// The id as text, to keep.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digest(body: &[u8]) -> String {
    use fmt::Write;
    let digest = ring::digest::digest(&ring::digest::SHA256, body);
    let mut text = String::from("sha256:");
    for byte in digest.as_ref() {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
