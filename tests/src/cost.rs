//! The proof of what a sync costs in requests, against the least that is possible.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use crm_sandbox::{Crm, Sandbox};
use ghl_insightly::agreement::{
    Agreement, Before,
    contact::{tags_of_ghl, tags_of_insightly},
};
use serde::Serialize;
use serde_json::{Value, json};
use sync_core::{Both, Engine};

use crate::{
    agreement::Kept,
    failure::{Failure, Proved, ensure},
    world::{PATIENCE, Timing, World},
};

/// What is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// How many contacts GHL has; Insightly has six for ten of them, 40 % of GHL's are shared.
    pub contacts: u64,
    /// Draws the people.
    pub seed: u64,
}

/// The figures of the proof.
#[derive(Debug, Clone, Serialize)]
pub struct CostProved {
    /// How many contacts GHL had.
    pub contacts: u64,
    /// The first sync.
    pub first_sync: Spent,
    /// A cycle when nobody has changed anything.
    pub idle_cycle: Spent,
    /// One field edited in Insightly.
    pub edit_in_insightly: Spent,
    /// One field edited in GHL.
    pub edit_in_ghl: Spent,
    /// What the check found to be right.
    pub agreement: Agreement,
    /// How long the first sync took.
    pub seconds: f64,
}

/// Requests.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spent {
    /// As the servers counted them.
    pub used: Both<u64>,
    /// The least possible under the safety rules.
    pub least: Both<u64>,
    /// How many times the least.
    pub ratio: f64,
}

/// Rows of the largest page, on both sides.
const PAGE: u64 = 500;

/// Connecting: location, countries, two lists of custom fields, whose account it is,
/// and where each feed stands before anything else is read.
const CONNECTING: Both<u64> = Both { left: 4, right: 4 };

/// An edit is seen by one poll of each side and costs one write.
const POLL: Both<u64> = Both { left: 1, right: 1 };

/// How much dearer than the least anything may be.
const FIRST_SYNC: f64 = 1.1;
const IDLE: f64 = 1.0;
/// GHL's search rows do not show opt-outs, so a page that is not empty is asked about twice.
const EDIT: f64 = 1.67;

impl Cost {
    /// Syncs, idles, edits, and compares what the servers counted with the least possible.
    pub async fn prove(self) -> Proved<CostProved> {
        let world = World::start(self.people(), Timing::PROMPT).await?;
        let before = Before::of(&world.sandbox)?;
        let states = states(&world)?;
        let began = Instant::now();
        let used_before = world.requests();
        let mut engine = world.engine().await?;
        let outcome = engine.settle(PATIENCE).await?;
        ensure(outcome.settled, || {
            "the first sync did not settle".to_owned()
        })?;
        let seconds = began.elapsed().as_secs_f64();
        let used = minus(world.requests(), used_before);
        let first_sync = Spent::new(used, least_first_sync(&states, &self::states(&world)?));
        let kept = Kept::of(&**engine.store()).await?;
        let agreement = kept.agrees(&world.sandbox, &before)?;

        let idle_cycle = idle(&world, &mut engine).await?;
        let pairs = kept.pairs();
        let (ghl, insightly) = pairs
            .first_key_value()
            .ok_or_else(|| Failure::new("nobody was paired"))?;
        let there = world.sandbox.insightly().contacts();
        there.edit(insightly, &json!({ "LAST_NAME": "Edited-There" }))?;
        let edit_in_insightly = edited(&world, &mut engine, Both::new(1, 0)).await?;
        idle(&world, &mut engine).await?;
        let here = world.sandbox.ghl().contacts();
        here.edit(ghl, &json!({ "lastName": "Edited-Here" }))?;
        let edit_in_ghl = edited(&world, &mut engine, Both::new(0, 1)).await?;
        Ok(CostProved {
            contacts: self.contacts,
            first_sync,
            idle_cycle,
            edit_in_insightly,
            edit_in_ghl,
            agreement,
            seconds,
        })
    }

    fn people(self) -> crm_sandbox::SandboxBuilder {
        Sandbox::builder()
            .seed(self.seed)
            .ghl_contacts(self.contacts)
            .insightly_contacts(self.contacts * 3 / 5)
            .shared(self.contacts * 2 / 5)
    }
}

impl CostProved {
    /// Whether nothing was dearer than it may be.
    pub fn is_sane(&self) -> Proved {
        for (what, spent, most) in [
            ("the first sync", &self.first_sync, FIRST_SYNC),
            ("an idle cycle", &self.idle_cycle, IDLE),
            ("an edit in Insightly", &self.edit_in_insightly, EDIT),
            ("an edit in GHL", &self.edit_in_ghl, EDIT),
        ] {
            ensure(spent.ratio <= most, || {
                format!("{what} cost {spent:?}, more than {most} times the least")
            })?;
        }
        Ok(())
    }
}

impl Spent {
    fn new(used: Both<u64>, least: Both<u64>) -> Self {
        let sum = |both: Both<u64>| u32::try_from(both.left + both.right).unwrap_or(u32::MAX);
        Self {
            used,
            least,
            ratio: f64::from(sum(used)) / f64::from(sum(least).max(1)),
        }
    }
}

/// Both sides are read whole before anything is created, every write is a request of its own,
/// and what we wrote comes back once in each feed, at most a page for 500 rows. GHL's search
/// rows do not show opt-outs: each page of them costs a second request.
fn least_first_sync(before: &Both<Vec<Value>>, after: &Both<Vec<Value>>) -> Both<u64> {
    let pages = |rows: u64| rows.div_ceil(PAGE).max(1);
    let read = |rows: Both<u64>| Both::new(2 * pages(rows.left), pages(rows.right));
    let rows = before.as_ref().map(|all| all.len() as u64);
    let writes = Both::new(
        ghl_writes(&before.left, &after.left),
        insightly_writes(&before.right, &after.right),
    );
    let (walk, feed) = (read(rows), POLL);
    let changed = Both::new(
        changed_rows("id", &before.left, &after.left),
        changed_rows("CONTACT_ID", &before.right, &after.right),
    );
    let back = read(changed);
    let terms = [CONNECTING, walk, feed, writes, back];
    terms.into_iter().fold(Both::new(0, 0), plus)
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

fn states(world: &World) -> Proved<Both<Vec<Value>>> {
    let all = |crm: &Crm| crm.contacts().all();
    Ok(Both::new(
        all(world.sandbox.ghl())?,
        all(world.sandbox.insightly())?,
    ))
}

/// Cycles until the feeds' overlaps have passed over what was last written; then one more.
async fn idle(world: &World, engine: &mut Engine) -> Proved<Spent> {
    let until = Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let before = world.requests();
        let report = engine.cycle().await?;
        if report.is_settled() && report.rows == Both::new(0, 0) {
            return Ok(Spent::new(minus(world.requests(), before), POLL));
        }
        ensure(Instant::now() < until, || {
            format!("it does not become idle: {report:?}")
        })?;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// The cycle that carries one edit.
async fn edited(world: &World, engine: &mut Engine, writes: Both<u64>) -> Proved<Spent> {
    let before = world.requests();
    let report = engine.cycle().await?;
    ensure(report.updated == writes, || {
        format!("one edit led to {report:?}")
    })?;
    let used = minus(world.requests(), before);
    Ok(Spent::new(used, plus(POLL, writes)))
}

fn plus(one: Both<u64>, other: Both<u64>) -> Both<u64> {
    Both::new(one.left + other.left, one.right + other.right)
}

fn minus(one: Both<u64>, other: Both<u64>) -> Both<u64> {
    Both::new(one.left - other.left, one.right - other.right)
}
