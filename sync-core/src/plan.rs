//! What has to be written where. Pure: no clock, no I/O, no order that depends on a hash.
//!
//! A side changed only if what it shows differs from its own shadow, and a write
//! is owed only if the projection of the wanted value differs from what the side shows.

use jiff::Timestamp;

use crate::{
    caught::caught,
    field::{FieldKey, FieldSet},
    fields::Access,
    first_sync::Differences,
    id::Ref,
    link::{Cell, Decided, Link},
    one_way::StrayEdits,
    pairing::{FieldPair, Pairing},
    record::Record,
    rules::{Conflict, ConflictRule, Interval, Verdict, Version},
    sets,
    side::{Both, Side},
    store::{Hold, HoldReason, Observation},
    three_way::{self, Met},
    value::{Shape, Value},
};

/// Plans one entry at a time.
pub struct Planner<'a> {
    /// What is synced.
    pub pairing: &'a Pairing,
    /// Decides conflicts.
    pub rule: &'a dyn ConflictRule,
    /// Decides differences between records that meet for the first time.
    pub differences: Differences,
    /// A reference of one side in the other's id space, if the record is linked.
    pub translate: &'a (dyn Fn(Side, &Ref) -> Option<Ref> + Sync),
    /// Whether what a side's shadow refers to is gone there: nobody took that reference away.
    pub is_gone: &'a (dyn Fn(Side, &Ref) -> bool + Sync),
}

impl std::fmt::Debug for Planner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Planner").field(&self.pairing.kind).finish()
    }
}

/// Two records that are, or are to be, the same thing; or one that has no counterpart yet.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Their link, if they have one.
    pub link: Option<&'a Link>,
    /// What is known to differ from the shadows, or of records that are not linked.
    /// A linked side that is not here shows its shadow.
    pub seen: Both<Option<&'a Observation>>,
    /// When each side changed from its shadows, if anything is known.
    pub evidence: Both<Option<Interval>>,
    /// By when each record was not there yet: all that is known of a field without shadows.
    pub born: Both<Option<Timestamp>>,
    /// Holds of this entry that are not due for another try.
    pub refused: &'a [Hold],
}

/// What an entry needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned {
    /// The write that each side gets.
    pub writes: Both<Option<Write>>,
    /// Fields whose shadows advance without any call.
    pub settled: Vec<Cell>,
    /// Fields kept back for a person.
    pub holds: Vec<FieldHold>,
    /// Conflicts that the rule answered just now.
    pub decided: Vec<(FieldKey, Decided)>,
    /// Fields that wait until a record they refer to is linked.
    pub waits: Vec<FieldKey>,
}

/// What one side is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Whether the record is created.
    pub create: bool,
    /// What the side shows.
    pub shown: Record,
    /// What it is to show.
    pub wanted: Record,
    /// The fields to write.
    pub changed: FieldSet,
    /// Both shadows of each of these fields, once it is written.
    pub cells: Vec<Cell>,
}

/// A field kept back for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldHold {
    /// The field.
    pub field: FieldKey,
    /// Why.
    pub reason: HoldReason,
    /// Why, for a person.
    pub message: String,
    /// What each side shows.
    pub values: Both<Option<Value>>,
    /// When it is tried again by itself.
    pub retry_at: Option<Timestamp>,
}

impl Planned {
    /// Whether there is nothing to do or to remember.
    pub fn is_quiet(&self) -> bool {
        !self.writes() && self.settled.is_empty() && self.decided.is_empty()
    }

    /// Whether a side is written to.
    pub fn writes(&self) -> bool {
        self.writes != Both::default()
    }
}

/// One side of one field, as far as it is known.
#[derive(Clone, Copy)]
enum Sight<'a> {
    Shows(Option<&'a Value>),
    Unseen,
    Unfit(&'a str),
}

/// What a field needs.
enum Outcome {
    Quiet,
    Want(Both<Option<Value>>),
    Decided(Both<Option<Value>>),
    Hold(HoldReason, String),
    Wait,
}

/// A reference whose record is not linked yet.
struct NotLinked;

impl Planner<'_> {
    /// Plans an entry.
    pub fn plan(&self, entry: &Entry<'_>) -> Planned {
        let mut planned = Planned::default();
        for pair in &self.pairing.fields {
            self.plan_field(entry, pair, &mut planned);
        }
        planned
    }

    fn plan_field(&self, entry: &Entry<'_>, pair: &FieldPair, planned: &mut Planned) {
        let values = match known(Both::from_fn(|side| entry.sight(side, pair))) {
            Known::Both(values) => values,
            Known::NotSeen => return,
            Known::Unfit(why) => {
                let message = format!("it cannot be mapped: {why}");
                planned.hold(pair, Both::default(), HoldReason::Unfit, message);
                return;
            }
        };
        match self.outcome(entry, pair, values) {
            Outcome::Quiet => {}
            Outcome::Wait => planned.waits.push(pair.key.clone()),
            Outcome::Hold(reason, message) => planned.hold(pair, values, reason, message),
            Outcome::Want(want) => finish(entry, pair, values, want, planned),
            Outcome::Decided(want) => {
                let decided = Decided {
                    seen: owned(values),
                    want: want.clone(),
                    blanked: None,
                };
                planned.decided.push((pair.key.clone(), decided));
                finish(entry, pair, values, want, planned);
            }
        }
    }

    fn outcome(&self, entry: &Entry<'_>, pair: &FieldPair, values: Values<'_>) -> Outcome {
        self.planned(entry, pair, values).unwrap_or(Outcome::Wait)
    }

    fn planned(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
    ) -> Result<Outcome, NotLinked> {
        let is_written = |side| entry.writes_to(side, pair);
        if !Side::BOTH.into_iter().any(is_written) && !planted!("asks-what-no-answer-can-write") {
            return Ok(Outcome::Want(owned(values)));
        }
        if let Some(outcome) = self.stray(entry, pair, values)? {
            return Ok(outcome);
        }
        if let Some(outcome) = self.since_decision(entry, pair, values)? {
            return Ok(outcome);
        }
        match entry.base(pair) {
            Some(base) => self.since_shadow(entry, pair, values, base),
            None => self.first_time(entry, pair, values),
        }
    }

    /// Somebody edited the side that is only written to, and such edits are not kept.
    fn stray(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
    ) -> Result<Option<Outcome>, NotLinked> {
        let (Some(way), Some(base)) = (self.pairing.way, entry.base(pair)) else {
            return Ok(None);
        };
        let here = !way.from;
        let decided = entry.link.and_then(|link| link.decided.get(&pair.key));
        let is_answered = decided.is_some_and(|decided| {
            let answered = [&decided.seen[here], &decided.want[here]];
            answered.contains(&&values[here].cloned())
        });
        if values[here] == base[here] || is_answered || self.same(pair, values)? {
            return Ok(None);
        }
        Ok(match way.stray {
            StrayEdits::Keep => None,
            StrayEdits::Revert => Some(Outcome::Want(self.take(pair, values, way.from)?)),
            StrayEdits::Hold => Some(Outcome::Hold(
                HoldReason::Stray,
                format!("it was edited on the {here} side, which is only written to"),
            )),
        })
    }

    /// The field has shadows: only what differs from them has changed.
    fn since_shadow(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
        base: Values<'_>,
    ) -> Result<Outcome, NotLinked> {
        let differs = Both::from_fn(|side| values[side] != base[side]);
        if !differs.left && !differs.right {
            return Ok(Outcome::Quiet);
        }
        let changed =
            Both::from_fn(|side| differs[side] && !self.went_with_its_record(side, values, base));
        if !changed.left && !changed.right {
            return Ok(Outcome::Want(owned(values)));
        }
        if pair.shape == Shape::Set && !planted!("sets-do-not-merge") {
            return Ok(Outcome::Want(sets::merged(pair, values, base)));
        }
        if changed.left && changed.right {
            return self.both_changed(entry, pair, values, base);
        }
        let from = if changed.left {
            Side::Left
        } else {
            Side::Right
        };
        self.take(pair, values, from).map(Outcome::Want)
    }

    /// Whether a side shows no reference since what it referred to is gone.
    fn went_with_its_record(&self, side: Side, values: Values<'_>, base: Values<'_>) -> bool {
        match (values[side], base[side]) {
            (None, Some(Value::Ref(of))) => {
                (self.is_gone)(side, of) && !planted!("a-reference-goes-with-its-record")
            }
            _ => false,
        }
    }

    /// A rule has answered already: its answer stands until both sides have it, or somebody edits again.
    fn since_decision(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
    ) -> Result<Option<Outcome>, NotLinked> {
        let Some(decided) = entry.link.and_then(|link| link.decided.get(&pair.key)) else {
            return Ok(None);
        };
        let expected = |side: Side| {
            let value = values[side];
            let is_ours = value.is_none() && decided.blanked == Some(side);
            is_ours || value == decided.seen[side].as_ref() || value == decided.want[side].as_ref()
        };
        match (expected(Side::Left), expected(Side::Right)) {
            (true, true) => Ok(Some(Outcome::Want(
                match self.leads_nowhere(values, &decided.want) {
                    Some(side) => self.take(pair, values, !side)?,
                    None => decided.want.clone(),
                },
            ))),
            (false, true) => Ok(Some(Outcome::Want(self.take(pair, values, Side::Left)?))),
            (true, false) => Ok(Some(Outcome::Want(self.take(pair, values, Side::Right)?))),
            (false, false) => Ok(None),
        }
    }

    /// The side on which an answer leads to a record that is linked no more, as one that was
    /// merged since: what the other side shows of it is taken anew.
    fn leads_nowhere(&self, values: Values<'_>, want: &Both<Option<Value>>) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| {
            let Some(Value::Ref(of)) = &want[*side] else {
                return false;
            };
            let is_owed = values[*side] != want[*side].as_ref();
            let is_there = values[!*side] == want[!*side].as_ref();
            is_owed
                && is_there
                && (self.translate)(*side, of).is_none()
                && !planted!("an-answer-may-lead-nowhere")
        })
    }

    fn both_changed(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
        base: Values<'_>,
    ) -> Result<Outcome, NotLinked> {
        if self.same(pair, values)? {
            return Ok(Outcome::Want(owned(values)));
        }
        if let Ok(merged) = self.by_part(pair, values, base) {
            return Ok(Outcome::Want(Both::new(merged.clone(), merged)));
        }
        self.ask(entry, pair, values, base, HoldReason::Conflict)
    }

    /// A text, a list or a map of which both sides edited something, but no part both; and both
    /// can hold what comes of it.
    fn by_part(
        &self,
        pair: &FieldPair,
        values: Values<'_>,
        base: Values<'_>,
    ) -> Result<Option<Value>, Met> {
        let is_written = |side: Side| pair.uses[side].access == Access::Write;
        let both = self.pairing.way.is_none() && Side::BOTH.into_iter().all(is_written);
        if !both || base.left != base.right || planted!("lines-do-not-merge") {
            return Err(Met);
        }
        let merged = three_way::merged(pair.shape, base.left, values.left, values.right)?;
        let holds = |side: Side| pair.uses[side].project(merged.as_ref()) == merged;
        match Side::BOTH.into_iter().all(holds) {
            true => Ok(merged),
            false => Err(Met),
        }
    }

    /// The field has no shadow yet: a new link, or a new mapping.
    fn first_time(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
    ) -> Result<Outcome, NotLinked> {
        if pair.shape == Shape::Set {
            return Ok(Outcome::Want(sets::merged(pair, values, Both::default())));
        }
        match (values.left, values.right) {
            (Some(_), None) if planted!("a-blank-wins") && !entry.is_lone() => {
                self.take(pair, values, Side::Right).map(Outcome::Want)
            }
            (Some(_), None) if entry.is_lone() || self.travels(pair, values, Side::Left)? => {
                self.take(pair, values, Side::Left).map(Outcome::Want)
            }
            (None, Some(_)) if entry.is_lone() || self.travels(pair, values, Side::Right)? => {
                self.take(pair, values, Side::Right).map(Outcome::Want)
            }
            (Some(_), Some(_)) if !self.same(pair, values)? => match self.differences {
                Differences::Prefer(side) => self.take(pair, values, side).map(Outcome::Decided),
                Differences::Rule => {
                    self.ask(entry, pair, values, Both::default(), HoldReason::FirstSync)
                }
                Differences::Hold => Ok(Outcome::Hold(
                    HoldReason::FirstSync,
                    "the two records differ, and nothing says which is right".to_owned(),
                )),
            },
            _ => Ok(Outcome::Want(owned(values))),
        }
    }

    /// Whether the other side would show anything of a value.
    fn travels(&self, pair: &FieldPair, values: Values<'_>, from: Side) -> Result<bool, NotLinked> {
        Ok(self.carry(pair, from, values[from])?.is_some())
    }

    fn ask(
        &self,
        entry: &Entry<'_>,
        pair: &FieldPair,
        values: Values<'_>,
        base: Values<'_>,
        reason: HoldReason,
    ) -> Result<Outcome, NotLinked> {
        let conflict = Conflict {
            field: &pair.key,
            versions: Both::from_fn(|side| Version {
                shadow: base[side],
                value: values[side],
                changed: entry.changed(side, reason),
                holds: &pair.uses[side],
            }),
        };
        let decided = caught(|| self.rule.decide(&conflict));
        let verdict = decided.unwrap_or_else(|why| {
            Verdict::Hold(format!(
                "both sides changed it, and the rule cannot tell: {why}"
            ))
        });
        Ok(match self.answer(pair, values, &verdict)? {
            Ok(want) => Outcome::Decided(want),
            Err(message) => Outcome::Hold(reason, message.to_owned()),
        })
    }

    /// What both sides are to show by a verdict; else why a person decides.
    fn answer<'v>(
        &self,
        pair: &FieldPair,
        values: Values<'_>,
        verdict: &'v Verdict,
    ) -> Result<Result<Both<Option<Value>>, &'v str>, NotLinked> {
        Ok(Ok(match verdict {
            Verdict::TakeLeft => self.take(pair, values, Side::Left)?,
            Verdict::TakeRight => self.take(pair, values, Side::Right)?,
            Verdict::Merge(merged) => Both::new(
                pair.uses.left.project(Some(merged)),
                self.carry(pair, Side::Left, Some(merged))?,
            ),
            Verdict::Hold(message) => return Ok(Err(message)),
        }))
    }

    /// What a field of an entry becomes by a person's verdict; `None` where that cannot be told.
    pub(crate) fn by_hand(
        &self,
        entry: &Entry<'_>,
        key: &FieldKey,
        verdict: &Verdict,
    ) -> Option<Decided> {
        let pair = self.pairing.fields.iter().find(|pair| pair.key == *key)?;
        let Known::Both(values) = known(Both::from_fn(|side| entry.sight(side, pair))) else {
            return None;
        };
        let want = self.answer(pair, values, verdict).ok()?.ok()?;
        let seen = owned(values);
        Some(Decided {
            seen,
            want,
            blanked: None,
        })
    }

    /// One side keeps what it shows, the other is to show its projection.
    fn take(
        &self,
        pair: &FieldPair,
        values: Values<'_>,
        from: Side,
    ) -> Result<Both<Option<Value>>, NotLinked> {
        let mut want = owned(values);
        want[!from] = self.carry(pair, from, values[from])?;
        Ok(want)
    }

    /// Whether one side shows what it would show of the other's value.
    fn same(&self, pair: &FieldPair, values: Values<'_>) -> Result<bool, NotLinked> {
        for from in Side::BOTH {
            if self.carry(pair, from, values[from])?.as_ref() == values[!from] {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the other side will show once it is given a side's value.
    fn carry(
        &self,
        pair: &FieldPair,
        from: Side,
        value: Option<&Value>,
    ) -> Result<Option<Value>, NotLinked> {
        let to = &pair.uses[!from];
        match value {
            Some(Value::Ref(of)) => {
                let foreign = || planted!("reference-before-its-target").then(|| Ref::clone(of));
                let translated = (self.translate)(from, of).or_else(foreign);
                let translated = translated.ok_or(NotLinked)?;
                Ok(to.project(Some(&Value::Ref(translated.into()))))
            }
            value => Ok(to.project(value)),
        }
    }
}

type Values<'a> = Both<Option<&'a Value>>;

fn owned(values: Values<'_>) -> Both<Option<Value>> {
    values.map(Option::<&Value>::cloned)
}

enum Known<'a> {
    Both(Values<'a>),
    NotSeen,
    Unfit(&'a str),
}

fn known(sights: Both<Sight<'_>>) -> Known<'_> {
    match (sights.left, sights.right) {
        (Sight::Unfit(why), _) | (_, Sight::Unfit(why)) => Known::Unfit(why),
        (Sight::Shows(left), Sight::Shows(right)) => Known::Both(Both::new(left, right)),
        _ => Known::NotSeen,
    }
}

/// Turns what both sides are to show into writes, or settles it where no call is needed.
fn finish(
    entry: &Entry<'_>,
    pair: &FieldPair,
    values: Values<'_>,
    mut want: Both<Option<Value>>,
    planned: &mut Planned,
) {
    for side in Side::BOTH {
        if !entry.writes_to(side, pair) {
            want[side] = values[side].cloned();
        }
    }
    let owed = Both::from_fn(|side| want[side].as_ref() != values[side]);
    let cell = Cell {
        key: pair.key.clone(),
        shown: want,
        revisions: pair.revisions(),
    };
    if !owed.left && !owed.right {
        if !entry.is_lone() && entry.base(pair) != Some(values) {
            planned.settled.push(cell);
        }
        return;
    }
    if let Some(hold) = entry.refused_already(pair, values) {
        planned.holds.push(FieldHold {
            field: pair.key.clone(),
            reason: hold.reason,
            message: hold.message.clone(),
            values: owned(values),
            retry_at: hold.retry_at,
        });
        return;
    }
    for side in Side::BOTH.into_iter().filter(|side| owed[*side]) {
        planned.write(entry, side).add(&cell, side);
    }
}

impl Planned {
    /// Only what concerns these fields is done now.
    pub(crate) fn restrict(&mut self, keeps: impl Fn(&FieldKey) -> bool) {
        for side in Side::BOTH {
            let Some(write) = &mut self.writes[side] else {
                continue;
            };
            let others: Vec<_> = write
                .changed
                .iter()
                .filter(|key| !keeps(key))
                .cloned()
                .collect();
            for key in &others {
                write.leave_out(key);
            }
            if write.changed.is_empty() {
                self.writes[side] = None;
            }
        }
        self.decided.retain(|(key, _)| keeps(key));
    }

    fn hold(&mut self, pair: &FieldPair, values: Values<'_>, reason: HoldReason, message: String) {
        self.holds.push(FieldHold {
            field: pair.key.clone(),
            reason,
            message,
            values: owned(values),
            retry_at: None,
        });
    }

    fn write(&mut self, entry: &Entry<'_>, side: Side) -> &mut Write {
        self.writes[side].get_or_insert_with(|| {
            let shown = entry.shown(side);
            Write {
                create: entry.creates(side),
                wanted: shown.clone(),
                shown,
                changed: FieldSet::new(),
                cells: Vec::new(),
            }
        })
    }
}

impl Write {
    fn add(&mut self, cell: &Cell, side: Side) {
        self.wanted.put(cell.key.clone(), cell.shown[side].clone());
        self.changed.insert(cell.key.clone());
        self.cells.push(cell.clone());
    }

    /// Leaves a field out: it is held, the rest goes on.
    pub(crate) fn leave_out(&mut self, key: &FieldKey) {
        self.wanted.put(key.clone(), self.shown.value(key).cloned());
        self.changed.remove(key);
        self.cells.retain(|cell| cell.key != *key);
    }
}

impl Write {
    /// These fields are written.
    pub(crate) fn done(&mut self, keys: &FieldSet) {
        for key in keys {
            self.shown.put(key.clone(), self.wanted.value(key).cloned());
            self.leave_out(key);
        }
        self.create = false;
    }

    /// Keeps a field back for a person; `side` is where it was to be written.
    pub(crate) fn hold(
        &self,
        side: Side,
        key: &FieldKey,
        reason: HoldReason,
        message: String,
    ) -> FieldHold {
        let cell = self.cells.iter().find(|cell| cell.key == *key);
        let mut values = cell.map(|cell| cell.shown.clone()).unwrap_or_default();
        values[side] = self.shown.value(key).cloned();
        FieldHold {
            field: key.clone(),
            reason,
            message,
            values,
            retry_at: None,
        }
    }
}

impl<'a> Entry<'a> {
    /// Whether one side has no record yet.
    fn is_lone(&self) -> bool {
        self.creates(Side::Left) || self.creates(Side::Right)
    }

    fn creates(&self, side: Side) -> bool {
        self.link.is_none() && self.seen[side].is_none()
    }

    fn writes_to(&self, side: Side, pair: &FieldPair) -> bool {
        match pair.uses[side].access {
            Access::Write | Access::ByMove => true,
            Access::CreateOnly => self.creates(side),
            Access::ReadOnly => false,
        }
    }

    /// When a side changed: a field without shadows may have its value since the record was made.
    fn changed(&self, side: Side, reason: HoldReason) -> Option<Interval> {
        let evidence = self.evidence[side]?;
        Some(match reason {
            HoldReason::FirstSync => Interval {
                earliest: self.born[side].unwrap_or(Timestamp::MIN),
                ..evidence
            },
            _ => evidence,
        })
    }

    /// Both shadows of a field that has agreed.
    fn base(&self, pair: &FieldPair) -> Option<Values<'a>> {
        let link = self.link.filter(|link| pair.has_agreed(link))?;
        Some(Both::from_fn(|side| {
            link.sides[side].shadow.value(&pair.key)
        }))
    }

    fn sight(&self, side: Side, pair: &FieldPair) -> Sight<'a> {
        let shadow = || match self.base(pair) {
            Some(base) => Sight::Shows(base[side]),
            None => Sight::Unseen,
        };
        let Some(seen) = self.seen[side] else {
            return if self.creates(side) {
                Sight::Shows(None)
            } else {
                shadow()
            };
        };
        let reading = &seen.reading;
        if let Some(unfit) = reading.unfit.iter().find(|unfit| unfit.field == pair.key) {
            Sight::Unfit(&unfit.reason)
        } else if reading.unseen.contains(&pair.key) && !planted!("unseen-is-blank") {
            shadow()
        } else {
            Sight::Shows(reading.record.value(&pair.key))
        }
    }

    /// All that a side shows: its reading, and its shadow where the reading shows nothing.
    fn shown(&self, side: Side) -> Record {
        let shadow = self.link.map(|link| &link.sides[side].shadow);
        let Some(seen) = self.seen[side] else {
            return shadow.cloned().unwrap_or_default();
        };
        let mut shown = seen.reading.record.clone();
        for key in &seen.reading.unseen {
            shown.put(key.clone(), shadow.and_then(|s| s.value(key)).cloned());
        }
        shown
    }

    /// A field that was refused with these very values is not tried again before its time.
    fn refused_already(&self, pair: &FieldPair, values: Values<'_>) -> Option<&'a Hold> {
        self.refused
            .iter()
            .find(|hold| hold.field.as_ref() == Some(&pair.key) && hold.values == owned(values))
    }
}
