//! The user whom something in GHL is assigned to.

use ghl_contacts::{Edit as ClientEdit, UserId};
use sync_core::{Edit, Email, Field, Reading, Unfit};

use crate::user::Users;

/// Somebody without a counterpart is not shown: the field is left alone.
pub(super) fn read(
    users: &Users,
    user: Option<&UserId>,
    field: &Field<Email>,
    reading: &mut Reading,
) {
    match user.map(|user| users.email_in_ghl(user)) {
        None => reading.set(field, None),
        Some(Some(email)) => reading.set(field, email),
        Some(None) => reading.unseen(field),
    };
}

/// Somebody without a counterpart, who is there now, is not replaced.
pub(super) fn edit(
    users: &Users,
    now: Option<&UserId>,
    field: &Field<Email>,
    edit: Edit<Email>,
) -> Result<ClientEdit<UserId>, Unfit> {
    if edit != Edit::Leave && now.is_some_and(|user| users.email_in_ghl(user).is_none()) {
        let why = "in GHL it is assigned to a user who is not in Insightly";
        return Err(Unfit::new(field, why));
    }
    Ok(match edit {
        Edit::Leave => ClientEdit::Leave,
        Edit::Set(email) => ClientEdit::Set(user(users, field, &email)?),
        Edit::Clear => ClientEdit::Clear,
    })
}

/// Whom a new task is assigned to. A copy keeps somebody without a counterpart, as an edit does.
pub(super) fn of_a_copy(
    users: &Users,
    old: Option<&UserId>,
    field: &Field<Email>,
    wanted: Edit<Email>,
) -> Result<Option<UserId>, Unfit> {
    Ok(match edit(users, old, field, wanted)? {
        ClientEdit::Set(user) => Some(user),
        ClientEdit::Leave => old
            .filter(|user| users.email_in_ghl(user).is_none())
            .cloned(),
        ClientEdit::Clear => None,
    })
}

/// The user with an address.
pub(super) fn user(users: &Users, field: &Field<Email>, email: &Email) -> Result<UserId, Unfit> {
    users.in_ghl(email).ok_or_else(|| {
        let why = format!("no active user of GHL has the address {}", email.as_str());
        Unfit::new(field, why)
    })
}
