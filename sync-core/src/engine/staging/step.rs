//! Making one step of a plan: what is done, why, and what it stands on.

use crate::{
    connector::Body,
    engine::{
        pass::Pass,
        staging::entry::{Counterpart, Loaded},
    },
    field::FieldKey,
    link::Link,
    mapper::Draft,
    pairing::Pairing,
    plan::{Planned, Write},
    reading::Memo,
    record::Record,
    side::{Both, Side},
    step::{Before, Staged, StagedField, StagedLink, StagedWrite, Why},
    store::Dirty,
    value::{Shape, Value},
};

impl Pass<'_> {
    pub(in crate::engine) fn step(
        &self,
        pairing: &Pairing,
        sequence: u64,
        dirty: Dirty,
        loaded: &Loaded,
        mut planned: Planned,
    ) -> Staged {
        let writes = Both::from_fn(|side| {
            let mut write = planned.writes[side].take()?;
            self.staged_write(pairing, side, loaded, &planned, &mut write)
        });
        let links = match &loaded.counterpart {
            Counterpart::One(key) => loaded.seen[!dirty.side].as_ref().map(|other| StagedLink {
                id: other.id.clone(),
                by: key.clone(),
            }),
            _ => None,
        };
        Staged {
            sequence,
            kind: pairing.kind.clone(),
            from: (dirty.side, dirty.id.clone()),
            link: loaded.link.as_ref().map(|link| link.id.clone()),
            before: loaded.before(&writes),
            writes,
            deletes: None,
            clears: false,
            links,
            undo: false,
            answered: Vec::new(),
            answers: vec![dirty],
        }
    }

    fn staged_write(
        &self,
        pairing: &Pairing,
        side: Side,
        loaded: &Loaded,
        planned: &Planned,
        write: &mut Write,
    ) -> Option<StagedWrite> {
        let draft = self.drafted(pairing, side, loaded.link.as_deref(), write);
        let calls: Vec<_> = draft
            .calls
            .iter()
            .map(|call| call.name.to_owned())
            .collect();
        let field = |key: &FieldKey| StagedField {
            key: key.clone(),
            old: write.shown.value(key).cloned(),
            new: write.wanted.value(key).cloned(),
            why: self.why(pairing, side, loaded, planned, write, key),
        };
        let moves = write.new_parent(pairing, side).cloned();
        (!calls.is_empty()).then(|| StagedWrite {
            create: write.create,
            calls,
            look: !write.create && (moves.is_some() || self.will_look(pairing, side, write)),
            moves,
            fields: write.changed.iter().map(field).collect(),
        })
    }

    /// The calls of a write, as far as the plan can tell.
    pub(in crate::engine) fn drafted(
        &self,
        pairing: &Pairing,
        side: Side,
        link: Option<&Link>,
        write: &mut Write,
    ) -> Draft<Body> {
        let blank = Memo::default();
        let memo = link.map_or(&blank, |link| &link.sides[side].memo);
        match link.filter(|_| write.new_parent(pairing, side).is_some()) {
            Some(link) => {
                let mut copy = self.copy_of(pairing, side, link, write);
                let (draft, holds) = self.draft(pairing, side, &mut copy, memo, None);
                // What cannot be copied whole is not moved.
                if holds.is_empty() {
                    draft
                } else {
                    Draft::new()
                }
            }
            None => self.draft(pairing, side, write, memo, None).0,
        }
    }

    fn why(
        &self,
        pairing: &Pairing,
        side: Side,
        loaded: &Loaded,
        planned: &Planned,
        write: &Write,
        key: &FieldKey,
    ) -> Why {
        if write.create {
            return Why::Created;
        }
        if planned.decided.iter().any(|(decided, _)| decided == key) {
            let rule = self.decided_by(loaded, key);
            return Why::Decided { rule };
        }
        let pair = pairing.fields.iter().find(|pair| pair.key == *key);
        let (Some(link), Some(pair)) = (&loaded.link, pair) else {
            return Why::Met;
        };
        if link.decided.contains_key(key) {
            return Why::Answered;
        }
        if !pair.has_agreed(link) {
            return Why::Met;
        }
        let shadow = |side: Side| link.sides[side].shadow.value(key);
        if pair.shape == Shape::Set && write.shown.value(key) != shadow(side) {
            return Why::Merged;
        }
        Why::Changed {
            side: !side,
            from: shadow(!side).cloned(),
        }
    }
}

impl Loaded {
    /// What a side shows of a field: what was seen, else its shadow.
    pub(in crate::engine) fn shows(&self, side: Side, key: &FieldKey) -> Option<&Value> {
        let seen = self.seen[side].as_ref().map(|seen| &seen.reading);
        match seen.filter(|reading| reading.shows(key)) {
            Some(reading) => reading.record.value(key),
            None => {
                let link = self.link.as_ref()?;
                link.sides[side].shadow.value(key)
            }
        }
    }

    /// What both sides show of the fields that are written.
    fn before(&self, writes: &Both<Option<StagedWrite>>) -> Both<Option<Before>> {
        let fields = Side::BOTH.iter().filter_map(|side| writes[*side].as_ref());
        let fields: Vec<&FieldKey> = fields
            .flat_map(|write| write.fields.iter().map(|field| &field.key))
            .collect();
        let ids = self.ids();
        Both::from_fn(|side| {
            let shown = fields.iter().filter_map(|key| {
                let value = self.shows(side, key)?;
                Some(((*key).clone(), value.clone()))
            });
            let link = self.link.as_ref();
            let known = link.and_then(|link| link.sides[side].stamp);
            let seen = self.seen[side].as_ref().and_then(|seen| seen.stamp);
            Some(Before {
                id: ids[side].clone()?,
                stamp: known.max(seen),
                shown: shown.collect::<Record>(),
            })
        })
    }
}
