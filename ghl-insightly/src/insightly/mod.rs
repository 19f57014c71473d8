//! The Insightly side: contacts of one instance.

mod contact_endpoint;
mod contact_mapper;
mod failure;
mod instance;

pub use contact_endpoint::{InsightlyCall, InsightlyContacts};
pub use contact_mapper::InsightlyContactMapper;
pub use failure::connector_error;
pub use instance::InsightlyInstance;
