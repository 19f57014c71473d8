//! Creates whose reply was lost: which record is the one that was made.

use std::time::Duration;

use crate::{
    engine::{
        EngineError,
        applying::newborn::{is_as_born, is_untouched},
        hold::About,
        pass::Pass,
    },
    field::FieldKey,
    fields::FieldUse,
    id::{RecordId, Ref},
    mapper::items_missing,
    matching::{MatchKey, Tier},
    pairing::{FieldPair, Pairing},
    side::Side,
    store::{Hold, HoldReason, Intent, Marker, Observation, Op, StoreError},
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
enum Found {
    Nothing,
    It(Box<Observation>),
    /// These could be it, or none of them.
    Several(Vec<Observation>),
}

impl Pass<'_> {
    /// The create is looked for by its match keys among unlinked records. One hit is adopted;
    /// none is created again once the index would show it; several are held, and so is one that
    /// no longer shows what tells most. Answers whether it is settled.
    pub(in crate::engine) async fn recover_create(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<bool, EngineError> {
        let about = About::record(&intent.kind, !intent.side, &intent.source.id);
        match self.the_created(pairing, intent, open).await? {
            Found::It(it) => self.adopt(pairing, intent, &it).await?,
            Found::Several(these) => {
                let asked = self.asked(&about).await?;
                if asked.is_some() || !self.is_hidden_yet(pairing, intent).await? {
                    self.ask(pairing, intent, about, &these, asked).await?;
                }
                return Ok(false);
            }
            Found::Nothing if self.is_hidden_yet(pairing, intent).await? => return Ok(false),
            Found::Nothing if self.has_lost_its_parent(pairing, intent).await? => return Ok(false),
            Found::Nothing => {
                let ops = vec![Op::Settle(intent.id), self.mark_source(intent)];
                self.commit(ops).await?;
            }
        }
        Ok(true)
    }

    /// Whether what it has made may not be shown yet; it is looked for again then.
    async fn is_hidden_yet(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<bool, EngineError> {
        let on_its_way = intent.at + self.shared.reply_grace;
        let visible = on_its_way + self.index_lag(pairing, intent.side);
        let read = self.read_for(pairing, intent).await?;
        let is_hidden = read.is_none_or(|read| read <= visible);
        if is_hidden && !planted!("create-repeated-blindly") {
            self.wait_until(Some(visible));
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether the parent that was sent is found to be gone: a merge takes along what stands under
    /// it. Nothing is created again until it is known whether that has another parent now.
    async fn has_lost_its_parent(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
    ) -> Result<bool, EngineError> {
        let side = intent.side;
        let Some(parent) = sent_parent(pairing, intent) else {
            return Ok(false);
        };
        let link = self.linked_at(side, parent).await?;
        let (Some(link), Some(of)) = (link, self.pairing(&parent.kind)) else {
            return Ok(false);
        };
        let is_lost = match &link.sides[side].absent {
            Some(absence) => !absence.confirmed,
            None => {
                let target = link.target(side);
                match self.look_up(of, side, &target, Some(&link)).await {
                    Ok(looked) => looked.is_none(),
                    Err(error) if !error.stops_the_side() => false,
                    Err(error) => {
                        self.failed(side, error);
                        true
                    }
                }
            }
        };
        if is_lost {
            let mark = self.mark(&parent.kind, side, &parent.id, Marker::Doubt);
            self.commit(vec![mark]).await?;
            self.wait_until(None);
        }
        Ok(is_lost && !planted!("a-merged-parent-is-there"))
    }

    /// Which record it has made.
    async fn the_created(
        &self,
        pairing: &Pairing,
        intent: &Intent,
        open: &[&Intent],
    ) -> Result<Found, StoreError> {
        if !is_told_by_its_text(intent) {
            let mut found = self.find_created(pairing, intent, open).await?;
            if planted!("adopt-the-first") {
                found.truncate(1);
            }
            let mut is_asked = found.iter().map(|seen| is_in_question(intent, seen));
            return Ok(
                match is_asked.any(|is| is) && !planted!("any-key-will-do") {
                    true => Found::Several(found),
                    false => found.into(),
                },
            );
        }
        let mut shared = Vec::new();
        for other in open
            .iter()
            .copied()
            .filter(|other| share_a_text(intent, other))
        {
            shared.push((other, self.find_created(pairing, other, open).await?));
        }
        let open = shared;
        Ok(Shared { pairing, open }.found(intent))
    }

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
    async fn find_created(
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
        let arrived = intent.at_server.map(|then| then + self.shared.reply_grace);
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

    /// A person says which of these it is, or that none is. What is asked already stays as it is.
    async fn ask(
        &mut self,
        pairing: &Pairing,
        intent: &Intent,
        about: About,
        found: &[Observation],
        asked: Option<Hold>,
    ) -> Result<(), EngineError> {
        let fit = |seen: &&Observation| Fit::of(pairing, intent, seen);
        let best = found.iter().map(|seen| fit(&seen)).min();
        let (likely, others): (Vec<_>, Vec<_>) =
            found.iter().partition(|seen| Some(fit(seen)) == best);
        let named = |these: &[&Observation]| {
            let named = these.iter().map(|seen| {
                let shows = told(differing(pairing, intent, seen));
                match shows.as_str() {
                    "" => seen.id.to_string(),
                    _ => format!("{} (it shows {shows})", seen.id),
                }
            });
            named.collect::<Vec<_>>().join(" or ")
        };
        let less_likely = match others.as_slice() {
            [] => String::new(),
            others => format!(", or less likely {}", named(others)),
        };
        let erased = match found.iter().any(|seen| may_lack(intent, seen)) {
            true => " (what it lacks then counts as erased)",
            false => "",
        };
        let message = format!(
            "the reply to its creation on the {} side ({}) was lost, and {} could be it{less_likely}; link the one that is{erased}, or say that none is",
            intent.side,
            told(sent(intent).map(|(key, value)| (key, Some(value)))),
            named(&likely)
        );
        if asked.is_none_or(|asked| asked.message != message) {
            let hold = self.hold_record(about, HoldReason::InDoubt, message);
            self.commit(vec![hold]).await?;
        }
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

/// Which of its records each open create has made, where many share what finds them again: the
/// text of a note. What else was sent tells them apart, and a record is of the create that it
/// shows best. One that shows something else than was sent may be ours, edited since, or
/// somebody's own: that is for a person to say.
struct Shared<'i> {
    pairing: &'i Pairing,
    /// Creates of which nothing is known yet, and what each may have made.
    open: Vec<(&'i Intent, Vec<Observation>)>,
}

impl Shared<'_> {
    /// Gives each create the record that is clearly its own, and answers what is left for one.
    fn found(mut self, intent: &Intent) -> Found {
        while let Some((create, id)) = self.clear() {
            let (own, found) = self.open.swap_remove(create);
            if own.id == intent.id {
                let it = found.into_iter().find(|seen| seen.id == id);
                return it.map_or(Found::Nothing, |it| Found::It(Box::new(it)));
            }
            for (_, others) in &mut self.open {
                others.retain(|seen| seen.id != id);
            }
        }
        let own = self.open.into_iter().find(|(own, _)| own.id == intent.id);
        match own {
            Some((_, left)) if !left.is_empty() => Found::Several(left),
            _ => Found::Nothing,
        }
    }

    /// A create that is known to have made a record, the best known first.
    fn clear(&self) -> Option<(usize, RecordId)> {
        let creates = self.open.iter().enumerate();
        let pairs = creates.flat_map(|(create, (intent, found))| {
            let fit = move |seen| (Fit::of(self.pairing, intent, seen), create, seen);
            found.iter().map(fit)
        });
        let clear = pairs.filter(|(fit, create, seen)| {
            fit.misfits == 0
                && self.is_the_best_of(*create, *fit, seen)
                && self.is_the_best_for(*create, *fit, seen)
        });
        // Who has the fewest to choose from chooses first, and leaves to others what may be theirs.
        let first = clear.min_by_key(|(fit, create, seen)| {
            let (intent, found) = &self.open[*create];
            let few = (found.len(), self.claims(seen));
            (fit.unexplained, few, intent.id, seen.id.clone())
        });
        first.map(|(_, create, seen)| (create, seen.id.clone()))
    }

    /// How many creates may have made a record.
    fn claims(&self, seen: &Observation) -> usize {
        let may =
            |(_, found): &&(&Intent, Vec<Observation>)| found.iter().any(|it| it.id == seen.id);
        self.open.iter().filter(may).count()
    }

    /// Whether no other record fits the create as well, but for those that nothing tells apart.
    fn is_the_best_of(&self, create: usize, fit: Fit, seen: &Observation) -> bool {
        let (intent, found) = &self.open[create];
        let is_worse = |other: &Observation| Fit::of(self.pairing, intent, other) > fit;
        let is_alike = |other: &Observation| other.reading.record == seen.reading.record;
        found.iter().all(|other| is_alike(other) || is_worse(other))
    }

    /// Whether the record fits no other create as well, but for those that have sent the same.
    fn is_the_best_for(&self, create: usize, fit: Fit, seen: &Observation) -> bool {
        let intent = self.open[create].0;
        let is_worse = |other: &Intent| Fit::of(self.pairing, other, seen).all() > fit.all();
        let mut others = self
            .open
            .iter()
            .filter(|(_, found)| found.iter().any(|it| it.id == seen.id));
        others.all(|(other, _)| sent(other).eq(sent(intent)) || is_worse(other))
    }
}

/// How well a record shows what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Fields that show something else than was sent.
    misfits: usize,
    /// Fields that show what was not sent: the system has filled them in, or somebody.
    unexplained: usize,
}

impl Fit {
    fn of(pairing: &Pairing, intent: &Intent, seen: &Observation) -> Self {
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

    fn all(self) -> usize {
        self.misfits + self.unexplained
    }
}

/// Whether a record that a create may have made is only asked about, and no new record until then.
/// Those that share what tells most are adopted, or held as doubles of each other.
fn is_in_question(intent: &Intent, seen: &Observation) -> bool {
    is_told_by_its_text(intent) || !is_told_by_the_strongest(intent, seen) || may_lack(intent, seen)
}

/// Whether a record was made with something else than was sent, so by somebody else.
fn is_somebodys(pairing: &Pairing, intent: &Intent, seen: &Observation) -> bool {
    is_as_born(seen) && Fit::of(pairing, intent, seen).misfits > 0 && !planted!("somebodys-is-ours")
}

/// Whether a record lacks what was sent, and was changed since it was born: somebody has taken
/// that from ours, or has entered it without.
fn may_lack(intent: &Intent, seen: &Observation) -> bool {
    let lacks = |(key, sent): (&FieldKey, &Value)| {
        let shown = seen.reading.record.value(key);
        let lacks = shown.is_none() || !items_missing(Some(sent), shown).is_empty();
        seen.reading.shows(key) && lacks
    };
    !is_as_born(seen) && sent(intent).any(lacks) && !planted!("what-lacks-was-taken")
}

/// Whether all that finds a create again is shared by many.
fn is_told_by_its_text(intent: &Intent) -> bool {
    strongest(intent).any(|key| key.tier == Tier::Recovery) && !planted!("look-alikes-are-one")
}

/// Whether what one has made could be the other's; one shares its text with itself.
fn share_a_text(intent: &Intent, other: &Intent) -> bool {
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

/// What was sent. The copy of a record that is moved carries along what else that one showed.
fn sent(intent: &Intent) -> impl Iterator<Item = (&FieldKey, &Value)> {
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
fn differing<'a>(
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

/// The beginnings of a few fields, by which a person finds a record.
fn told<'a>(fields: impl Iterator<Item = (&'a FieldKey, Option<&'a Value>)>) -> String {
    const FIELDS: usize = 6;
    const LETTERS: usize = 60;
    let field = |(key, value): (&FieldKey, Option<&Value>)| {
        let Some(value) = value else {
            return format!("no {key}");
        };
        let text = value.to_string();
        let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(LETTERS) {
            words.truncate(end);
            words.push('…');
        }
        format!("{key} = `{words}`")
    };
    let told: Vec<String> = fields.take(FIELDS).map(field).collect();
    told.join(", ")
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
    let is_untouched = is_untouched(seen, Duration::ZERO);
    let never_moved = |of: &FieldUse| of.parent && (of.moves() || is_untouched || came_later);
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
