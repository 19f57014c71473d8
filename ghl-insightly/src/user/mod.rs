//! The users of both accounts: whom records and tasks belong to.

use std::collections::BTreeMap;

use sync_core::Email;

/// Active users, and which of them are the same person: those with the same e-mail address.
///
/// A user without a counterpart, a deleted or inactive one, or one whose address is met twice in
/// an account, is not paired.
#[derive(Debug, Clone, Hash, Default)]
pub struct Users {
    pairs: Vec<Pair>,
    ghl_names: BTreeMap<ghl_contacts::UserId, String>,
    insightly_names: BTreeMap<insightly::UserId, String>,
    in_insightly: BTreeMap<Email, Option<insightly::UserId>>,
}

#[derive(Debug, Clone, Hash)]
struct Pair {
    email: Email,
    ghl: ghl_contacts::UserId,
    insightly: insightly::UserId,
}

impl Users {
    /// Pairs the users of both accounts.
    pub fn paired(ghl: &[ghl_contacts::User], insightly: &[insightly::User]) -> Self {
        let left = by_email(
            ghl.iter().filter(|user| user.deleted != Some(true)),
            |user| (user.email.as_deref(), user.id.clone()),
        );
        let right = insightly.iter().filter(|user| user.active != Some(false));
        let right = by_email(right, |user| (user.email_address.as_deref(), user.id));
        let pairs = left.into_iter().filter_map(|(email, ghl)| {
            let (ghl, insightly) = (ghl?, (*right.get(&email)?)?);
            Some(Pair {
                email,
                ghl,
                insightly,
            })
        });
        Self {
            pairs: pairs.collect(),
            ghl_names: ghl.iter().filter_map(ghl_name).collect(),
            insightly_names: insightly.iter().filter_map(insightly_name).collect(),
            in_insightly: right,
        }
    }

    /// How many are paired.
    pub fn pairs(&self) -> usize {
        self.pairs.len()
    }

    pub(crate) fn email_in_ghl(&self, id: &ghl_contacts::UserId) -> Option<Email> {
        let pair = self.pairs.iter().find(|pair| pair.ghl == *id)?;
        Some(pair.email.clone())
    }

    pub(crate) fn email_in_insightly(&self, id: insightly::UserId) -> Option<Email> {
        let pair = self.pairs.iter().find(|pair| pair.insightly == id)?;
        Some(pair.email.clone())
    }

    pub(crate) fn in_ghl(&self, email: &Email) -> Option<ghl_contacts::UserId> {
        let pair = self.pairs.iter().find(|pair| pair.email == *email)?;
        Some(pair.ghl.clone())
    }

    pub(crate) fn in_insightly(&self, email: &Email) -> Option<insightly::UserId> {
        let pair = self.pairs.iter().find(|pair| pair.email == *email)?;
        Some(pair.insightly)
    }

    /// An active user of Insightly, paired or not.
    pub(crate) fn known_in_insightly(&self, email: &Email) -> Option<insightly::UserId> {
        self.in_insightly.get(email).copied().flatten()
    }

    pub(crate) fn name_in_ghl(&self, id: &ghl_contacts::UserId) -> Option<&str> {
        self.ghl_names.get(id).map(String::as_str)
    }

    pub(crate) fn name_in_insightly(&self, id: insightly::UserId) -> Option<&str> {
        self.insightly_names.get(&id).map(String::as_str)
    }
}

/// `None` under an address that several users have.
fn by_email<'a, U: 'a, I>(
    users: impl Iterator<Item = &'a U>,
    of: impl Fn(&'a U) -> (Option<&'a str>, I),
) -> BTreeMap<Email, Option<I>> {
    let mut known = BTreeMap::new();
    for user in users {
        if let (Some(email), id) = of(user)
            && !email.trim().is_empty()
        {
            let again = known.contains_key(&Email::new(email));
            known.insert(Email::new(email), (!again).then_some(id));
        }
    }
    known
}

fn ghl_name(user: &ghl_contacts::User) -> Option<(ghl_contacts::UserId, String)> {
    let whole = user.name.clone().filter(|name| !name.trim().is_empty());
    let name = whole.or_else(|| joined(&user.first_name, &user.last_name))?;
    Some((user.id.clone(), name.trim().to_owned()))
}

fn insightly_name(user: &insightly::User) -> Option<(insightly::UserId, String)> {
    Some((user.id, joined(&user.first_name, &user.last_name)?))
}

#[expect(clippy::ref_option, reason = "members of both clients' structs")]
fn joined(first: &Option<String>, last: &Option<String>) -> Option<String> {
    let parts = [first.as_deref(), last.as_deref()];
    let parts = parts.into_iter().flatten().map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn users() -> Users {
        let ghl = json!([
            { "id": "g1", "name": "Ada L", "email": "Ada@example.com" },
            { "id": "g2", "email": "twice@example.com" },
            { "id": "g3", "email": "twice@example.com" },
            { "id": "g4", "email": "gone@example.com", "deleted": true },
        ]);
        let insightly = json!([
            { "USER_ID": 1, "FIRST_NAME": "Ada", "EMAIL_ADDRESS": " ada@example.com", "ACTIVE": true },
            { "USER_ID": 2, "EMAIL_ADDRESS": "twice@example.com", "ACTIVE": true },
            { "USER_ID": 3, "EMAIL_ADDRESS": "gone@example.com", "ACTIVE": true },
        ]);
        let ghl: Vec<ghl_contacts::User> = serde_json::from_value(ghl).unwrap();
        let insightly: Vec<insightly::User> = serde_json::from_value(insightly).unwrap();
        Users::paired(&ghl, &insightly)
    }

    #[test]
    fn active_users_with_one_address_are_one_person() {
        let users = users();
        assert_eq!(users.pairs(), 1);
        let ada = Email::new("ada@example.com");
        assert_eq!(users.in_ghl(&ada), Some("g1".into()));
        assert_eq!(users.in_insightly(&ada), Some(1.into()));
        assert_eq!(users.email_in_ghl(&"g4".into()), None);
    }

    #[test]
    fn names_are_known_of_all() {
        let users = users();
        assert_eq!(users.name_in_ghl(&"g1".into()), Some("Ada L"));
        assert_eq!(users.name_in_insightly(1.into()), Some("Ada"));
        assert_eq!(users.name_in_insightly(2.into()), None);
    }
}
