//! The user whom something in Insightly belongs to.

use insightly::UserId;
use sync_core::{Email, Field, Reading, Unfit};

use crate::user::Users;

/// Somebody without a counterpart is not shown: the field is left alone.
pub(super) fn read(
    users: &Users,
    user: Option<UserId>,
    field: &Field<Email>,
    reading: &mut Reading,
) {
    match user.map(|user| users.email_in_insightly(user)) {
        None => reading.set(field, None),
        Some(Some(email)) => reading.set(field, email),
        Some(None) => reading.unseen(field),
    };
}

/// Somebody without a counterpart, who is there now, is not replaced.
pub(super) fn may_be_replaced(
    users: &Users,
    now: Option<UserId>,
    field: &Field<Email>,
) -> Result<(), Unfit> {
    match now {
        Some(user) if users.email_in_insightly(user).is_none() => {
            let why = "in Insightly it belongs to a user who is not in GHL";
            Err(Unfit::new(field, why))
        }
        _ => Ok(()),
    }
}

/// The user with an address.
pub(super) fn user(users: &Users, field: &Field<Email>, email: &Email) -> Result<UserId, Unfit> {
    users.in_insightly(email).ok_or_else(|| {
        let address = email.as_str();
        let why = format!("no active user of Insightly has the address {address}");
        Unfit::new(field, why)
    })
}
