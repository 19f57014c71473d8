//! A typed client of the [Insightly](https://www.insightly.com) CRM API v3.1:
//! page walks that lose no row, calls that are paced and safely repeated, and errors
//! that say whether a write may have been done.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use insightly::{ApiKey, Client, Edit, ContactUpdate, NewContact, SecretString};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let key = ApiKey::new(SecretString::from(std::env::var("INSIGHTLY_KEY")?));
//! let client = Client::builder(key).pod("na1").build()?;
//!
//! let ada = NewContact::new("Ada").email_address("ada@example.com").tags(["vip"]);
//! let ada = client.contacts().create(&ada).await?.value;
//! let update = ContactUpdate::of(ada.id).phone("+1 555 0100").title(Edit::Clear);
//! client.contacts().update(&update).await?;
//!
//! let mut changed = std::pin::pin!(client.contacts().since("2026-11-24T10:00:00Z".parse()?));
//! while let Some(contact) = changed.try_next().await? {
//!     println!("{} {:?}", contact.id, contact.email_address);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Map
//!
//! | room | holds |
//! | --- | --- |
//! | [`Client`], [`ApiKey`], [`Pod`] | where, and as whom |
//! | [`Records`], [`shapes`] | the calls of a family, and which families have them |
//! | [`Contact`], [`NewContact`], [`ContactUpdate`], … | what is read, made, changed |
//! | [`ListQuery`], [`SearchQuery`], [`ChildQuery`] | what lists are asked for |
//! | [`Page`], [`Cursor`] | a list page by page, to be gone on with later |
//! | [`Fetched`], [`ETag`] | a record with its version and the server's clock |
//! | [`Error`], [`ErrorKind`], [`Effect`] | why a call failed, and what it left behind |
//! | [`Pacer`], [`Budget`], [`Day`] | how fast, and what is left of the day |
//! | [`operations`], [`ApiOperation`] | every operation as data |
//!
//! # Families
//!
//! | family | read, made, changed |
//! | --- | --- |
//! | people | [`contacts`](Client::contacts), [`organisations`](Client::organisations), [`leads`](Client::leads), [`lead_sources`](Client::lead_sources), [`lead_statuses`](Client::lead_statuses), [`relationships`](Client::relationships) |
//! | work | [`opportunities`](Client::opportunities), [`projects`](Client::projects), [`milestones`](Client::milestones), [`tasks`](Client::tasks), [`events`](Client::events), [`pipelines`](Client::pipelines), [`pipeline_stages`](Client::pipeline_stages), [`activity_sets`](Client::activity_sets) |
//! | words | [`notes`](Client::notes), [`emails`](Client::emails), [`comments`](Client::comments), [`file`](Client::file), [`document_templates`](Client::document_templates), [`tags`](Client::tags) |
//! | the account | [`check`](Client::check), [`me`](Client::me), [`users`](Client::users), [`teams`](Client::teams), [`team_members`](Client::team_members), [`permissions`](Client::permissions), [`instance`](Client::instance), [`follows`](Client::follows) |
//! | settings | [`custom_fields`](Client::custom_fields), [`custom_objects`](Client::custom_objects), [`custom_object_records`](Client::custom_object_records), [`task_categories`](Client::task_categories) and the other categories, [`countries`](Client::countries), [`currencies`](Client::currencies) |
//!
//! Tags, links, notes, files, pictures and the like are calls of the family that has
//! them, the same for each: `client.leads().add_tag(id, "vip")`,
//! `client.tasks().add_link(id, &NewLink::to_contact(contact))`.
//!
//! # How to
//!
//! | you want | use |
//! | --- | --- |
//! | to know whether the key works | [`Client::check`] |
//! | all records of a family | [`Records::list`] |
//! | what changed since | [`Records::since`]; plain lists cannot be filtered |
//! | records by a field's value | [`Records::find_by`] |
//! | to find out what was deleted | [`Records::ids`] |
//! | to go on with a walk later | [`Records::search_page`] with a kept [`Cursor`] |
//! | to lose nobody's edit | [`Records::update_if`] with an [`ETag`] |
//! | to blank a field | [`Edit::Clear`] |
//! | the custom fields as a struct of yours | [`custom_fields!`] |
//! | custom fields by their definitions | [`CustomFieldDefinition::get`], [`CustomFieldDefinition::set`] |
//! | a large file piece by piece | [`Client::file_stream`], [`Upload::streamed`] |
//! | several pages under way at once | [`ListQuery::pages_at_once`] |
//! | a key that is rotated while this runs | [`ApiKey::rotate`], [`ApiKey::load`] |
//! | hints of workflow rules | `webhooks` (a feature of this crate) |
//! | a call that this crate lacks | [`Client::send`] |
//! | a sweep that lets others go first | [`Client::bulk`] |
//! | to test without Insightly | [`ClientBuilder::sender`], [`ClientBuilder::base_url`] |
//!
//! # Features
//!
//! Families are features, named as in the table above; on by default are contacts,
//! organisations, leads, opportunities, projects, tasks, notes, events and tags, and `full`
//! has all. `webhooks` and `axum` receive what workflow rules post, `keyring` keeps keys in
//! the system's keyring.
//!
//! # Errors
//!
//! Each call returns one [`Error`]: [`kind()`](Error::kind) to match on, Insightly's
//! own words in [`message()`](Error::message), and [`effect()`](Error::effect): after
//! [`Effect::Unknown`] a write may have been done, so look before doing it again.
//! What can be repeated safely has been repeated already.
//!
//! # Known limits
//!
//! - Insightly does not document everything. What is not confirmed is said where it matters.
//! - Lists and searches lag behind writes by seconds, reads by id by about one.
//! - Deletes show in no feed; [`Records::ids`] finds them.
//! - There is no upsert and no idempotency key: after a lost answer to a create, look
//!   for a custom field that holds an id of yours.
//! - Not covered, but within reach of [`Client::send`]: tickets, products, price books and
//!   quotes, prospects and marketing, knowledge base, community, telephony.
//! - Times are UTC and to the second; members that are days are days, without a zone.

// A family that is left out leaves some of what families share without a use.
#![cfg_attr(not(feature = "full"), allow(dead_code, unused_imports, unused_macros))]
// The front page names every family; with one left out its links lead nowhere.
#![cfg_attr(not(feature = "full"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod ahead;
mod answer_text;
mod api_key;
mod check;
mod client;
mod cursor;
mod custom_field;
mod custom_fields;
mod custom_value;
mod day;
mod dialect;
mod download;
mod error;
mod families;
mod form;
mod ids;
mod link;
mod model;
mod occasion;
mod one_or_many;
mod operation_table;
mod page;
mod pod;
mod query;
mod record;
mod records;
mod shape;
pub mod shapes;
mod tag;
mod upload;
mod walk;
#[cfg(feature = "webhooks")]
pub mod webhooks;

pub use api_key::ApiKey;
#[cfg(feature = "keyring")]
pub use api_transport::KeyringSecretStore;
pub use api_transport::{
    BaseError, BodySource, Budget, ByteStream, Bytes, Definition, Edit, Effect, Fault,
    FileSecretStore, HeaderMap, HeaderName, HeaderValue, Lease, Limits, MemorySecretStore, Method,
    Opened, Operation, Pacer, RepeatPolicy, Request, ReqwestSender, ReqwestSenderBuilder, Response,
    SecretStore, SecretStoreError, SecretString, SendError, Sender, SenderBuildError, StatusCode,
};
/// For implementing [`Sender`] and [`SecretStore`].
pub use async_trait::async_trait;
pub use check::AccountCheck;
pub use client::{BuildError, Client, ClientBuilder, limits};
pub use cursor::Cursor;
pub use custom_field::CustomField;
pub use custom_fields::CustomFields;
#[doc(hidden)]
pub use custom_fields::{changed_custom_field, read_custom_field};
pub use custom_value::{CustomFieldError, CustomFieldType, CustomFieldValue, CustomValue};
pub use day::Day;
pub use download::{Download, FileStream};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "activity-sets")]
pub use families::activity_set::{
    Activity, ActivityAssignment, ActivitySet, ActivitySetAssignment,
};
#[cfg(feature = "categories")]
pub use families::category::{
    FileCategory, FileCategoryUpdate, NewFileCategory, NewOpportunityCategory, NewProjectCategory,
    NewTaskCategory, OpportunityCategory, OpportunityCategoryUpdate, ProjectCategory,
    ProjectCategoryUpdate, TaskCategory, TaskCategoryUpdate,
};
#[cfg(feature = "comments")]
pub use families::comment::{Comment, CommentUpdate, NewComment};
#[cfg(feature = "contacts")]
pub use families::contact::{Contact, ContactUpdate, NewContact};
pub use families::country::Country;
pub use families::currency::Currency;
pub use families::custom_field_definition::{
    CustomFieldDefinition, CustomFieldDependency, CustomFieldOption, CustomFieldOptionsFilter,
};
#[cfg(feature = "custom-objects")]
pub use families::custom_object::{
    CustomObject, CustomObjectRecord, CustomObjectRecordUpdate, NewCustomObjectRecord,
};
#[cfg(feature = "document-templates")]
pub use families::document_template::DocumentTemplate;
#[cfg(feature = "emails")]
pub use families::email::Email;
#[cfg(feature = "events")]
pub use families::event::{Event, EventUpdate, NewEvent};
#[cfg(feature = "files")]
pub use families::file_attachment::FileAttachment;
#[cfg(feature = "follows")]
pub use families::follow::Following;
pub use families::instance::Instance;
#[cfg(feature = "leads")]
pub use families::lead::{Lead, LeadUpdate, NewLead};
#[cfg(feature = "leads")]
pub use families::lead_setting::{
    LeadSource, LeadSourceUpdate, LeadStatus, LeadStatusUpdate, NewLeadSource, NewLeadStatus,
};
#[cfg(feature = "opportunities")]
pub use families::line_item::{
    NewOpportunityLineItem, OpportunityLineItem, OpportunityLineItemUpdate,
};
#[cfg(feature = "milestones")]
pub use families::milestone::{Milestone, MilestoneUpdate, NewMilestone};
#[cfg(all(feature = "notes", feature = "comments"))]
pub use families::note::NoteComment;
#[cfg(feature = "notes")]
pub use families::note::{NewNote, Note, NoteUpdate};
pub use families::operations;
#[cfg(feature = "opportunities")]
pub use families::opportunity::{
    NewOpportunity, Opportunity, OpportunityUpdate, StateChange, StateReason,
};
#[cfg(feature = "organisations")]
pub use families::organisation::{EmailDomain, NewOrganisation, Organisation, OrganisationUpdate};
pub use families::permission::{ObjectPermissions, Permissions};
#[cfg(feature = "pipelines")]
pub use families::pipeline::{Pipeline, PipelineChange, PipelineStage, StageChange};
#[cfg(feature = "projects")]
pub use families::project::{NewProject, Project, ProjectUpdate};
#[cfg(feature = "relationships")]
pub use families::relationship::Relationship;
#[cfg(feature = "tags")]
pub use families::tag_names::TaggedRecords;
#[cfg(feature = "tasks")]
pub use families::task::{NewTask, Task, TaskUpdate};
#[cfg(feature = "teams")]
pub use families::team::{NewTeam, NewTeamMember, Team, TeamMember, TeamUpdate};
pub use families::user::User;
pub use ids::{
    ActivityId, ActivitySetId, CategoryId, CommentId, ContactId, CustomObjectRecordId,
    DocumentTemplateId, EmailDomainId, EmailId, EventId, FileId, LeadId, LeadSourceId,
    LeadStatusId, LineItemId, LinkId, MilestoneId, NoteId, OccasionId, OpportunityId,
    OrganisationId, PipelineId, PricebookEntryId, PricebookId, ProjectId, RelationshipId, StageId,
    StateReasonId, TaskId, TeamId, TeamMemberId, UserId,
};
pub use link::{Link, LinkUpdate, NewLink};
#[doc(hidden)]
pub use model::{Member, Model};
pub use occasion::Occasion;
pub use operation_table::{ApiOperation, Availability};
pub use page::{Page, Row, Unreadable};
pub use pod::{Pod, PodError};
pub use query::{ChildQuery, ListQuery, SearchQuery};
pub use record::{ETag, Fetched, Payload, Record, RecordId, TooLong};
pub use records::Records;
pub use tag::Tag;
pub use upload::Upload;
