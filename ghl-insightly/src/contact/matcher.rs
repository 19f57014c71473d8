//! By what contacts are matched: markers, where they are kept, then e-mails, then phones where nothing speaks against it.

use sync_core::{Field, Kind, MatchKey, Matcher, Record, Tags, Tier};

use super::{
    EMAIL, FIRST_NAME, GHL_ID, INSIGHTLY_ID, LAST_NAME, OTHER_EMAILS, OTHER_PHONES, PHONE,
};

/// The name of the key that CRMs can be asked for.
pub(crate) const BY_EMAIL: &str = "email";

/// The stock matcher.
///
/// A marker names its counterpart. All e-mail addresses of both records count. Phones count only where the
/// names agree and the e-mails do not differ: families share phones.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContactMatcher;

impl Matcher for ContactMatcher {
    fn keys(&self, _kind: &Kind, record: &Record) -> Vec<MatchKey> {
        let mut keys = Vec::new();
        let mut add = |tier, name, value: &str| {
            let key = MatchKey::new(tier, name, value);
            if !keys.contains(&key) {
                keys.push(key);
            }
        };
        for marker in [&GHL_ID, &INSIGHTLY_ID] {
            if let Some(id) = record.get(marker) {
                add(Tier::First, marker.key().name(), &id);
            }
        }
        if let Some(email) = record.get(&EMAIL) {
            add(Tier::First, BY_EMAIL, email.as_str());
        }
        for email in compared(record, &OTHER_EMAILS) {
            add(Tier::First, BY_EMAIL, &email);
        }
        if let Some(phone) = record.get(&PHONE) {
            add(Tier::Second, "phone", &phone);
        }
        for phone in compared(record, &OTHER_PHONES) {
            add(Tier::Second, "phone", &phone);
        }
        if let Some(name) = full_name(record) {
            add(Tier::Recovery, "name", &name);
        }
        keys
    }

    fn agree(&self, _kind: &Kind, key: &MatchKey, left: &Record, right: &Record) -> bool {
        if key.tier == Tier::First {
            return true;
        }
        let (one, other) = (left.get(&EMAIL), right.get(&EMAIL));
        let emails_differ = one.is_some() && other.is_some() && one != other;
        !emails_differ && names_agree(left, right)
    }
}

/// What they are compared by: equal records have the same keys, however they were typed.
fn compared(record: &Record, field: &Field<Tags>) -> Vec<String> {
    let tags = record.get(field).unwrap_or_default();
    tags.keys().map(str::to_owned).collect()
}

fn full_name(record: &Record) -> Option<String> {
    let parts = [record.get(&FIRST_NAME), record.get(&LAST_NAME)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let name = parts.join(" ").to_lowercase();
    (!name.is_empty()).then_some(name)
}

/// A blank name speaks against nobody.
fn names_agree(left: &Record, right: &Record) -> bool {
    match (full_name(left), full_name(right)) {
        (Some(left), Some(right)) => left == right,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::CONTACT;
    use sync_core::Email;

    fn person(first: &str, email: Option<&str>) -> Record {
        let mut record = Record::default();
        record
            .set(&FIRST_NAME, first.to_owned())
            .set(&EMAIL, email.map(Email::new))
            .set(&PHONE, "+14155550142".to_owned());
        record
    }

    #[test]
    fn a_family_that_shares_a_phone_is_not_one_person() {
        let phone = MatchKey::new(Tier::Second, "phone", "+14155550142");
        let agree = |a: &Record, b: &Record| ContactMatcher.agree(&CONTACT, &phone, a, b);
        assert!(agree(
            &person("Ada", None),
            &person("ada", Some("a@example.com"))
        ));
        assert!(!agree(&person("Ada", None), &person("Bob", None)));
        let (a, b) = (Some("a@example.com"), Some("b@example.com"));
        assert!(!agree(&person("Ada", a), &person("Ada", b)));
    }
}
