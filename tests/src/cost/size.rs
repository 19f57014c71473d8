//! Time for each record, memory and disk, as the number of records grows.

use std::{env, fs, path::Path, process::Command, sync::Arc};

use cpu_time::ProcessTime;
use rusqlite::Connection;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync_core::{Both, Store};
use sync_sqlite::SqliteStore;

use super::{
    Figure, Part,
    cpu::for_each,
    ready::{self, Ready},
};
use crate::failure::{Failure, Proved, ensure};

/// How many linked contacts the smaller store has.
const FEW: u64 = 10_000;

/// How often a store is swept; the median counts.
const SWEEPS: usize = 5;

/// As they are wanted.
const SWEEP: f64 = 1.2;
const FIRST_SYNC: f64 = 3.0;
const MEGABYTES: f64 = 150.0;
const BYTES: f64 = 1500.0;

/// What one process measured.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Measured {
    /// Linked contacts.
    pub links: u64,
    /// Microseconds of processor time for each record of the first sync.
    pub first_sync: f64,
    /// The same of a sweep that finds nothing.
    pub sweep: f64,
    /// The most memory that was held, in megabytes.
    pub peak: f64,
    /// Bytes on the disk for each link, without history.
    pub bytes: f64,
}

/// Few and many, each in a process of its own. Many take minutes, in which a shared machine becomes
/// faster or slower: few are measured before and after.
pub(super) fn figures(links: u64) -> Proved<Vec<Figure>> {
    let measured = |links| in_a_process::<Measured>("size-of", links);
    let few = FEW.min(links);
    let (before, many, after) = (measured(few)?, measured(links)?, measured(few)?);
    let few = Measured {
        first_sync: f64::midpoint(before.first_sync, after.first_sync),
        sweep: f64::midpoint(before.sweep, after.sweep),
        ..before
    };
    let ratio = |what: &str, of: fn(&Measured) -> f64, most| {
        let what = format!("{what}, {} to {} linked contacts", few.links, many.links);
        let made = format!("{:.2} to {:.2} µs for each record", of(&few), of(&many));
        Figure::new(Part::Size, what, of(&many) / of(&few), "times")
            .at_most(most)
            .of(made)
    };
    let of_many = |what: &str, got, unit, most| {
        let what = format!("{what} with {} linked contacts", many.links);
        Figure::new(Part::Size, what, got, unit).at_most(most)
    };
    Ok(vec![
        ratio("a sweep", |measured| measured.sweep, SWEEP),
        ratio("a first sync", |measured| measured.first_sync, FIRST_SYNC),
        of_many("peak memory", many.peak, "MB", MEGABYTES),
        of_many("SQLite", many.bytes, "bytes for each link", BYTES),
    ])
}

/// Peak memory belongs to a process.
pub(super) fn in_a_process<T: DeserializeOwned>(part: &str, count: u64) -> Proved<T> {
    let ended = Command::new(env::current_exe()?)
        .args([part, &count.to_string()])
        .output()?;
    ensure(ended.status.success(), || {
        String::from_utf8_lossy(&ended.stderr).into_owned()
    })?;
    Ok(serde_json::from_slice(&ended.stdout)?)
}

/// Links so many contacts in a SQLite file, and sweeps them. Records are computed when they are
/// asked for: what is held is the engine's and the store's.
pub async fn measure(links: u64) -> Proved<Measured> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sync.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path)?);
    let sides = Both::from_fn(|side| Ready::computed(side, links));
    let (mut engine, clock) = ready::engine(sides, store, ready::by_email)?;
    let began = ProcessTime::try_now()?;
    ready::link_all(&mut engine, links).await?;
    let first_sync = for_each(began.try_elapsed()?, 2 * links);
    // The first one leaves what those after it go by.
    ready::sweep(&mut engine, &clock, links).await?;
    let mut sweeps = Vec::new();
    for _ in 0..SWEEPS {
        let began = ProcessTime::try_now()?;
        ready::sweep(&mut engine, &clock, links).await?;
        sweeps.push(for_each(began.try_elapsed()?, 2 * links));
    }
    sweeps.sort_by(f64::total_cmp);
    drop(engine);
    Ok(Measured {
        links,
        first_sync,
        sweep: sweeps[sweeps.len() / 2],
        peak: peak()?,
        bytes: bytes(&path)? / as_float(links),
    })
}

/// Megabytes.
pub(super) fn peak() -> Proved<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.ok_or_else(|| Failure::new("the system does not tell VmHWM"))?;
    Ok(kilobytes.trim().parse::<f64>()? / 1024.0)
}

/// The file without history and free pages.
fn bytes(path: &Path) -> Proved<f64> {
    let db = Connection::open(path)?;
    db.execute_batch("DELETE FROM history; PRAGMA wal_checkpoint(TRUNCATE); VACUUM;")?;
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")?;
    drop(db);
    Ok(as_float(fs::metadata(path)?.len()))
}

#[expect(clippy::cast_precision_loss, reason = "files are not that large")]
fn as_float(number: u64) -> f64 {
    number as f64
}
