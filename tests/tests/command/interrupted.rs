//! Ctrl-C in the middle.

use std::time::Duration;

use crm_sandbox::{Fault, Sandbox};
use ghl_insightly::agreement::Before;
use tests::{
    agreement::Kept,
    command::Running,
    world::{Timing, World},
};

use crate::{
    said::{ended_badly, ended_well, run_once},
    wait::until,
};

#[tokio::test]
async fn an_interrupted_run_ends_with_130_and_the_next_one_repairs() {
    let people = Sandbox::builder()
        .seed(5)
        .ghl_contacts(30)
        .insightly_contacts(18)
        .shared(12);
    let world = World::start(people, Timing::LAGGING).await.unwrap();
    let before = Before::of(&world.sandbox).unwrap();
    world.slow_down_writes(&Fault::Late { ms: 300 }).unwrap();
    let run = Running::approved_run(&world.settings_path()).unwrap();
    until("something is created", Duration::from_secs(30), || {
        world.counted("contacts.create") >= 2
    })
    .await;
    run.interrupt().unwrap();
    let ended = run.end(Duration::from_secs(10)).await.unwrap();
    ended_badly(&ended, 130, &["interrupted", "the next run goes on"]);
    world.heal();
    ended_well(&run_once(&world).await);
    let kept = Kept::of(&*world.store().unwrap()).await.unwrap();
    kept.agrees(&world.sandbox, &before).unwrap();
    assert!(kept.adopted > 0);
}
