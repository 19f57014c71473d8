//! Links between records.

use crate::{
    ids::{
        ContactId, LeadId, LinkId, NoteId, OpportunityId, OrganisationId, ProjectId, RelationshipId,
    },
    model::record,
};

record! {
    /// A link from a record to another one. Seen from both sides, each with its own `object`.
    #[derive(Hash)]
    Link(id: LinkId = "LINK_ID");

    /// A link to be: `NewLink::to_contact(contact.id).role("Accountant")`. For another object
    /// its name is singular: `NewLink::new("Fruit__c", 7)`.
    NewLink;

    /// What is changed of a link.
    LinkUpdate;

    required {
        /// The other side, singular: `Organisation`.
        link_object_name: String = "LINK_OBJECT_NAME",
        /// The id of the record on the other side.
        link_object_id: i64 = "LINK_OBJECT_ID",
    }
    writable {
        /// What the other one is here, e.g. `Accountant`.
        role: String = "ROLE" [255],
        /// More about it.
        details: String = "DETAILS" [255],
        /// What two contacts or organisations are to each other.
        relationship_id: RelationshipId = "RELATIONSHIP_ID",
        /// The direction of the relationship.
        is_forward: bool = "IS_FORWARD",
    }
    lists {}
    on_create {}
    read {
        /// This side, singular: `Contact`.
        object_name: String = "OBJECT_NAME",
        /// The id of the record on this side.
        object_id: i64 = "OBJECT_ID",
    }
}

macro_rules! to {
    ($( $to:ident $Id:ty, $name:literal; )+) => {
        impl NewLink {
            $(
                #[doc = concat!("A link to this ", $name, ".")]
                pub fn $to(id: $Id) -> Self {
                    Self::new($name, id.0)
                }
            )+
        }
    };
}

to! {
    to_contact ContactId, "Contact";
    to_organisation OrganisationId, "Organisation";
    to_lead LeadId, "Lead";
    to_opportunity OpportunityId, "Opportunity";
    to_project ProjectId, "Project";
    to_note NoteId, "Note";
}
