//! The families of the API, one file each: model, shapes, and what only they have.

pub(crate) mod contact;
pub(crate) mod country;
pub(crate) mod custom_field_definition;
pub(crate) mod instance;
pub(crate) mod tag_names;
pub(crate) mod user;

use crate::operation_table::ApiOperation;

/// Every operation of this crate, family by family: the calls are sent from these entries.
pub fn operations() -> impl Iterator<Item = &'static ApiOperation> {
    let families = [
        contact::OPERATIONS,
        country::OPERATIONS,
        custom_field_definition::OPERATIONS,
        instance::OPERATIONS,
        tag_names::OPERATIONS,
        user::OPERATIONS,
        user::ME,
    ];
    families
        .into_iter()
        .flatten()
        .flat_map(|shape| shape.iter().copied())
}
