//! The families of the API, one file each: model, shapes, and what only they have.

#[cfg(feature = "activity-sets")]
pub(crate) mod activity_set;
#[cfg(feature = "categories")]
pub(crate) mod category;
#[cfg(feature = "comments")]
pub(crate) mod comment;
#[cfg(feature = "contacts")]
pub(crate) mod contact;
pub(crate) mod country;
pub(crate) mod currency;
pub(crate) mod custom_field_definition;
#[cfg(feature = "custom-objects")]
pub(crate) mod custom_object;
#[cfg(feature = "document-templates")]
pub(crate) mod document_template;
#[cfg(feature = "emails")]
pub(crate) mod email;
#[cfg(feature = "events")]
pub(crate) mod event;
#[cfg(feature = "files")]
pub(crate) mod file_attachment;
#[cfg(feature = "follows")]
pub(crate) mod follow;
pub(crate) mod instance;
#[cfg(feature = "leads")]
pub(crate) mod lead;
#[cfg(feature = "leads")]
pub(crate) mod lead_setting;
#[cfg(feature = "opportunities")]
pub(crate) mod line_item;
#[cfg(feature = "milestones")]
pub(crate) mod milestone;
#[cfg(feature = "notes")]
pub(crate) mod note;
#[cfg(feature = "opportunities")]
pub(crate) mod opportunity;
#[cfg(feature = "organisations")]
pub(crate) mod organisation;
pub(crate) mod permission;
#[cfg(feature = "pipelines")]
pub(crate) mod pipeline;
#[cfg(feature = "projects")]
pub(crate) mod project;
#[cfg(feature = "relationships")]
pub(crate) mod relationship;
#[cfg(feature = "tags")]
pub(crate) mod tag_names;
#[cfg(feature = "tasks")]
pub(crate) mod task;
#[cfg(feature = "teams")]
pub(crate) mod team;
pub(crate) mod user;

use crate::operation_table::ApiOperation;

/// Every operation of this crate, family by family: the calls are sent from these entries.
///
/// A call with and without `If-Match` has an entry each, because only one of them is
/// repeatable.
pub fn operations() -> impl Iterator<Item = &'static ApiOperation> {
    let families = [
        #[cfg(feature = "activity-sets")]
        activity_set::OPERATIONS,
        #[cfg(feature = "categories")]
        category::task::OPERATIONS,
        #[cfg(feature = "categories")]
        category::project::OPERATIONS,
        #[cfg(feature = "categories")]
        category::opportunity::OPERATIONS,
        #[cfg(feature = "categories")]
        category::file::OPERATIONS,
        #[cfg(feature = "comments")]
        comment::OPERATIONS,
        #[cfg(feature = "contacts")]
        contact::OPERATIONS,
        country::OPERATIONS,
        currency::OPERATIONS,
        custom_field_definition::OPERATIONS,
        #[cfg(feature = "custom-objects")]
        custom_object::OPERATIONS,
        #[cfg(feature = "custom-objects")]
        custom_object::definitions::OPERATIONS,
        #[cfg(feature = "custom-objects")]
        custom_object::translations::OPERATIONS,
        #[cfg(feature = "document-templates")]
        document_template::OPERATIONS,
        #[cfg(feature = "emails")]
        email::OPERATIONS,
        #[cfg(feature = "events")]
        event::OPERATIONS,
        #[cfg(feature = "files")]
        file_attachment::OPERATIONS,
        #[cfg(feature = "follows")]
        follow::OPERATIONS,
        instance::OPERATIONS,
        #[cfg(feature = "leads")]
        lead::OPERATIONS,
        #[cfg(feature = "leads")]
        lead_setting::sources::OPERATIONS,
        #[cfg(feature = "leads")]
        lead_setting::source_deletion::OPERATIONS,
        #[cfg(feature = "leads")]
        lead_setting::statuses::OPERATIONS,
        #[cfg(feature = "leads")]
        lead_setting::status_deletion::OPERATIONS,
        #[cfg(feature = "milestones")]
        milestone::OPERATIONS,
        #[cfg(feature = "notes")]
        note::OPERATIONS,
        #[cfg(all(feature = "notes", feature = "comments"))]
        note::older_comments::OPERATIONS,
        #[cfg(feature = "opportunities")]
        opportunity::OPERATIONS,
        #[cfg(feature = "opportunities")]
        line_item::OPERATIONS,
        #[cfg(feature = "opportunities")]
        opportunity::states::OPERATIONS,
        #[cfg(feature = "opportunities")]
        opportunity::reasons::OPERATIONS,
        #[cfg(feature = "organisations")]
        organisation::OPERATIONS,
        #[cfg(feature = "organisations")]
        organisation::domains::OPERATIONS,
        permission::OPERATIONS,
        #[cfg(feature = "pipelines")]
        pipeline::pipelines::OPERATIONS,
        #[cfg(feature = "pipelines")]
        pipeline::stages::OPERATIONS,
        #[cfg(feature = "projects")]
        project::OPERATIONS,
        #[cfg(feature = "milestones")]
        project::milestones::OPERATIONS,
        #[cfg(feature = "relationships")]
        relationship::OPERATIONS,
        #[cfg(feature = "tags")]
        tag_names::OPERATIONS,
        #[cfg(feature = "tasks")]
        task::OPERATIONS,
        #[cfg(feature = "teams")]
        team::teams::OPERATIONS,
        #[cfg(feature = "teams")]
        team::members::OPERATIONS,
        #[cfg(feature = "teams")]
        team::membership::OPERATIONS,
        user::OPERATIONS,
        user::ME,
    ];
    families
        .into_iter()
        .flatten()
        .flat_map(|shape| shape.iter().copied())
}
