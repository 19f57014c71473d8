//! Records of one family: as they are, and as lists and searches see them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The members of a record that hold something, by their names in the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The entries of a member that is a list.
    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// Stores a value; `null` means that nothing is stored.
    pub(crate) fn set(&mut self, name: &'static str, value: Value) {
        self.0.retain(|(key, _)| *key != name);
        if !value.is_null() {
            self.0.push((name, value));
        }
    }

    /// Gives back the room that more members would take.
    pub(crate) fn fit(&mut self) {
        self.0.shrink_to_fit();
    }

    /// The entries of a member that is a list of names with values.
    ///
    /// They are kept as pairs: a JSON object for each would take ten times the room.
    pub(crate) fn pairs(&self, list: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.list(list).iter().filter_map(|pair| {
            let [name, value] = &pair.as_array()?[..] else {
                return None;
            };
            Some((name.as_str()?, value))
        })
    }

    pub(crate) fn pair(&self, list: &str, name: &str) -> Option<&Value> {
        let found = self.pairs(list).find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    }

    /// Stores the value of one name; without one the name goes.
    pub(crate) fn set_pair(&mut self, list: &'static str, name: &str, value: Option<Value>) {
        let others = self.pairs(list).filter(|(key, _)| *key != name);
        let mut pairs: Vec<Value> = others.map(|(key, value)| json!([key, value])).collect();
        pairs.extend(value.map(|value| json!([name, value])));
        self.set(list, Value::Array(pairs));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

/// What a row holds, as far as the indexes ask.
pub(crate) trait Content {
    /// The text in a field that is kept for look-ups.
    fn looked_up(&self, field: &str) -> Option<String>;
}

impl Content for Fields {
    fn looked_up(&self, field: &str) -> Option<String> {
        self.text(field).map(str::to_lowercase)
    }
}

impl FromIterator<(&'static str, Value)> for Fields {
    /// Members that are named once each.
    fn from_iter<I: IntoIterator<Item = (&'static str, Value)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

/// When a row was made and when it last changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamps {
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

impl Stamps {
    /// Made and not changed since.
    pub(crate) fn new(created: Timestamp) -> Self {
        Self {
            created,
            updated: created,
        }
    }
}

/// One record with its stamps.
#[derive(Clone, Debug)]
pub(crate) struct Row<C = Fields> {
    pub(crate) fields: C,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// Grows with every write of the family; never the same twice.
    pub(crate) version: u64,
}

/// Rows by id, by stamp and by the fields that are looked up.
pub(crate) struct View<K, C = Fields> {
    rows: BTreeMap<K, Arc<Row<C>>>,
    by_updated: BTreeSet<(Timestamp, K)>,
    by_created: BTreeSet<(Timestamp, K)>,
    lookups: Vec<(&'static str, Lookup<K>)>,
}

/// By value, in lower case.
type Lookup<K> = BTreeMap<Box<str>, Holders<K>>;

/// Who holds a value: nearly always one.
#[derive(Clone)]
enum Holders<K> {
    One(K),
    Many(Vec<K>),
}

impl<K: Ord + Clone> Holders<K> {
    fn add(&mut self, id: &K) {
        match self {
            Self::One(held) => *self = Self::Many(vec![held.clone(), id.clone()]),
            Self::Many(held) => held.push(id.clone()),
        }
    }

    /// Without one of them; nothing when nobody is left.
    fn without(self, id: &K) -> Option<Self> {
        match self {
            Self::One(held) => (held != *id).then_some(Self::One(held)),
            Self::Many(mut held) => {
                held.retain(|held| held != id);
                match held.len() {
                    0 | 1 => held.pop().map(Self::One),
                    _ => Some(Self::Many(held)),
                }
            }
        }
    }

    fn sorted(&self) -> Vec<K> {
        let mut ids = match self {
            Self::One(id) => vec![id.clone()],
            Self::Many(ids) => ids.clone(),
        };
        ids.sort();
        ids
    }
}

impl<K: Ord + Clone, C: Content> View<K, C> {
    fn new(lookups: &[&'static str]) -> Self {
        Self {
            rows: BTreeMap::new(),
            by_updated: BTreeSet::new(),
            by_created: BTreeSet::new(),
            lookups: lookups.iter().map(|n| (*n, BTreeMap::new())).collect(),
        }
    }

    pub(crate) fn get(&self, id: &K) -> Option<&Arc<Row<C>>> {
        self.rows.get(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &Arc<Row<C>>)> {
        self.rows.iter()
    }

    pub(crate) fn by_created(&self) -> &BTreeSet<(Timestamp, K)> {
        &self.by_created
    }

    pub(crate) fn by_updated(&self) -> &BTreeSet<(Timestamp, K)> {
        &self.by_updated
    }

    /// Ids whose `field` holds `value`, compared without case, in order of id;
    /// `None` when the field is not kept for look-ups.
    pub(crate) fn find(&self, field: &str, value: &str) -> Option<Vec<K>> {
        let (_, kept) = self.lookups.iter().find(|(name, _)| *name == field)?;
        let holders = kept.get(value.to_lowercase().as_str());
        Some(holders.map(Holders::sorted).unwrap_or_default())
    }

    fn put(&mut self, id: &K, row: Option<Arc<Row<C>>>) {
        if let Some(old) = self.rows.remove(id) {
            self.forget(id, &old);
        }
        let Some(row) = row else { return };
        self.by_updated.insert((row.updated, id.clone()));
        self.by_created.insert((row.created, id.clone()));
        for (field, kept) in &mut self.lookups {
            if let Some(text) = row.fields.looked_up(field) {
                kept.entry(text.into())
                    .and_modify(|holders| holders.add(id))
                    .or_insert_with(|| Holders::One(id.clone()));
            }
        }
        self.rows.insert(id.clone(), row);
    }

    fn forget(&mut self, id: &K, old: &Row<C>) {
        self.by_updated.remove(&(old.updated, id.clone()));
        self.by_created.remove(&(old.created, id.clone()));
        for (field, kept) in &mut self.lookups {
            let Some(text) = old.fields.looked_up(field) else {
                continue;
            };
            if let Some((text, holders)) = kept.remove_entry(text.as_str())
                && let Some(left) = holders.without(id)
            {
                kept.insert(text, left);
            }
        }
    }

    fn copy(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            by_updated: self.by_updated.clone(),
            by_created: self.by_created.clone(),
            lookups: self.lookups.clone(),
        }
    }
}

/// A row as it becomes; without one it is gone.
type Change<K, C> = (K, Option<Arc<Row<C>>>);

/// The rows of one family. Reads by id use [`live`](Rows::live), lists and
/// searches use [`seen`](Rows::seen), which follows after the lag.
pub(crate) struct Rows<K, C = Fields> {
    live: View<K, C>,
    /// What lists and searches see where that is not what is live.
    behind: Option<View<K, C>>,
    waiting: BTreeMap<(Timestamp, u64), Change<K, C>>,
    lag: Duration,
    writes: u64,
}

impl<K: Ord + Clone, C: Content> Rows<K, C> {
    /// No rows; `lookups` names the text fields that [`View::find`] answers for.
    pub(crate) fn new(lookups: &[&'static str]) -> Self {
        Self {
            live: View::new(lookups),
            behind: None,
            waiting: BTreeMap::new(),
            lag: Duration::ZERO,
            writes: 0,
        }
    }

    /// How long later writes stay out of lists and searches.
    pub(crate) fn set_lag(&mut self, lag: Duration) {
        self.lag = lag;
        if !lag.is_zero() && self.behind.is_none() {
            self.behind = Some(self.live.copy());
        }
    }

    pub(crate) fn live(&self) -> &View<K, C> {
        &self.live
    }

    pub(crate) fn seen(&mut self, now: Timestamp) -> &View<K, C> {
        if let Some(behind) = &mut self.behind {
            while let Some(entry) = self.waiting.first_entry() {
                if entry.key().0 > now {
                    break;
                }
                let (id, row) = entry.remove();
                behind.put(&id, row);
            }
        }
        if self.lag.is_zero() && self.waiting.is_empty() {
            self.behind = None;
        }
        self.behind.as_ref().unwrap_or(&self.live)
    }

    /// Stores a row at `now`, which its stamps need not say.
    pub(crate) fn insert(&mut self, id: K, fields: C, stamps: Stamps, now: Timestamp) {
        let row = Row {
            fields,
            created: stamps.created,
            updated: stamps.updated,
            version: self.writes + 1,
        };
        self.write(id, Some(Arc::new(row)), now);
    }

    /// Replaces what a row holds; `updated` is its new stamp.
    pub(crate) fn replace(&mut self, id: &K, fields: C, updated: Timestamp, now: Timestamp) {
        if let Some(old) = self.live.get(id) {
            // The stamp of a create can lie ahead; no later one goes back behind it.
            let stamps = Stamps {
                created: old.created,
                updated: updated.max(old.updated),
            };
            self.insert(id.clone(), fields, stamps, now);
        }
    }

    pub(crate) fn remove(&mut self, id: &K, now: Timestamp) -> bool {
        let known = self.live.get(id).is_some();
        if known {
            self.write(id.clone(), None, now);
        }
        known
    }

    fn write(&mut self, id: K, row: Option<Arc<Row<C>>>, now: Timestamp) {
        self.writes += 1;
        self.live.put(&id, row.clone());
        if self.lag.is_zero() && self.waiting.is_empty() {
            // Both are the same now, whatever was behind.
            self.behind = None;
            return;
        }
        let lag = SignedDuration::try_from(self.lag).unwrap_or(SignedDuration::MAX);
        let due = now.checked_add(lag).unwrap_or(Timestamp::MAX);
        // A shorter lag must not let a later write overtake an earlier one.
        let last = self.waiting.last_key_value();
        let due = last.map_or(due, |(key, _)| due.max(key.0));
        self.waiting.insert((due, self.writes), (id, row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn named(name: &str) -> Fields {
        let mut fields = Fields::default();
        fields.set("name", json!(name));
        fields
    }

    #[test]
    fn a_write_is_live_at_once_and_seen_after_the_lag() {
        let mut rows = Rows::new(&["name"]);
        rows.set_lag(Duration::from_secs(5));
        rows.insert(1, named("Ada"), Stamps::new(at(0)), at(0));
        assert!(rows.live().get(&1).is_some());
        assert!(rows.seen(at(4)).get(&1).is_none());
        assert!(rows.seen(at(5)).get(&1).is_some());
    }

    #[test]
    fn a_shorter_lag_does_not_bring_an_old_write_back() {
        let mut rows = Rows::new(&["name"]);
        rows.set_lag(Duration::from_secs(60));
        rows.insert(1, named("Ada"), Stamps::new(at(0)), at(0));
        rows.set_lag(Duration::ZERO);
        rows.replace(&1, named("Eve"), at(1), at(1));
        assert!(rows.seen(at(59)).get(&1).is_none());
        let seen = rows
            .seen(at(60))
            .get(&1)
            .and_then(|row| row.fields.text("name"));
        assert_eq!(seen, Some("Eve"));
    }

    #[test]
    fn a_look_up_follows_edits_and_ignores_case() {
        let mut rows = Rows::new(&["name"]);
        rows.insert(1, named("Ada"), Stamps::new(at(0)), at(0));
        rows.replace(&1, named("Eve"), at(1), at(1));
        assert_eq!(rows.live().find("name", "ada"), Some(vec![]));
        assert_eq!(rows.live().find("name", "EVE"), Some(vec![1]));
        assert_eq!(rows.live().find("other", "x"), None);
        assert!(rows.remove(&1, at(2)));
        assert_eq!(rows.seen(at(2)).iter().count(), 0);
    }
}
