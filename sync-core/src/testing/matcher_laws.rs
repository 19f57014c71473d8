use std::{collections::BTreeSet, sync::Arc};

use crate::{
    caught::caught,
    id::Kind,
    matching::{MatchKey, Matcher},
    record::Record,
    testing::{
        BrokenLaw,
        law::{check, panicked},
    },
    value::{Item, Value},
};

/// Proves a matcher's laws for one kind, on records such as both sides show. Some of them should
/// share a key.
///
/// 1. It does not panic.
/// 2. A record has the same keys each time, and so has an equal one: the case of a tag is not
///    part of a record.
/// 3. A blank record has no keys.
/// 4. No key is blank, and none is given twice.
/// 5. A record agrees with itself under each of its keys.
/// 6. Two records agree, whichever of them is left.
///
/// ```
/// use sync_core::{Field, Kind, MatchKey, Record, Tier, testing::matcher_laws};
///
/// const CODE: Field<String> = Field::new("code");
/// let by_code = |_: &Kind, article: &Record| {
///     let code = article.get(&CODE).map(|code| MatchKey::new(Tier::First, "code", code));
///     code.into_iter().collect::<Vec<_>>()
/// };
/// let mut pen = Record::default();
/// pen.set(&CODE, "PEN".to_owned());
/// matcher_laws(&by_code, &Kind::new("article"), [pen])?;
/// # Ok::<(), sync_core::testing::BrokenLaw>(())
/// ```
///
/// # Errors
///
/// The first law that is broken, with the case.
pub fn matcher_laws(
    matcher: &dyn Matcher,
    kind: &Kind,
    records: impl IntoIterator<Item = Record>,
) -> Result<(), BrokenLaw> {
    let laws = Laws { matcher, kind };
    let blank = laws.keys(&Record::default())?;
    let law = "a blank record has no keys";
    check(blank.is_empty(), law, || format!("{blank:?}"))?;
    let records: Vec<Record> = records.into_iter().collect();
    let keys = records.iter().map(|record| laws.keys(record));
    let keys: Vec<Vec<MatchKey>> = keys.collect::<Result<_, _>>()?;
    let keyed: Vec<_> = records.iter().zip(&keys).collect();
    // Backwards: a matcher that remembers what it was asked answers otherwise.
    for (record, keys) in keyed.iter().rev() {
        are_sound(record, keys)?;
        laws.keep(record, keys)?;
    }
    for (at, (one, keys)) in keyed.iter().enumerate() {
        for (other, others) in &keyed[at + 1..] {
            for key in keys.iter().filter(|key| others.contains(key)) {
                laws.agree_both_ways(key, one, other)?;
            }
        }
    }
    Ok(())
}

struct Laws<'a> {
    matcher: &'a dyn Matcher,
    kind: &'a Kind,
}

impl Laws<'_> {
    fn keys(&self, record: &Record) -> Result<Vec<MatchKey>, BrokenLaw> {
        caught(|| self.matcher.keys(self.kind, record))
            .map_err(|why| panicked(&format!("the keys of {record:?}"), &why))
    }

    fn agree(&self, key: &MatchKey, left: &Record, right: &Record) -> Result<bool, BrokenLaw> {
        caught(|| self.matcher.agree(self.kind, key, left, right))
            .map_err(|why| panicked(&format!("{}: {left:?} and {right:?}", told(key)), &why))
    }

    /// The record is the same the second time, and in the form that it is compared by.
    fn keep(&self, record: &Record, keys: &[MatchKey]) -> Result<(), BrokenLaw> {
        let equal = as_compared(record);
        for (law, same) in [
            ("a record has the same keys each time", record),
            ("an equal record has the same keys", &equal),
        ] {
            let again = self.keys(same)?;
            let differ = || format!("{same:?}: {keys:?}, then {again:?}");
            check(again == keys, law, differ)?;
            for key in keys {
                let agrees = self.agree(key, record, same)? && self.agree(key, same, record)?;
                let law = "a record agrees with itself";
                check(agrees, law, || format!("{}: {record:?}", told(key)))?;
            }
        }
        Ok(())
    }

    fn agree_both_ways(
        &self,
        key: &MatchKey,
        one: &Record,
        other: &Record,
    ) -> Result<(), BrokenLaw> {
        let both = self.agree(key, one, other)? == self.agree(key, other, one)?;
        let law = "two records agree, whichever is left";
        check(both, law, || {
            format!("{}: {one:?} and {other:?}", told(key))
        })
    }
}

fn are_sound(record: &Record, keys: &[MatchKey]) -> Result<(), BrokenLaw> {
    let mut seen = BTreeSet::new();
    for key in keys {
        let is_blank = key.name.trim().is_empty() || key.value.trim().is_empty();
        let case = || format!("{key:?} of {record:?}");
        check(!is_blank, "no key is blank", case)?;
        // Stores find a key by these two, whatever its tier.
        let is_new = seen.insert((&key.name, &key.value));
        check(is_new, "no key is given twice", case)?;
    }
    Ok(())
}

/// An equal record, in which items and names are shown as they are compared.
fn as_compared(record: &Record) -> Record {
    let bare = |item: &Item| Item {
        key: item.key.clone(),
        shown: item.key.clone(),
    };
    let compared = |value: &Value| match value {
        Value::Items(items) => Value::Items(items.iter().map(bare).collect()),
        Value::Name(name) => Value::Name(Arc::new(bare(name))),
        value => value.clone(),
    };
    let fields = record.iter();
    fields
        .map(|(key, value)| (key.clone(), compared(value)))
        .collect()
}

fn told(key: &MatchKey) -> String {
    format!("`{}` {}", key.name, key.value)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::{
        field_type::Tags,
        matching::Tier,
        testing::people::{ByEmail, CONTACT, EMAIL, NAME, TAGS, person},
    };

    fn people() -> [Record; 2] {
        let mut ada = person("Ada", "ada@example.com");
        ada.set(&TAGS, Tags::new(["VIP"]));
        [ada, person("Ada L", "ada@example.com")]
    }

    fn broken(matcher: &dyn Matcher) -> &'static str {
        matcher_laws(matcher, &CONTACT, people()).map_or_else(|broken| broken.law, |()| "none")
    }

    fn keyed<const N: usize>(
        values: impl Fn(&Record) -> [(&'static str, String); N] + Send + Sync + 'static,
    ) -> &'static str {
        let keys = move |_: &Kind, record: &Record| {
            let values = values(record).into_iter();
            let keys = values.map(|(name, value)| MatchKey::new(Tier::First, name, value));
            let is_there = |_: &MatchKey| !record.is_empty();
            keys.filter(is_there).collect::<Vec<_>>()
        };
        broken(&keys)
    }

    #[test]
    fn each_law_of_keys_is_seen_to_be_broken() {
        let name = |record: &Record| record.get(&NAME).unwrap_or_default();
        assert_eq!(broken(&ByEmail), "none");
        assert_eq!(keyed(move |r| [("name", name(r))]), "none");
        let bug = |_: &Kind, _: &Record| -> Vec<MatchKey> { panic!("a bug") };
        assert_eq!(broken(&bug), "it does not panic");
        let all = |_: &Kind, _: &Record| vec![MatchKey::new(Tier::First, "name", "Ada")];
        assert_eq!(broken(&all), "a blank record has no keys");
        assert_eq!(keyed(|_| [("name", " ".to_owned())]), "no key is blank");
        let twice = move |r: &Record| [("name", name(r)), ("name", name(r))];
        assert_eq!(keyed(twice), "no key is given twice");
        let asked = AtomicU32::new(0);
        let counts = move |_: &Record| {
            let count = asked.fetch_add(1, Ordering::Relaxed);
            [("count", count.to_string())]
        };
        assert_eq!(keyed(counts), "a record has the same keys each time");
        let as_typed = |record: &Record| {
            let tags = record.get(&TAGS).unwrap_or_default();
            [("tag", tags.names().collect::<Vec<_>>().join("-") + "-")]
        };
        assert_eq!(keyed(as_typed), "an equal record has the same keys");
    }

    /// Keys by e-mail, and two people agree as it says.
    struct Agrees(fn(&Record, &Record) -> bool);

    impl Matcher for Agrees {
        fn keys(&self, _: &Kind, record: &Record) -> Vec<MatchKey> {
            let email = record.get(&EMAIL);
            let key = email.map(|email| MatchKey::new(Tier::First, "email", email.as_str()));
            key.into_iter().collect()
        }

        fn agree(&self, _: &Kind, _: &MatchKey, left: &Record, right: &Record) -> bool {
            (self.0)(left, right)
        }
    }

    #[test]
    fn each_law_of_agreement_is_seen_to_be_broken() {
        assert_eq!(broken(&Agrees(|left, right| left == right)), "none");
        let nobody = Agrees(|_, _| false);
        assert_eq!(broken(&nobody), "a record agrees with itself");
        let longer = Agrees(|left, right| left.get(&NAME) >= right.get(&NAME));
        assert_eq!(broken(&longer), "two records agree, whichever is left");
        let bug = Agrees(|left, right| left == right || panic!("a bug"));
        assert_eq!(broken(&bug), "it does not panic");
    }
}
