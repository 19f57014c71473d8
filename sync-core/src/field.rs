//! Typed keys over an untyped record.

use std::{cmp::Ordering, fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::field_type::FieldType;

/// A field's name, with a hash made at compile time so that keys compare as integers.
/// The hash is never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldKey {
    hash: u64,
    name: SmolStr,
}

impl FieldKey {
    /// A key with a constant name.
    pub const fn new(name: &'static str) -> Self {
        Self {
            hash: fnv(name),
            name: SmolStr::new_static(name),
        }
    }

    /// A key whose name is known at run time: a custom field.
    pub fn named(name: &str) -> Self {
        Self {
            hash: fnv(name),
            name: name.into(),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A number for the name, the same in every run.
    pub fn digest(&self) -> u64 {
        self.hash
    }
}

impl Ord for FieldKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hash.cmp(&other.hash).then_with(|| {
            let (one, other) = (self.name.as_str(), other.name.as_str());
            // Two constants are one text: their letters need not be compared.
            match std::ptr::eq(one, other) {
                true => Ordering::Equal,
                false => one.cmp(other),
            }
        })
    }
}

impl PartialOrd for FieldKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for FieldKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Serialize for FieldKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for FieldKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SmolStr::deserialize(deserializer).map(|name| Self {
            hash: fnv(&name),
            name,
        })
    }
}

/// FNV-1a, 64 bits.
const fn fnv(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// A field with the type of its values.
///
/// ```
/// use sync_core::{Email, Field, Record};
/// const EMAIL: Field<Email> = Field::new("email");
/// let mut record = Record::default();
/// record.set(&EMAIL, Email::new(" Ada@Example.com "));
/// assert_eq!(record.get(&EMAIL).unwrap().as_str(), "ada@example.com");
/// ```
pub struct Field<T> {
    key: FieldKey,
    of: PhantomData<fn() -> T>,
}

impl<T: FieldType> Field<T> {
    /// A field with a constant name.
    pub const fn new(name: &'static str) -> Self {
        Self::under(FieldKey::new(name))
    }

    /// A field whose name is known at run time; the type is still checked.
    pub fn named(name: &str) -> Self {
        Self::under(FieldKey::named(name))
    }

    /// A field under a key that was made before; the type is still checked.
    pub const fn under(key: FieldKey) -> Self {
        Self {
            key,
            of: PhantomData,
        }
    }

    /// Its key in records.
    pub const fn key(&self) -> &FieldKey {
        &self.key
    }
}

impl<T> Clone for Field<T> {
    fn clone(&self) -> Self {
        Self {
            key: self.key.clone(),
            of: self.of,
        }
    }
}

impl<T> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.key, f)
    }
}

/// A few fields, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<FieldKey>", into = "Vec<FieldKey>")]
pub struct FieldSet(SmallVec<[FieldKey; 4]>);

impl FieldSet {
    /// No field.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn insert(&mut self, key: FieldKey) {
        if let Err(at) = self.0.binary_search(&key) {
            self.0.insert(at, key);
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, key: &FieldKey) {
        if let Ok(at) = self.0.binary_search(key) {
            self.0.remove(at);
        }
    }

    /// Whether it is in.
    pub fn contains(&self, key: &FieldKey) -> bool {
        !self.0.is_empty() && self.0.binary_search(key).is_ok()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldKey> {
        self.0.iter()
    }
}

impl FromIterator<FieldKey> for FieldSet {
    fn from_iter<I: IntoIterator<Item = FieldKey>>(keys: I) -> Self {
        let mut set = Self::new();
        for key in keys {
            set.insert(key);
        }
        set
    }
}

impl<'a> IntoIterator for &'a FieldSet {
    type Item = &'a FieldKey;
    type IntoIter = std::slice::Iter<'a, FieldKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Vec<FieldKey>> for FieldSet {
    fn from(keys: Vec<FieldKey>) -> Self {
        keys.into_iter().collect()
    }
}

impl From<FieldSet> for Vec<FieldKey> {
    fn from(set: FieldSet) -> Self {
        set.0.into_vec()
    }
}
