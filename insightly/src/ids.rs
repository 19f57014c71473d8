//! Ids, a type for each family.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{form::Form, record::RecordId};

macro_rules! ids {
    ($( $(#[$doc:meta])* $Id:ident; )+) => { $(
        $(#[$doc])*
        ///
        /// Read from a JSON number or a numeric string, written as a number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $Id(pub i64);

        impl RecordId for $Id {
            fn number(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $Id {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $Id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $Id {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.trim().parse().map(Self)
            }
        }

        impl<'de> Deserialize<'de> for $Id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <Self as Form>::read(deserializer)?.ok_or_else(|| D::Error::custom("the id is empty"))
            }
        }

        impl Form for $Id {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Ok(i64::read(deserializer)?.map(Self))
            }

            fn json(&self) -> serde_json::Value {
                self.0.into()
            }
        }
    )+ };
}

ids! {
    /// A contact.
    ContactId;
    /// An organisation.
    OrganisationId;
    /// A user of the account. Not a contact: a user's own contact has another id.
    UserId;
    /// A team of users.
    TeamId;
    /// A link between two records.
    LinkId;
    /// A relationship that a link between contacts can have.
    RelationshipId;
    /// A date kept with a contact or an organisation.
    OccasionId;
    /// A lead.
    LeadId;
    /// Where a lead came from.
    LeadSourceId;
    /// How far a lead is.
    LeadStatusId;
    /// An opportunity.
    OpportunityId;
    /// A reason for an opportunity's state.
    StateReasonId;
    /// A project.
    ProjectId;
    /// A milestone of a project.
    MilestoneId;
    /// A task.
    TaskId;
    /// A note.
    NoteId;
    /// An event in the calendar.
    EventId;
    /// An e-mail.
    EmailId;
    /// A comment.
    CommentId;
    /// An attached file.
    FileId;
    /// A category of tasks, projects, opportunities or files; these have ids of their own each.
    CategoryId;
    /// A pipeline.
    PipelineId;
    /// A stage of a pipeline.
    StageId;
    /// An activity set.
    ActivitySetId;
    /// An activity of an activity set.
    ActivityId;
    /// A user's membership in a team.
    TeamMemberId;
    /// A domain whose mails belong to an organisation.
    EmailDomainId;
    /// A template for documents.
    DocumentTemplateId;
    /// A price book.
    PricebookId;
    /// An entry of a price book.
    PricebookEntryId;
    /// A line item of an opportunity.
    LineItemId;
    /// A record of a custom object.
    CustomObjectRecordId;
}
