//! Turning native records into canonical ones, and wanted changes into calls.

use std::fmt;

use jiff::Timestamp;

use crate::{
    field::{Field, FieldKey, FieldSet},
    field_type::FieldType,
    fields::Fields,
    imprint::Imprint,
    reading::{Coverage, Memo, Reading, Unfit},
    record::Record,
    value::{Item, Value},
};

/// Maps one native type of one system. Pure: no clock, no I/O.
///
/// # Laws
///
/// [`testing::mapper_laws`](crate::testing::mapper_laws) proves them:
/// what was written reads back as its projection; what was read and written
/// changes nothing; reading is stable under the server's own normalisation; no
/// changed field is left without a call.
pub trait Mapper: Send + Sync + 'static {
    /// The client's own struct.
    type Native: Send + Sync + 'static;
    /// The client's own request.
    type Call: fmt::Debug + Send + Sync + 'static;

    /// What this side can hold, and how.
    fn fields(&self) -> Fields;

    /// Reads a native record as one route showed it.
    fn read(&self, native: &Self::Native, coverage: &Coverage, memo: &Memo) -> Reading;

    /// Hashes all that [`read`](Self::read) looks at: the native record, and what the mapper was
    /// told of the account. A sweep then drops what it has met before without reading it.
    ///
    /// Nothing is hashed unless a mapper does: each row is read.
    fn imprint(&self, _native: &Self::Native, _imprint: &mut Imprint) {}

    /// The calls that make the side show what is wanted.
    fn write(&self, change: &Change<'_, Self::Native>) -> Result<Draft<Self::Call>, Unfit>;
}

/// What a side shows, and what it is to show.
#[derive(Debug)]
pub struct Change<'a, N> {
    /// Whether the record is to be created.
    pub create: bool,
    /// The native record as last read, where the engine has it. A plan is made without it, and what
    /// cannot be written even then is held before anything is read.
    pub native: Option<&'a N>,
    /// What the side shows.
    pub shown: &'a Record,
    /// What it is to show, all fields.
    pub wanted: &'a Record,
    /// The fields to write.
    pub changed: &'a FieldSet,
    /// What the mapper remembers for this link.
    pub memo: &'a Memo,
    /// The time, for values that have to be made: a mapper has no clock.
    pub now: Timestamp,
}

impl<'a, N> Change<'a, N> {
    /// Starts one request's part of the change; it notes which fields it took.
    pub fn part(&self) -> Part<'a> {
        Part {
            shown: self.shown,
            wanted: self.wanted,
            changed: self.changed,
            took: FieldSet::new(),
        }
    }

    /// Whether a field is to be written.
    pub fn changes<T: FieldType>(&self, field: &Field<T>) -> bool {
        self.changed.contains(field.key())
    }
}

/// What an update does to one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<T> {
    /// Nothing: it is not sent.
    Leave,
    /// It becomes this.
    Set(T),
    /// It becomes blank.
    Clear,
}

impl<T> Edit<T> {
    /// The same edit of a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Edit<U> {
        match self {
            Self::Leave => Edit::Leave,
            Self::Set(value) => Edit::Set(convert(value)),
            Self::Clear => Edit::Clear,
        }
    }

    /// The value to set, if any.
    pub fn set(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            _ => None,
        }
    }
}

/// The part of a change that goes into one request.
#[derive(Debug)]
pub struct Part<'a> {
    shown: &'a Record,
    wanted: &'a Record,
    changed: &'a FieldSet,
    took: FieldSet,
}

impl Part<'_> {
    /// Takes a field: what this request does to it.
    pub fn edit<T: FieldType>(&mut self, field: &Field<T>) -> Edit<T> {
        if !self.take(field.key()) {
            return Edit::Leave;
        }
        self.wanted.get(field).map_or(Edit::Clear, Edit::Set)
    }

    /// Takes a set: what to add and what to remove.
    pub fn items<T: FieldType>(&mut self, field: &Field<T>) -> (Vec<Item>, Vec<Item>) {
        if !self.take(field.key()) {
            return (Vec::new(), Vec::new());
        }
        let (shown, wanted) = (
            self.shown.value(field.key()),
            self.wanted.value(field.key()),
        );
        (items_missing(wanted, shown), items_missing(shown, wanted))
    }

    /// The fields taken so far.
    pub fn took(&self) -> &FieldSet {
        &self.took
    }

    fn take(&mut self, key: &FieldKey) -> bool {
        let changed = self.changed.contains(key);
        if changed {
            self.took.insert(key.clone());
        }
        changed
    }
}

/// What a call does to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Makes it; the reply tells its id.
    Create,
    /// Changes it.
    Update,
}

/// One request of a draft: one journaled step, one reply.
#[derive(Debug, Clone)]
pub struct Call<C> {
    /// The operation, for people and logs.
    pub name: &'static str,
    /// What it does to the record.
    pub kind: CallKind,
    /// The fields it carries.
    pub covers: FieldSet,
    /// What it makes up where the system wants a value and there is none.
    pub made: Record,
    /// The client's own request.
    pub body: C,
}

/// The calls that a change needs, in order.
#[derive(Debug, Clone)]
pub struct Draft<C> {
    /// The calls.
    pub calls: Vec<Call<C>>,
    /// What to remember for the link from now on, if it changed.
    pub memo: Option<Memo>,
}

impl<C> Draft<C> {
    /// No calls yet.
    pub const fn new() -> Self {
        Self {
            calls: Vec::new(),
            memo: None,
        }
    }

    /// Adds the call that creates the record.
    pub fn create(mut self, name: &'static str, part: Part<'_>, body: C) -> Self {
        self.push(name, CallKind::Create, part, body);
        self
    }

    /// Adds a call that changes the record; dropped if its part took no field.
    pub fn update(mut self, name: &'static str, part: Part<'_>, body: C) -> Self {
        if !part.took.is_empty() {
            self.push(name, CallKind::Update, part, body);
        }
        self
    }

    /// Tells what the last call makes up, such as a due date for a task that has none: the record
    /// shows it, and by that, too, a create whose reply was lost is found again.
    pub fn making<T: FieldType>(mut self, field: &Field<T>, value: T) -> Self {
        if let Some(call) = self.calls.last_mut() {
            call.made.set(field, value);
        }
        self
    }

    /// Remembers a memo for the link.
    pub fn remember(mut self, memo: Memo) -> Self {
        self.memo = Some(memo);
        self
    }

    fn push(&mut self, name: &'static str, kind: CallKind, part: Part<'_>, body: C) {
        self.calls.push(Call {
            name,
            kind,
            covers: part.took,
            made: Record::default(),
            body,
        });
    }

    /// All fields that some call carries.
    pub fn covers(&self) -> FieldSet {
        self.calls
            .iter()
            .flat_map(|call| call.covers.iter().cloned())
            .collect()
    }
}

impl<C> Default for Draft<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The items of a value that another lacks, by key.
pub(crate) fn items_missing(from: Option<&Value>, in_: Option<&Value>) -> Vec<Item> {
    let (all, some) = (
        from.map(Value::items).unwrap_or_default(),
        in_.map(Value::items).unwrap_or_default(),
    );
    all.iter().filter(|i| !some.contains(i)).cloned().collect()
}
