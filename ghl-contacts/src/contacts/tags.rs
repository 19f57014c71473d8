//! Tags of a contact.

use serde::{Deserialize, Serialize};

use crate::{
    contacts::{
        Contacts,
        operations::{ADD_TAGS, REMOVE_TAGS},
    },
    error::Result,
    ids::ContactId,
};

#[derive(Serialize)]
struct Body<'a> {
    tags: Vec<&'a str>,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    tags: Vec<String>,
}

impl Contacts {
    /// Adds tags; those already there stay. Gives all tags of the contact, in lower case.
    ///
    /// Scope: `contacts.write`. Repeatable. An unknown tag becomes a tag of the location.
    pub async fn add_tags(&self, id: &ContactId, tags: &[impl AsRef<str>]) -> Result<Vec<String>> {
        let op = ADD_TAGS.of([id.as_str()]).json(&body(tags));
        Ok(self.client.send::<Reply>(op).await?.tags)
    }

    /// Removes tags. Gives the tags that are left.
    ///
    /// Scope: `contacts.write`. Repeatable. Sends a body with a DELETE. The location keeps
    /// the tag's definition.
    pub async fn remove_tags(
        &self,
        id: &ContactId,
        tags: &[impl AsRef<str>],
    ) -> Result<Vec<String>> {
        let op = REMOVE_TAGS.of([id.as_str()]).json(&body(tags));
        Ok(self.client.send::<Reply>(op).await?.tags)
    }
}

fn body(tags: &[impl AsRef<str>]) -> Body<'_> {
    Body {
        tags: tags.iter().map(AsRef::as_ref).collect(),
    }
}
