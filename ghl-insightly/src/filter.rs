//! Which contacts are synced, by their tags.

use sync_core::{FieldKey, Kind, Record, Scope, Side, Tags};

use crate::contact::{CONTACT, TAGS};

/// Contacts that have one of some tags, and none of others. What belongs to a contact goes with it.
#[derive(Debug, Clone, Default)]
pub struct TagFilter {
    any: Vec<String>,
    none: Vec<String>,
}

impl TagFilter {
    /// Contacts with one of the first tags, or all if none is given, but with none of the second.
    pub fn new(any: &[String], none: &[String]) -> Self {
        let keys = |names: &[String]| {
            let tags = Tags::new(names.iter().map(String::as_str));
            tags.keys().map(str::to_owned).collect()
        };
        Self {
            any: keys(any),
            none: keys(none),
        }
    }

    fn lets(&self, tags: &Tags) -> bool {
        let has = |wanted: &String| tags.keys().any(|tag| tag == wanted);
        (self.any.is_empty() || self.any.iter().any(has)) && !self.none.iter().any(has)
    }
}

impl Scope for TagFilter {
    fn admits(&self, kind: &Kind, _side: Side, record: &Record) -> bool {
        *kind != CONTACT || self.lets(&record.get(&TAGS).unwrap_or_default())
    }

    fn digest(&self) -> u64 {
        let told = format!("{:?}", (&self.any, &self.none));
        FieldKey::named(&told).digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(filter: &TagFilter, tags: &[&str]) -> bool {
        let mut record = Record::default();
        record.set(&TAGS, Tags::new(tags.iter().copied()));
        filter.admits(&CONTACT, Side::Left, &record)
    }

    #[test]
    fn one_of_some_tags_and_none_of_others() {
        let filter = TagFilter::new(&["Customer".to_owned()], &["Do not sync".to_owned()]);
        assert!(admits(&filter, &["customer", "vip"]));
        assert!(!admits(&filter, &["vip"]));
        assert!(!admits(&filter, &["customer", "do not sync"]));
        assert!(!admits(&filter, &[]));
        assert!(admits(&TagFilter::default(), &[]));
    }

    #[test]
    fn another_filter_has_another_digest() {
        let one = TagFilter::new(&["a".to_owned()], &[]);
        let other = TagFilter::new(&[], &["a".to_owned()]);
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.digest(), one.clone().digest());
    }
}
