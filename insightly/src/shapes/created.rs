use crate::{
    error::Result,
    record::{Fetched, Payload},
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that can be made.
    Created as created where
        /// What one is made of.
        New: Payload
    {
        /// [`Records::create`].
        CREATE: post "create" "" [400 401 402];
    }
}

impl<R: Created> Records<R> {
    /// Makes a record and gives it as it is now stored.
    ///
    /// Not repeatable: there is no idempotency key. When the error's
    /// [`effect`](crate::Error::effect) is `Unknown`, look before making it again,
    /// and not at once: lists and searches lag behind writes by seconds.
    pub async fn create(&self, new: &R::New) -> Result<Fetched<R>> {
        let op = self.op_with(R::CREATE, &[], new)?;
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }
}
