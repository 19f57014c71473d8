//! What the key's user may do.

use serde::{Deserialize, Serialize};

use crate::{client::Client, error::Result, shape::calls};

/// What the key's user may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Permissions {
    /// Whether rights are on at all; the values are not documented.
    #[serde(rename = "PERMISSIONS_STATE", default)]
    pub state: Option<String>,
    /// For each family.
    #[serde(rename = "OBJECT_PERMISSIONS", default)]
    pub objects: Option<Vec<ObjectPermissions>>,
}

/// What the key's user may do with the records of one family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ObjectPermissions {
    /// The family.
    #[serde(rename = "OBJECT_TYPE", default)]
    pub object_type: Option<String>,
    /// Whether rights are on for it; the values are not documented.
    #[serde(rename = "PERMISSIONS_STATE", default)]
    pub state: Option<String>,
    /// May read.
    #[serde(rename = "CAN_READ", default)]
    pub can_read: Option<bool>,
    /// May create.
    #[serde(rename = "CAN_CREATE", default)]
    pub can_create: Option<bool>,
    /// May edit.
    #[serde(rename = "CAN_EDIT", default)]
    pub can_edit: Option<bool>,
    /// May delete.
    #[serde(rename = "CAN_DELETE", default)]
    pub can_delete: Option<bool>,
}

calls! { "permissions":
    GET: get "get" "/Permissions" [401];
}

impl Client {
    /// What the key's user may do.
    pub async fn permissions(&self) -> Result<Permissions> {
        self.call(&GET, &[]).await
    }
}
