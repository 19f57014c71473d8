use crate::{error::Result, record::Fetched, records::Records, shape::shape};

shape! { $
    /// Records that are read by their ids.
    ReadById as read_by_id {
        /// [`Records::get`].
        GET: get "get" "/{id}" [400 401 403 404];
    }
}

impl<R: ReadById> Records<R> {
    /// Reads a record. A missing one is the error [`NotFound`](crate::ErrorKind::NotFound);
    /// so may be one that this user does not see.
    ///
    /// Right after a write it may still show what was before, for about a second.
    pub async fn get(&self, id: R::Id) -> Result<Fetched<R>> {
        let op = self.op(R::GET, &[&id.to_string()]);
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }

    /// Reads a record, or `None` if there is none.
    pub async fn get_opt(&self, id: R::Id) -> Result<Option<Fetched<R>>> {
        match self.get(id).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
