//! The families of the API, one file each: model, shapes, and what only they have.

pub(crate) mod activity_set;
pub(crate) mod category;
pub(crate) mod comment;
pub(crate) mod contact;
pub(crate) mod country;
pub(crate) mod currency;
pub(crate) mod custom_field_definition;
pub(crate) mod custom_object;
pub(crate) mod document_template;
pub(crate) mod email;
pub(crate) mod event;
pub(crate) mod file_attachment;
pub(crate) mod follow;
pub(crate) mod instance;
pub(crate) mod lead;
pub(crate) mod lead_setting;
pub(crate) mod milestone;
pub(crate) mod note;
pub(crate) mod opportunity;
pub(crate) mod organisation;
pub(crate) mod permission;
pub(crate) mod pipeline;
pub(crate) mod project;
pub(crate) mod relationship;
pub(crate) mod tag_names;
pub(crate) mod task;
pub(crate) mod team;
pub(crate) mod user;

use crate::operation_table::ApiOperation;

/// Every operation of this crate, family by family: the calls are sent from these entries.
///
/// A call with and without `If-Match` has an entry each, because only one of them is
/// repeatable.
pub fn operations() -> impl Iterator<Item = &'static ApiOperation> {
    let families = [
        activity_set::OPERATIONS,
        category::task::OPERATIONS,
        category::project::OPERATIONS,
        category::opportunity::OPERATIONS,
        category::file::OPERATIONS,
        comment::OPERATIONS,
        contact::OPERATIONS,
        country::OPERATIONS,
        currency::OPERATIONS,
        custom_field_definition::OPERATIONS,
        custom_object::OPERATIONS,
        custom_object::definitions::OPERATIONS,
        custom_object::translations::OPERATIONS,
        document_template::OPERATIONS,
        email::OPERATIONS,
        event::OPERATIONS,
        file_attachment::OPERATIONS,
        follow::OPERATIONS,
        instance::OPERATIONS,
        lead::OPERATIONS,
        lead_setting::sources::OPERATIONS,
        lead_setting::source_deletion::OPERATIONS,
        lead_setting::statuses::OPERATIONS,
        lead_setting::status_deletion::OPERATIONS,
        milestone::OPERATIONS,
        note::OPERATIONS,
        opportunity::OPERATIONS,
        opportunity::states::OPERATIONS,
        opportunity::reasons::OPERATIONS,
        organisation::OPERATIONS,
        organisation::domains::OPERATIONS,
        permission::OPERATIONS,
        pipeline::pipelines::OPERATIONS,
        pipeline::stages::OPERATIONS,
        project::OPERATIONS,
        project::milestones::OPERATIONS,
        relationship::OPERATIONS,
        tag_names::OPERATIONS,
        task::OPERATIONS,
        team::teams::OPERATIONS,
        team::members::OPERATIONS,
        team::membership::OPERATIONS,
        user::OPERATIONS,
        user::ME,
    ];
    families
        .into_iter()
        .flatten()
        .flat_map(|shape| shape.iter().copied())
}
