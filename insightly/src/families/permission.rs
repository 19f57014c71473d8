//! What the key's user may do.

use crate::{client::Client, error::Result, model::part, shape::calls};

part! {
    /// What the key's user may do.
    Permissions
    {
        /// Whether rights are on at all; the values are not documented.
        state: String = "PERMISSIONS_STATE",
        /// For each family.
        objects: Vec<ObjectPermissions> = "OBJECT_PERMISSIONS",
    }
}

part! {
    /// What the key's user may do with the records of one family.
    ObjectPermissions
    {
        /// The family.
        object_type: String = "OBJECT_TYPE",
        /// Whether rights are on for it; the values are not documented.
        state: String = "PERMISSIONS_STATE",
        /// May read.
        can_read: bool = "CAN_READ",
        /// May create.
        can_create: bool = "CAN_CREATE",
        /// May edit.
        can_edit: bool = "CAN_EDIT",
        /// May delete.
        can_delete: bool = "CAN_DELETE",
    }
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
