use crate::{error::Result, records::Records, shape::shape};

shape! { $
    /// Records that can be deleted.
    Deleted as deleted {
        /// [`Records::delete`].
        DELETE: delete "delete" "/{id}" [401 403 404 417];
    }
}

impl<R: Deleted> Records<R> {
    /// Deletes a record. Main records go to the recycle bin for 30 days, which the
    /// API does not show; a user can restore them from there, under their old ids.
    pub async fn delete(&self, id: R::Id) -> Result<()> {
        let op = self.op(R::DELETE, &[&id.to_string()]);
        self.client().transport().send_unit(op).await
    }
}
