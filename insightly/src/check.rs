//! What the cheapest call tells.

use api_transport::{HeaderMap, server_time};
use jiff::Timestamp;

use crate::{day::Day, families::user::User, pod::Pod};

/// What [`Client::check`](crate::Client::check) found out by one call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AccountCheck {
    /// The user whose key it is.
    pub user: User,
    /// The pod that answered, unless it is a server of your own.
    pub pod: Option<Pod>,
    /// The account's calls of the day, as its plan has them; all its keys share them.
    pub day: Day,
    /// The server's clock.
    pub server_time: Option<Timestamp>,
}

impl AccountCheck {
    pub(crate) fn new(user: User, pod: Option<Pod>, headers: &HeaderMap) -> Self {
        Self {
            user,
            pod,
            day: Day::of(headers),
            server_time: server_time(headers),
        }
    }

    /// Whether the key is an administrator's. Any other may not see all records, so
    /// for it a record that vanishes need not have been deleted.
    pub fn is_administrator(&self) -> bool {
        self.user.administrator == Some(true)
    }
}
