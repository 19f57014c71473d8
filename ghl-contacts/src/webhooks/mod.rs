//! Webhooks: believed by their signature, kept once, typed. Feature `webhooks`; the route
//! for axum is feature `axum`.
//!
//! Only marketplace apps get them: a Private Integration Token alone does not. A workflow's
//! own "Webhook" action is something else: unsigned, and of any shape.
//!
//! | you want | use |
//! | --- | --- |
//! | to believe one delivery | [`Verifier::verify`], which gives a [`VerifiedEvent`] |
//! | to receive them with axum | [`Receiver::into_route`](Receiver) (feature `axum`) |
//! | to receive them otherwise | [`Receiver::receive`] |
//! | to know what happened | [`Event`] |
//! | to keep events on disk before they are answered | your own [`Inbox`] |
//! | to receive in several processes | your own [`ReplayMemory`] |
//! | to change keys while it runs | [`Verifier::replace_keys`] |
//!
//! # How to
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use ghl_contacts::webhooks::{Event, Keys, Receiver, Verifier};
//!
//! let (inbox, mut events) = tokio::sync::mpsc::channel(1_000);
//! let receiver = Receiver::new(Verifier::new(Keys::highlevel()), inbox);
//! let app: axum::Router = axum::Router::new().route("/ghl", receiver.into_route());
//! # let work =
//! async move {
//!     while let Some(told) = events.recv().await {
//!         match told.event() {
//!             Event::ContactUpdate(contact) => println!("read {} again", contact.id),
//!             Event::Uninstall(gone) => println!("forget {:?}", gone.location_id),
//!             other => println!("{}", other.kind()),
//!         }
//!     }
//! };
//! # }
//! ```
//!
//! An event is a hint: it shows less than a read, can be late, and is lost for good when the
//! receiver answers anything but 2xx or 429. Read the record it names, and sweep from time
//! to time. Whether an app hears of its own writes is not documented; expect it.
//!
//! # Guarantees
//!
//! - The signature is checked over the raw bytes before anything is parsed. A missing,
//!   empty, doubled or `N/A` header refuses, and a wrong `X-GHL-Signature` is final: the
//!   legacy RSA header is looked at only where it was asked for by name
//!   ([`Keys::and_legacy_rsa`]) and no `X-GHL-Signature` is there.
//! - 200 is answered for what is kept, and for nothing else.
//! - A delivery is kept once as long as the memory holds it; a full memory refuses what it
//!   cannot tell.
//!
//! # Which events there are
//!
//! [`Event::KINDS`]. HighLevel has none for businesses, tag definitions, custom-field
//! definitions, files, merges, or changes of an open task. What is new arrives as
//! [`Event::Other`].

mod app_event;
mod event;
mod keys;
mod receiver;
mod refusal;
mod replay;
#[cfg(feature = "axum")]
mod route;
mod verified;
mod verifier;

pub use app_event::{Installed, LocationSummary, Trial, Uninstalled, Whitelabel};
pub use event::{Envelope, Event};
pub use keys::{Ed25519Key, KeyError, Keys, RsaKey, Scheme};
pub use receiver::{Inbox, InboxError, NotKept, Received, Receiver};
pub use refusal::Refusal;
pub use replay::{Claim, MemoryError, RecentDeliveries, ReplayMemory, Window};
pub use verified::{DeliveryId, VerifiedEvent};
pub use verifier::{DEFAULT_BODY_LIMIT, Verifier};
