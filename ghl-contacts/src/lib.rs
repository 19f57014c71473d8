//! A typed client of the HighLevel (GHL) Contacts API and of what a sync needs beside it:
//! paced by account, repeated only where that is safe, honest about what may have been done.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use ghl_contacts::{Client, ContactQuery, PrivateIntegrationToken};
//!
//! # async fn main_() -> Result<(), Box<dyn std::error::Error>> {
//! let token = PrivateIntegrationToken::new(std::env::var("GHL_TOKEN")?);
//! let client = Client::builder(token).build()?;
//! let query = ContactQuery::in_location("ve9EPM428h8vShlRW1KT").tag("vip");
//! let vips: Vec<_> = client.contacts().search(query).try_collect().await?;
//! println!("{} contacts", vips.len());
//! # Ok(()) }
//! ```
//!
//! # Map
//!
//! | to | use |
//! | --- | --- |
//! | call the API | [`Client`], with a [`PrivateIntegrationToken`] or your own [`Credentials`] |
//! | read, find, write contacts | [`Contacts`]: [`Contact`], [`NewContact`], [`ContactUpdate`], [`ContactQuery`] |
//! | their tasks, notes, appointments, followers, campaigns, workflows | [`Contacts`] too: [`Task`], [`Note`], [`CalendarEvent`] |
//! | change many at once | [`Contacts::bulk_tags`], [`Contacts::set_business`] |
//! | know a location: zone, custom fields, tags, users, all tasks, events | [`Location`] |
//! | keep companies | [`Businesses`] |
//! | define fields of businesses and custom objects | [`CustomObjectFields`] |
//! | see where an app is installed | [`Client::installed_locations`] |
//! | go slower, go faster, see what is left of the day | [`Pacer`], [`Client::bulk`], [`Client::budget`] |
//! | see every operation, and the scopes it needs | [`operations`], [`scopes`] |
//! | hear of changes at once | `webhooks` (a feature of this crate) |
//! | call what is not here yet | [`Client::send`] |
//! | own the wire, in tests | [`Sender`], implemented with [`macro@async_trait`] |
//!
//! Ids are types of their own ([`ContactId`], …), all opaque texts. Times are `jiff` types;
//! what is kept as it came is `serde_json`. No other crate's types are in this API.
//!
//! # How to
//!
//! **Create, change, tag.** What is not set is not sent; an update leaves, sets or clears.
//!
//! ```no_run
//! # use ghl_contacts::{Client, ContactUpdate, CustomFieldWrite, DndEdit, DndStatus, Edit, NewContact};
//! # async fn demo(client: Client) -> ghl_contacts::Result<()> {
//! let contacts = client.contacts();
//! let ada = NewContact::in_location("ve9EPM428h8vShlRW1KT").first_name("Ada").email("ada@example.com");
//! let ada = contacts.create(&ada).await?;
//! let change = ContactUpdate::new()
//!     .phone("+18832327657")
//!     .website(Edit::Clear)
//!     .custom_field(CustomFieldWrite::set("MgobCB14YMVKuE4Ka8p1", "gold"))
//!     .dnd_settings(DndEdit::new().sms(DndStatus::Active));
//! contacts.update(&ada.id, &change).await?;
//! let tags = contacts.add_tags(&ada.id, &["vip"]).await?;
//! # Ok(()) }
//! ```
//!
//! **Read what changed.** Take pages rather than the stream where the cursor must outlive
//! the program. The index lags: begin some minutes before the newest stamp you know, and
//! take "now" from [`SearchPage::server_time`].
//!
//! ```no_run
//! # use ghl_contacts::{Client, ContactQuery, Filter, SearchField};
//! # async fn demo(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let query = ContactQuery::in_location("ve9EPM428h8vShlRW1KT")
//!     .filter(Filter::updated_at_least("2026-11-24T10:00:00Z".parse()?))
//!     .ascending(SearchField::DATE_UPDATED)
//!     .page_size(500);
//! let contacts = client.bulk().contacts();
//! let mut after = None;
//! loop {
//!     let page = contacts.search_page(&query, after.as_ref()).await?;
//!     // … use page.contacts …
//!     let Some(next) = page.next else { break };
//!     after = Some(next); // it serialises: keep it with what the page gave
//! }
//! # Ok(()) }
//! ```
//!
//! **Tell blank from not shown.** Routes show different fields of one contact, and a value
//! can come in a shape that we cannot read: [`Contact::tells`] says whether a `None` is
//! blank. One odd value holds one field, not the page. What we do not know is in `extra`,
//! and never sent back.
//!
//! **Share an account.** Limits belong to the account: give one [`Pacer`] to all its clients.
//! An app's is `Pacer::new(marketplace_app_limits())`; see [`marketplace_app_limits`].
//!
//! **Check a token before work begins.** [`scopes::needed_for`] some [`operations`], or
//! [`scopes::missing_scopes`] where the granted ones are known.
//!
//! # Errors
//!
//! Every call fails with one [`Error`]: [`kind`](ApiError::kind) says what (by status *and*
//! body: a missing contact is a 400, a gateway's time-out a 401), and
//! [`effect`](ApiError::effect) whether it may have been done all the same.
//!
//! ```no_run
//! # use ghl_contacts::{Client, Effect, ErrorKind, NewContact};
//! # async fn demo(client: Client, ada: NewContact) {
//! match client.contacts().create(&ada).await {
//!     Ok(contact) => println!("created {}", contact.id),
//!     Err(error) => match error.kind() {
//!         ErrorKind::Duplicate { existing, field } => println!("{existing} has that {field}"),
//!         ErrorKind::DayExhausted { resets_in } => println!("come back in {resets_in:?}"),
//!         _ if error.effect() == Effect::Unknown => println!("look before you repeat: {error}"),
//!         _ => println!("refused: {error}"),
//!     },
//! }
//! # }
//! ```
//!
//! Transient failures are repeated here, and only here: those of reads and of writes that
//! are the same when done twice, and any that was certainly not applied.
//!
//! # Known limits
//!
//! - API version `2021-07-28`; answers of `v3` are read too, but not asked for.
//! - No OAuth flow: bring [`Credentials`] that refresh. No upload of files into custom
//!   fields (multipart).
//! - Not confirmed by HighLevel: that `null` or `""` clears a field, which edits move
//!   `dateUpdated`, the full list of searchable fields, the limits of paid plans, the zone
//!   of bare appointment times. The items concerned say so.

mod attribution;
mod businesses;
mod calendar_event;
mod classify;
mod client;
mod contacts;
mod credentials;
mod custom_field_value;
mod dialect;
mod dnd;
mod error;
mod error_body;
mod fetched;
mod ids;
mod installed_locations;
mod locations;
mod object_fields;
mod operation;
mod rate_headers;
mod record;
pub mod scopes;
mod setters;
mod skipping;
mod succeeded;
mod users;
mod version;
#[cfg(feature = "webhooks")]
pub mod webhooks;

pub use api_transport::{
    ApiError, Base, BaseError, Budget, Bytes, Credentials, CredentialsError, DayExhausted,
    Definition, Edit, Effect, ExposeSecret, Fault, HeaderMap, HeaderName, HeaderValue, Limits,
    Method, Operation, Pacer, Priority, RepeatPolicy, Request, ReqwestSender, ReqwestSenderBuilder,
    Response, SecretString, SendError, Sender, SenderBuildError, StatusCode, server_time,
};
pub use async_trait::async_trait;
pub use attribution::AttributionSource;
pub use businesses::{Business, BusinessEdit, Businesses};
pub use calendar_event::{CalendarEvent, EventTime};
pub use client::{
    BASE_URL, BuildError, Client, ClientBuilder, marketplace_app_limits, private_integration_limits,
};
pub use contacts::{
    AdditionalEmail, AdditionalPhone, BulkTagResult, BulkTags, Contact, ContactField, ContactQuery,
    ContactUpdate, Contacts, DuplicateKey, Filter, FilterValue, Followers, IfDuplicate, ListAfter,
    ListMeta, ListPage, MAX_BUSINESS_CHANGE, MAX_PAGE_SIZE, NewContact, NewTask, Note, NoteEdit,
    Range, Route, SearchAfter, SearchField, SearchPage, TagChange, Task, TaskUpdate, Upserted,
};
pub use credentials::PrivateIntegrationToken;
pub use custom_field_value::{CustomField, CustomFieldValue, CustomFieldWrite};
pub use dnd::{DndEdit, DndSetting, DndSettings, DndStatus, InboundDndEdit, InboundDndSettings};
pub use error::{Error, ErrorKind, Result};
pub use fetched::Fetched;
pub use ids::{
    AppId, AppVersionId, BusinessId, CalendarGroupId, CalendarId, CampaignId, CompanyId, ContactId,
    CustomFieldId, EventId, FolderId, LocationId, NoteId, TagId, TaskId, UserId, WorkflowId,
};
pub use installed_locations::{InstalledLocation, InstalledLocations, InstalledQuery};
pub use locations::{
    CustomFieldDefinition, CustomFieldEdit, EventsOf, FieldModel, Location, LocationDetails,
    LocationTag, TaskSearch, TextBox,
};
pub use object_fields::{
    CustomObjectFields, FieldFolder, FieldOption, NewObjectField, ObjectField, ObjectFieldEdit,
    ObjectFields,
};
pub use operation::{GhlOperation, operation, operations};
pub use users::{User, UserRole};
