//! The tags that a location knows.

use serde::Deserialize;

use crate::{
    error::Result,
    ids::{LocationId, TagId},
    locations::{Location, operations},
    record::{nested, record},
};

record! {
    /// A tag definition. Its name keeps its case here; on contacts tags are in lower case.
    pub struct LocationTag {
        /// The id.
        pub id: TagId = "id" from ["id", "_id"],
        /// The tag.
        pub name: Option<String> = "name",
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
    }
}
nested!(LocationTag);

#[derive(Deserialize)]
struct ListReply {
    #[serde(default)]
    tags: Vec<LocationTag>,
}

impl Location {
    /// All tag definitions; the whole list in one answer.
    ///
    /// Scope: `locations/tags.readonly`.
    pub async fn tags(&self) -> Result<Vec<LocationTag>> {
        let op = operations::TAGS.of([self.id.as_str()]);
        Ok(self.client.send::<ListReply>(op).await?.tags)
    }
}
