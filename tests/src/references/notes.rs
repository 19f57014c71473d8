//! What people did with notes, told by what they saw: the text of each note is its own, and a
//! person is the same on both sides by e-mail. It knows no ids of links, and asks no engine.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sync_core::{
    Both, RecordId, Side,
    testing::{
        Model,
        people::{CONTACT, EMAIL},
    },
};

use super::{BODY, NOTE, OF};
use crate::random::{Check, ensure};

/// A note as a side shows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) id: RecordId,
    pub(super) text: String,
    /// Whom it stands under, while they are there.
    pub(super) person: Option<String>,
    parent: Option<RecordId>,
}

/// One note, whichever records it has been.
#[derive(Debug, Default)]
struct Told {
    /// What it may say: texts that nobody who saw them has changed.
    texts: BTreeSet<String>,
    /// Under whom it may stand.
    people: BTreeSet<String>,
    /// On which sides it has ever been.
    been: BTreeSet<Side>,
    /// Whether somebody deleted a record of it.
    deleted: Deleted,
    /// When a person last wrote it, by side.
    written: Both<Option<Timestamp>>,
    /// It went with its person before any index could show what was written.
    unseen: bool,
    /// A hand has acted on it: the sides may differ, or go on alone.
    by_hand: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Deleted {
    #[default]
    No,
    Yes,
    /// Somebody edited it after that: it is still somewhere.
    ThenEdited,
}

/// All notes of a history.
#[derive(Debug, Default)]
pub(super) struct Notes {
    all: Vec<Told>,
    /// Which note each text is of.
    texts: BTreeMap<String, usize>,
    /// How often notes were put under others.
    pub(super) moves: u32,
}

/// All notes that are there, by side.
pub(super) type Seen = Both<Vec<Shown>>;

pub(super) fn seen(sides: &Both<Model>) -> Seen {
    sides.as_ref().map(|system| {
        let people = system.records_as(&CONTACT);
        let notes = system.records_as(&NOTE).into_iter();
        let shown = |(id, note): (RecordId, sync_core::Record)| {
            let parent = note.get(&OF).map(|of| of.id);
            let person = parent.as_ref().and_then(|id| people.get(id)?.get(&EMAIL));
            Some(Shown {
                id,
                text: note.get(&BODY)?,
                person: person.map(|email| email.as_str().to_owned()),
                parent,
            })
        };
        notes.filter_map(shown).collect()
    })
}

impl Notes {
    pub(super) fn entered(&mut self, text: &str, person: Option<String>, at: (Side, Timestamp)) {
        self.texts.insert(text.to_owned(), self.all.len());
        self.all.push(Told {
            texts: BTreeSet::from([text.to_owned()]),
            people: person.into_iter().collect(),
            ..Told::default()
        });
        self.is_written(text, at);
    }

    fn is_written(&mut self, text: &str, (side, at): (Side, Timestamp)) {
        if let Some(told) = self.told(text) {
            told.written[side] = Some(at);
        }
    }

    pub(super) fn edited(&mut self, before: &str, text: &str, at: (Side, Timestamp)) {
        if let Some(note) = self.texts.get(before).copied() {
            self.texts.insert(text.to_owned(), note);
            let texts = &mut self.all[note].texts;
            texts.remove(before);
            texts.insert(text.to_owned());
            let told = &mut self.all[note];
            if told.deleted == Deleted::Yes {
                told.deleted = Deleted::ThenEdited;
            }
        }
        self.is_written(text, at);
    }

    pub(super) fn put_under(&mut self, text: &str, person: Option<String>, at: (Side, Timestamp)) {
        self.moves += 1;
        self.is_written(text, at);
        if let Some(told) = self.told(text) {
            told.people = person.into_iter().collect();
        }
    }

    pub(super) fn deleted(&mut self, text: &str) {
        if let Some(told) = self.told(text) {
            told.deleted = Deleted::Yes;
        }
    }

    /// Nothing tells from now on whose record this is, or a hand has acted on it.
    pub(super) fn by_hand(&mut self, text: &str) {
        if let Some(told) = self.told(text) {
            told.by_hand = true;
        }
    }

    fn told(&mut self, text: &str) -> Option<&mut Told> {
        self.texts.get(text).map(|note| &mut self.all[*note])
    }

    /// The records of a note.
    pub(super) fn records<'s>(&self, of: usize, seen: &'s Seen) -> Both<Vec<&'s Shown>> {
        let is_of = |shown: &&Shown| self.texts.get(&shown.text) == Some(&of);
        seen.as_ref()
            .map(|shown| shown.iter().filter(is_of).collect())
    }

    /// Those of the note that shows a text.
    pub(super) fn showing<'s>(&self, text: &str, seen: &'s Seen) -> Both<Vec<&'s Shown>> {
        match self.texts.get(text) {
            Some(note) => self.records(*note, seen),
            None => Both::from_fn(|_| Vec::new()),
        }
    }

    /// What a cycle may have done: nothing comes out of nothing, and what stays under its person
    /// stays there.
    pub(super) fn after_cycle(
        &mut self,
        before: &Seen,
        now: &Seen,
        stays: bool,
        hidden_since: Both<Timestamp>,
    ) -> Check {
        for note in 0..self.all.len() {
            let (was, is) = (self.records(note, before), self.records(note, now));
            let was_there = !was.left.is_empty() || !was.right.is_empty();
            for side in Side::BOTH {
                for shown in &is[side] {
                    let old = was[side].iter().find(|was| was.id == shown.id);
                    let is_back = !was_there && self.all[note].been.contains(&side);
                    ensure(!is_back, || format!("{shown:?} came back on the {side}"))?;
                    let rewritten = old.is_some_and(|old| old.parent != shown.parent);
                    ensure(!(stays && side == Side::Left && rewritten), || {
                        format!("{shown:?} was {old:?}, which stays under its person")
                    })?;
                }
            }
            for side in Side::BOTH {
                let told = &mut self.all[note];
                if !(was[side].is_empty() && is[side].is_empty()) {
                    told.been.insert(side);
                }
                let left = !was[side].is_empty() && is[side].is_empty();
                told.unseen |= left && told.written[side] > Some(hidden_since[side]);
            }
            if let ([left], [right]) = (is.left.as_slice(), is.right.as_slice()) {
                let told = &mut self.all[note];
                if left.text == right.text {
                    told.texts = BTreeSet::from([left.text.clone()]);
                }
                if left.person == right.person {
                    told.people = left.person.clone().into_iter().collect();
                }
            }
        }
        Ok(())
    }

    /// Each note is there once on each side, as the last who touched it left it, unless it is
    /// excused: by a person who has to decide, or because its own person is on one side only.
    pub(super) fn end_well(
        &self,
        now: &Seen,
        excused: impl Fn(Side, &Shown) -> Result<bool, String>,
    ) -> Check {
        for (note, told) in self.all.iter().enumerate() {
            let is = self.records(note, now);
            let mut is_excused = told.by_hand || told.unseen;
            for side in Side::BOTH {
                for shown in &is[side] {
                    is_excused |= excused(side, shown)?;
                }
            }
            if is_excused {
                continue;
            }
            let is_lost =
                told.deleted == Deleted::ThenEdited && is.left.is_empty() && is.right.is_empty();
            ensure(!is_lost, || format!("{told:?} is lost"))?;
            for side in Side::BOTH {
                let (count, gone) = (is[side].len(), told.deleted != Deleted::No);
                ensure(count == 1 || gone && count == 0, || {
                    format!("{told:?} is on the {side} {count} times: {is:?}")
                })?;
                // Who deletes a record deletes what was written there last.
                let told_of = is[side].iter().filter(|_| !gone);
                for shown in told_of {
                    let person = shown.person.as_ref();
                    let told_so = told.texts.contains(&shown.text)
                        && person.is_none_or(|person| told.people.contains(person));
                    ensure(told_so, || {
                        format!("{shown:?} on the {side} should be {told:?}")
                    })?;
                }
            }
            if let ([left], [right]) = (is.left.as_slice(), is.right.as_slice()) {
                let same = left.text == right.text && left.person == right.person;
                ensure(same, || format!("{left:?} and {right:?} differ"))?;
            }
        }
        Ok(())
    }
}
