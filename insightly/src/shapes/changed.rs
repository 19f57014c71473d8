use api_transport::{ApiError, HeaderValue, Operation};

use crate::{
    error::Result,
    operation_table::ApiOperation,
    record::{ETag, Fetched, Payload},
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that can be changed.
    Changed as changed where
        /// What is changed.
        Update: Payload
    {
        /// [`Records::update`].
        UPDATE: put "update" "" [400 401 402];
    }
}

shape! { $
    /// Records whose versions are tagged, so that nobody's change is lost.
    ChangedIf as changed_if {
        /// [`Records::update_if`]. The request of `update` with `If-Match`; not repeated,
        /// because its own first try would be taken for somebody else's change.
        UPDATE_IF: put_once "update_if" "" [400 401 402 412];
    }
}

impl<R: Changed> Records<R> {
    /// Changes what the update names, leaves the rest, and gives the record as it
    /// is now stored. The last writer wins; see [`update_if`](Self::update_if).
    ///
    /// The id travels in the body; an unknown one is answered with 400 or 404.
    pub async fn update(&self, update: &R::Update) -> Result<Fetched<R>> {
        let op = self.op_with(R::UPDATE, &[], update)?;
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }
}

impl<R: Changed + ChangedIf> Records<R> {
    /// Like [`update`](Self::update), but only if the record is still the version
    /// that `etag` tags; else the error is
    /// [`ChangedMeanwhile`](crate::ErrorKind::ChangedMeanwhile).
    pub async fn update_if(&self, update: &R::Update, etag: &ETag) -> Result<Fetched<R>> {
        let op = if_match(R::UPDATE_IF, self.op_with(R::UPDATE_IF, &[], update)?, etag)?;
        let (value, headers) = self.client().transport().send_with_headers(op).await?;
        Ok(Fetched::new(value, &headers))
    }
}

pub(super) fn if_match(operation: &ApiOperation, op: Operation, etag: &ETag) -> Result<Operation> {
    let value = HeaderValue::from_str(&etag.0).map_err(|_| {
        ApiError::invalid_request(
            operation.name(),
            "the ETag has characters that no header can carry",
        )
    })?;
    Ok(op.header(api_transport::HeaderName::from_static("if-match"), value))
}
