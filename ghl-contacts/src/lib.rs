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
//! | call the API | [`Client`], with a [`PrivateIntegrationToken`], an app's token (feature `oauth`), or your own [`Credentials`] |
//! | keep secrets that change | [`SecretStore`]: [`FileSecretStore`], [`MemorySecretStore`] |
//! | check values of custom fields | [`CustomFieldDefinitions`], [`TypedValue`] |
//! | watch every attempt | [`Observer`] |
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
//! **Share an account.** Limits belong to the account: give one [`Pacer`] to all its clients,
//! and a [`Pacer::lane`] to each location that shares them. See [`marketplace_app_limits`].
//!
//! **Check a token before work begins.** [`scopes::needed_for`] some [`operations`], and
//! [`Client::missing_scopes`] where the credential tells what it was granted.
//!
//! More in the [`guide`]: [apps](guide::oauth), [rotation](guide::rotation),
//! [exports](guide::exports), [tests](guide::testing).
//!
//! # Operations
//!
//! | operation | call |
//! | --- | --- |
//! | get, create, update, delete a contact | [`get`](Contacts::get), [`create`](Contacts::create), [`update`](Contacts::update), [`delete`](Contacts::delete) |
//! | upsert; find a duplicate | [`upsert`](Contacts::upsert); [`find_duplicate`](Contacts::find_duplicate) |
//! | search; list (deprecated); by business | [`search`](Contacts::search), [`search_page`](Contacts::search_page); [`list_page`](Contacts::list_page); [`in_business`](Contacts::in_business) |
//! | tasks: list, get, create, update, complete, delete | [`tasks`](Contacts::tasks), [`task`](Contacts::task), [`create_task`](Contacts::create_task), [`update_task`](Contacts::update_task), [`complete_task`](Contacts::complete_task), [`delete_task`](Contacts::delete_task) |
//! | notes: list, get, create, update, delete | [`notes`](Contacts::notes), [`note`](Contacts::note), [`create_note`](Contacts::create_note), [`update_note`](Contacts::update_note), [`delete_note`](Contacts::delete_note) |
//! | appointments | [`appointments`](Contacts::appointments) |
//! | tags: add, remove, of many contacts | [`add_tags`](Contacts::add_tags), [`remove_tags`](Contacts::remove_tags), [`bulk_tags`](Contacts::bulk_tags) |
//! | followers: add, remove | [`add_followers`](Contacts::add_followers), [`remove_followers`](Contacts::remove_followers) |
//! | campaigns: add, remove, remove from all | [`add_to_campaign`](Contacts::add_to_campaign), [`remove_from_campaign`](Contacts::remove_from_campaign), [`remove_from_all_campaigns`](Contacts::remove_from_all_campaigns) |
//! | workflows: add, remove | [`add_to_workflow`](Contacts::add_to_workflow), [`remove_from_workflow`](Contacts::remove_from_workflow) |
//! | the business of many contacts | [`set_business`](Contacts::set_business) |
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
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `oauth` | apps that others install: codes, tokens, refresh | no |
//! | `webhooks` | deliveries that are verified, kept once and typed | no |
//! | `axum` | a route that receives them | no |
//! | `keyring` | secrets in the system's keyring | no |
//! | `testing` | the laws of a secret store, for one of your own | no |
//!
//! # Known limits
//!
//! - API version `2021-07-28`; answers of `v3` are read too, but not asked for.
//! - No upload of files into custom fields (multipart).
//! - Not confirmed by HighLevel: that `null` or `""` clears a field, which edits move
//!   `dateUpdated`, the full list of searchable fields, the limits of paid plans, the zone
//!   of bare appointment times. The items concerned say so.

mod attribution;
mod borrowed_json;
mod businesses;
mod calendar_event;
mod classify;
mod client;
mod connection;
mod contacts;
mod credentials;
mod custom_field_definitions;
mod custom_field_value;
mod dialect;
mod dnd;
mod error;
mod error_body;
mod fetched;
pub mod guide;
mod ids;
mod installed_locations;
mod locations;
#[cfg(feature = "oauth")]
mod oauth;
mod oauth_operations;
mod object_fields;
mod operation;
mod rate_headers;
mod record;
pub mod scopes;
mod setters;
mod skipping;
mod succeeded;
mod typed_value;
mod users;
mod version;
#[cfg(feature = "webhooks")]
pub mod webhooks;

#[cfg(feature = "keyring")]
pub use api_transport::KeyringSecretStore;
pub use api_transport::{
    ApiError, Attempt, Authorization, Base, BaseError, Budget, Bytes, Credentials,
    CredentialsError, DayExhausted, Definition, Edit, Effect, ExposeSecret, Fault, FileSecretStore,
    Granted, HeaderMap, HeaderName, HeaderValue, Lease, Limits, MemorySecretStore, Method,
    NoCredentials, Observer, Operation, Pacer, Priority, RepeatPolicy, Request, ReqwestSender,
    ReqwestSenderBuilder, Response, SecretStore, SecretStoreError, SecretString, SendError, Sender,
    SenderBuildError, StatusCode, server_time,
};
pub use async_trait::async_trait;
pub use attribution::AttributionSource;
pub use businesses::{Business, BusinessEdit, Businesses};
pub use calendar_event::{CalendarEvent, EventTime};
pub use client::{Client, ClientBuilder, marketplace_app_limits, private_integration_limits};
pub use connection::{BASE_URL, BuildError};
pub use contacts::{
    AdditionalEmail, AdditionalPhone, AnyKind, BulkTagResult, BulkTags, Contact, ContactField,
    ContactQuery, ContactSearch, ContactUpdate, Contacts, ContainsText, DuplicateKey, Equals,
    FieldKind, Filter, FilterValue, FlagKind, Followers, IfDuplicate, IntoField, ListAfter,
    ListMeta, ListPage, MAX_BUSINESS_CHANGE, MAX_PAGE_SIZE, NewContact, NewTask, Note, NoteEdit,
    Ordered, Range, Route, SearchAfter, SearchField, SearchPage, TagChange, Task, TaskUpdate,
    TextKind, TimeKind, Upserted,
};
pub use credentials::{BearerToken, PrivateIntegrationToken};
pub use custom_field_definitions::{CustomFieldDefinitions, CustomFieldError};
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
#[cfg(feature = "oauth")]
pub use oauth::{
    AuthorizationCode, Authorize, CallbackError, Installation, OAuthApp, OAuthAppBuilder,
    OAuthError, OAuthToken, PendingAuthorization, UserType,
};
pub use object_fields::{
    CustomObjectFields, FieldFolder, FieldOption, NewObjectField, ObjectField, ObjectFieldEdit,
    ObjectFields,
};
pub use operation::{GhlOperation, operation, operations};
pub use typed_value::{CustomFieldType, TypedValue};
pub use users::{User, UserRole};
