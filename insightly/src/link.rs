//! Links between records.

use crate::{
    ids::{LinkId, RelationshipId},
    model::record,
};

record! {
    /// A link from a record to another one. Seen from both sides, each with its own `object`.
    Link(id: LinkId = "LINK_ID");
    read {
        /// This side, singular: `Contact`.
        object_name: String = "OBJECT_NAME",
        /// The record on this side.
        object_id: i64 = "OBJECT_ID",
        /// The other side, singular: `Organisation`.
        link_object_name: String = "LINK_OBJECT_NAME",
        /// The record on the other side.
        link_object_id: i64 = "LINK_OBJECT_ID",
        /// What the other one is here, e.g. `Accountant`.
        role: String = "ROLE",
        /// More about it.
        details: String = "DETAILS",
        /// For links between contacts or organisations: what they are to each other.
        relationship_id: RelationshipId = "RELATIONSHIP_ID",
        /// The direction of the relationship.
        is_forward: bool = "IS_FORWARD",
    }
}
