//! The Insightly side: what one instance holds.

mod address;
mod assigned;
mod company_endpoint;
mod company_mapper;
mod contact_endpoint;
mod contact_mapper;
mod country;
mod failure;
mod follow_up_endpoint;
mod follow_up_mapper;
mod instance;
mod lead_endpoint;
mod lead_mapper;
mod note_endpoint;
mod note_mapper;
mod parent;
mod phone_slot;
mod record_feed;
mod task_endpoint;
mod task_mapper;

/// As many characters as a short text has.
const SHORT_TEXT: usize = 255;

pub use company_endpoint::{InsightlyCompanies, InsightlyCompanyCall};
pub use company_mapper::InsightlyCompanyMapper;
pub use contact_endpoint::{InsightlyCall, InsightlyContacts};
pub use contact_mapper::InsightlyContactMapper;
pub use failure::connector_error;
pub use follow_up_endpoint::InsightlyFollowUps;
pub use follow_up_mapper::InsightlyFollowUpMapper;
pub use instance::InsightlyInstance;
pub use lead_endpoint::InsightlyLeads;
pub use lead_mapper::InsightlyLeadMapper;
pub use note_endpoint::{InsightlyNoteCall, InsightlyNotes};
pub use note_mapper::InsightlyNoteMapper;
pub use task_endpoint::{InsightlyTaskCall, InsightlyTasks};
pub use task_mapper::InsightlyTaskMapper;
