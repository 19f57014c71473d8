//! Both servers on ports of the system's choice, and what a user would have beside them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crm_sandbox::{Crm, Fault, FaultRule, Sandbox, SandboxBuilder, Servers, When};
use ghl_insightly::{Calibration, Connected, Settings, agreement::FAMILIES};
use jiff::{SignedDuration, Timestamp};
use sync_core::{
    Batch, Both, ConnectionId, Engine, EngineBuilder, Guards, Lane, LaneKey, LaneState, Op, Side,
    Store,
};
use sync_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::failure::Proved;

/// How long an engine may wait for what is not due yet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Two CRMs, a settings file that points at them, and a folder that goes with the world.
#[derive(Debug)]
pub struct World {
    /// Both CRMs.
    pub sandbox: Sandbox,
    servers: Servers,
    folder: TempDir,
}

/// How the two CRMs and the settings are timed.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How long writes stay out of lists and searches.
    pub index_lag: Duration,
    /// What the settings say of it: never less.
    pub believed_lag: Duration,
    /// How long a request may be on its way after its reply was given up.
    pub reply_grace: Duration,
}

impl Timing {
    /// Nothing is late, and a lost create is looked for soon.
    pub const PROMPT: Self = Self {
        index_lag: Duration::ZERO,
        believed_lag: Duration::ZERO,
        reply_grace: Duration::from_millis(200),
    };

    /// Both indexes lag a little, less than the settings believe.
    pub const LAGGING: Self = Self {
        index_lag: Duration::from_millis(100),
        believed_lag: Duration::from_millis(200),
        reply_grace: Duration::from_millis(300),
    };

    /// The same, for a command that dies with requests under way: what the servers delay, and a
    /// busy machine delays further, is done well within the grace, as the settings promise.
    pub const DYING: Self = Self {
        reply_grace: Duration::from_millis(1_200),
        ..Self::LAGGING
    };
}

/// Where writes of a system are counted by the sandbox.
pub const WRITES: [&str; 24] = [
    "contacts.create",
    "contacts.update",
    "contacts.delete",
    "contacts.add_tags",
    "contacts.remove_tags",
    "contacts.add_tag",
    "contacts.remove_tag",
    "contacts.set_business",
    "contacts.add_note",
    "businesses.create",
    "businesses.update",
    "organisations.create",
    "organisations.update",
    "tasks.create",
    "tasks.update",
    "tasks.complete",
    "tasks.delete",
    "tasks.add_link",
    "tasks.remove_link",
    "notes.create",
    "notes.update",
    "notes.delete",
    "organisations.delete",
    "businesses.delete",
];

/// What the name of the settings file is.
const SETTINGS: &str = "ghl-insightly.toml";

impl World {
    /// Starts both servers and writes the settings and the secrets.
    pub async fn start(sandbox: SandboxBuilder, timing: Timing) -> Proved<Self> {
        let sandbox = sandbox.index_lag(timing.index_lag).build();
        let servers = sandbox.serve(0, 0).await?;
        let folder = tempfile::tempdir()?;
        let world = Self {
            sandbox,
            servers,
            folder,
        };
        std::fs::write(world.path("ghl.token"), world.sandbox.ghl_token())?;
        std::fs::write(
            world.path("insightly.key"),
            world.sandbox.insightly_api_key(),
        )?;
        world.write_settings(&world.settings_text(timing))?;
        Ok(world)
    }

    /// Two CRMs without anybody in them.
    pub async fn empty(timing: Timing) -> Proved<Self> {
        Self::start(Sandbox::builder().seed(7), timing).await
    }

    /// A file in the world's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The settings file.
    pub fn settings_path(&self) -> PathBuf {
        self.path(SETTINGS)
    }

    /// The store's file.
    pub fn store_path(&self) -> PathBuf {
        self.path("sync.db")
    }

    /// Replaces the settings file.
    pub fn write_settings(&self, text: &str) -> Proved {
        Ok(std::fs::write(self.settings_path(), text)?)
    }

    /// The settings file as anybody writes it.
    pub fn settings_text(&self, timing: Timing) -> String {
        let urls = Both::new(self.servers.ghl_url(), self.servers.insightly_url());
        settings_text(&self.sandbox, &urls, timing)
    }

    /// What the connection is called.
    pub fn connection(&self) -> ConnectionId {
        ConnectionId::new("main")
    }

    /// The store, once no process has it open.
    pub fn store(&self) -> Proved<Arc<SqliteStore>> {
        Ok(Arc::new(SqliteStore::open(self.store_path())?))
    }

    /// An engine in this process, over the same settings and store. Guards are off.
    pub async fn engine(&self) -> Proved<Engine> {
        Ok(self.engine_builder().await?.guards(Guards::OFF).build()?)
    }

    /// What such an engine is built of; guards are as the settings say.
    pub async fn engine_builder(&self) -> Proved<EngineBuilder> {
        let settings = Settings::read(&self.settings_path())?;
        let store = self.store()?;
        let measured = Calibration::kept(&*store, &self.connection()).await?;
        let connected = Connected::calibrated(&settings, measured).await?;
        Ok(connected.engine(&settings, store))
    }

    /// Both CRMs. GHL is left.
    pub fn crms(&self) -> Both<&Crm> {
        Both::new(self.sandbox.ghl(), self.sandbox.insightly())
    }

    /// Waits until nothing is under way that a program sent which is gone.
    pub async fn hung_up(&self) -> Proved {
        Ok(self.servers.hung_up().await?)
    }

    /// Requests of all kinds that the servers have counted.
    pub fn requests(&self) -> Both<u64> {
        Both::from_fn(|side| self.crms()[side].requests().values().sum())
    }

    /// A day passes for the store: whatever is read once a day is due. No process has it open.
    pub async fn a_day_passes(&self) -> Proved {
        let (store, connection) = (self.store()?, self.connection());
        let epoch = store.open(&connection).await?;
        let day = SignedDuration::from_hours(24);
        let mut ops = Vec::new();
        for (family, side) in FAMILIES
            .iter()
            .flat_map(|of| Side::BOTH.map(|side| (of, side)))
        {
            let kind = family.kind.clone();
            for lane in [Lane::Settled, Lane::Walk] {
                let key = LaneKey {
                    side,
                    kind: kind.clone(),
                    lane,
                };
                if let Some(state) = store.lane(&connection, &key).await? {
                    let before = |at: Option<Timestamp>| at.map(|at| at - day);
                    let (started, ended) = (before(state.started), before(state.ended));
                    ops.push(Op::Lane(
                        key,
                        LaneState {
                            started,
                            ended,
                            ..state
                        },
                    ));
                }
            }
        }
        Ok(store.commit(&connection, Batch { epoch, ops }).await?)
    }

    /// Write requests that the servers have counted.
    pub fn writes(&self) -> u64 {
        WRITES.iter().map(|name| self.counted(name)).sum()
    }

    /// How often both servers were asked for an operation.
    pub fn counted(&self, operation: &str) -> u64 {
        let of = |crm: &Crm| crm.requests().get(operation).copied().unwrap_or_default();
        of(self.sandbox.ghl()) + of(self.sandbox.insightly())
    }

    /// Puts the same fault on all writes of both servers.
    pub fn slow_down_writes(&self, fault: &Fault) -> Proved {
        for crm in [self.sandbox.ghl(), self.sandbox.insightly()] {
            let operations = crm.operations();
            let its = |name: &&str| operations.contains(*name);
            for operation in WRITES.into_iter().filter(its) {
                crm.add_fault(FaultRule::new(operation, When::Always, fault.clone()))?;
            }
        }
        Ok(())
    }

    /// Takes all faults of both servers away.
    pub fn heal(&self) {
        self.sandbox.ghl().clear_faults();
        self.sandbox.insightly().clear_faults();
    }

    /// The folder of settings, secrets and store.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The settings file as anybody writes it, for servers at these places.
pub(crate) fn settings_text(sandbox: &Sandbox, urls: &Both<String>, timing: Timing) -> String {
    format!(
        r#"store = "sync.db"
reply_grace_ms = {grace}

[ghl]
base_url = "{ghl}"
location = "{location}"
token = {{ file = "ghl.token" }}
index_lag_ms = {lag}
limits = "off"

[insightly]
base_url = "{insightly}"
api_key = {{ file = "insightly.key" }}
index_lag_ms = {lag}
limits = "off"

[rules]
conflict = "newest"
otherwise = "prefer-ghl"

[first_sync]
differences = "prefer-ghl"

[[custom_field]]
ghl = "Hobby"
insightly = "Hobby__c"

[[custom_field]]
ghl = "Interests"
insightly = "Interests__c"
"#,
        grace = timing.reply_grace.as_millis(),
        ghl = urls.left,
        location = sandbox.ghl_location_id(),
        lag = timing.believed_lag.as_millis(),
        insightly = urls.right,
    )
}
