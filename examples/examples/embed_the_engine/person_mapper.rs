//! A person as a record, and a wanted change as a patch.

use std::collections::BTreeMap;

use sync_core::{Change, Coverage, Draft, Edit, Field, Fields, Mapper, Memo, Reading, Unfit};

/// Members and their texts.
pub(crate) type Person = BTreeMap<String, String>;
/// What members become.
pub(crate) type Patch = Vec<(String, Edit<String>)>;

pub(crate) const EMAIL: Field<String> = Field::new("email");
const FIELDS: [Field<String>; 3] = [Field::new("name"), EMAIL, Field::new("phone")];

pub(crate) struct PersonMapper;

impl Mapper for PersonMapper {
    /// With the id.
    type Native = (String, Person);
    type Call = Patch;

    fn fields(&self) -> Fields {
        FIELDS.iter().fold(Fields::new(), Fields::exact)
    }

    fn read(&self, (_, person): &Self::Native, _coverage: &Coverage, _memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        for field in &FIELDS {
            reading.set(field, person.get(field.key().name()).cloned());
        }
        reading
    }

    fn write(&self, change: &Change<'_, Self::Native>) -> Result<Draft<Patch>, Unfit> {
        let mut part = change.part();
        let fields = FIELDS.into_iter();
        let patch = fields.map(|field| (field.key().name().to_owned(), part.edit(&field)));
        let patch = patch.collect();
        Ok(if change.create {
            Draft::new().create("create", part, patch)
        } else {
            Draft::new().update("update", part, patch)
        })
    }
}
