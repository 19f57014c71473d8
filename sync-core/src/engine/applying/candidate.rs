//! Unlinked records that a create whose reply was lost may have made.

use crate::{
    engine::{
        applying::{
            newborn::is_as_born,
            sent::{Fit, sent, sent_parent},
        },
        hold::About,
        pass::Pass,
    },
    field::FieldKey,
    fields::FieldUse,
    mapper::items_missing,
    matching::{MatchKey, Tier},
    pairing::{FieldPair, Pairing},
    side::Side,
    store::{Intent, Observation, StoreError},
    value::Value,
};

/// Where what a create has made may stand.
#[derive(Clone, Copy)]
enum Place {
    /// Under the parent that was sent, or where it may have been put since.
    Sent,
    Any,
}

/// What was found of a create.
pub(super) enum Found {
    Nothing,
    It(Box<Observation>),
    /// These could be it, or none of them.
    Several(Vec<Observation>),
}

impl From<Vec<Observation>> for Found {
    fn from(mut these: Vec<Observation>) -> Self {
        match these.len() {
            0 => Self::Nothing,
            1 => Self::It(Box::new(these.remove(0))),
            _ => Self::Several(these),
        }
    }
}

impl Pass<'_> {
    /// The open creates of a kind on a side, each with what it may have made.
    pub(in crate::engine) async fn in_question(
        &self,
        pairing: &Pairing,
        side: Side,
    ) -> Result<Vec<(Intent, Vec<Observation>)>, StoreError> {
        let intents = self.store.intents(&self.shared.connection).await?;
        let open: Vec<&Intent> = intents.iter().collect();
        let is_here = |intent: &&&Intent| {
            intent.kind == pairing.kind && intent.side == side && intent.target.is_none()
        };
        let mut in_question = Vec::new();
        for create in open.iter().filter(is_here) {
            let found = self.find_created(pairing, create, &open).await?;
            in_question.push(((*create).clone(), found));
        }
        Ok(in_question)
    }

    /// Unlinked records that a create may have made. What another create carries across is none:
    /// what may be a copy is not copied. Where none shows what tells most, or who does cannot be
    /// ours, somebody may have changed just that: those that show what tells less are in question,
    /// and who was born meanwhile and changed since. Nobody leaves a question that is asked.
    pub(super) async fn find_created(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<Vec<Observation>, StoreError> {
        let place = match self.is_parent_away(pairing, intent).await? {
            true => Place::Any,
            false => Place::Sent,
        };
        let found = self.created_under_any(pairing, intent, open, strongest(intent), place);
        let mut found = found.await?;
        let may_be_ours = |seen: &Observation| !is_somebodys(pairing, intent, seen);
        let is_told = found.iter().any(may_be_ours) && !self.is_asked_about(intent).await?;
        if is_told || planted!("who-is-edited-is-not-looked-for") {
            return Ok(found);
        }
        let less = self.created_under_any(pairing, intent, open, weaker(intent), place);
        let mut less = less.await?;
        let newborns = self.newborns(pairing, intent).await?;
        less.extend(
            self.could_be(pairing, intent, open, newborns, place)
                .await?,
        );
        let is_anothers = |seen: &Observation| {
            let is_its =
                |other: &&Intent| is_beside(intent, other) && is_told_by_the_strongest(other, seen);
            open.iter().any(is_its) && !planted!("a-namesakes-copy-is-in-question")
        };
        for seen in less {
            if !is_anothers(&seen) && found.iter().all(|known| known.id != seen.id) {
                found.push(seen);
            }
        }
        Ok(found)
    }

    /// What is no new record while a create is open: what it may have made, also where that stands
    /// under another parent than it was sent with, until it is known that this one is still there.
    pub(in crate::engine) async fn kept_back_by(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<Vec<Observation>, StoreError> {
        let mut kept = self.find_created(pairing, intent, open).await?;
        kept.retain(|seen| is_in_question(intent, seen));
        let has_parent = sent_parent(pairing, intent).is_some();
        if has_parent && !self.is_asked_about(intent).await? && !planted!("elsewhere-is-elsewhere")
        {
            let keys = strongest(intent);
            let anywhere = self.created_under_any(pairing, intent, open, keys, Place::Any);
            kept.extend(anywhere.await?);
        }
        Ok(kept)
    }

    /// Whether a person is asked what a create has made.
    async fn is_asked_about(&self, intent: &Intent) -> Result<bool, StoreError> {
        let about = About::record(&intent.kind, !intent.side, &intent.source.id);
        let asked = self.asked(&about).await?;
        Ok(asked.is_some() && !planted!("who-is-asked-about-may-leave"))
    }

    /// Those under any of these keys.
    async fn created_under_any(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
        keys: impl Iterator<Item = &MatchKey>,
        place: Place,
    ) -> Result<Vec<Observation>, StoreError> {
        let here = &self.shared.connection;
        let (kind, side) = (&pairing.kind, intent.side);
        let mut found: Vec<Observation> = Vec::new();
        for key in keys {
            // Many notes say the same, and most of them were there before.
            let ids = self.unlinked(kind, side, key, usize::MAX).await?;
            let seen = self.store.observations(here, kind, side, &ids).await?;
            let seen = seen.into_iter().flatten().map(|seen| (*seen).clone());
            let seen = seen.filter(|seen| found.iter().all(|known| known.id != seen.id));
            let seen = seen.collect();
            found.extend(self.could_be(pairing, intent, open, seen, place).await?);
        }
        Ok(found)
    }

    /// Whether the parent that was sent may be gone. What stood under it may have been put under
    /// another one then.
    async fn is_parent_away(&self, pairing: &Pairing, intent: &Intent) -> Result<bool, StoreError> {
        let Some(parent) = sent_parent(pairing, intent) else {
            return Ok(false);
        };
        let link = self.linked_at(intent.side, parent).await?;
        let is_away = link.is_none_or(|link| link.sides[intent.side].absent.is_some());
        Ok(is_away && !planted!("a-merged-parent-is-another"))
    }

    /// Those of some unlinked records that did not exist before the intent, and stand in a place.
    async fn could_be(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
        seen: Vec<Observation>,
        place: Place,
    ) -> Result<Vec<Observation>, StoreError> {
        // Both are times of the server's clock, which may have been put forward or back since.
        let was_there = |seen: &Observation| {
            let created = seen.created.filter(|_| !planted!("adopt-an-older-record"));
            created
                .zip(intent.at_server)
                .is_some_and(|(born, then)| born < then)
        };
        let arrived = self.arrived_by(intent);
        let came_later = |seen: &Observation| {
            let born = seen.created.filter(|_| !planted!("a-later-one-was-moved"));
            born.zip(arrived)
                .is_some_and(|(born, arrived)| born > arrived)
        };
        let is_carried = |seen: &Observation| {
            let carries = |other: &&Intent| other.creates_from(&intent.kind, intent.side, &seen.id);
            open.iter().any(carries) && !planted!("a-source-is-a-copy")
        };
        let is_ours = |seen: &Observation| {
            let is_placed = match place {
                Place::Sent => !stands_elsewhere(pairing, intent, seen, came_later(seen)),
                Place::Any => true,
            };
            !is_carried(seen) && !was_there(seen) && is_placed
        };
        let mut made = Vec::new();
        for seen in seen.into_iter().filter(is_ours) {
            if !self.is_left_behind(pairing, &seen).await? {
                made.push(seen);
            }
        }
        Ok(made)
    }
}

/// Whether a record that a create may have made is only asked about, and no new record until then.
/// Those that share what tells most are adopted, or held as doubles of each other.
pub(super) fn is_in_question(intent: &Intent, seen: &Observation) -> bool {
    is_told_by_its_text(intent) || !is_told_by_the_strongest(intent, seen) || may_lack(intent, seen)
}

/// Whether a record was made with something else than was sent, so by somebody else.
fn is_somebodys(pairing: &Pairing, intent: &Intent, seen: &Observation) -> bool {
    is_as_born(seen) && Fit::of(pairing, intent, seen).misfits > 0 && !planted!("somebodys-is-ours")
}

/// Whether a record lacks what was sent, and was changed since it was born: somebody has taken
/// that from ours, or has entered it without.
pub(super) fn may_lack(intent: &Intent, seen: &Observation) -> bool {
    let lacks = |(key, sent): (&FieldKey, &Value)| {
        let shown = seen.reading.record.value(key);
        let lacks = shown.is_none() || !items_missing(Some(sent), shown).is_empty();
        seen.reading.shows(key) && lacks
    };
    !is_as_born(seen) && sent(intent).any(lacks) && !planted!("what-lacks-was-taken")
}

/// Whether all that finds a create again is shared by many.
pub(super) fn is_told_by_its_text(intent: &Intent) -> bool {
    strongest(intent).any(|key| key.tier == Tier::Recovery) && !planted!("look-alikes-are-one")
}

/// Whether what one has made could be the other's; one shares its text with itself.
pub(super) fn share_a_text(intent: &Intent, other: &Intent) -> bool {
    is_beside(intent, other) && strongest(other).any(|key| strongest(intent).any(|own| own == key))
}

/// Whether both create the same kind on the same side. An update has no keys.
fn is_beside(intent: &Intent, other: &Intent) -> bool {
    other.kind == intent.kind && other.side == intent.side
}

/// Whether a record still shows what tells most of a create.
fn is_told_by_the_strongest(intent: &Intent, seen: &Observation) -> bool {
    strongest(intent).any(|key| seen.keys.contains(key))
}

/// The keys that tell most.
fn strongest(intent: &Intent) -> impl Iterator<Item = &MatchKey> {
    let most = most_telling(intent);
    let keys = intent.keys.iter();
    keys.filter(move |key| Some(key.tier) == most)
}

/// The keys that tell less than those.
fn weaker(intent: &Intent) -> impl Iterator<Item = &MatchKey> {
    let most = most_telling(intent);
    let keys = intent.keys.iter();
    keys.filter(move |key| Some(key.tier) > most)
}

fn most_telling(intent: &Intent) -> Option<Tier> {
    intent.keys.iter().map(|key| key.tier).min()
}

/// Whether a record stands under another parent than ours was created under, and was never put
/// there: none ever is on its side, or nothing has changed it since it was born, or it was born
/// after ours. That alone would not do: the server's clock may have been put forward.
fn stands_elsewhere(
    pairing: &Pairing,
    intent: &Intent,
    seen: &Observation,
    came_later: bool,
) -> bool {
    let never_moved = |of: &FieldUse| of.parent && (of.moves() || is_as_born(seen) || came_later);
    let mut parents = pairing
        .fields
        .iter()
        .filter(|field| never_moved(&field.uses[intent.side]));
    let stands_elsewhere = |field: &FieldPair| {
        let shown = seen.reading.record.value(&field.key);
        let sent = sent(intent).find(|(key, _)| **key == field.key);
        shown
            .zip(sent)
            .is_some_and(|(shown, (_, sent))| shown != sent)
    };
    parents.any(stands_elsewhere) && !planted!("any-parent-will-do")
}
