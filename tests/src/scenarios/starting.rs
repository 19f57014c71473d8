//! The first sync.

use std::{sync::Arc, time::Duration};

use crm_sandbox::Sandbox;
use ghl_insightly::agreement::Before;
use serde_json::{Value, json};
use sync_core::{Allowance, Event, Guards, HoldReason, Side};

use super::chapter;
use crate::{
    agreement::Kept,
    failure::{Proved, ensure},
    kills::Kills,
    scene::{Scene, Stage, is_equal, place},
};

chapter! {
    1 "8,000 in R and 5,000 in L, 60 % the same people: first sync within the counted requests; `plan` foretold them."
        [a_first_sync];
    2 "The same on a plan with 1,000 requests a day: it stops when the day's share is used, goes on the next day, live edits go first."
        [a_small_plan];
    3 "Somebody edits on both sides while the first sync runs."
        [edited_meanwhile];
    4 "The process is killed in the middle of the first sync, twenty times."
        [killed_in_the_middle, killed_for_real];
    5 "A blank on one side and a value on the other; two different values; values equal but for case, space, phone format."
        [blanks_are_filled, differences_are_held, equal_but_for_form];
    6 "The same person was entered on both sides in the same minute."
        [entered_twice_at_once];
    7 "One person has three records in R; a family of four shares a phone and one of them an e-mail."
        [three_records_of_one, a_family];
    8 "An open lead in R has the e-mail of a new contact in L; later it is converted; a contact is turned into a lead."
        [an_open_lead, a_lead_with_another_address, a_contact_that_becomes_a_lead];
    9 "L refuses a phone as a duplicate; names an id that is linked to somebody else."
        [a_refused_phone];
}

/// So many of 5,000 in GHL and 8,000 in Insightly, and the people that both have.
async fn crowd(stage: Stage, share: u64) -> Proved<(Scene, Before)> {
    let people = Sandbox::builder().seed(21).ghl_contacts(5_000 / share);
    let people = people
        .insightly_contacts(8_000 / share)
        .shared(3_000 / share);
    let scene = stage.set(people, str::to_owned).await?;
    let before = Before::of(&scene.world.sandbox)?;
    Ok((scene, before))
}

async fn everybody_is_there_once(scene: &mut Scene, before: &Before) -> Proved {
    let store = Arc::clone(scene.engine()?.store());
    let kept = Kept::of(&*store).await?;
    kept.agrees(&scene.world.sandbox, before)?;
    scene.ends_well().await
}

async fn a_first_sync(stage: Stage) -> Proved {
    let (mut scene, before) = crowd(stage, if stage.full { 1 } else { 50 }).await?;
    scene.later(Duration::from_secs(60));
    let connected = scene.world.requests();
    let plan = scene.engine()?.plan().await?;
    let foretold = plan.counts;
    let read = scene.world.requests();
    scene.settle().await?;
    let done = scene.world.requests();
    // The plan read what a run reads, and counted what it writes.
    for side in Side::BOTH {
        let reads = read[side] - connected[side];
        let used = done[side] - read[side];
        let told = reads + foretold.calls[side] + foretold.looks[side];
        // A few cycles more, to see that nothing is left.
        ensure(used <= told + told / 50 + 20, || {
            format!("{side}: {used} requests, and {told} were foretold: {foretold:?}")
        })?;
    }
    everybody_is_there_once(&mut scene, &before).await
}

async fn a_small_plan(stage: Stage) -> Proved {
    let (mut scene, before) = crowd(stage, if stage.full { 1 } else { 100 }).await?;
    let per_day = if stage.full { 1_000 } else { 30 };
    let share = 70;
    let allowance = Allowance { per_day, share };
    scene
        .restart_with(|engine| engine.guards(Guards::OFF).allowance(Side::Right, allowance))
        .await?;
    let mut days = 0;
    let mut edited: Option<(String, String)> = None;
    loop {
        let before_today = scene.world.requests().right;
        let settled = loop {
            scene.later(Duration::from_secs(60));
            let report = scene.cycle().await?;
            if report.is_settled() {
                break true;
            }
            if report.stopped.right.is_some() {
                break false;
            }
        };
        let today = scene.world.requests().right - before_today;
        // What is under way when the share is used up is brought to its end.
        ensure(today <= allowance.of_a_day() + 10, || {
            format!("day {days}: {today} requests of {}", allowance.of_a_day())
        })?;
        if let Some((id, city)) = edited.take() {
            let pair = scene.pair(Side::Left, "contacts", &id).await?;
            let shown = json!({ "ADDRESS_MAIL_CITY": city });
            scene.insightly().shows(&pair.insightly, &shown)?;
        }
        if settled {
            break;
        }
        days += 1;
        ensure(days < 100, || "it takes for ever".to_owned())?;
        // Somebody who is linked already is edited: that goes first on the next day.
        if let Some(link) = scene.links("contacts").await?.first() {
            let id = link.sides.left.id.to_string();
            let city = format!("City {days}");
            scene.ghl().edit(&id, &json!({ "city": city }))?;
            edited = Some((id, city));
        }
        scene.later(Duration::from_secs(24 * 3600));
    }
    ensure(days > 0, || "the day's share was enough".to_owned())?;
    scene.restart().await?;
    everybody_is_there_once(&mut scene, &before).await
}

/// Each write is met by an edit of somebody on either side.
async fn edited_meanwhile(stage: Stage) -> Proved {
    let (mut scene, before) = crowd(stage, if stage.full { 50 } else { 250 }).await?;
    let crms = [
        scene.world.sandbox.ghl().clone(),
        scene.world.sandbox.insightly().clone(),
    ];
    let counted = std::sync::Mutex::new(0_usize);
    let edits = move |event: &Event<'_>| {
        if !matches!(event, Event::Sending { .. }) {
            return;
        }
        let Ok(mut counted) = counted.lock() else {
            return;
        };
        *counted += 1;
        let nth = *counted;
        let [ghl, insightly] = &crms;
        let edit =
            |all: Vec<Value>, id: &str| all.get(nth % all.len().max(1)).map(|of| of[id].clone());
        let here = ghl.contacts().all().ok().and_then(|all| edit(all, "id"));
        if let Some(id) = here.as_ref().and_then(Value::as_str) {
            let _ = ghl
                .contacts()
                .edit(id, &json!({ "city": format!("Here {nth}") }));
        }
        let there = insightly
            .contacts()
            .all()
            .ok()
            .and_then(|all| edit(all, "CONTACT_ID"));
        if let Some(id) = there {
            let name = json!({ "LAST_NAME": format!("There {nth}") });
            let _ = insightly.contacts().edit(id, &name);
        }
        ghl.clock().advance(Duration::from_secs(1));
    };
    scene
        .restart_with(|engine| engine.guards(Guards::OFF).observer(edits))
        .await?;
    for _ in 0..3 {
        scene.later(Duration::from_secs(60));
        scene.cycle().await?;
    }
    scene.restart().await?;
    scene.settle().await?;
    for side in Side::BOTH {
        for record in scene.desk(side, "contacts").all()? {
            let id = crate::scene::id_of("contacts", &record)?;
            // Whom we made were edited by people, too.
            scene
                .deeds
                .note(place(side, "contacts", &id), |done| done.all = true);
        }
    }
    everybody_is_there_once(&mut scene, &before).await
}

async fn killed_in_the_middle(stage: Stage) -> Proved {
    let (mut scene, before) = crowd(stage, 50).await?;
    let times = if stage.full { 20 } else { 6 };
    for nth in 0..times {
        let killed = scene.killed_at_write(1 + nth % 5).await?;
        ensure(killed, || format!("it was over before kill {nth}"))?;
    }
    scene.restart().await?;
    scene.settle().await?;
    everybody_is_there_once(&mut scene, &before).await
}

/// The same with the real command; the normal test run does it in a test of its own.
async fn killed_for_real(stage: Stage) -> Proved {
    if stage.full {
        let kills = Kills { count: 20, seed: 4 };
        kills.prove().await?;
    }
    Ok(())
}

/// The same person on both sides, before anything was synced.
async fn twice(
    stage: Stage,
    policy: &str,
    here: &Value,
    there: &Value,
) -> Proved<(Scene, [String; 2])> {
    let policy = format!("differences = \"{policy}\"");
    let with = |text: &str| text.replace("differences = \"prefer-ghl\"", &policy);
    let mut scene = stage.contacts_with(with).await?;
    let here = scene.ghl().enter(here)?;
    let there = scene.insightly().enter(there)?;
    scene.settle().await?;
    let pair = scene.pair(Side::Left, "contacts", &here).await?;
    is_equal("the counterpart", pair.insightly.as_str(), there.as_str())?;
    Ok((scene, [here, there]))
}

async fn blanks_are_filled(stage: Stage) -> Proved {
    let here = json!({ "firstName": "Ada", "email": "ada@example.com", "phone": "+14155550142" });
    let there =
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com", "LAST_NAME": "King" });
    let (mut scene, [here, there]) = twice(stage, "hold", &here, &there).await?;
    scene.ghl().shows(
        &here,
        &json!({ "lastName": "King", "phone": "+14155550142" }),
    )?;
    let filled = json!({ "LAST_NAME": "King", "PHONE_MOBILE": "+14155550142" });
    scene.insightly().shows(&there, &filled)?;
    scene.holds_are(&[]).await?;
    scene.ends_well().await
}

async fn differences_are_held(stage: Stage) -> Proved {
    let here = json!({ "firstName": "Ada", "email": "ada@example.com", "lastName": "Byron" });
    let there =
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com", "LAST_NAME": "King" });
    let (mut scene, [left, right]) = twice(stage, "hold", &here, &there).await?;
    scene
        .holds_are(&[(HoldReason::FirstSync, "last_name")])
        .await?;
    scene.ghl().shows(&left, &json!({ "lastName": "Byron" }))?;
    scene
        .insightly()
        .shows(&right, &json!({ "LAST_NAME": "King" }))?;
    scene.ends_well().await?;
    for (policy, name) in [("prefer-ghl", "Byron"), ("prefer-insightly", "King")] {
        let (mut scene, [left, right]) = twice(stage, policy, &here, &there).await?;
        scene.ghl().shows(&left, &json!({ "lastName": name }))?;
        scene
            .insightly()
            .shows(&right, &json!({ "LAST_NAME": name }))?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn equal_but_for_form(stage: Stage) -> Proved {
    let here = json!({
        "firstName": "Ada", "lastName": "King", "email": "ada@example.com", "phone": "+14155550142",
        "tags": ["vip"], "address1": "1 Main St", "city": "Austin", "country": "US",
        "dateOfBirth": "1980-05-20",
    });
    let there = json!({
        "FIRST_NAME": "Ada ", "LAST_NAME": " King", "EMAIL_ADDRESS": "Ada@Example.com",
        "PHONE": "(415) 555-0142", "TAGS": [{ "TAG_NAME": "VIP" }],
        "ADDRESS_MAIL_STREET": "1 Main St", "ADDRESS_MAIL_CITY": "Austin ",
        "ADDRESS_MAIL_COUNTRY": "United States", "DATE_OF_BIRTH": "1980-05-20 00:00:00",
    });
    let (mut scene, _) = twice(stage, "hold", &here, &there).await?;
    scene.holds_are(&[]).await?;
    is_equal("writes", scene.written(), 0)?;
    scene.ends_well().await
}

async fn entered_twice_at_once(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    scene.settle().await?;
    let here = scene
        .ghl()
        .enter(&json!({ "firstName": "Ada", "email": "ada@example.com" }))?;
    // GHL's row shows first; Insightly's index is behind.
    scene.later(Duration::from_secs(3));
    let there =
        json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ADA@example.com", "LAST_NAME": "King" });
    scene.insightly().enter(&there)?;
    for _ in 0..10 {
        scene.cycle().await?;
        scene.later(Duration::from_secs(1));
    }
    scene.settle().await?;
    scene.ghl().are(1)?;
    scene.insightly().are(1)?;
    scene.ghl().shows(&here, &json!({ "lastName": "King" }))?;
    scene.ends_well().await
}

async fn three_records_of_one(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    for last in ["King", "Byron", "Lovelace"] {
        let there =
            json!({ "FIRST_NAME": "Ada", "LAST_NAME": last, "EMAIL_ADDRESS": "ada@example.com" });
        scene.insightly().enter(&there)?;
    }
    scene
        .ghl()
        .enter(&json!({ "firstName": "Ada", "email": "ada@example.com" }))?;
    scene.settle().await?;
    // Nobody can tell which one it is; a person is asked, and no fourth is made.
    scene.ghl().are(1)?;
    scene.insightly().are(3)?;
    let held = scene.holds().await?;
    ensure(
        !held.is_empty() && held.iter().all(|hold| hold.reason == HoldReason::Ambiguous),
        || format!("{held:?}"),
    )?;
    scene.ends_well().await
}

async fn a_family(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let phone = "+14155550142";
    let family = ["Ada", "Bob", "Cleo", "Dan"];
    for name in family {
        let mut there = json!({ "FIRST_NAME": name, "LAST_NAME": "King", "PHONE": phone });
        if name == "Bob" {
            there["EMAIL_ADDRESS"] = json!("bob@example.com");
        }
        scene.insightly().enter(&there)?;
    }
    let ada = json!({ "firstName": "Ada", "lastName": "King", "phone": phone });
    scene.ghl().enter(&ada)?;
    scene.settle().await?;
    // Each has one record; only one of them can have the phone in GHL.
    scene.ghl().are(4)?;
    scene.insightly().are(4)?;
    let here = scene.ghl().all()?;
    let mut names: Vec<&str> = here
        .iter()
        .filter_map(|one| one["firstName"].as_str())
        .collect();
    names.sort_unstable();
    is_equal("names", names, family.to_vec())?;
    let with = here.iter().filter(|one| one["phone"] == phone).count();
    is_equal("with the phone", with, 1)?;
    scene.ends_well().await
}

/// A person converts a lead; gives the id of the contact that it becomes.
fn converted(scene: &Scene, lead: &str) -> Proved<String> {
    let order = json!({ "id": lead.parse::<i64>()? });
    let made = scene.world.sandbox.insightly().order("convert", &order)?;
    let made = made["CONTACT_ID"].to_string();
    scene
        .deeds
        .note(place(Side::Right, "contacts", &made), |done| {
            (done.entered, done.all) = (true, true);
        });
    Ok(made)
}

async fn an_open_lead(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let lead = json!({ "FIRST_NAME": "Ada", "LAST_NAME": "King", "EMAIL": "ADA@example.com" });
    let lead = scene.desk(Side::Right, "leads").enter(&lead)?;
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    let ada = scene.ghl().enter(&ada)?;
    scene.settle().await?;
    scene.insightly().are(0)?;
    scene.holds_are(&[(HoldReason::Blocked, "")]).await?;
    let made = converted(&scene, &lead)?;
    scene.settle().await?;
    // Linked, and not doubled.
    let pair = scene.pair(Side::Left, "contacts", &ada).await?;
    is_equal("the counterpart", &pair.insightly, &made)?;
    scene.insightly().are(1)?;
    scene.holds_are(&[]).await?;
    scene.ghl().edit(&ada, &json!({ "lastName": "Byron" }))?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&made, &json!({ "LAST_NAME": "Byron" }))?;
    scene.ends_well().await
}

/// Whoever converts a lead may put a better address in at once.
async fn a_lead_with_another_address(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let lead = json!({ "FIRST_NAME": "Ada", "LAST_NAME": "King", "EMAIL": "ada@example.com" });
    let lead = scene.desk(Side::Right, "leads").enter(&lead)?;
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    let ada = scene.ghl().enter(&ada)?;
    scene.settle().await?;
    scene.insightly().are(0)?;
    let made = converted(&scene, &lead)?;
    let address = json!({ "EMAIL_ADDRESS": "ada.king@example.com" });
    scene.insightly().edit(&made, &address)?;
    scene.settle().await?;
    let pair = scene.pair(Side::Left, "contacts", &ada).await?;
    is_equal("the counterpart", &pair.insightly, &made)?;
    scene.insightly().are(1)?;
    scene.ghl().are(1)?;
    Ok(())
}

async fn a_contact_that_becomes_a_lead(stage: Stage) -> Proved {
    let follow = "[deletes]\nin_ghl = \"follow\"\n";
    let mut scene = stage
        .contacts_with(|text| format!("{text}\n{follow}"))
        .await?;
    let ada = scene.ada(&json!({})).await?;
    let order = json!({ "id": ada.insightly.parse::<i64>()? });
    scene.world.sandbox.insightly().order("to_lead", &order)?;
    scene
        .deeds
        .note(place(Side::Right, "contacts", &ada.insightly), |done| {
            done.deleted = true;
        });
    scene.ghl().edit(&ada.ghl, &json!({ "city": "London" }))?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene.insightly().are(0)?;
    scene.ghl().shows(&ada.ghl, &json!({ "city": "London" }))?;
    is_equal("holds", scene.holds().await?.len(), 1)?;
    scene.ends_well().await
}

async fn a_refused_phone(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "phone": "+14155550142" })).await?;
    let bob = json!({
        "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com", "PHONE": "+1 415 555 0142",
    });
    let bob = scene.from_insightly(&bob).await?;
    scene.ghl().are(2)?;
    scene.ghl().shows(
        &bob.ghl,
        &json!({ "email": "bob@example.com", "phone": null }),
    )?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "phone": "+14155550142" }))?;
    let pair = scene.pair(Side::Right, "contacts", &ada.insightly).await?;
    is_equal("Ada's counterpart", pair.ghl, ada.ghl)?;
    let held = scene.holds().await?;
    let held: Vec<&str> = held
        .iter()
        .filter_map(|hold| Some(hold.field.as_ref()?.name()))
        .collect();
    is_equal("held", held, vec!["phone"])?;
    scene.ends_well().await
}
