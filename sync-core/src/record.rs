//! One entity in the canonical form.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

use crate::{
    field::{Field, FieldKey, FieldSet},
    field_type::FieldType,
    value::Value,
};

/// Typed fields to values, one sorted vector; a blank field is absent. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Record(Arc<Vec<(FieldKey, Value)>>);

impl Record {
    pub(crate) fn with_room(fields: usize) -> Self {
        Self(Arc::new(Vec::with_capacity(fields)))
    }

    /// The field's value; `None` when blank or of another shape.
    pub fn get<T: FieldType>(&self, field: &Field<T>) -> Option<T> {
        self.value(field.key()).and_then(T::from_value)
    }

    /// Sets a field; `None` and what the type calls blank clear it.
    pub fn set<T: FieldType>(
        &mut self,
        field: &Field<T>,
        value: impl Into<Option<T>>,
    ) -> &mut Self {
        let value = value.into().and_then(T::into_value);
        self.put(field.key().clone(), value);
        self
    }

    /// The value under a key.
    pub fn value(&self, key: &FieldKey) -> Option<&Value> {
        let at = self.find(key).ok()?;
        Some(&self.0[at].1)
    }

    /// Sets or clears the value under a key.
    pub fn put(&mut self, key: FieldKey, value: Option<Value>) {
        match (self.find(&key), value) {
            (Ok(at), Some(value)) => {
                if self.0[at].1 != value {
                    Arc::make_mut(&mut self.0)[at].1 = value;
                }
            }
            (Ok(at), None) => {
                Arc::make_mut(&mut self.0).remove(at);
            }
            (Err(at), Some(value)) => Arc::make_mut(&mut self.0).insert(at, (key, value)),
            (Err(_), None) => {}
        }
    }

    /// All fields that are not blank, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldKey, &Value)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Whether all fields are blank.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Only these fields.
    pub fn restricted_to(&self, fields: &FieldSet) -> Self {
        let kept = self.0.iter().filter(|(key, _)| fields.contains(key));
        Self(Arc::new(kept.cloned().collect()))
    }

    fn find(&self, key: &FieldKey) -> Result<usize, usize> {
        self.0.binary_search_by(|(k, _)| k.cmp(key))
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(FieldKey, Value)> for Record {
    fn from_iter<I: IntoIterator<Item = (FieldKey, Value)>>(fields: I) -> Self {
        let mut fields: Vec<_> = fields.into_iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|later, kept| later.0 == kept.0);
        Self(Arc::new(fields))
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> serde::de::Visitor<'de> for Fields {
            type Value = Record;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map of fields")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Record, A::Error> {
                let mut fields = Vec::with_capacity(map.size_hint().unwrap_or_default().min(64));
                while let Some(entry) = map.next_entry::<FieldKey, Value>()? {
                    fields.push(entry);
                }
                Ok(fields.into_iter().collect())
            }
        }
        deserializer.deserialize_map(Fields)
    }
}
