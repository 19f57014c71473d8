//! Both servers, and a session between them.

use std::{sync::Arc, time::Duration};

use crm_sandbox::{Sandbox, Servers};
use ghl_insightly::{
    Connected, Settings,
    agreement::{Before, Check, FAMILIES, Linked},
    contact::CONTACT,
};
use sync_core::{Both, Engine, Side};
use sync_sqlite::SqliteStore;
use tempfile::TempDir;

use super::{entered, table::Table};
use crate::{failure::Failure, titles::Titles, told};

/// How far the two indexes are behind.
const INDEX_LAG: Duration = Duration::from_millis(200);

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// History lines in one page.
const PAGE: usize = 500;

/// What the demo runs in. The folder goes with it.
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) engine: Engine,
    /// Who is there, with those who are entered later.
    pub(super) before: Before,
    servers: Servers,
    _folder: TempDir,
}

impl World {
    pub(super) async fn start(
        seed: u64,
        ghl: u64,
        insightly: u64,
        shared: u64,
    ) -> Result<Self, Failure> {
        let sandbox = Sandbox::builder()
            .seed(seed)
            .ghl_contacts(ghl)
            .insightly_contacts(insightly)
            .shared(shared)
            .index_lag(INDEX_LAG)
            .rate_limits(false)
            .build();
        entered::enter(&sandbox)?;
        // Users are listed late, too, and are paired once.
        Self::let_the_indexes_catch_up().await;
        let before = Before::of(&sandbox)?;
        let servers = sandbox.serve(0, 0).await?;
        let folder = tempfile::tempdir().map_err(Failure::unexpected)?;
        let settings = settings(&sandbox, &servers, &folder)?;
        let store = SqliteStore::open(&settings.store)?;
        let connected = Connected::new(&settings).await?;
        let engine = connected
            .engine(&settings, Arc::new(store))
            .observer(told::log());
        let engine = engine.build().map_err(Failure::unexpected)?;
        Ok(Self {
            engine,
            before,
            sandbox,
            servers,
            _folder: folder,
        })
    }

    pub(super) fn ghl_url(&self) -> String {
        self.servers.ghl_url()
    }

    pub(super) fn insightly_url(&self) -> String {
        self.servers.insightly_url()
    }

    pub(super) async fn settle(
        &mut self,
        table: &mut Table,
        phase: &'static str,
    ) -> Result<(), Failure> {
        let began = std::time::Instant::now();
        let outcome = self.engine.settle(PATIENCE).await?;
        println!("   {}.", told::report(&outcome.total));
        for side in Side::BOTH {
            if let Some(error) = &outcome.total.stopped[side] {
                let system = told::system(side);
                return Err(Failure::check(format!("{system} was given up: {error}")));
            }
        }
        if !outcome.settled {
            return Err(Failure::check(format!("the {phase} did not settle")));
        }
        table.add(phase, self.requests(), &outcome, began.elapsed());
        Ok(())
    }

    /// What there is on both sides, besides contacts.
    pub(super) fn besides(&self) -> String {
        let others = FAMILIES.iter().filter(|family| family.kind != CONTACT);
        let counted = others.map(|family| {
            let records = self.before.records(&family.kind);
            format!("{records} {}", family.plural)
        });
        counted.collect::<Vec<_>>().join(", ")
    }

    /// Both servers' state, read whole and compared without the engine.
    pub(super) async fn check(&self) -> Result<Check, Failure> {
        let kinds = FAMILIES.iter().map(|family| family.kind.clone());
        let (store, here) = (&**self.engine.store(), self.engine.connection());
        let linked = Linked::of(store, here, kinds).await?;
        Ok(Check::of(&self.sandbox, &self.before, &linked)?)
    }

    /// Until the indexes show what was done by now.
    pub(super) async fn let_the_indexes_catch_up() {
        tokio::time::sleep(INDEX_LAG + INDEX_LAG / 2).await;
    }

    /// The first conflicts between edits that were decided, in words.
    pub(super) async fn conflicts(&mut self, most: usize) -> Result<Vec<String>, Failure> {
        let engine = &self.engine;
        let titles = Titles::new(&**engine.store(), engine.connection());
        let (mut told, mut after) = (Vec::new(), 0);
        loop {
            let page = engine
                .store()
                .history(engine.connection(), after, PAGE)
                .await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, happened) in &page {
                if !told::is_first_sync(happened) {
                    told.extend(titles.conflict(happened).await?);
                }
            }
            if told.len() >= most {
                break;
            }
        }
        told.truncate(most);
        Ok(told)
    }

    /// The first holds, in words.
    pub(super) async fn holds(&mut self, most: usize) -> Result<Vec<String>, Failure> {
        let engine = &self.engine;
        let holds = engine.store().holds(engine.connection(), 0, most).await?;
        let titles = Titles::new(&**engine.store(), engine.connection());
        let mut told = Vec::new();
        for (_, hold) in &holds {
            told.push(titles.hold(hold).await?);
        }
        Ok(told)
    }

    /// Requests that each server has counted.
    pub(super) fn requests(&self) -> Both<u64> {
        Both::new(
            self.sandbox.ghl().requests().values().sum(),
            self.sandbox.insightly().requests().values().sum(),
        )
    }

    pub(super) async fn stop(self) {
        self.servers.shutdown().await;
    }
}

/// The same file as anybody writes, pointed at the two servers.
fn settings(sandbox: &Sandbox, servers: &Servers, folder: &TempDir) -> Result<Settings, Failure> {
    let write = |name: &str, secret: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, secret).map_err(Failure::unexpected)
    };
    write("ghl.token", sandbox.ghl_token())?;
    write("insightly.key", sandbox.insightly_api_key())?;
    let text = format!(
        r#"
store = "demo.db"
reply_grace_ms = 500

[ghl]
base_url = "{}"
location = "{}"
token = {{ file = "ghl.token" }}
index_lag_ms = {lag}
limits = "off"

[insightly]
base_url = "{}"
api_key = {{ file = "insightly.key" }}
index_lag_ms = {lag}
limits = "off"

[rules]
conflict = "newest"
otherwise = "prefer-ghl"

[first_sync]
differences = "prefer-ghl"

[guards]
creates = 100000
updates = 100000

[sync]
kinds = ["companies", "contacts", "tasks", "notes"]
owners = true

[follow_ups]
calendars = ["{calendar}"]
from = "{today}"

[[custom_field]]
ghl = "Hobby"
insightly = "Hobby__c"

[[custom_field]]
ghl = "Interests"
insightly = "Interests__c"
"#,
        servers.ghl_url(),
        sandbox.ghl_location_id(),
        servers.insightly_url(),
        lag = INDEX_LAG.as_millis(),
        calendar = sandbox.ghl_calendar_id(),
        today = jiff::Timestamp::now().strftime("%Y-%m-%d"),
    );
    let path = folder.path().join("ghl-insightly.toml");
    std::fs::write(&path, text).map_err(Failure::unexpected)?;
    Ok(Settings::read(&path)?)
}
