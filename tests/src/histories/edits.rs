//! An account of every edit, kept apart from the engine: what each record showed, when, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sync_core::{Body, Both, Call, FieldKey, Record, RecordId, Side, Value};

use sync_core::testing::people::{CITY, EMAIL, NAME, TAGS};

/// What a field of one record showed from a tick on.
#[derive(Debug, Clone)]
struct Showing {
    tick: u64,
    at: Timestamp,
    value: Option<Value>,
    by_person: bool,
    /// The engine wrote over it before it could have read it.
    raced: bool,
}

/// What happened to one tag of one person.
#[derive(Debug, Clone, Default)]
struct Tag {
    removed: bool,
    /// Whether it stays or goes cannot be said: it was removed before the records had agreed.
    either: bool,
    /// The side on which the engine added it just now. Should it be removed there before the
    /// engine has looked again, that cannot be told from a write that never arrived.
    just_written: Option<(Side, u64)>,
    /// Where the engine added it in this cycle.
    added: Option<Side>,
    /// Where the engine added it and had no reply, or died before it had: removed there, it looks the
    /// same, however often an index was read that is late.
    unanswered: Option<Side>,
}

/// All of it, by the person's e-mail address.
#[derive(Debug, Default)]
pub(crate) struct Account {
    tick: u64,
    since: u64,
    pub(crate) now: Timestamp,
    shows: BTreeMap<(String, FieldKey, Side), Vec<Showing>>,
    tags: BTreeMap<(String, String), Tag>,
    pub(crate) people: BTreeSet<String>,
    /// People of whom both sides had a record before there was a link.
    pub(crate) met: BTreeSet<String>,
    /// People whose records have not agreed yet.
    fresh: BTreeSet<String>,
    held: BTreeSet<(String, FieldKey)>,
    emails: BTreeMap<(Side, RecordId), String>,
    feed: Both<u64>,
    feeds: Both<u64>,
    fetched: BTreeMap<(Side, RecordId), u64>,
    pub(crate) sends: u64,
    pub(crate) idle_sends: u64,
    pub(crate) edits: u64,
    pub(crate) raced: u64,
    /// What the engine said of the time of an edit, and was not so.
    pub(crate) lies: Vec<String>,
}

/// What the history and the holds say of one person's field.
pub(crate) type Told = BTreeSet<(String, FieldKey, Side, String)>;

pub(crate) fn scalars() -> [FieldKey; 2] {
    [NAME.key().clone(), CITY.key().clone()]
}

/// What the left side shows of a value.
pub(crate) fn on_the_left(field: &FieldKey, value: Option<&Value>) -> Option<Value> {
    match value {
        Some(Value::Text(text)) if field == CITY.key() => {
            let cut: String = text.chars().take(10).collect();
            Some(Value::Text(cut.trim().into()))
        }
        value => value.cloned(),
    }
}

/// What a side shows of a value that its other side has.
fn carried(field: &FieldKey, to: Side, value: Option<&Value>) -> Option<Value> {
    match to {
        Side::Left => on_the_left(field, value),
        Side::Right => value.cloned(),
    }
}

pub(crate) fn text(value: Option<&Value>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn email_of(record: &Record) -> String {
    record
        .get(&EMAIL)
        .map(|e| e.as_str().to_owned())
        .unwrap_or_default()
}

/// Whether a value shows another: it is that value, as the left side shows both, or a merge
/// that has it as a part.
fn shows(field: &FieldKey, shown: Option<&Value>, value: Option<&Value>) -> bool {
    on_the_left(field, shown) == on_the_left(field, value)
        || value.is_some() && text(shown).split(" & ").any(|part| part == text(value))
}

impl Account {
    pub(crate) fn entered(&mut self, side: Side, id: &RecordId, record: &Record) {
        let email = email_of(record);
        if !self.people.insert(email.clone()) {
            self.met.insert(email.clone());
        }
        self.fresh.insert(email.clone());
        self.emails.insert((side, id.clone()), email);
        self.changed(side, id, &Record::default(), record, true);
    }

    pub(crate) fn edited(&mut self, side: Side, id: &RecordId, before: &Record, after: &Record) {
        self.edits += 1;
        self.changed(side, id, before, after, true);
    }

    pub(crate) fn feed_read(&mut self, side: Side) {
        self.tick += 1;
        self.feed[side] = self.tick;
        self.feeds[side] += 1;
    }

    pub(crate) fn fetched(&mut self, side: Side, id: &RecordId) {
        self.tick += 1;
        self.fetched.insert((side, id.clone()), self.tick);
    }

    pub(crate) fn sent(
        &mut self,
        side: Side,
        before: &BTreeMap<RecordId, Record>,
        after: &BTreeMap<RecordId, Record>,
        target: Option<&RecordId>,
        call: &Call<Body>,
        answered: bool,
    ) {
        self.sends += 1;
        let scalar = scalars().iter().any(|field| call.covers.contains(field));
        let idle = answered && scalar && before == after && !self.was_edited_since(side, target);
        self.idle_sends += u64::from(idle);
        for (id, record) in after {
            let was = before.get(id);
            if was == Some(record) {
                continue;
            }
            self.emails.insert((side, id.clone()), email_of(record));
            self.written_over(side, id, call);
            self.changed(side, id, &was.cloned().unwrap_or_default(), record, false);
            self.tags_added(side, id, was, record, answered);
        }
    }

    fn last_read(&self, side: Side, id: &RecordId) -> u64 {
        let fetched = self.fetched.get(&(side, id.clone())).copied().unwrap_or(0);
        match side {
            Side::Left => fetched,
            Side::Right => fetched.max(self.feed.right),
        }
    }

    /// Whether somebody may just have done what the engine does.
    fn was_edited_since(&self, side: Side, id: Option<&RecordId>) -> bool {
        let Some((id, email)) = id.and_then(|id| Some((id, self.emails.get(&(side, id.clone()))?)))
        else {
            return false;
        };
        let read = self.last_read(side, id);
        scalars().iter().any(|field| {
            let last = self.last_edit(email, field, side);
            last.is_some_and(|edit| edit.tick > read)
        })
    }

    /// Edits that the engine could not have read before it wrote are not held against it.
    fn written_over(&mut self, side: Side, id: &RecordId, call: &Call<Body>) {
        let email = self.emails[&(side, id.clone())].clone();
        let read = self.last_read(side, id);
        for field in scalars() {
            let timeline = self.shows.get_mut(&(email.clone(), field.clone(), side));
            let last = timeline.and_then(|timeline| timeline.last_mut());
            if let Some(last) = last
                && call.covers.contains(&field)
                && last.by_person
                && last.tick > read
            {
                last.raced = true;
                self.raced += 1;
            }
        }
    }

    fn changed(
        &mut self,
        side: Side,
        id: &RecordId,
        before: &Record,
        after: &Record,
        person: bool,
    ) {
        self.tick += 1;
        let email = self.emails[&(side, id.clone())].clone();
        for field in scalars() {
            if before.value(&field) == after.value(&field) {
                continue;
            }
            let showing = Showing {
                tick: self.tick,
                at: self.now,
                value: after.value(&field).cloned(),
                by_person: person,
                raced: false,
            };
            self.shows
                .entry((email.clone(), field, side))
                .or_default()
                .push(showing);
        }
        if person {
            self.tags_changed(side, &email, before, after);
            return;
        }
        for tag in tags(after).difference(&tags(before)) {
            if let Some(tag) = self.tags.get_mut(&(email.clone(), tag.clone())) {
                tag.just_written = Some((side, self.feeds[side]));
            }
        }
    }

    fn tags_added(
        &mut self,
        side: Side,
        id: &RecordId,
        was: Option<&Record>,
        record: &Record,
        answered: bool,
    ) {
        let email = self.emails[&(side, id.clone())].clone();
        let before = was.map(tags).unwrap_or_default();
        for tag in tags(record).difference(&before) {
            if let Some(tag) = self.tags.get_mut(&(email.clone(), tag.clone())) {
                match answered {
                    true => tag.added = Some(side),
                    false => tag.unanswered = Some(side),
                }
            }
        }
    }

    /// A cycle is over, or was dropped: what it wrote is known, or not.
    pub(crate) fn cycle_ended(&mut self, dropped: bool) {
        for tag in self.tags.values_mut() {
            let added = tag.added.take().filter(|_| dropped);
            tag.unanswered = added.or(tag.unanswered);
        }
    }

    fn tags_changed(&mut self, side: Side, email: &str, before: &Record, after: &Record) {
        let either = self.fresh.contains(email) && self.met.contains(email);
        for tag in tags(after).difference(&tags(before)) {
            self.tags
                .entry((email.to_owned(), tag.clone()))
                .or_default();
        }
        for tag in tags(before).difference(&tags(after)) {
            let known = self
                .tags
                .entry((email.to_owned(), tag.clone()))
                .or_default();
            known.removed = true;
            let unread = known
                .just_written
                .is_some_and(|(s, read)| s == side && self.feeds[s] < read + 2);
            known.either |= either || unread || known.unanswered == Some(side);
        }
    }

    fn timeline(&self, email: &str, field: &FieldKey, side: Side) -> &[Showing] {
        let key = (email.to_owned(), field.clone(), side);
        self.shows.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    fn last_edit(&self, email: &str, field: &FieldKey, side: Side) -> Option<&Showing> {
        let timeline = self.timeline(email, field, side);
        timeline.iter().rev().find(|showing| showing.by_person)
    }

    fn shown_at(&self, email: &str, field: &FieldKey, side: Side, tick: u64) -> Option<&Value> {
        let timeline = self.timeline(email, field, side);
        let last = timeline.iter().rev().find(|showing| showing.tick <= tick);
        last.and_then(|showing| showing.value.as_ref())
    }

    /// What a rule was told of when a value was entered must be so.
    pub(crate) fn heard(
        &mut self,
        field: &FieldKey,
        side: Side,
        value: &Value,
        from: Timestamp,
        to: Timestamp,
    ) {
        let entered = self
            .shows
            .iter()
            .filter(|((_, f, s), _)| f == field && *s == side);
        let entered = entered.flat_map(|(_, timeline)| {
            timeline
                .iter()
                .enumerate()
                .map(move |(n, e)| (timeline, n, e))
        });
        let fits = |(_, _, e): &(_, usize, &Showing)| e.value.as_ref() == Some(value);
        let Some((timeline, n, last)) = entered.filter(fits).max_by_key(|(_, _, e)| e.tick) else {
            return;
        };
        let still = timeline.get(n + 1).is_none();
        if last.by_person && still && !(from <= last.at && last.at <= to) {
            self.lies.push(format!(
                "{side} {field} `{value}` was entered at {}, and the engine said {from} to {to}",
                last.at
            ));
        }
    }

    /// Both sides of a person's field after all has settled.
    pub(crate) fn check_field(
        &self,
        email: &str,
        field: &FieldKey,
        last: Both<Option<&Value>>,
        told: &Told,
    ) -> Result<(), String> {
        for side in Side::BOTH {
            self.check_origin(email, field, side, last[side])?;
            self.check_not_lost(email, field, side, last, told)?;
        }
        Ok(())
    }

    /// Each part of a value was the last that somebody entered on one side.
    fn check_origin(
        &self,
        email: &str,
        field: &FieldKey,
        side: Side,
        value: Option<&Value>,
    ) -> Result<(), String> {
        let lasts: Vec<_> = Side::BOTH
            .into_iter()
            .filter_map(|from| Some((from, self.last_edit(email, field, from)?)))
            .collect();
        let Some(value) = value else {
            let cleared = lasts.iter().any(|(_, edit)| edit.value.is_none());
            return if cleared || lasts.is_empty() {
                Ok(())
            } else {
                Err(format!(
                    "{side} {field} of {email} is blank, and nobody cleared it last: {lasts:?}"
                ))
            };
        };
        let is = |part: &str| {
            lasts.iter().any(|(from, edit)| {
                let own = *from == side && text(edit.value.as_ref()) == part;
                own || text(carried(field, side, edit.value.as_ref()).as_ref()) == part
            })
        };
        let whole = value.to_string();
        let merged = whole.contains(" & ")
            && whole
                .split(" & ")
                .all(|part| self.was_entered(email, field, part));
        if is(&whole) || merged {
            return Ok(());
        }
        Err(format!(
            "{side} {field} of {email} is `{value}`, and nobody entered that last: {lasts:?}"
        ))
    }

    fn was_entered(&self, email: &str, field: &FieldKey, part: &str) -> bool {
        let mut all = Side::BOTH
            .into_iter()
            .flat_map(|side| self.timeline(email, field, side));
        all.any(|showing| showing.by_person && text(showing.value.as_ref()) == part)
    }

    fn check_not_lost(
        &self,
        email: &str,
        field: &FieldKey,
        side: Side,
        last: Both<Option<&Value>>,
        told: &Told,
    ) -> Result<(), String> {
        let Some(edit) = self.last_edit(email, field, side) else {
            return Ok(());
        };
        let value = edit.value.as_ref();
        let unagreed =
            self.fresh.contains(email) || self.held.contains(&(email.to_owned(), field.clone()));
        if edit.tick <= self.since || edit.raced || value.is_none() && unagreed {
            return Ok(());
        }
        let line = (email.to_owned(), field.clone(), side, text(value));
        if shows(field, last[side], value)
            || told.contains(&line)
            || self.was_followed(email, field, side, edit)
            || self.went_back(email, field, side, edit)
        {
            return Ok(());
        }
        Err(format!(
            "{side} {field} of {email}: the edit {edit:?} is lost; now {last:?}\n left: {:?}\n right: {:?}",
            self.timeline(email, field, Side::Left),
            self.timeline(email, field, Side::Right),
        ))
    }

    /// The other side showed it, and then somebody changed it there.
    fn was_followed(&self, email: &str, field: &FieldKey, side: Side, edit: &Showing) -> bool {
        let there = carried(field, !side, edit.value.as_ref());
        let timeline = self.timeline(email, field, !side);
        let mut shown = shows(
            field,
            self.shown_at(email, field, !side, edit.tick),
            there.as_ref(),
        );
        for showing in timeline.iter().filter(|showing| showing.tick > edit.tick) {
            if shown && showing.by_person {
                return true;
            }
            shown |= shows(field, showing.value.as_ref(), there.as_ref());
        }
        false
    }

    /// It only went back to what both sides had shown before.
    fn went_back(&self, email: &str, field: &FieldKey, side: Side, edit: &Showing) -> bool {
        let (value, there) = (
            edit.value.as_ref(),
            carried(field, !side, edit.value.as_ref()),
        );
        let ticks = Side::BOTH
            .into_iter()
            .flat_map(|side| self.timeline(email, field, side));
        let mut before = ticks
            .map(|showing| showing.tick)
            .chain([0])
            .filter(|tick| *tick < edit.tick);
        before.any(|tick| {
            self.shown_at(email, field, side, tick) == value
                && self.shown_at(email, field, !side, tick) == there.as_ref()
        })
    }

    /// What was added and never removed is there; what was removed is not.
    pub(crate) fn check_tags(
        &self,
        email: &str,
        side: Side,
        record: &Record,
    ) -> Result<(), String> {
        let shown = tags(record);
        for tag in &shown {
            if !self.tags.contains_key(&(email.to_owned(), tag.clone())) {
                return Err(format!(
                    "{side} {email} has the tag {tag}, and nobody added it"
                ));
            }
        }
        for ((_, tag), known) in self.tags.iter().filter(|((e, _), _)| e == email) {
            if !known.either && known.removed == shown.contains(tag) {
                return Err(format!(
                    "{side} {email}: the tag {tag} was {}, and it is {}there",
                    if known.removed { "removed" } else { "added" },
                    if known.removed { "" } else { "not " },
                ));
            }
        }
        Ok(())
    }

    /// All has settled: what comes is judged from here.
    pub(crate) fn settled(&mut self, held: BTreeSet<(String, FieldKey)>) {
        self.since = self.tick;
        self.fresh.clear();
        self.held = held;
    }
}

pub(crate) fn tags(record: &Record) -> BTreeSet<String> {
    let tags = record.get(&TAGS);
    tags.iter()
        .flat_map(sync_core::Tags::names)
        .map(str::to_owned)
        .collect()
}
