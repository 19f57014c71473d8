//! The least that a sync can cost in requests under the safety rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sync_core::Both;

use ghl_insightly::agreement::contact::{tags_of_ghl, tags_of_insightly};

/// Rows of the largest page, on both sides.
pub(super) const PAGE: u64 = 500;

/// Connecting: location, countries, two lists of custom fields, the tags, whether the key is an
/// administrator's, and where each feed stands before anything else is read.
const CONNECTING: Both<u64> = Both { left: 3, right: 6 };

/// Nobody has changed anything. Insightly is asked for contacts and for leads.
pub(super) const POLL: Both<u64> = Both { left: 1, right: 2 };

/// A walk over contacts, and one over leads that are not there.
fn walk(rows: Both<u64>) -> Both<u64> {
    plus(read(rows), Both::new(0, 1))
}

/// Reading so many rows. GHL's search rows do not show opt-outs: each page of them costs a
/// second request.
pub(super) fn read(rows: Both<u64>) -> Both<u64> {
    let pages = |rows: u64| rows.div_ceil(PAGE);
    Both::new(2 * pages(rows.left), pages(rows.right))
}

/// A poll that finds so many rows.
pub(super) fn poll(rows: Both<u64>) -> Both<u64> {
    let read = read(rows);
    Both::new(read.left.max(POLL.left), read.right.max(1) + 1)
}

/// Both sides are read whole before anything is created, every write is a request of its own,
/// and what we wrote comes back once in each feed, at most a page for 500 rows.
pub(super) fn first_sync(before: &Both<Vec<Value>>, after: &Both<Vec<Value>>) -> Both<u64> {
    let rows = before.as_ref().map(|all| all.len() as u64);
    let changed = Both::new(
        changed_rows("id", &before.left, &after.left),
        changed_rows("CONTACT_ID", &before.right, &after.right),
    );
    let terms = [
        CONNECTING,
        walk(rows),
        POLL,
        writes(before, after),
        poll(changed),
    ];
    sum(terms)
}

/// The write requests between two states.
pub(super) fn writes(before: &Both<Vec<Value>>, after: &Both<Vec<Value>>) -> Both<u64> {
    Both::new(
        ghl_writes(&before.left, &after.left),
        insightly_writes(&before.right, &after.right),
    )
}

/// Tags go by calls of their own; everything else of a record goes in one.
fn ghl_writes(before: &[Value], after: &[Value]) -> u64 {
    per_record("id", before, after, |was, is| {
        let tags = |contact| -> BTreeSet<String> {
            let tags = tags_of_ghl(contact);
            tags.split(", ").map(str::to_owned).collect()
        };
        let (had, has) = (tags(was), tags(is));
        let added = u64::from(has.difference(&had).any(|tag| !tag.is_empty()));
        let removed = u64::from(had.difference(&has).any(|tag| !tag.is_empty()));
        added + removed + u64::from(differ(was, is, &["tags", "dateUpdated"]))
    })
}

/// Here each tag is a call.
fn insightly_writes(before: &[Value], after: &[Value]) -> u64 {
    per_record("CONTACT_ID", before, after, |was, is| {
        let tags = |contact| -> BTreeSet<String> {
            let tags = tags_of_insightly(contact);
            tags.split(", ").map(str::to_owned).collect()
        };
        let (had, has) = (tags(was), tags(is));
        let other = had.symmetric_difference(&has);
        let other = other.filter(|tag| !tag.is_empty()).count() as u64;
        other + u64::from(differ(was, is, &["TAGS", "DATE_UPDATED_UTC", "ETag"]))
    })
}

fn per_record(
    id: &str,
    before: &[Value],
    after: &[Value],
    writes: impl Fn(&Value, &Value) -> u64,
) -> u64 {
    let known = before.iter().map(|old| (old[id].to_string(), old));
    let known: BTreeMap<String, &Value> = known.collect();
    let each = after.iter().map(|contact| {
        known
            .get(&contact[id].to_string())
            .map_or(1, |was| writes(was, contact))
    });
    each.sum()
}

fn changed_rows(id: &str, before: &[Value], after: &[Value]) -> u64 {
    per_record(id, before, after, |was, is| u64::from(was != is))
}

fn differ(was: &Value, is: &Value, but: &[&str]) -> bool {
    let blank = serde_json::Map::new();
    let (was, is) = (
        was.as_object().unwrap_or(&blank),
        is.as_object().unwrap_or(&blank),
    );
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut names = names
        .into_iter()
        .filter(|name| !but.contains(&name.as_str()));
    names.any(|name| was.get(name) != is.get(name))
}

pub(super) fn sum(terms: impl IntoIterator<Item = Both<u64>>) -> Both<u64> {
    terms.into_iter().fold(Both::new(0, 0), plus)
}

pub(super) fn plus(one: Both<u64>, other: Both<u64>) -> Both<u64> {
    Both::new(one.left + other.left, one.right + other.right)
}

pub(super) fn minus(one: Both<u64>, other: Both<u64>) -> Both<u64> {
    Both::new(one.left - other.left, one.right - other.right)
}
