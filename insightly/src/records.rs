//! The records of one family.

use std::marker::PhantomData;

use api_transport::{ApiError, Operation};

use crate::{
    client::Client,
    error::{ErrorKind, Result},
    operation_table::ApiOperation,
    query::Query,
    record::Payload,
    walk::Walk,
};

/// The records of one family, e.g. [`client.contacts()`](Client::contacts).
///
/// Which calls it has depends on the family's [shapes](crate::shapes): a task has
/// no tags, so `client.tasks().tags(id)` does not compile.
pub struct Records<R> {
    client: Client,
    /// The name of a custom object, which is a part of its paths.
    object: Option<String>,
    of: PhantomData<fn() -> R>,
}

impl<R> Records<R> {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            object: None,
            of: PhantomData,
        }
    }

    pub(crate) fn of_object(client: &Client, object: String) -> Self {
        Self {
            object: Some(object),
            ..Self::new(client)
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn op(&self, operation: &'static ApiOperation, parts: &[&str]) -> Operation {
        let object = self.object.as_deref();
        Operation::of(
            operation.definition(),
            object.into_iter().chain(parts.iter().copied()),
        )
    }

    /// An operation with a body, refused where a text in it is certainly too long.
    pub(crate) fn op_with(
        &self,
        operation: &'static ApiOperation,
        parts: &[&str],
        payload: &impl Payload,
    ) -> Result<Operation> {
        payload.check().map_err(|why| {
            ApiError::refused(operation.name(), ErrorKind::TooLong(why), why.to_string())
        })?;
        Ok(self.op(operation, parts).json(&*payload.known()))
    }

    pub(crate) fn walk(
        &self,
        operation: &'static ApiOperation,
        parts: &[&str],
        query: &impl Query,
    ) -> Walk {
        let object = self.object.as_deref();
        let parts = object.into_iter().chain(parts.iter().copied());
        Walk::new(
            self.client.clone(),
            operation,
            parts.map(str::to_owned).collect(),
            query,
        )
    }
}

impl<R> Clone for Records<R> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            object: self.object.clone(),
            of: PhantomData,
        }
    }
}

impl<R> std::fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("of", &std::any::type_name::<R>())
            .finish_non_exhaustive()
    }
}
