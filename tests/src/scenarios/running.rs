//! What happens around a connection that runs for long.

use std::{sync::Arc, time::Duration};

use crm_sandbox::{Fault, FaultRule, Sandbox, Servers, When};
use ghl_insightly::{Connected, Settings};
use serde_json::json;
use sync_core::{Both, ConnectionId, Engine, Guards, HoldReason, Side};

use super::{chapter, editing::hint};
use crate::{
    deeds::kind,
    failure::{Proved, ensure},
    scene::{ALL, Pair, Scene, Stage, id_of, is_equal, place},
};

chapter! {
    35 "20,000 contacts are imported in L at once; the polls after it are cheap."
        [an_import];
    36 "R is down for six hours; L answers 429 for ten minutes; the disk is full; the clock jumps an hour each way."
        [one_side_is_down, too_many_requests, a_full_disk, a_clock_that_jumps];
    37 "Two L locations and one R account; two connections claim the same record."
        [two_locations, one_record_for_two];
    38 "One-way only: an edit on the read-only side is kept, reverted, or held, as told."
        [stray_edits_are_kept, stray_edits_are_reverted, stray_edits_are_held];
    39 "The store is lost: rebuilt from markers; from matching."
        [a_lost_store, a_lost_store_with_markers];
    40 "An older release's store is opened; a newer one is refused."
        [an_older_store, a_newer_store];
    41 "A field ping-pongs with a second tool."
        [a_second_tool];
    42 "Hints are late, doubled, reordered, forged, for records that do not exist."
        [hints_in_any_order];
}

async fn an_import(stage: Stage) -> Proved {
    let count = if stage.full { 20_000 } else { 400 };
    let mut scene = stage.contacts().await?;
    scene.ada(&json!({})).await?;
    for n in 0..count {
        // All at once: no time passes between them.
        let who = json!({ "firstName": "Guest", "email": format!("{n}@example.org") });
        let id = scene.world.sandbox.ghl().contacts().create(&who)?;
        let guest = place(Side::Left, "contacts", &id_of("contacts", &id)?);
        scene
            .deeds
            .note(guest, |done| (done.entered, done.all) = (true, true));
    }
    scene.settle().await?;
    let here = scene.ghl().all()?.len();
    scene.insightly().are(here)?;
    // An idle poll is one request to each feed, also right after the burst; Insightly's leads have
    // one of their own.
    scene.later(Duration::from_secs(60));
    scene.cycle().await?;
    for _ in 0..3 {
        scene.later(Duration::from_secs(60));
        let before = scene.world.requests();
        scene.cycle().await?;
        let after = scene.world.requests();
        let asked = (after.left - before.left, after.right - before.right);
        is_equal("requests of an idle poll", asked, (1, 2))?;
    }
    scene.ends_well().await
}

async fn edits_arrive(scene: &mut Scene, ada: &Pair, last: &str, city: &str) -> Proved {
    scene.settle().await?;
    scene.ghl().shows(&ada.ghl, &json!({ "city": city }))?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": last }))
}

/// Both edit; GHL's edit waits until Insightly is there again.
async fn one_side_is_down(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    let down = Fault::Status {
        status: 503,
        body: json!(null),
        work_done: false,
    };
    let rule = FaultRule::new("*", When::Always, down);
    scene.world.sandbox.insightly().add_fault(rule)?;
    for _ in 0..2 {
        scene.later(Duration::from_secs(3 * 3600));
        let report = scene.cycle().await?;
        ensure(report.stopped.right.is_some(), || format!("{report:?}"))?;
    }
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "King" }))?;
    scene.world.heal();
    edits_arrive(&mut scene, &ada, "Lovelace", "London").await?;
    scene.ends_well().await
}

async fn too_many_requests(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    let busy = Fault::TooManyRequests {
        retry_after: Some(600),
        day_used_up: false,
    };
    scene
        .world
        .sandbox
        .ghl()
        .add_fault(FaultRule::new("*", When::Always, busy))?;
    scene.later(Duration::from_secs(60));
    let before = scene.world.requests().left;
    let report = scene.cycle().await?;
    let asked_to_wait = report
        .stopped
        .left
        .as_ref()
        .and_then(|error| error.retry_after);
    is_equal("the wait", asked_to_wait, Some(Duration::from_secs(600)))?;
    // Nobody hammers at it.
    is_equal("requests", scene.world.requests().left - before, 1)?;
    scene.later(Duration::from_secs(600));
    scene.world.heal();
    edits_arrive(&mut scene, &ada, "Lovelace", "London").await?;
    scene.ends_well().await
}

/// Every write to the store's log fails, as on a full disk.
async fn a_full_disk(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    scene.later(Duration::from_secs(60));
    scene.die().await?;
    let log = scene.world.path("sync.db-wal");
    ensure(!log.exists(), || "the log outlives the program".to_owned())?;
    std::os::unix::fs::symlink("/dev/full", &log)?;
    let written = scene.written();
    let refused = match scene.restart().await {
        Ok(()) => scene.cycle().await.map(drop),
        Err(why) => Err(why),
    };
    ensure(refused.is_err(), || {
        "nobody noticed that the disk is full".to_owned()
    })?;
    is_equal("writes", scene.written(), written)?;
    scene.die().await?;
    std::fs::remove_file(&log)?;
    scene.restart().await?;
    edits_arrive(&mut scene, &ada, "Lovelace", "London").await?;
    scene.ends_well().await
}

async fn a_clock_that_jumps(stage: Stage) -> Proved {
    for ahead in [3_600, -3_600] {
        let mut scene = stage.contacts().await?;
        let ada = scene.ada(&json!({})).await?;
        scene.jump(ahead);
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
        scene
            .insightly()
            .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
        edits_arrive(&mut scene, &ada, "Lovelace", "London").await?;
        let bob = json!({ "firstName": "Bob", "email": "bob@example.com" });
        scene.from_ghl(&bob).await?;
        scene.jump(0);
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "lastName": "Byron" }))?;
        scene
            .insightly()
            .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "Ghent" }))?;
        edits_arrive(&mut scene, &ada, "Byron", "Ghent").await?;
        scene.ends_well().await?;
    }
    Ok(())
}

/// Another location, with an engine of its own over the same store and the same Insightly.
struct Second {
    sandbox: Sandbox,
    engine: Engine,
    _servers: Servers,
}

async fn second(scene: &mut Scene) -> Proved<Second> {
    let clock = scene.world.sandbox.clock().clone();
    let sandbox = Sandbox::builder().seed(8).clock(clock).build();
    let servers = sandbox.serve(0, 0).await?;
    let ours = std::fs::read_to_string(scene.world.settings_path())?;
    let url = ours.lines().find(|line| line.starts_with("base_url"));
    let theirs = ours
        .replacen(
            url.unwrap_or_default(),
            &format!("base_url = \"{}\"", servers.ghl_url()),
            1,
        )
        .replace(
            scene.world.sandbox.ghl_location_id(),
            sandbox.ghl_location_id(),
        )
        .replace("ghl.token", "second.token");
    let path = scene.world.path("second.toml");
    std::fs::write(&path, format!("connection = \"second\"\n{theirs}"))?;
    std::fs::write(scene.world.path("second.token"), sandbox.ghl_token())?;
    let settings = Settings::read(&path)?;
    let connected = Connected::new(&settings).await?;
    let store = Arc::clone(scene.engine()?.store());
    let engine = connected.engine(&settings, store).clock(scene.clock());
    Ok(Second {
        engine: engine
            .guards(Guards::OFF)
            .concurrency(Both::new(1, 1))
            .build()?,
        sandbox,
        _servers: servers,
    })
}

/// Neither connection may create in GHL, or clients' data would mix.
fn create_in_insightly_only(settings: &str) -> String {
    settings.replace("[first_sync]", "[first_sync]\ncreate_in = [\"insightly\"]")
}

async fn two_locations(stage: Stage) -> Proved {
    let mut scene = stage.contacts_with(create_in_insightly_only).await?;
    let mut second = second(&mut scene).await?;
    let ada = scene.ada(&json!({})).await?;
    let bob = json!({ "firstName": "Bob", "email": "bob@example.com" });
    second.sandbox.ghl().contacts().create(&bob)?;
    for _ in 0..2 {
        scene.later(Duration::from_secs(60));
        second.engine.settle(Duration::from_secs(60)).await?;
        scene.engine()?.settle(Duration::from_secs(60)).await?;
    }
    // Insightly has both, and each location its own.
    scene.insightly().are(2)?;
    scene.ghl().are(1)?;
    is_equal(
        "contacts of the other",
        second.sandbox.ghl().contacts().all()?.len(),
        1,
    )?;
    for there in scene.insightly().all()? {
        let id = id_of("contacts", &there)?;
        if id != ada.insightly {
            let guest = place(Side::Right, "contacts", &id);
            scene
                .deeds
                .note(guest, |done| (done.entered, done.all) = (true, true));
        }
    }
    scene.ends_well().await
}

/// Both locations know Ada, and Insightly has her once: she belongs to whoever links her first.
async fn one_record_for_two(stage: Stage) -> Proved {
    let mut scene = stage.contacts_with(create_in_insightly_only).await?;
    let mut second = second(&mut scene).await?;
    let there = json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com" });
    let there = scene.insightly().enter(&there)?;
    let here = json!({ "firstName": "Ada", "email": "ada@example.com" });
    let elsewhere = second.sandbox.ghl().contacts().create(&here)?;
    let here = scene.ghl().enter(&here)?;
    scene.settle().await?;
    let pair = scene.pair(Side::Left, "contacts", &here).await?;
    is_equal("the counterpart", &pair.insightly, &there)?;
    second.engine.settle(Duration::from_secs(3600)).await?;
    let (store, name) = (second.engine.store(), second.engine.connection());
    let held = store.holds(name, 0, ALL).await?;
    let claimed = held
        .iter()
        .any(|(_, hold)| hold.reason == HoldReason::Claimed);
    ensure(claimed, || {
        format!("the second claim is not held: {held:?}")
    })?;
    is_equal("links of the second", store.counts(name).await?.links, 0)?;
    // What the second location edits of her stays there.
    let id = elsewhere["id"].as_str().unwrap_or_default();
    let edit = json!({ "lastName": "Stranger" });
    second.sandbox.ghl().contacts().edit(id, &edit)?;
    scene.later(Duration::from_secs(60));
    second.engine.settle(Duration::from_secs(3600)).await?;
    scene.insightly().are(1)?;
    scene
        .insightly()
        .shows(&there, &json!({ "LAST_NAME": null }))?;
    scene.ends_well().await
}

/// Two people of Insightly, whose edits travel to GHL only; the second is in GHL alone.
async fn to_ghl_only(stage: Stage, stray: &str) -> Proved<(Scene, Pair)> {
    let way = format!("[sync]\ndirection = \"to-ghl\"\nstray_edits = \"{stray}\"\n");
    let mut scene = stage.contacts_with(|text| format!("{text}\n{way}")).await?;
    scene
        .ghl()
        .enter(&json!({ "firstName": "Cleo", "email": "cleo@example.com" }))?;
    let bob = json!({
        "FIRST_NAME": "Bob", "LAST_NAME": "King", "EMAIL_ADDRESS": "bob@example.com",
        "TAGS": [{ "TAG_NAME": "client" }],
    });
    let bob = scene.from_insightly(&bob).await?;
    // Nobody is made in Insightly.
    scene.insightly().are(1)?;
    scene.ghl().are(2)?;
    let edit = json!({ "firstName": "Robert", "tags": ["client", "vip"] });
    scene.ghl().edit(&bob.ghl, &edit)?;
    scene
        .insightly()
        .edit(&bob.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&bob.insightly, &json!({ "FIRST_NAME": "Bob" }))?;
    scene.ghl().shows(&bob.ghl, &json!({ "city": "London" }))?;
    Ok((scene, bob))
}

async fn stray_edits_are_kept(stage: Stage) -> Proved {
    let (mut scene, bob) = to_ghl_only(stage, "keep").await?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "firstName": "Robert" }))?;
    scene.holds_are(&[]).await?;
    scene.is_quiet().await?;
    // Until the side that leads says something else.
    let edit = json!({ "FIRST_NAME": "Rob", "TAGS": [{ "TAG_NAME": "gold" }] });
    scene.insightly().edit(&bob.insightly, &edit)?;
    scene.settle().await?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "firstName": "Rob" }))?;
    let tags = scene.ghl().get(&bob.ghl)?["tags"].to_string();
    ensure(tags.contains("gold"), || tags)?;
    scene.is_quiet().await
}

async fn stray_edits_are_reverted(stage: Stage) -> Proved {
    let (mut scene, bob) = to_ghl_only(stage, "revert").await?;
    let as_it_was = json!({ "firstName": "Bob", "tags": ["client"] });
    scene.ghl().shows(&bob.ghl, &as_it_was)?;
    scene.ends_well().await
}

async fn stray_edits_are_held(stage: Stage) -> Proved {
    let (mut scene, bob) = to_ghl_only(stage, "hold").await?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "firstName": "Robert" }))?;
    scene
        .holds_are(&[
            (HoldReason::Stray, "first_name"),
            (HoldReason::Stray, "tags"),
        ])
        .await?;
    scene.ends_well().await
}

async fn a_lost_store(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let people = if stage.full { 200 } else { 20 };
    for id in scene.world.sandbox.ghl().seed(5, 0, people) {
        let guest = place(Side::Left, "contacts", &id);
        scene
            .deeds
            .note(guest, |done| (done.entered, done.all) = (true, true));
    }
    let ada = scene.ada(&json!({})).await?;
    let (here, there) = (scene.ghl().all()?.len(), scene.insightly().all()?.len());
    is_equal("contacts on both sides", here, there)?;
    lose_the_store(&mut scene).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    scene.restart().await?;
    scene.settle().await?;
    let links = scene.links("contacts").await?.len();
    is_equal("links", links, here)?;
    scene.ghl().are(here)?;
    scene.insightly().are(there)?;
    scene.ghl().shows(&ada.ghl, &json!({ "city": "London" }))?;
    // What the lost store knew of who made what is gone with it.
    scene.is_quiet().await
}

async fn lose_the_store(scene: &mut Scene) -> Proved {
    scene.die().await?;
    for file in ["sync.db", "sync.db-wal", "sync.db-shm"] {
        let path = scene.world.path(file);
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Neither Ada nor Bob has an e-mail address or a phone: only the markers tell who is who.
async fn a_lost_store_with_markers(stage: Stage) -> Proved {
    let markers = "[markers]\nghl = \"Insightly ID\"\ninsightly = \"GHL_ID__c\"\n";
    let mut scene = stage
        .contacts_with(|text| format!("{text}\n{markers}"))
        .await?;
    let ada = scene.from_ghl(&json!({ "firstName": "Ada" })).await?;
    let bob = scene
        .from_insightly(&json!({ "FIRST_NAME": "Bob" }))
        .await?;
    let marked = scene.insightly().get(&ada.insightly)?["CUSTOMFIELDS"].to_string();
    ensure(marked.contains(&ada.ghl), || marked)?;
    scene.ends_well().await?;
    lose_the_store(&mut scene).await?;
    scene.restart().await?;
    scene.settle().await?;
    for side in Side::BOTH {
        scene.desk(side, "contacts").are(2)?;
    }
    for pair in [&ada, &bob] {
        let found = scene.pair(Side::Left, "contacts", &pair.ghl).await?;
        is_equal("the counterpart", &found.insightly, &pair.insightly)?;
    }
    scene.ghl().edit(&ada.ghl, &json!({ "lastName": "King" }))?;
    scene
        .insightly()
        .edit(&bob.insightly, &json!({ "LAST_NAME": "Byron" }))?;
    scene.settles_with_writes(2).await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "King" }))?;
    scene
        .ghl()
        .shows(&bob.ghl, &json!({ "lastName": "Byron" }))?;
    scene.is_quiet().await
}

/// A store of the first release, with a connection of somebody else.
const RELEASED: &str = include_str!("../../../sync-sqlite/tests/store/fixtures/0.1.0.sql");

async fn an_older_store(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    lose_the_store(&mut scene).await?;
    let db = rusqlite::Connection::open(scene.world.store_path())?;
    db.execute_batch(RELEASED)?;
    drop(db);
    scene.restart().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.settles_with_writes(1).await?;
    // What was in it is in it still, to the last held field.
    let theirs = ConnectionId::new("acme");
    let store = Arc::clone(scene.engine()?.store());
    let links = store
        .link_page(&theirs, &kind("contacts"), None, ALL)
        .await?;
    let ids: Vec<String> = links.iter().map(|link| link.id.to_string()).collect();
    is_equal("links", ids, vec!["l1~r1".to_owned()])?;
    let holds = store.holds(&theirs, 0, ALL).await?;
    let said: Vec<&str> = holds
        .iter()
        .map(|(_, hold)| hold.message.as_str())
        .collect();
    is_equal("holds", said, vec!["the phone is not accepted"])?;
    is_equal("intents", store.intents(&theirs).await?.len(), 1)?;
    is_equal("history", store.history(&theirs, 0, ALL).await?.len(), 1)?;
    scene.ends_well().await
}

/// Where SQLite keeps the version that a program gives to its tables.
const VERSION_AT: usize = 60;

async fn a_newer_store(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene.die().await?;
    let path = scene.world.store_path();
    let ours = std::fs::read(&path)?;
    let mut newer = ours.clone();
    newer[VERSION_AT..VERSION_AT + 4].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &newer)?;
    let refused = scene.restart().await.err().map(|why| why.to_string());
    let said = refused.unwrap_or_default();
    ensure(said.contains("99"), || format!("it said: {said}"))?;
    is_equal("the store", std::fs::read(&path)? == newer, true)?;
    std::fs::write(&path, &ours)?;
    scene.restart().await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene.settles_with_writes(1).await?;
    scene.ends_well().await
}

/// Another tool puts back what we write, each time.
async fn a_second_tool(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let written = scene.written();
    for _ in 0..10 {
        // The tool in GHL wants one name, the tool in Insightly the other.
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "lastName": "Byron" }))?;
        scene.settle().await?;
        scene
            .insightly()
            .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
        scene.settle().await?;
    }
    let more = scene.written() - written;
    ensure(more <= 10, || {
        format!("{more} writes against two tools in an hour")
    })?;
    scene
        .holds_are(&[(HoldReason::PingPong, "last_name")])
        .await?;
    // Once they are stopped, it is tried again by itself.
    scene.a_day_later().await?;
    scene.holds_are(&[]).await?;
    scene.ends_well().await
}

async fn hints_in_any_order(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Byron" }))?;
    hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    for _ in 0..3 {
        hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
        hint(&mut scene, Side::Right, "contacts", &ada.insightly).await?;
    }
    for family in ["contacts", "tasks", "notes"] {
        // Nobody has these ids; the last one is no id of Insightly at all.
        hint(&mut scene, Side::Left, family, "forged").await?;
        hint(&mut scene, Side::Right, family, "999999999").await?;
        hint(&mut scene, Side::Right, family, "forged").await?;
    }
    scene.settles_with_writes(1).await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    // The late ones tell nothing new.
    hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
    scene.settles_with_writes(0).await?;
    scene.ends_well().await
}
