//! All models: what they hold, that nothing is lost on the way, and that no input breaks them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the set-up of a test fails as loudly as the test"
)]

/// Does something with every model that is read.
macro_rules! each_read_model {
    ($do:ident) => {
        $do! {
            Activity ActivitySet Comment Contact Country Currency CustomFieldDefinition
            CustomFieldDependency CustomFieldOption CustomFieldOptionsFilter CustomObject
            CustomObjectRecord DocumentTemplate Email Event FileAttachment FileCategory Following
            Instance Lead LeadSource LeadStatus Link Milestone Note NoteComment ObjectPermissions
            Opportunity OpportunityCategory OpportunityLineItem Organisation Permissions Pipeline
            PipelineStage Project ProjectCategory Relationship StateReason Task TaskCategory Team
            TeamMember User
        }
    };
}

mod decoding;
mod described;
mod generated;
mod round_trips;
mod sent;
