//! What a create has sent, and what a record shows of it.

use crate::{
    field::FieldKey,
    id::Ref,
    pairing::Pairing,
    store::{Intent, Observation},
    value::Value,
};

/// What was sent. The copy of a record that is moved carries along what else that one showed.
pub(super) fn sent(intent: &Intent) -> impl Iterator<Item = (&FieldKey, &Value)> {
    let cells = intent.cells.iter();
    let drawn = cells.filter_map(|cell| Some((&cell.key, cell.shown[intent.side].as_ref()?)));
    let is_left = |key: &FieldKey| {
        intent.replaces.is_some() && !intent.cells.iter().any(|cell| cell.key == *key)
    };
    let before = intent.before.iter().filter(move |(key, _)| is_left(key));
    drawn.chain(before.filter_map(|(key, value)| Some((key, value.as_ref()?))))
}

/// Under what it was created.
pub(in crate::engine) fn sent_parent<'a>(pairing: &Pairing, intent: &'a Intent) -> Option<&'a Ref> {
    let is_parent = |key: &FieldKey| {
        let mut fields = pairing.fields.iter();
        fields.any(|field| field.key == *key && field.uses[intent.side].parent)
    };
    let parent = sent(intent).find(|(key, _)| is_parent(key));
    parent.and_then(|(_, value)| match value {
        Value::Ref(of) => Some(&**of),
        _ => None,
    })
}

/// The fields in which a record shows something else than was sent.
pub(super) fn differing<'a>(
    pairing: &'a Pairing,
    intent: &'a Intent,
    seen: &'a Observation,
) -> impl Iterator<Item = (&'a FieldKey, Option<&'a Value>)> {
    let keys = pairing.fields.iter().map(|field| &field.key);
    let shown = keys.filter(|key| seen.reading.shows(key));
    let shown = shown.map(|key| (key, seen.reading.record.value(key)));
    shown.filter(|(key, shown)| {
        let sent = sent(intent).find(|(sent, _)| sent == key);
        sent.map(|(_, value)| value) != *shown
    })
}

/// How well a record shows what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// Fields that show something else than was sent.
    pub(super) misfits: usize,
    /// Fields that show what was not sent: the system has filled them in, or somebody.
    pub(super) unexplained: usize,
}

impl Fit {
    pub(super) fn of(pairing: &Pairing, intent: &Intent, seen: &Observation) -> Self {
        let was_sent = |key: &FieldKey| sent(intent).any(|(sent, _)| sent == key);
        let differing = differing(pairing, intent, seen).map(|(key, _)| was_sent(key));
        let (misfits, more): (Vec<bool>, Vec<bool>) = differing.partition(|was_sent| *was_sent);
        Self {
            misfits: misfits.len(),
            unexplained: match planted!("what-was-not-sent-tells-nothing") {
                true => 0,
                false => more.len(),
            },
        }
    }

    pub(super) fn all(self) -> usize {
        self.misfits + self.unexplained
    }
}
