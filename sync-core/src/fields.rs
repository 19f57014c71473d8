//! What one side can hold of each field.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::{
    field::{Field, FieldKey},
    field_type::FieldType,
    id::Ref,
    imprint::Imprint,
    value::{Shape, Value},
};

/// Whether a side takes writes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Read and written.
    Write,
    /// Read only: what the other side shows never travels here.
    ReadOnly,
    /// Written when the record is created and never after.
    CreateOnly,
    /// Written when the record is created. To change it, the record is created anew, and the old
    /// one is deleted.
    ByMove,
}

type Projection = Arc<dyn Fn(&Value) -> Option<Value> + Send + Sync>;

/// How one side holds one field.
#[derive(Clone)]
pub struct FieldUse {
    /// The field.
    pub key: FieldKey,
    /// How its values merge.
    pub shape: Shape,
    /// Whether it is written.
    pub access: Access,
    /// Whether a record cannot be created without it.
    pub required: bool,
    /// Whether the mapper wants the native record, read by id a moment before, when it writes this field.
    pub read_first: bool,
    /// Whether it refers to the record's parent: without one there is nothing to create, and
    /// while the parent is missing or held its children are frozen.
    pub parent: bool,
    /// Raised when the field's mapping or its normaliser changes: the first-sync policy then applies to it again.
    pub revision: u32,
    /// A number for the place where it is found.
    place: u64,
    projection: Option<Projection>,
}

impl FieldUse {
    /// A number for the mapping: another one for another revision or another place.
    pub fn mapping(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
        let place = (self.place ^ self.place >> 32) as u32;
        if planted!("another-place-is-the-same") {
            return self.revision;
        }
        self.revision ^ place
    }

    /// Whether a record is created anew to change it.
    pub(crate) fn moves(&self) -> bool {
        self.access == Access::ByMove
    }

    /// What this side will show once it is given `value`.
    pub fn project(&self, value: Option<&Value>) -> Option<Value> {
        match (&self.projection, value) {
            (None, value) => value.cloned(),
            (Some(project), Some(value)) => project(value),
            (Some(_), None) => None,
        }
    }

    /// Whether some values are shown otherwise than they were given.
    pub fn is_lossy(&self) -> bool {
        self.projection.is_some()
    }
}

impl fmt::Debug for FieldUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldUse")
            .field("key", &self.key)
            .field("shape", &self.shape)
            .field("access", &self.access)
            .field("required", &self.required)
            .field("read_first", &self.read_first)
            .field("parent", &self.parent)
            .field("revision", &self.revision)
            .field("lossy", &self.is_lossy())
            .finish_non_exhaustive()
    }
}

/// What one side can hold of a kind. A field that is not listed cannot be held.
///
/// ```
/// use sync_core::{Email, Field, Fields, Tags};
/// const EMAIL: Field<Email> = Field::new("email");
/// const TAGS: Field<Tags> = Field::new("tags");
/// let fields = Fields::new()
///     .exact(&EMAIL)
///     .lossy(&TAGS, |tags: Tags| Some(Tags::new(tags.names().map(str::to_lowercase).collect::<Vec<_>>().iter().map(String::as_str))))
///     .required(&EMAIL);
/// assert!(fields.get(EMAIL.key()).unwrap().required);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    held: BTreeMap<FieldKey, FieldUse>,
    given: u64,
}

impl Fields {
    /// Holds nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows what it was given.
    pub fn exact<T: FieldType>(self, field: &Field<T>) -> Self {
        self.with(field, Access::Write, None)
    }

    /// Shows `project` of what it was given; `None` when it shows a blank.
    pub fn lossy<T: FieldType>(
        self,
        field: &Field<T>,
        project: impl Fn(T) -> Option<T> + Send + Sync + 'static,
    ) -> Self {
        let project = move |value: &Value| project(T::from_value(value)?)?.into_value();
        self.with(field, Access::Write, Some(Arc::new(project)))
    }

    /// Is read but never written.
    pub fn read_only<T: FieldType>(self, field: &Field<T>) -> Self {
        self.with(field, Access::ReadOnly, None)
    }

    /// Is written on create and never after.
    pub fn create_only<T: FieldType>(self, field: &Field<T>) -> Self {
        self.with(field, Access::CreateOnly, None)
    }

    /// A listed field without which no record can be created.
    pub fn required<T: FieldType>(self, field: &Field<T>) -> Self {
        self.changed(field.key(), |field_use| field_use.required = true)
    }

    /// A listed field that is written only after a look: [`Change::native`](crate::Change::native)
    /// is there then. It costs a request for each update of the field.
    ///
    /// A field that no page of the feed shows has to be one: else an edit of it is not seen
    /// before it is overwritten.
    pub fn read_first<T: FieldType>(self, field: &Field<T>) -> Self {
        self.changed(field.key(), |field_use| field_use.read_first = true)
    }

    /// A listed reference to the record's parent; it is required, too.
    pub fn parent(self, field: &Field<Ref>) -> Self {
        self.changed(field.key(), |field_use| {
            field_use.parent = true;
            field_use.required = true;
        })
    }

    /// A listed reference to a [`parent`](Self::parent) that can be given only when the record is
    /// created, as where a call finds a task under its contact. A record that is to get another
    /// parent is moved: it is created anew under that one, and the old record is deleted.
    /// [`Moves`](crate::Moves) says whether that is done.
    pub fn stays_under(self, field: &Field<Ref>) -> Self {
        self.parent(field)
            .changed(field.key(), |field_use| field_use.access = Access::ByMove)
    }

    /// The revision of a listed field's mapping.
    pub fn revision<T: FieldType>(self, field: &Field<T>, revision: u32) -> Self {
        self.changed(field.key(), |field_use| field_use.revision = revision)
    }

    /// Where a listed field is found, if people can name another place for it, such as a custom
    /// field's id. What another place shows is no edit: like a raised revision, it makes the
    /// first-sync policy apply to the field again.
    pub fn found_in<T: FieldType>(self, field: &Field<T>, place: &str) -> Self {
        let place = FieldKey::named(place).digest();
        self.changed(field.key(), |field_use| field_use.place = place)
    }

    /// What else a mapper was given that its readings depend on, such as an account's list of
    /// users, or its own version. When that changes, every record is read and compared again.
    pub fn given(mut self, given: &impl Hash) -> Self {
        let mut imprint = Imprint::default();
        (self.given, given).hash(&mut imprint);
        self.given = imprint.finish();
        self
    }

    /// A number for all that was [given](Self::given).
    pub(crate) fn all_given(&self) -> u64 {
        self.given
    }

    /// How a field is held.
    pub fn get(&self, key: &FieldKey) -> Option<&FieldUse> {
        self.held.get(key)
    }

    /// All fields, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldUse> {
        self.held.values()
    }

    fn with<T: FieldType>(
        mut self,
        field: &Field<T>,
        access: Access,
        projection: Option<Projection>,
    ) -> Self {
        let field_use = FieldUse {
            key: field.key().clone(),
            shape: T::SHAPE,
            access,
            required: false,
            read_first: false,
            parent: false,
            revision: 1,
            place: 0,
            projection,
        };
        self.held.insert(field.key().clone(), field_use);
        self
    }

    fn changed(mut self, key: &FieldKey, change: impl FnOnce(&mut FieldUse)) -> Self {
        if let Some(field_use) = self.held.get_mut(key) {
            change(field_use);
        }
        self
    }
}
