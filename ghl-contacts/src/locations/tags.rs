//! The tags that a location knows.

use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    ids::{LocationId, TagId},
    locations::{Location, operations},
    record::{nested, record},
    succeeded::Succeeded,
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

#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    tag: LocationTag,
}

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

    /// Reads a tag definition.
    ///
    /// Scope: `locations/tags.readonly`.
    pub async fn tag(&self, id: &TagId) -> Result<LocationTag> {
        let op = operations::TAG.of([self.id.as_str(), id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.tag)
    }

    /// Defines a tag. Adding an unknown tag to a contact does so too.
    ///
    /// Scope: `locations/tags.write`. Not repeatable.
    pub async fn create_tag(&self, name: &str) -> Result<LocationTag> {
        let op = operations::CREATE_TAG
            .of([self.id.as_str()])
            .json(&Body { name });
        Ok(self.client.send::<Reply>(op).await?.tag)
    }

    /// Renames a tag.
    ///
    /// Scope: `locations/tags.write`. Repeatable.
    pub async fn update_tag(&self, id: &TagId, name: &str) -> Result<LocationTag> {
        let op = operations::UPDATE_TAG
            .of([self.id.as_str(), id.as_str()])
            .json(&Body { name });
        Ok(self.client.send::<Reply>(op).await?.tag)
    }

    /// Deletes a tag definition. Removing a tag from all contacts does not.
    ///
    /// Scope: `locations/tags.write`. Repeatable.
    pub async fn delete_tag(&self, id: &TagId) -> Result<()> {
        let op = operations::DELETE_TAG.of([self.id.as_str(), id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
