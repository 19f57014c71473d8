//! How records, plans and histories are told to people.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ghl_insightly::{Settings, task::CONTACT_OF};
use jiff::{SignedDuration, SignedDurationRound, Timestamp, Unit};
use sync_core::{
    Allowance, Both, ConnectorError, Cost, CycleReport, Event, FieldKey, GuardName, Happened,
    HistoryEvent, Hold, HoldReason, Observer, PlanCounts, RecordId, Side, Subject, Value,
};

/// What the sides are called here.
pub(crate) const NAMES: Both<&str> = Both::new("GHL", "Insightly");

/// What a side is called here.
pub(crate) fn system(side: Side) -> &'static str {
    NAMES[side]
}

/// The engine's words, with the systems called by their names.
pub(crate) fn named(words: &str) -> String {
    NAMES.put_into(words)
}

/// `1 pair`, `2 pairs`.
pub(crate) fn many(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// Changes that wait for what is not due yet.
pub(crate) fn waiting(changes: u64) -> String {
    let wait = many(changes, "change waits", "changes wait");
    format!("{wait} for a second look, in case a system is late to show what was done")
}

/// Changes that a plan leaves for later: what was entered a moment ago among them.
fn later(changes: u64) -> String {
    match changes {
        0 => String::new(),
        _ => format!("; {}", waiting(changes)),
    }
}

/// Changes that wait until what they belong to is put right.
pub(crate) fn frozen(changes: u64) -> String {
    match changes {
        0 => String::new(),
        _ => format!(
            "; {} under a record that is held, missing or left out",
            many(changes, "change waits", "changes wait")
        ),
    }
}

/// How long something takes or is ago, as exactly as people need it: `26h 5m`, `12m 51s`.
pub(crate) fn time(of: Duration) -> String {
    let smallest = match of.as_secs() {
        0..HOUR => Unit::Second,
        HOUR..DAY => Unit::Minute,
        DAY.. => Unit::Hour,
    };
    let exact = SignedDuration::try_from(of).unwrap_or(SignedDuration::MAX);
    let round = SignedDurationRound::new().smallest(smallest);
    format!("{:#}", exact.round(round).unwrap_or(exact))
}

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// When a day that is used up is over, and what to do. The account's own word of it goes first; the
/// share of it is counted by days of UTC.
pub(crate) fn day_turns(
    settings: &Settings,
    side: Side,
    error: &ConnectorError,
    now: Timestamp,
) -> String {
    let today = now.as_second().rem_euclid(DAY.cast_signed());
    let midnight = Duration::from_secs(DAY.saturating_sub(today.unsigned_abs()));
    let wait = error.retry_after.unwrap_or(midnight);
    let at = (now + wait).strftime("%Y-%m-%d %H:%M UTC");
    let more = match settings.share_of_day(side) {
        share if share < 100 && Allowance::is_used_up(error) => {
            let table = Both::new("[ghl]", "[insightly]")[side];
            format!(", or raise `share_of_day` of {table}, which is {share}")
        }
        _ => String::new(),
    };
    format!(
        "That is in {}, at {at}: run it again then{more}",
        time(wait)
    )
}

pub(crate) fn value(value: Option<&Value>) -> String {
    value.map_or_else(|| "(blank)".to_owned(), |value| format!("`{value}`"))
}

pub(crate) fn counts(counts: &PlanCounts, holds: u64) -> String {
    let Both { left, right } = counts.creates;
    let updates = counts.updates;
    let left_alone = match counts.left_alone {
        0 => String::new(),
        count => format!("; {count} left alone, as [first_sync] says"),
    };
    format!(
        "{} linked; {left} created in GHL, {right} in Insightly; {} updated in GHL, {} in Insightly{}; {holds} held for a person{}{left_alone}",
        many(counts.links, "pair", "pairs"),
        updates.left,
        updates.right,
        there(counts.moves, "moved") + &there(counts.deletes, "deleted"),
        later(counts.waiting)
    )
}

pub(crate) fn report(report: &CycleReport) -> String {
    format!(
        "{} linked; {} created in GHL, {} in Insightly; {} in GHL, {} in Insightly{}; {} decided; {} found again",
        many(report.linked, "pair", "pairs"),
        report.created.left,
        report.created.right,
        many(report.updated.left, "update", "updates"),
        report.updated.right,
        there(report.moved, "moved") + &there(report.deleted, "deleted"),
        many(report.decided, "conflict", "conflicts"),
        many(report.adopted, "lost create", "lost creates"),
    )
}

/// What a guard is called in the settings.
pub(crate) fn guard(guard: GuardName) -> &'static str {
    match guard {
        GuardName::Creates => "creates",
        GuardName::Updates => "updates",
        GuardName::Deletes => "deletes",
        GuardName::Missing | GuardName::Changed => "share",
    }
}

/// What a plan costs one side, e.g. `GHL: 5 calls that write, 3 reads before them; 4 s at least`.
pub(crate) fn cost(side: Side, calls: u64, cost: Cost) -> String {
    let Cost {
        requests,
        time,
        days,
    } = cost;
    let reads = requests.saturating_sub(calls);
    let takes = match time.as_secs() {
        0 => String::new(),
        _ => format!("; {} at least at the account's rate", self::time(time)),
    };
    let days = match days {
        0 | 1 => String::new(),
        days => format!(", on {days} days for its daily allowance"),
    };
    format!(
        "{}: {}, {} before them{takes}{days}.",
        system(side),
        many(calls, "call that writes", "calls that write"),
        many(reads, "read", "reads"),
    )
}

/// Moves and deletes are told only where there are some.
fn there(counted: Both<u64>, what: &str) -> String {
    match counted {
        Both { left: 0, right: 0 } => String::new(),
        Both { left, right } => format!("; {left} {what} in GHL, {right} in Insightly"),
    }
}

/// Whether it was decided when two records met, not between two edits.
pub(crate) fn is_first_sync(happened: &Happened) -> bool {
    matches!(&happened.event, HistoryEvent::Decided { rule, .. } if rule.starts_with("first sync"))
}

/// A decided conflict of a pair that is told so: what won, what lost, and by which rule.
pub(crate) fn conflict(happened: &Happened, pair: &str) -> Option<String> {
    let HistoryEvent::Decided { rule, seen, want } = &happened.event else {
        return None;
    };
    let field = happened.field.as_ref()?;
    let lost = Side::BOTH
        .into_iter()
        .find(|side| seen[*side] != want[*side])?;
    Some(format!(
        "{pair}, {field}: {} from {} won over {} from {} ({}); the loser stays in the history",
        value(want[!lost].as_ref()),
        system(!lost),
        value(seen[lost].as_ref()),
        system(lost),
        named(rule),
    ))
}

/// What is held, of a pair that is told so.
pub(crate) fn hold(hold: &Hold, pair: &str) -> String {
    let why = named(&hold.message);
    let Some(field) = &hold.field else {
        return format!("{pair}, the whole record: {why}");
    };
    if hold.values == Both::default() {
        return format!("{pair}, {field}: {why}");
    }
    format!(
        "{pair}, {field}: {why} [GHL {}, Insightly {}]",
        value(hold.values.left.as_ref()),
        value(hold.values.right.as_ref()),
    )
}

/// How holds are answered by this command or in the settings, each way once.
pub(crate) fn answers<'h>(holds: impl Iterator<Item = &'h Hold>) -> BTreeSet<&'static str> {
    holds.filter_map(answer).collect()
}

fn answer(hold: &Hold) -> Option<&'static str> {
    let is_pair = matches!(hold.subject, Subject::Link(_));
    Some(match hold.reason {
        reason if reason.is_a_choice() => {
            "two values that differ: `decide NUMBER --take ghl` or `--take insightly`"
        }
        HoldReason::Ambiguous => {
            "which of several records is the same: `link KIND GHL_ID INSIGHTLY_ID`"
        }
        HoldReason::InDoubt => {
            "whether a lost create has made a record: `link KIND GHL_ID INSIGHTLY_ID` if it has, `decide NUMBER --none` if not"
        }
        HoldReason::Merged => {
            "one that was merged into another: `unlink KIND SYSTEM ID`, then `link KIND GHL_ID INSIGHTLY_ID` with the one that took its place"
        }
        HoldReason::Deleted | HoldReason::EditedMeanwhile | HoldReason::Blocked if is_pair => {
            "a pair of which one is gone: `unlink KIND SYSTEM ID` keeps the other as it is, `run --once --whole` sees that you have deleted it, too; [deletes] says what becomes of later ones"
        }
        // One that no setting would let go is not tried again by itself.
        HoldReason::Unfit
            if is_pair
                && hold.field.as_ref() == Some(CONTACT_OF.key())
                && hold.retry_at.is_some() =>
        {
            "a task or note that was put under another contact: `in_ghl = \"follow\"` in [moves] has it made anew there in GHL"
        }
        _ => return None,
    })
}

/// The ids of a pair, as far as there are any.
pub(crate) fn ids(ids: &Both<Option<RecordId>>) -> String {
    let named = Side::BOTH.into_iter().filter_map(|side| {
        let id = ids[side].as_ref()?;
        Some(format!("{} {id}", system(side)))
    });
    named.collect::<Vec<_>>().join(" and ")
}

/// One entry of the history, of a pair that is told so.
pub(crate) fn happened(happened: &Happened, pair: &str) -> String {
    let what = match &happened.event {
        HistoryEvent::Linked { by } => format!("linked by {by}"),
        HistoryEvent::Created { side } => format!("created in {}", system(*side)),
        HistoryEvent::Adopted { side } => {
            format!(
                "a create whose reply was lost was found in {}",
                system(*side)
            )
        }
        HistoryEvent::NoneOfThese { side } => format!(
            "a person said that none of those in {0} is what the create whose reply was lost has made; it is created again in {0}",
            system(*side)
        ),
        HistoryEvent::Deleted { side } => format!("deleted in {}", system(*side)),
        HistoryEvent::Unlinked { why } => format!("unlinked: {}", named(why)),
        HistoryEvent::Relinked { side, from } => {
            format!("took the place of {} {from}", system(*side))
        }
        HistoryEvent::Moved { side, from } => format!(
            "moved in {0}: it was created anew, in place of {0} {from}",
            system(*side)
        ),
        HistoryEvent::Woke { side } => format!("there again in {}", system(*side)),
        HistoryEvent::Wrote { side, old, new } => format!(
            "{}: {} became {}",
            system(*side),
            value(old.as_ref()),
            value(new.as_ref())
        ),
        HistoryEvent::Decided { rule, seen, want } => format!(
            "GHL {} and Insightly {} became {} and {} by {}",
            value(seen.left.as_ref()),
            value(seen.right.as_ref()),
            value(want.left.as_ref()),
            value(want.right.as_ref()),
            named(rule),
        ),
        HistoryEvent::Rewritten { side, sent, shown } => format!(
            "{} made {} of {}",
            system(*side),
            value(shown.as_ref()),
            value(sent.as_ref())
        ),
        _ => "something that this release has no words for".to_owned(),
    };
    let field = happened.field.as_ref();
    let field = field.map_or(String::new(), |field| format!(", {}", field.name()));
    format!(
        "{}  run {}  {pair}{field}: {what}",
        happened.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        happened.run,
    )
}

/// The engine's events, into the log. What is held is logged once, however often it is met again.
pub(crate) fn log() -> impl Observer {
    let met = Mutex::new(HashSet::new());
    move |event: &Event<'_>| match event {
        Event::Page {
            side,
            kind,
            lane,
            rows,
            new,
        } => {
            tracing::debug!(system = system(*side), %kind, lane = lane.as_str(), rows, new, "page");
        }
        Event::Sending {
            side, kind, call, ..
        } => {
            tracing::info!(system = system(*side), %kind, call, "sending");
        }
        Event::Failed { side, error } => {
            tracing::warn!(system = system(*side), op = error.op, effect = ?error.effect, %error, "failed");
        }
        Event::Held(hold) => {
            let (kind, ids) = (&hold.kind, ids(&hold.ids));
            let what = (kind.clone(), ids.clone(), hold.field.clone(), hold.reason);
            let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
            if met.insert(what) {
                let field = hold.field.as_ref().map(FieldKey::name);
                tracing::warn!(%kind, ids, reason = ?hold.reason, field, "held");
            }
        }
        Event::Stopped(stop) => tracing::warn!(stop = named(&stop.to_string()), "guard"),
        _ => {}
    }
}
