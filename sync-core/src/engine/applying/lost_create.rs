//! Creates whose reply was lost: which record is the one that was made.

use crate::{
    engine::{EngineError, hold::About, pass::Pass},
    field::FieldKey,
    matching::{MatchKey, Tier},
    pairing::Pairing,
    store::{HoldReason, Intent, Observation, Op, StoreError},
    value::Value,
};

/// What was found of a create.
enum Found {
    Nothing,
    It(Box<Observation>),
    /// These could be it.
    Several(Vec<Observation>),
}

impl Pass<'_> {
    /// The create is looked for by its match keys among unlinked records. One hit is adopted;
    /// none is created again once the index would show it; several are held. Answers whether it
    /// is settled.
    pub(in crate::engine) async fn recover_create(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<bool, EngineError> {
        let found = self.find_created(pairing, intent).await?;
        match the_one(intent, found, open) {
            Found::It(it) => self.adopt(pairing, intent, &it).await?,
            Found::Several(these) => {
                self.hold_in_doubt(intent, &these).await?;
                return Ok(false);
            }
            Found::Nothing => {
                let on_its_way = intent.at + self.shared.reply_grace;
                let visible = on_its_way + self.index_lag(pairing, intent.side);
                let read = self.read_for(pairing, intent).await?;
                let hidden = read.is_none_or(|read| read <= visible);
                if hidden && !planted!("create-repeated-blindly") {
                    self.wait_until(Some(visible));
                    return Ok(false);
                }
                let ops = vec![Op::Settle(intent.id), self.mark_source(intent)];
                self.commit(ops).await?;
            }
        }
        Ok(true)
    }

    /// Unlinked records that a create may have made.
    pub(in crate::engine) async fn find_created(
        &self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<Vec<Observation>, StoreError> {
        let mut found: Vec<Observation> = Vec::new();
        for key in strongest(intent) {
            for seen in self.created_under(pairing, intent, key).await? {
                if !found.iter().any(|known| known.id == seen.id) {
                    found.push(seen);
                }
            }
        }
        Ok(found)
    }

    /// Unlinked records under a key that did not exist before the intent.
    async fn created_under(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        key: &MatchKey,
    ) -> Result<Vec<Observation>, StoreError> {
        let here = &self.shared.connection;
        let (kind, side) = (&pairing.kind, intent.side);
        // Many notes say the same, and most of them were there before.
        let ids = self.unlinked(kind, side, key, usize::MAX).await?;
        let seen = self.store.observations(here, kind, side, &ids).await?;
        // Both are times of the server's clock, which may have been put forward or back since.
        let was_there = |seen: &Observation| {
            let created = seen.created.filter(|_| !planted!("adopt-an-older-record"));
            created
                .zip(intent.at_server)
                .is_some_and(|(born, then)| born < then)
        };
        let seen = seen.into_iter().flatten().map(|seen| (*seen).clone());
        let mut made = Vec::new();
        for seen in seen.filter(|seen| !was_there(seen)) {
            if !self.is_left_behind(pairing, &seen).await? {
                made.push(seen);
            }
        }
        Ok(made)
    }

    async fn hold_in_doubt(
        &mut self,
        intent: &Intent,
        found: &[Observation],
    ) -> Result<(), EngineError> {
        let ids: Vec<&str> = found.iter().map(|seen| seen.id.as_str()).collect();
        let message = format!(
            "the reply to its creation on the {} side was lost, and several records could be it: {}; link the right one",
            intent.side,
            ids.join(", ")
        );
        let about = About::record(&intent.kind, !intent.side, &intent.source.id);
        let hold = self.hold_record(about, HoldReason::InDoubt, message);
        self.commit(vec![hold]).await?;
        Ok(())
    }
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

/// Which of the records that were found is the one.
fn the_one(intent: &Intent, mut found: Vec<Observation>, open: &[&Intent]) -> Found {
    if planted!("adopt-the-first") {
        found.truncate(1);
    }
    match is_told_by_its_text(intent) {
        true => the_one_of_a_text(intent, found, open),
        false => found.into(),
    }
}

/// A key that is only there to find a lost create again, such as the text of a note, is shared by
/// many: what else was sent tells them apart, and a record that fits another open create better is
/// that one's.
fn the_one_of_a_text(intent: &Intent, found: Vec<Observation>, open: &[&Intent]) -> Found {
    let (mut fits, mut undecided) = (Vec::new(), Vec::new());
    for seen in found {
        let own = misfits(intent, &seen);
        let theirs = rivals(intent, &seen, open).map(|rival| (misfits(rival, &seen), rival));
        match theirs.min_by_key(|(theirs, _)| *theirs) {
            Some((theirs, _)) if theirs < own => {}
            Some((theirs, rival)) if theirs == own && own > 0 && !sent(rival).eq(sent(intent)) => {
                undecided.push(seen);
            }
            _ => fits.push((own, seen)),
        }
    }
    let Some(least) = fits.iter().map(|(misfits, _)| *misfits).min() else {
        return match undecided.is_empty() {
            true => Found::Nothing,
            false => Found::Several(undecided),
        };
    };
    fits.retain(|(misfits, _)| *misfits == least);
    let mut best: Vec<Observation> = fits.into_iter().map(|(_, seen)| seen).collect();
    let are_alike = |two: &[Observation]| two[0].reading.record == two[1].reading.record;
    // Who cannot be told apart by anything need not be.
    if least == 0 && best.windows(2).all(are_alike) {
        best.truncate(1);
    }
    best.into()
}

/// Whether all that finds a create again is shared by many. Records that share more than that are
/// held as doubles of each other.
pub(in crate::engine) fn is_told_by_its_text(intent: &Intent) -> bool {
    strongest(intent).any(|key| key.tier == Tier::Recovery) && !planted!("look-alikes-are-one")
}

/// The keys that tell most.
fn strongest(intent: &Intent) -> impl Iterator<Item = &MatchKey> {
    let strongest = intent.keys.iter().map(|key| key.tier).min();
    let keys = intent.keys.iter();
    keys.filter(move |key| Some(key.tier) == strongest)
}

/// Other creates that may have made a record.
fn rivals<'i>(
    intent: &Intent,
    seen: &Observation,
    open: &[&'i Intent],
) -> impl Iterator<Item = &'i Intent> {
    let is_other = |other: &&Intent| {
        other.id != intent.id && other.kind == intent.kind && other.side == intent.side
    };
    let others = open.iter().copied().filter(is_other);
    others.filter(|other| strongest(other).any(|key| seen.keys.contains(key)))
}

/// What was sent.
fn sent(intent: &Intent) -> impl Iterator<Item = (&FieldKey, &Value)> {
    let cells = intent.cells.iter();
    cells.filter_map(|cell| Some((&cell.key, cell.shown[intent.side].as_ref()?)))
}

/// How many fields of a record show something else than was sent.
fn misfits(intent: &Intent, seen: &Observation) -> usize {
    let differs = |(key, sent): &(&FieldKey, &Value)| {
        seen.reading.shows(key) && seen.reading.record.value(key) != Some(*sent)
    };
    sent(intent).filter(differs).count()
}
