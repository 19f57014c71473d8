//! A typed client of the HighLevel (GHL) Contacts API and what a sync needs beside it:
//! paced, repeated only where that is safe, and honest about what may have been done.

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

pub use api_transport::{
    ApiError, Base, BaseError, Budget, Bytes, Credentials, CredentialsError, DayExhausted,
    Definition, Edit, Effect, ExposeSecret, Fault, HeaderMap, HeaderName, HeaderValue, Limits,
    Method, Operation, Pacer, Priority, RepeatPolicy, Request, ReqwestSender, ReqwestSenderBuilder,
    Response, SecretString, SendError, Sender, SenderBuildError, StatusCode, server_time,
};
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
    AppId, BusinessId, CalendarGroupId, CalendarId, CampaignId, CompanyId, ContactId,
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
