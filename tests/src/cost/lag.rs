//! From an edit to its arrival, with hints, when nothing else happens.

use std::time::{Duration, Instant};

use crm_sandbox::Sandbox;
use ghl_insightly::contact::CONTACT;
use serde_json::json;
use sync_core::{Hint, RecordId, Side};
use tokio::{sync::oneshot, time::sleep};

use super::{Figure, Part};
use crate::{
    agreement::Kept,
    failure::{Failure, Proved, ensure},
    world::{PATIENCE, Timing, World},
};

/// Beside three requests.
const ALLOWED: f64 = 20.0;

/// People on both sides.
const PEOPLE: u64 = 200;

/// How often the other side is looked at.
const LOOK: Duration = Duration::from_micros(200);

/// Edits one record after the other in Insightly's counterpart's system, and waits for each.
pub(super) async fn figures(edits: u64, seed: u64) -> Proved<Vec<Figure>> {
    let people = Sandbox::builder()
        .seed(seed)
        .ghl_contacts(PEOPLE)
        .insightly_contacts(PEOPLE)
        .shared(PEOPLE);
    let world = World::start(people, Timing::PROMPT).await?;
    let mut engine = world.engine().await?;
    let outcome = engine.settle(PATIENCE).await?;
    ensure(outcome.settled, || {
        format!("it did not settle: {outcome:?}")
    })?;
    let kept = Kept::of(&**engine.store()).await?;
    let pairs: Vec<(String, String)> = kept.pairs().into_iter().collect();
    let request = a_request(&world, &pairs[0].0).await?;
    let hints = engine.hints().await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let watching = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        engine.watch(stopped).await.map(drop)
    });
    // The first cycles are over, and no poll is near.
    sleep(Duration::from_millis(500)).await;
    let mut took = Vec::new();
    for number in 0..edits {
        let at = usize::try_from(number).unwrap_or_default() % pairs.len();
        let (ghl, insightly) = &pairs[at];
        let last = format!("Edited-{number}");
        let began = Instant::now();
        let here = world.sandbox.ghl().contacts();
        here.edit(ghl, &json!({ "lastName": last }))?;
        let hint = Hint {
            kind: CONTACT,
            id: RecordId::new(ghl.as_str()),
            locator: None,
        };
        hints.hint(Side::Left, hint).await?;
        arrived(&world, insightly, &last, began).await?;
        took.push(milliseconds(began.elapsed()));
        // The cycle ends, so that the next edit finds nobody at work.
        sleep(Duration::from_millis(60)).await;
    }
    drop(stop);
    watching.await??;
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    let wanted = 3.0 * request + ALLOWED;
    let of = format!("{edits} edits; a request takes {request:.2} ms");
    Ok(vec![
        Figure::new(Part::Lag, "from an edit to its arrival, p50", at(50), "ms")
            .at_most(wanted)
            .of(of.clone()),
        Figure::new(Part::Lag, "from an edit to its arrival, p99", at(99), "ms").of(of),
    ])
}

async fn arrived(world: &World, id: &str, last: &str, began: Instant) -> Proved {
    let there = world.sandbox.insightly().contacts();
    loop {
        if there.get(id)?["LAST_NAME"] == json!(last) {
            return Ok(());
        }
        ensure(began.elapsed() < PATIENCE, || {
            format!("`{last}` does not arrive")
        })?;
        sleep(LOOK).await;
    }
}

/// The median of a read by id over the same wire, in milliseconds.
async fn a_request(world: &World, id: &str) -> Proved<f64> {
    let settings = ghl_insightly::Settings::read(&world.settings_path())?;
    let connected = ghl_insightly::Connected::new(&settings).await?;
    let id = ghl_contacts::ContactId::from(id);
    let mut took = Vec::new();
    for _ in 0..51 {
        let began = Instant::now();
        connected.ghl.contacts().get(&id).await?;
        took.push(milliseconds(began.elapsed()));
    }
    took.sort_by(f64::total_cmp);
    let median = took.get(took.len() / 2).copied();
    median.ok_or_else(|| Failure::new("nothing was measured"))
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
