//! What a failed call of either client means to the engine.

use api_transport::{ApiError, Effect as Sent, Kind};
use sync_core::{ConnectorError, Effect, Reason};

/// A client's error in the engine's words; only the reason is the client's own matter.
pub(crate) fn connector_error<K: Kind>(error: &ApiError<K>, reason: Reason) -> ConnectorError {
    ConnectorError {
        op: error.op(),
        effect: match error.effect() {
            Sent::NotApplied => Effect::NotApplied,
            Sent::Unknown => Effect::Unknown,
        },
        reason,
        retry_after: error.retry_after(),
        message: error.to_string(),
    }
}
