//! The users that follow a contact.

use serde::{Deserialize, Serialize};

use crate::{
    contacts::{Contacts, operations},
    error::Result,
    ids::{ContactId, UserId},
};

#[derive(Serialize)]
struct Body<'a> {
    followers: &'a [UserId],
}

/// Followers after a change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Followers {
    /// All that follow the contact now.
    #[serde(default)]
    pub followers: Vec<UserId>,
    /// Those that were added or removed by this call.
    #[serde(default, alias = "followersAdded", alias = "followersRemoved")]
    pub changed: Vec<UserId>,
}

impl Contacts {
    /// Adds followers.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn add_followers(&self, id: &ContactId, users: &[UserId]) -> Result<Followers> {
        let body = Body { followers: users };
        let op = operations::ADD_FOLLOWERS.of([id.as_str()]).json(&body);
        self.client.send(op).await
    }

    /// Removes followers. Sends a body with a DELETE.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn remove_followers(&self, id: &ContactId, users: &[UserId]) -> Result<Followers> {
        let body = Body { followers: users };
        let op = operations::REMOVE_FOLLOWERS.of([id.as_str()]).json(&body);
        self.client.send(op).await
    }
}
