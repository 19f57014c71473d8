//! What both real commands begin with.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use ghl_insightly::{Calibration, Connected, Settings, SystemClock, ask_of_day, used_up_today};
use sync_core::{
    Allowance, Archive, Both, Clock, ConnectionId, Engine, EngineBuilder, Guards, Side, Store,
    UsedToday,
};
use sync_sqlite::SqliteStore;
use tracing_subscriber::EnvFilter;

use crate::{failure::Failure, told};

/// How long a run waits for what is not due yet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(150);

/// Which connection.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// The settings file.
    #[arg(long, short, value_name = "FILE", default_value = "ghl-insightly.toml")]
    config: PathBuf,
}

impl Setup {
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::read(&self.config)?)
    }
}

/// The store alone, to look into, also while a run goes on; asks neither system.
pub(crate) fn archive(settings: &Settings) -> Result<(impl Archive, ConnectionId), Failure> {
    Ok((SqliteStore::look(&settings.store)?, connection(settings)))
}

pub(crate) fn connection(settings: &Settings) -> ConnectionId {
    ConnectionId::new(settings.connection.as_str())
}

/// Opens the store. Where there was none, people are told: a wrong path would sync everything anew.
pub(crate) fn store(settings: &Settings) -> Result<SqliteStore, Failure> {
    let path = &settings.store;
    let is_new = fs::metadata(path).map_or(true, |file| file.len() == 0);
    let store = SqliteStore::open(path)?;
    if is_new {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        eprintln!("ghl-insightly: a new store was made: {}", path.display());
    }
    Ok(store)
}

/// Opens the store, connects both systems, and builds the engine.
pub(crate) async fn engine(settings: &Settings, approved: bool) -> Result<Engine, Failure> {
    let store = store(settings)?;
    let connected = connect(settings, &store).await?;
    let engine = engine_over(&connected, settings, store, approved)?;
    count_requests(&connected, settings, &**engine.store()).await?;
    Ok(engine)
}

/// What was asked beside the cycles is of the day, too.
pub(crate) async fn count_requests(
    connected: &Connected,
    settings: &Settings,
    store: &dyn Store,
) -> Result<(), Failure> {
    let now = SystemClock.now();
    Ok(connected.count_requests(settings, store, now).await?)
}

/// Connects both systems, as what the store keeps of them says.
pub(crate) async fn connect(settings: &Settings, store: &dyn Store) -> Result<Connected, Failure> {
    let measured = Calibration::kept(store, &connection(settings)).await?;
    Ok(Connected::calibrated(settings, measured).await?)
}

/// Where the store tells that a system's share of the day is used up, that one alone is asked, and
/// once: its account may allow more by now.
pub(crate) async fn day_is_left(settings: &Settings, store: &dyn Store) -> Result<(), Failure> {
    for side in Side::BOTH {
        if !used_up(settings, store).await?[side] {
            continue;
        }
        let mut asked = Both::<UsedToday>::default();
        asked[side] = ask_of_day(settings, side).await?;
        UsedToday::add(store, &connection(settings), asked, SystemClock.now()).await?;
        if used_up(settings, store).await?[side] {
            return Err(Failure::stopped(settings, side, &Allowance::used_up()));
        }
    }
    Ok(())
}

/// Of which systems the share of the day is used up.
pub(crate) async fn used_up(settings: &Settings, store: &dyn Store) -> Result<Both<bool>, Failure> {
    Ok(used_up_today(settings, store, SystemClock.now()).await?)
}

/// The engine over systems that are connected.
pub(crate) fn engine_over(
    connected: &Connected,
    settings: &Settings,
    store: SqliteStore,
    approved: bool,
) -> Result<Engine, Failure> {
    let builder = builder(connected, settings, Arc::new(store), approved);
    builder.build().map_err(Failure::unexpected)
}

/// What the engine is built of.
pub(crate) fn builder(
    connected: &Connected,
    settings: &Settings,
    store: Arc<dyn Store>,
    approved: bool,
) -> EngineBuilder {
    let builder = connected.engine(settings, store).observer(told::log());
    match approved {
        true => builder.guards(Guards::OFF),
        false => builder,
    }
}

/// To stderr, as `RUST_LOG` says; warnings unless told otherwise.
pub(crate) fn logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
