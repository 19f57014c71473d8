//! What every story needs: a world, an engine in it, and the hands of two users.

use std::time::{Duration, Instant};

use crm_sandbox::Records;
use serde_json::Value;
use sync_core::{CycleReport, Engine, Hold};
use tests::world::{Timing, World};

/// Everything in one page.
const ALL: usize = usize::MAX >> 1;

/// No story takes longer to settle.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Story {
    pub(crate) world: World,
    engine: Engine,
}

impl Story {
    /// Two CRMs without anybody in them.
    pub(crate) async fn begin() -> Self {
        Self::within(World::empty(Timing::PROMPT).await.unwrap()).await
    }

    /// The same, with every kind synced.
    pub(crate) async fn of_all_kinds() -> Self {
        let world = World::empty(Timing::PROMPT).await.unwrap();
        let text = world.settings_text(Timing::PROMPT);
        let kinds = r#"["companies", "contacts", "tasks", "notes"]"#;
        let sync = format!("{text}\n[sync]\nkinds = {kinds}\nowners = true\n");
        world.write_settings(&sync).unwrap();
        Self::within(world).await
    }

    pub(crate) async fn within(world: World) -> Self {
        let engine = world.engine().await.unwrap();
        Self { world, engine }
    }

    /// The program ends, its store is lost, and it starts again.
    pub(crate) async fn without_its_store(self) -> Self {
        let Self { world, engine } = self;
        drop(engine);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", world.store_path().display()));
        }
        Self::within(world).await
    }

    pub(crate) fn ghl(&self) -> Records<'_> {
        self.world.sandbox.ghl().contacts()
    }

    pub(crate) fn insightly(&self) -> Records<'_> {
        self.world.sandbox.insightly().contacts()
    }

    pub(crate) fn the_only_one_in_ghl(&self) -> Value {
        only(self.ghl().all().unwrap())
    }

    pub(crate) fn the_only_one_in_insightly(&self) -> Value {
        only(self.insightly().all().unwrap())
    }

    pub(crate) fn edit_in_ghl(&self, changes: &Value) {
        let id = self.the_only_one_in_ghl()["id"].clone();
        self.ghl().edit(id.as_str().unwrap(), changes).unwrap();
    }

    pub(crate) fn edit_in_insightly(&self, changes: &Value) {
        let id = self.the_only_one_in_insightly()["CONTACT_ID"].clone();
        self.insightly().edit(id, changes).unwrap();
    }

    /// A moment passes in both systems: their indexes show what was written.
    pub(crate) fn later(&self) {
        self.world
            .sandbox
            .clock()
            .advance(Duration::from_millis(300));
    }

    /// One cycle.
    pub(crate) async fn cycle(&mut self) -> CycleReport {
        self.engine.cycle().await.unwrap()
    }

    /// Cycles until nothing is left to do. A side that was given up is tried again.
    pub(crate) async fn settle(&mut self) -> CycleReport {
        self.later();
        let until = Instant::now() + PATIENCE;
        let mut adopted = 0;
        loop {
            let mut outcome = self.engine.settle(PATIENCE).await.unwrap();
            adopted += outcome.total.adopted;
            outcome.total.adopted = adopted;
            if outcome.settled {
                return outcome.total;
            }
            assert!(Instant::now() < until, "it does not settle: {outcome:?}");
        }
    }

    /// A cycle after a converged one writes nothing, on either side.
    pub(crate) async fn is_quiet(&mut self) {
        let written = self.world.writes();
        let report = self.settle().await;
        assert_eq!(self.world.writes(), written, "{report:?}");
    }

    pub(crate) async fn holds(&mut self) -> Vec<Hold> {
        let engine = &self.engine;
        let holds = engine.store().holds(engine.connection(), 0, ALL).await;
        holds.unwrap().into_iter().map(|(_, hold)| hold).collect()
    }

    /// The names of the fields that are held.
    pub(crate) async fn held_fields(&mut self) -> Vec<String> {
        let holds = self.holds().await;
        let named = holds.into_iter().filter_map(|hold| hold.field);
        named.map(|field| field.name().to_owned()).collect()
    }

    /// What the store says, for the check.
    pub(crate) async fn kept(&mut self) -> tests::agreement::Kept {
        let store = &**self.engine.store();
        tests::agreement::Kept::of(store).await.unwrap()
    }
}

fn only(all: Vec<Value>) -> Value {
    match all.try_into() {
        Ok::<[Value; 1], _>([one]) => one,
        Err(all) => panic!("there is not one contact, but {all:?}"),
    }
}
