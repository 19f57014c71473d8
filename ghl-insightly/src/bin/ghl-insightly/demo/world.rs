//! Both servers, and a session between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use crm_sandbox::{Sandbox, Servers};
use ghl_insightly::{Connected, Settings};
use sync_core::{Both, Engine, Hold, Link, Side, Subject};
use sync_sqlite::SqliteStore;
use tempfile::TempDir;

use ghl_insightly::contact::CONTACT;

use super::{
    raw::{digits, insightly_phones, text},
    table::Table,
};
use crate::{failure::Failure, told};

/// How far the two indexes are behind.
const INDEX_LAG: Duration = Duration::from_millis(200);

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything in one page: the demo is small.
const ALL: usize = usize::MAX >> 1;

/// History lines in one page.
const PAGE: usize = 500;

/// What the demo runs in. The folder goes with it.
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) engine: Engine,
    servers: Servers,
    known_to_be_one: Vec<(String, String)>,
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
        let servers = sandbox.serve(0, 0).await?;
        let folder = tempfile::tempdir().map_err(Failure::unexpected)?;
        let settings = settings(&sandbox, &servers, &folder)?;
        let store = SqliteStore::open(&settings.store)?;
        let connected = Connected::new(&settings).await?;
        let engine = connected
            .engine(&settings, Arc::new(store))
            .observer(told::trace);
        let engine = engine.build().map_err(Failure::unexpected)?;
        let known_to_be_one = known_to_be_one(&sandbox)?;
        Ok(Self {
            known_to_be_one,
            engine,
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
                return Err(Failure::stopped(told::system(side), error));
            }
        }
        if !outcome.settled {
            return Err(Failure::check(format!("the {phase} did not settle")));
        }
        table.add(phase, self.requests(), &outcome, began.elapsed());
        Ok(())
    }

    /// The linked pairs, by their ids.
    pub(super) async fn pairs(&mut self) -> Result<BTreeMap<String, String>, Failure> {
        let engine = &self.engine;
        let links = engine
            .store()
            .link_page(engine.connection(), &CONTACT, None, ALL)
            .await?;
        let ids = |link: &Arc<Link>| link.sides.as_ref().map(|side| side.id.to_string());
        let pairs = links.iter().map(ids).map(|ids| (ids.left, ids.right));
        Ok(pairs.collect())
    }

    /// The fields that are held, by GHL id and name.
    pub(super) async fn held(&mut self) -> Result<BTreeSet<(String, String)>, Failure> {
        let engine = &self.engine;
        let holds = engine.store().holds(engine.connection(), 0, ALL).await?;
        let place = |hold: &Hold| {
            let Subject::Link(link) = &hold.subject else {
                return None;
            };
            let (left, _) = link.as_str().split_once('~')?;
            Some((left.to_owned(), hold.field.as_ref()?.name().to_owned()))
        };
        Ok(holds.iter().filter_map(|(_, hold)| place(hold)).collect())
    }

    /// Pairs that an e-mail, or a phone and the whole name, told to be one person from the start.
    pub(super) fn known_to_be_one(&self) -> impl Iterator<Item = (&String, &String)> {
        self.known_to_be_one
            .iter()
            .map(|(left, right)| (left, right))
    }

    /// Until the indexes show what was done by now.
    pub(super) async fn let_the_indexes_catch_up(&self) {
        tokio::time::sleep(INDEX_LAG + INDEX_LAG / 2).await;
    }

    /// The first conflicts between edits that were decided, in words.
    pub(super) async fn conflicts(&mut self, most: usize) -> Result<Vec<String>, Failure> {
        let engine = &self.engine;
        let (mut told, mut after) = (Vec::new(), 0);
        loop {
            let page = engine
                .store()
                .history(engine.connection(), after, PAGE)
                .await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let edited = page
                .iter()
                .filter(|(_, happened)| !told::is_first_sync(happened));
            told.extend(edited.filter_map(|(_, happened)| told::conflict(happened)));
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
        Ok(holds.iter().map(|(_, hold)| told::hold(hold)).collect())
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

fn known_to_be_one(sandbox: &Sandbox) -> Result<Vec<(String, String)>, Failure> {
    let mut known = Vec::new();
    for person in sandbox.same_people() {
        let here = sandbox.ghl().contacts().get(&person.ghl)?;
        let there = sandbox.insightly().contacts().get(person.insightly)?;
        let alike = |a: &str, b: &str| {
            let (a, b) = (
                text(&here, a).to_lowercase(),
                text(&there, b).to_lowercase(),
            );
            (!a.is_empty() || !b.is_empty()).then_some(a == b)
        };
        let phone = digits(&text(&here, "phone"));
        let names = alike("firstName", "FIRST_NAME") != Some(false)
            && alike("lastName", "LAST_NAME") != Some(false);
        let phones = !phone.is_empty() && insightly_phones(&there).contains(&phone);
        if alike("email", "EMAIL_ADDRESS").unwrap_or(names && phones) {
            known.push((person.ghl.clone(), person.insightly.to_string()));
        }
    }
    Ok(known)
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
    );
    let path = folder.path().join("ghl-insightly.toml");
    std::fs::write(&path, text).map_err(Failure::unexpected)?;
    Ok(Settings::read(&path)?)
}
