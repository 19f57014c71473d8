//! Users of the account.

use jiff::Timestamp;

use crate::{
    check::AccountCheck,
    client::Client,
    error::Result,
    ids::{ContactId, UserId},
    model::record,
    records::Records,
    shape::{calls, family},
    shapes::{listed, read_by_id, searched},
};

record! {
    /// A user of the account. Pair foreign users by `email_address`.
    User(id: UserId = "USER_ID");
    read {
        /// The contact that is this user, which is another id.
        contact_id: ContactId = "CONTACT_ID",
        /// First name.
        first_name: String = "FIRST_NAME",
        /// Last name.
        last_name: String = "LAST_NAME",
        /// The time zone.
        timezone_id: String = "TIMEZONE_ID",
        /// The e-mail address.
        email_address: String = "EMAIL_ADDRESS",
        /// The first part of the address that files mails.
        email_dropbox_identifier: String = "EMAIL_DROPBOX_IDENTIFIER",
        /// The address that files mails.
        email_dropbox_address: String = "EMAIL_DROPBOX_ADDRESS",
        /// Whether an administrator: only such a key sees everything.
        administrator: bool = "ADMINISTRATOR",
        /// Whether the account's owner.
        account_owner: bool = "ACCOUNT_OWNER",
        /// Whether not disabled: only active users can own records.
        active: bool = "ACTIVE",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The currency.
        user_currency: String = "USER_CURRENCY",
        /// How names of contacts are shown.
        contact_display: String = "CONTACT_DISPLAY",
        /// How contacts are sorted.
        contact_order: String = "CONTACT_ORDER",
        /// The first day of the week.
        task_week_start: i64 = "TASK_WEEK_START",
        /// The account.
        instance_id: i64 = "INSTANCE_ID",
        /// The profile, which decides about rights.
        profile_id: i64 = "PROFILE_ID",
        /// The role, which decides about what is seen.
        role_id: i64 = "ROLE_ID",
    }
}

family!(User, "users", "/Users": listed, searched, read_by_id as errors(&[400, 401, 404]));

mod me {
    use super::calls;

    calls! { "users":
        ME: get "me" "/Users/Me" [401];
    }

    pub(super) fn operation() -> &'static crate::ApiOperation {
        &ME
    }
}

/// The operation of `users` that has no shape.
pub(crate) use me::OPERATIONS as ME;

impl Client {
    /// The users of the account.
    pub fn users(&self) -> Records<User> {
        Records::new(self)
    }

    /// The user whose key this is.
    pub async fn me(&self) -> Result<User> {
        self.call(me::operation(), &[]).await
    }

    /// The cheapest call that proves the key: who it is, whether an
    /// administrator, on which pod, and what is left of the day.
    pub async fn check(&self) -> Result<AccountCheck> {
        let op = api_transport::Operation::of(me::operation().definition(), []);
        let (user, headers) = self.transport().send_with_headers(op).await?;
        Ok(AccountCheck::new(user, self.pod().cloned(), &headers))
    }
}
