//! What contacts and organisations can be to each other.

use crate::{
    client::Client, ids::RelationshipId, model::record, records::Records, shape::family,
    shapes::listed,
};

record! {
    /// What two contacts or two organisations can be to each other, in both directions.
    Relationship(id: RelationshipId = "RELATIONSHIP_ID");
    read {
        /// The title of the forward direction.
        forward_title: String = "FORWARD_TITLE",
        /// The forward direction, e.g. `is parent of`.
        forward: String = "FORWARD",
        /// The title of the way back.
        reverse_title: String = "REVERSE_TITLE",
        /// The way back, e.g. `is child of`.
        reverse: String = "REVERSE",
        /// Whether for contacts.
        for_contacts: bool = "FOR_CONTACTS",
        /// Whether for organisations.
        for_organisations: bool = "FOR_ORGANISATIONS",
    }
}

family!(Relationship, "relationships", "/Relationships": listed);

impl Client {
    /// What contacts and organisations can be to each other.
    pub fn relationships(&self) -> Records<Relationship> {
        Records::new(self)
    }
}
