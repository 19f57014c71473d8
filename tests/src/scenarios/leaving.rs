//! Records are deleted, merged, hidden, forgotten, or leave what is synced.

use std::time::Duration;

use crm_sandbox::{Fault, FaultRule, Sandbox, When};
use ghl_insightly::agreement::contact::email_of_ghl;
use serde_json::json;
use sync_core::{
    EngineError, Forgotten, GuardName, Guards, HistoryEvent, HoldReason, RecordId, Side,
};

use super::{chapter, editing::hint};
use crate::{
    deeds::kind,
    failure::{Failure, Proved, ensure},
    scene::{Pair, Scene, Stage, is_equal, links_to, place, with_all_kinds},
};

chapter! {
    29 "Deleted in L; deleted in R and restored from the bin with the same id; deleted on one side and edited on the other."
        [deleted_in_ghl, deletes_that_follow, deleted_or_hidden, entered_again, restored_from_the_bin, restored_beside_an_entry, deleted_and_edited,
         deleted_over_a_note, restored_without_its_notes, unlinked_and_kept];
    30 "Merged in L; merged in R: notes and tasks go to the survivor, nothing is deleted for it."
        [merged_in_ghl, merged_in_insightly];
    31 "The key's user loses sight of one record; of half of them; the token is revoked in the middle; the key belongs to another account."
        [one_record_is_hidden, half_of_them_are_hidden, a_revoked_token, another_account];
    32 "A contact leaves the filter and comes back; a filter or a mapping is changed in the file."
        [out_of_the_filter_for_a_while, a_changed_filter, a_changed_mapping, another_custom_field];
    33 "2,000 contacts are deleted in L by accident: the guard asks."
        [many_are_deleted];
    34 "`forget` while the person is in a hold and in an open intent."
        [forgotten_while_held, forgotten_while_written];
}

/// Ada, on both sides, where deletes follow.
async fn ada_where_deletes_follow(stage: Stage) -> Proved<(Scene, Pair)> {
    let follow = "[deletes]\nin_ghl = \"follow\"\nin_insightly = \"follow\"\n";
    let mut scene = stage
        .contacts_with(|text| format!("{text}\n{follow}"))
        .await?;
    let ada = scene.ada(&json!({})).await?;
    Ok((scene, ada))
}

async fn deleted_in_ghl(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    scene.ghl().delete(&ada.ghl)?;
    scene.a_day_later().await?;
    // A person is asked.
    scene.holds_are(&[(HoldReason::Deleted, "")]).await?;
    scene
        .insightly()
        .shows(&ada.insightly, &json!({ "FIRST_NAME": "Ada" }))?;
    scene.ends_well().await?;
    scene.ghl().are(0)
}

async fn deletes_that_follow(stage: Stage) -> Proved {
    for side in Side::BOTH {
        let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
        match side {
            Side::Left => scene.ghl().delete(&ada.ghl)?,
            Side::Right => scene.insightly().delete(&ada.insightly)?,
        }
        scene.a_day_later().await?;
        scene.a_day_later().await?;
        scene.ghl().are(0)?;
        scene.insightly().are(0)?;
        scene.ends_well().await?;
    }
    Ok(())
}

/// What was written under a contact since, and what was edited, does not go with it.
async fn deleted_over_a_note(stage: Stage) -> Proved {
    for gone in Side::BOTH {
        for edits in [false, true] {
            deleted_over(stage, gone, edits).await?;
        }
    }
    Ok(())
}

fn all_kinds_where_deletes_follow(text: &str) -> String {
    let follow = "[deletes]\nin_ghl = \"follow\"\nin_insightly = \"follow\"\n";
    format!("{}\n{follow}", with_all_kinds(text))
}

/// Ada, with a note and a task of each side.
async fn ada_with_notes(stage: Stage) -> Proved<(Scene, Pair)> {
    let mut scene = stage.contacts_with(all_kinds_where_deletes_follow).await?;
    let ada = scene.ada(&json!({})).await?;
    let links = links_to(&[&ada.insightly])?;
    let day = "2026-11-26T05:30:00.000Z";
    let note = json!({ "contactId": ada.ghl, "body": "Likes tea" });
    scene.desk(Side::Left, "notes").enter(&note)?;
    let task = json!({ "contactId": ada.ghl, "title": "Call Ada", "dueDate": day });
    scene.desk(Side::Left, "tasks").enter(&task)?;
    let note = json!({ "TITLE": "Tea", "BODY": "Came by", "LINKS": links });
    scene.desk(Side::Right, "notes").enter(&note)?;
    let task = json!({ "TITLE": "Write to her", "DUE_DATE": "2026-11-27", "LINKS": links });
    scene.desk(Side::Right, "tasks").enter(&task)?;
    scene.a_day_later().await?;
    for side in Side::BOTH {
        for family in ["notes", "tasks"] {
            scene.desk(side, family).are(2)?;
        }
    }
    Ok((scene, ada))
}

/// GHL restores a contact without its notes, whether it was missed before or not.
async fn restored_without_its_notes(stage: Stage) -> Proved {
    for missed in [false, true] {
        let (mut scene, ada) = ada_with_notes(stage).await?;
        scene.ghl().delete(&ada.ghl)?;
        if missed {
            hint(&mut scene, Side::Left, "contacts", &ada.ghl).await?;
            scene.cycle().await?;
        }
        scene.restore(Side::Left, &ada.ghl)?;
        for _ in 0..3 {
            scene.a_day_later().await?;
        }
        scene.insightly().are(1)?;
        for family in ["notes", "tasks"] {
            scene.desk(Side::Right, family).are(2)?;
        }
    }
    Ok(())
}

/// Who unlinks a contact of which one record is gone keeps what stands under the other one.
async fn unlinked_and_kept(stage: Stage) -> Proved {
    let (mut scene, ada) = ada_with_notes(stage).await?;
    let new = json!({ "contactId": ada.ghl, "body": "New" });
    scene.desk(Side::Left, "notes").enter(&new)?;
    scene.insightly().delete(&ada.insightly)?;
    for _ in 0..2 {
        scene.a_day_later().await?;
    }
    let id = RecordId::new(ada.ghl.as_str());
    let unlinked = scene
        .engine()?
        .unlink(&kind("contacts"), Side::Left, &id)
        .await;
    unlinked?;
    for _ in 0..3 {
        scene.a_day_later().await?;
    }
    scene.desk(Side::Left, "notes").are(3)?;
    scene.desk(Side::Left, "tasks").are(2)
}

async fn deleted_over(stage: Stage, gone: Side, edits: bool) -> Proved {
    let mut scene = stage.contacts_with(all_kinds_where_deletes_follow).await?;
    let ada = scene.ada(&json!({})).await?;
    let note = json!({ "contactId": ada.ghl, "body": "Likes tea" });
    let note = scene.desk(Side::Left, "notes").enter(&note)?;
    scene.a_day_later().await?;
    let note = scene.pair(Side::Left, "notes", &note).await?;
    match gone {
        Side::Left => scene.ghl().delete(&ada.ghl)?,
        Side::Right => scene.insightly().delete(&ada.insightly)?,
    }
    let (body, text) = match gone {
        Side::Left => ("BODY", "Likes coffee"),
        Side::Right => ("body", "Likes coffee"),
    };
    let written = json!({ body: text });
    let notes = scene.desk(!gone, "notes");
    let id = match (gone, edits) {
        (Side::Left, true) => note.insightly.clone(),
        (Side::Right, true) => note.ghl.clone(),
        (Side::Left, false) => {
            let links = links_to(&[&ada.insightly])?;
            notes.enter(&json!({ "TITLE": "New", body: text, "LINKS": links }))?
        }
        (Side::Right, false) => notes.enter(&json!({ "contactId": ada.ghl, body: text }))?,
    };
    if edits {
        notes.edit(&id, &written)?;
    }
    for _ in 0..3 {
        scene.a_day_later().await?;
    }
    scene.desk(!gone, "notes").shows(&id, &written)?;
    let holds = scene.holds().await?;
    let named = format!("note {id} (");
    let asks = holds
        .iter()
        .any(|hold| hold.reason == HoldReason::EditedMeanwhile && hold.message.contains(&named));
    ensure(asks, || format!("{named} is not in {holds:?}"))?;
    scene.ends_well().await
}

/// Deleted in Insightly, and entered again with the number in another slot, where the old one is
/// blank or has another number.
async fn entered_again(stage: Stage) -> Proved {
    for business in [json!(null), json!("+14155550177")] {
        let mut scene = stage.contacts().await?;
        let mut ada = json!({
            "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com", "PHONE": "+14155550142",
        });
        let pair = scene.from_insightly(&ada).await?;
        scene.insightly().delete(&pair.insightly)?;
        ada["PHONE"] = business.clone();
        ada["PHONE_MOBILE"] = json!("+14155550142");
        let again = scene.insightly().enter(&ada)?;
        scene.ghl().edit(&pair.ghl, &json!({ "city": "Perth" }))?;
        scene.a_day_later().await?;
        scene.ghl().shows(
            &pair.ghl,
            &json!({ "phone": "+14155550142", "city": "Perth" }),
        )?;
        scene.insightly().are(1)?;
        let there = json!({
            "PHONE_MOBILE": "+14155550142", "PHONE": business, "ADDRESS_MAIL_CITY": "Perth",
        });
        scene.insightly().shows(&again, &there)?;
        scene.ends_well().await?;
    }
    Ok(())
}

/// The key is not an administrator's: what it does not find may be hidden from its user.
async fn deleted_or_hidden(stage: Stage) -> Proved {
    let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
    let users = scene.world.crms().right.family("users");
    for user in users.all()? {
        let id = user["USER_ID"].to_string();
        users.edit(&id, &json!({ "ADMINISTRATOR": false }))?;
    }
    scene.restart().await?;
    scene.insightly().delete(&ada.insightly)?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene.holds_are(&[(HoldReason::Deleted, "")]).await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "firstName": "Ada" }))?;
    scene.ends_well().await
}

/// Somebody who was never synced is entered in GHL, and comes out of Insightly's bin: no feed shows
/// her there under her old stamp.
async fn restored_beside_an_entry(stage: Stage) -> Proved {
    for bump in ["no", "yes"] {
        let mut scene = stage.contacts().await?;
        scene.world.sandbox.set_switch("restore_bump", bump)?;
        let there = json!({ "FIRST_NAME": "Ada", "EMAIL_ADDRESS": "ada@example.com" });
        let ada = scene.insightly().enter(&there)?;
        scene.insightly().delete(&ada)?;
        for _ in 0..4 {
            scene.later(Duration::from_secs(3_600));
            scene.settle().await?;
        }
        scene.restore(Side::Right, &ada)?;
        let here = json!({ "firstName": "Ada", "email": "ada@example.com" });
        let entered = scene.ghl().enter(&here)?;
        scene.settle().await?;
        let pair = scene.pair(Side::Left, "contacts", &entered).await?;
        ensure(pair.insightly == ada, || format!("{pair:?} is not {ada}"))?;
        scene.insightly().are(1)?;
        scene.ends_well().await?;
    }
    Ok(())
}

async fn restored_from_the_bin(stage: Stage) -> Proved {
    for bump in ["no", "yes"] {
        let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
        scene.world.sandbox.set_switch("restore_bump", bump)?;
        scene.insightly().delete(&ada.insightly)?;
        scene.settle().await?;
        scene.restore(Side::Right, &ada.insightly)?;
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
        scene.a_day_later().await?;
        scene
            .insightly()
            .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
        scene.ghl().are(1)?;
        scene.ends_well().await?;
    }
    // Restored after the pair has ended: a person is asked whether the other is made again.
    let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
    scene.insightly().delete(&ada.insightly)?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene.ghl().are(0)?;
    scene.restore(Side::Right, &ada.insightly)?;
    scene.a_day_later().await?;
    scene.holds_are(&[(HoldReason::Restored, "")]).await?;
    scene.ghl().are(0)?;
    scene.ends_well().await
}

async fn deleted_and_edited(stage: Stage) -> Proved {
    let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
    scene.ghl().delete(&ada.ghl)?;
    let edit = json!({ "LAST_NAME": "Lovelace" });
    scene.insightly().edit(&ada.insightly, &edit)?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene
        .holds_are(&[(HoldReason::EditedMeanwhile, "")])
        .await?;
    scene.insightly().shows(&ada.insightly, &edit)?;
    scene.ends_well().await
}

/// Ada and Augusta are two records on both sides, each with a task and a note.
async fn two_adas(stage: Stage) -> Proved<(Scene, [Pair; 2])> {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let augusta =
        json!({ "firstName": "Augusta", "email": "augusta@example.com", "city": "Ockham" });
    let augusta = scene.from_ghl(&augusta).await?;
    for (who, pair) in [("Ada", &ada), ("Augusta", &augusta)] {
        let title = format!("Call {who}");
        let due = "2026-11-26T15:00:00.000Z";
        let task = json!({ "contactId": pair.ghl, "title": title, "dueDate": due });
        scene.desk(Side::Left, "tasks").enter(&task)?;
        let body = format!("<p>Met {who}</p>");
        let links = links_to(&[&pair.insightly])?;
        let note = json!({ "TITLE": who, "BODY": body, "LINKS": links });
        scene.desk(Side::Right, "notes").enter(&note)?;
    }
    scene.a_day_later().await?;
    for side in Side::BOTH {
        scene.desk(side, "tasks").are(2)?;
        scene.desk(side, "notes").are(2)?;
    }
    Ok((scene, [ada, augusta]))
}

/// Whatever was merged: each task and note is there once on each side, and the survivor has all.
async fn all_children_are_there(scene: &Scene) -> Proved {
    for side in Side::BOTH {
        scene.desk(side, "tasks").are(2)?;
        scene.desk(side, "notes").are(2)?;
    }
    let deleted = |event: &HistoryEvent| matches!(event, HistoryEvent::Deleted { .. });
    is_equal("deletes", scene.happened(deleted).await?, 0)
}

async fn merged_in_ghl(stage: Stage) -> Proved {
    let (mut scene, [ada, augusta]) = two_adas(stage).await?;
    scene.merge_in_ghl(&ada.ghl, &augusta.ghl)?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    all_children_are_there(&scene).await?;
    scene
        .insightly()
        .shows(&augusta.insightly, &json!({ "FIRST_NAME": "Augusta" }))?;
    scene.ends_well().await
}

async fn merged_in_insightly(stage: Stage) -> Proved {
    let (mut scene, [ada, augusta]) = two_adas(stage).await?;
    scene.merge_in_insightly(&ada.insightly, &augusta.insightly)?;
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    all_children_are_there(&scene).await?;
    scene
        .ghl()
        .shows(&augusta.ghl, &json!({ "firstName": "Augusta" }))?;
    scene.ends_well().await
}

async fn one_record_is_hidden(stage: Stage) -> Proved {
    for side in Side::BOTH {
        let (mut scene, ada) = ada_where_deletes_follow(stage).await?;
        hide(&scene, side, &ada, true)?;
        scene
            .ghl()
            .edit(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
        scene
            .insightly()
            .edit(&ada.insightly, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
        let (family, id) = (
            "contacts",
            if side == Side::Left {
                &ada.ghl
            } else {
                &ada.insightly
            },
        );
        hint(&mut scene, side, family, id).await?;
        scene.a_day_later().await?;
        scene.a_day_later().await?;
        scene.ghl().are(1)?;
        scene.insightly().are(1)?;
        let held = scene.holds().await?;
        ensure(
            held.iter().all(|hold| hold.reason == HoldReason::Forbidden),
            || format!("{held:?}"),
        )?;
        hide(&scene, side, &ada, false)?;
        scene.a_day_later().await?;
        scene.a_day_later().await?;
        scene.ghl().shows(&ada.ghl, &json!({ "city": "London" }))?;
        scene
            .insightly()
            .shows(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
        scene.holds_are(&[]).await?;
        scene.ends_well().await?;
    }
    Ok(())
}

fn hide(scene: &Scene, side: Side, pair: &Pair, hide: bool) -> Proved {
    let order = if hide { "hide" } else { "show" };
    let body = match side {
        Side::Left => json!({ "id": pair.ghl }),
        Side::Right => json!({ "family": "contacts", "id": pair.insightly.parse::<i64>()? }),
    };
    scene.world.crms()[side].order(order, &body)?;
    Ok(())
}

/// So many people who are contacts on both sides, and are linked. Guards are on, deletes follow.
async fn linked(stage: Stage, count: u64) -> Proved<Scene> {
    let people = Sandbox::builder().seed(3).ghl_contacts(count);
    let people = people.insightly_contacts(count).shared(count);
    let follow = "[deletes]\nin_ghl = \"follow\"\nin_insightly = \"follow\"\n";
    let mut scene = stage
        .set(people, |text| format!("{text}\n{follow}"))
        .await?;
    scene.settle().await?;
    scene
        .restart_with(|engine| engine.guards(Guards::default()))
        .await?;
    scene.settle().await?;
    Ok(scene)
}

async fn half_of_them_are_hidden(stage: Stage) -> Proved {
    let mut scene = linked(stage, 30).await?;
    let pairs = scene.links("contacts").await?;
    let mut hidden = Vec::new();
    for link in pairs.iter().step_by(2) {
        let ids = link.sides.as_ref().map(|side| side.id.to_string());
        hidden.push(Pair {
            ghl: ids.left,
            insightly: ids.right,
        });
    }
    for pair in &hidden {
        hide(&scene, Side::Right, pair, true)?;
    }
    for _ in 0..3 {
        scene.later(Duration::from_secs(25 * 3600));
        scene.cycle().await?;
    }
    scene.ghl().are(pairs.len())?;
    scene.insightly().are(pairs.len())?;
    for pair in &hidden {
        hide(&scene, Side::Right, pair, false)?;
    }
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene.holds_are(&[]).await?;
    scene.ends_well().await
}

async fn a_revoked_token(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({})).await?;
    let all = [
        "contacts.readonly",
        "contacts.write",
        "locations.readonly",
        "locations/customFields.readonly",
        "users.readonly",
    ];
    let token = json!({ "level": "Location", "scopes": all });
    let token = scene.world.sandbox.ghl().order("token", &token)?["token"].clone();
    let token = token.as_str().unwrap_or_default().to_owned();
    std::fs::write(scene.world.path("ghl.token"), &token)?;
    scene.restart().await?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "LAST_NAME": "Lovelace" }))?;
    scene.later(Duration::from_secs(60));
    let ghl = scene.world.sandbox.ghl();
    ghl.order("revoke", &json!({ "token": token }))?;
    // The side is given up with a reason, or the program says that it cannot go on.
    match scene.cycle().await {
        Ok(report) => {
            let stopped = report.stopped.left.as_ref().map(ToString::to_string);
            ensure(stopped.is_some(), || {
                format!("nothing was said: {report:?}")
            })?;
        }
        Err(why) => ensure(why.to_string().contains("401"), || why.to_string())?,
    }
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "lastName": "King" }))?;
    std::fs::write(
        scene.world.path("ghl.token"),
        scene.world.sandbox.ghl_token(),
    )?;
    scene.restart().await?;
    scene.settle().await?;
    scene
        .ghl()
        .shows(&ada.ghl, &json!({ "lastName": "Lovelace" }))?;
    scene.ends_well().await
}

async fn another_account(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    scene.ada(&json!({})).await?;
    let other = Sandbox::builder().seed(99).insightly_contacts(5).build();
    // An instance is known by what its users are told of it.
    let users = other.insightly().family("users");
    for user in users.all()? {
        let instance = json!({ "INSTANCE_ID": 890_124 });
        users.edit(user["USER_ID"].clone(), &instance)?;
    }
    let servers = other.serve(0, 0).await?;
    let ours = std::fs::read_to_string(scene.world.settings_path())?;
    let url = ours
        .lines()
        .find(|line| line.ends_with("/v3.1\""))
        .unwrap_or_default();
    let theirs = ours.replace(url, &format!("base_url = \"{}\"", servers.insightly_url()));
    let settings = |text: &str, key: &str| -> Proved {
        scene.world.write_settings(text)?;
        Ok(std::fs::write(scene.world.path("insightly.key"), key)?)
    };
    settings(&theirs, other.insightly_api_key())?;
    scene.restart().await?;
    let refused = scene.engine()?.cycle().await;
    ensure(
        matches!(
            refused,
            Err(EngineError::WrongAccount {
                side: Side::Right,
                ..
            })
        ),
        || format!("{refused:?}"),
    )?;
    is_equal(
        "contacts there",
        other.insightly().contacts().all()?.len(),
        5,
    )?;
    let settings = |text: &str, key: &str| -> Proved {
        scene.world.write_settings(text)?;
        Ok(std::fs::write(scene.world.path("insightly.key"), key)?)
    };
    settings(&ours, scene.world.sandbox.insightly_api_key())?;
    scene.restart().await?;
    servers.shutdown().await;
    scene.ends_well().await
}

async fn out_of_the_filter_for_a_while(stage: Stage) -> Proved {
    let filter = "[filter]\ntags = [\"Customer\"]\nwithout_tags = [\"private\"]\n";
    let mut scene = stage
        .contacts_with(|text| format!("{text}\n{filter}"))
        .await?;
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    let ada = scene.ghl().enter(&ada)?;
    scene.settle().await?;
    scene.insightly().are(0)?;
    scene.ghl().edit(&ada, &json!({ "tags": ["customer"] }))?;
    scene.settle().await?;
    let there = scene.insightly().only_id()?;
    let gone = json!({ "tags": ["customer", "private"], "lastName": "Byron" });
    scene.ghl().edit(&ada, &gone)?;
    scene.settles_with_writes(0).await?;
    scene
        .insightly()
        .edit(&there, &json!({ "ADDRESS_MAIL_CITY": "London" }))?;
    scene.settles_with_writes(0).await?;
    scene
        .insightly()
        .shows(&there, &json!({ "LAST_NAME": "King" }))?;
    scene.is_quiet().await?;
    scene.ghl().edit(&ada, &json!({ "tags": ["customer"] }))?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&there, &json!({ "LAST_NAME": "Byron" }))?;
    scene.ghl().shows(&ada, &json!({ "city": "London" }))?;
    scene.ends_well().await
}

async fn a_changed_filter(stage: Stage) -> Proved {
    let filter = "[filter]\ntags = [\"customer\"]\n";
    let mut scene = stage
        .contacts_with(|text| format!("{text}\n{filter}"))
        .await?;
    let ada = json!({ "firstName": "Ada", "email": "ada@example.com" });
    let ada = scene.ghl().enter(&ada)?;
    scene.settle().await?;
    scene.insightly().are(0)?;
    let with = std::fs::read_to_string(scene.world.settings_path())?;
    scene.world.write_settings(&with.replace(filter, ""))?;
    scene.restart().await?;
    scene.settle().await?;
    let there = scene.insightly().only_id()?;
    // With the filter again, nothing more is written for her, and nothing is taken from anybody.
    scene.world.write_settings(&with)?;
    scene.restart().await?;
    scene.ghl().edit(&ada, &json!({ "lastName": "King" }))?;
    scene.settles_with_writes(0).await?;
    scene.insightly().are(1)?;
    scene.world.write_settings(&with.replace(filter, ""))?;
    scene.restart().await?;
    scene.settle().await?;
    scene
        .insightly()
        .shows(&there, &json!({ "LAST_NAME": "King" }))?;
    scene.ends_well().await
}

/// A custom field is taken out of the file and put into it again. Meanwhile both sides edit it.
async fn a_changed_mapping(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let hobby = |value: &str| json!([{ "id": "hB7kQ2mXw9TzLr4NcV1a", "field_value": value }]);
    let there = |value: &str| json!([{ "FIELD_NAME": "Hobby__c", "FIELD_VALUE": value }]);
    let ada = scene
        .ada(&json!({ "customFields": hobby("Chess") }))
        .await?;
    let bob = json!({ "firstName": "Bob", "email": "bob@example.com" });
    let bob = scene.from_ghl(&bob).await?;
    let with = std::fs::read_to_string(scene.world.settings_path())?;
    let pair = "[[custom_field]]\nghl = \"Hobby\"\ninsightly = \"Hobby__c\"\n";
    scene.world.write_settings(&with.replace(pair, ""))?;
    scene.restart().await?;
    scene
        .ghl()
        .edit(&ada.ghl, &json!({ "customFields": hobby("Go") }))?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "CUSTOMFIELDS": there("Whist") }))?;
    scene
        .insightly()
        .edit(&bob.insightly, &json!({ "CUSTOMFIELDS": there("Golf") }))?;
    scene.settles_with_writes(0).await?;
    scene.world.write_settings(&with)?;
    scene.restart().await?;
    scene.a_day_later().await?;
    // Blanks are filled; where both have edited it, the rule decides, and the loser is kept.
    let filled = scene.ghl().get(&bob.ghl)?["customFields"].to_string();
    ensure(filled.contains("Golf"), || filled)?;
    scene.decided_are(1).await?;
    scene.ends_well().await
}

/// The field of Insightly is paired with another one of GHL, which is blank: nobody cleared it.
async fn another_custom_field(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let hobby = json!([{ "id": "hB7kQ2mXw9TzLr4NcV1a", "field_value": "Chess" }]);
    let ada = scene.ada(&json!({ "customFields": hobby })).await?;
    let text = std::fs::read_to_string(scene.world.settings_path())?;
    let with = text.replace("ghl = \"Hobby\"", "ghl = \"Job title\"");
    ensure(with != text, || text.clone())?;
    scene.world.write_settings(&with)?;
    // Who pairs a field wants what it holds to come.
    let of_ada = place(Side::Right, "contacts", &ada.insightly);
    let job_title = "custom.tT2jL5bEo9PoIu7YtR6e".to_owned();
    scene.deeds.note(of_ada, |done| {
        done.fields.insert(job_title);
    });
    scene.restart().await?;
    scene.a_day_later().await?;
    let there = scene.insightly().get(&ada.insightly)?["CUSTOMFIELDS"].to_string();
    ensure(there.contains("Chess"), || there)?;
    let here = scene.ghl().get(&ada.ghl)?["customFields"].to_string();
    ensure(here.matches("Chess").count() == 2, || here)?;
    scene.ends_well().await
}

async fn many_are_deleted(stage: Stage) -> Proved {
    let count = if stage.full { 2_000 } else { 60 };
    let mut scene = linked(stage, count).await?;
    let (all, there) = (scene.ghl().all()?, scene.insightly().all()?);
    // Among so many some share an address, and a person is asked about them from the beginning.
    let (pairs, asked) = (scene.links("contacts").await?, scene.holds().await?);
    for contact in &all {
        scene
            .ghl()
            .delete(contact["id"].as_str().unwrap_or_default())?;
    }
    let mut stopped = None;
    for _ in 0..3 {
        scene.later(Duration::from_secs(25 * 3600));
        stopped = scene.cycle().await?.guard.or(stopped);
    }
    let stopped = stopped.ok_or_else(|| Failure::new("no guard asks"))?;
    // What was tried again meanwhile is known to be missing.
    let known = scene.links("contacts").await?;
    let known = known.iter().filter(|link| link.sides.left.absent.is_some());
    let missing = (pairs.len() - known.count()) as u64;
    let which = (stopped.side, stopped.guard, stopped.planned);
    is_equal(
        "the guard",
        which,
        (Side::Left, GuardName::Missing, missing),
    )?;
    scene.insightly().are(there.len())?;
    // It was an accident.
    for contact in &all {
        scene.restore(Side::Left, contact["id"].as_str().unwrap_or_default())?;
    }
    scene.a_day_later().await?;
    scene.a_day_later().await?;
    scene.ghl().are(all.len())?;
    is_equal("holds", scene.holds().await?.len(), asked.len())?;
    scene.ends_well().await
}

/// Nothing in the store's files names her.
fn is_forgotten(scene: &Scene, names: &[&str]) -> Proved {
    for file in std::fs::read_dir(scene.world.folder())? {
        let path = file?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with("sync.db") {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        for word in names {
            let found = bytes
                .windows(word.len())
                .any(|at| at.eq_ignore_ascii_case(word.as_bytes()));
            ensure(!found, || format!("{name} still has {word}"))?;
        }
    }
    Ok(())
}

async fn forgotten_while_held(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let ada = scene.ada(&json!({ "phone": "+14155550142" })).await?;
    scene
        .insightly()
        .edit(&ada.insightly, &json!({ "PHONE_MOBILE": "ask Babbage" }))?;
    scene.settle().await?;
    scene.holds_are(&[(HoldReason::Unfit, "phone")]).await?;
    scene.ghl().delete(&ada.ghl)?;
    scene.insightly().delete(&ada.insightly)?;
    let id = RecordId::new(ada.ghl.as_str());
    let forgotten = scene
        .engine()?
        .forget(&kind("contacts"), Side::Left, &id)
        .await?;
    ensure(matches!(forgotten, Forgotten::Erased { .. }), || {
        format!("{forgotten:?}")
    })?;
    scene.holds_are(&[]).await?;
    is_forgotten(
        &scene,
        &["ada@example.com", "babbage", "4155550142", &ada.ghl],
    )?;
    scene.ends_well().await?;
    is_forgotten(
        &scene,
        &["ada@example.com", "babbage", "4155550142", &ada.ghl],
    )
}

async fn forgotten_while_written(stage: Stage) -> Proved {
    let mut scene = stage.contacts().await?;
    let lost = FaultRule::new("contacts.create", When::Nth(1), Fault::ResetAfter);
    scene.world.sandbox.insightly().add_fault(lost)?;
    let ada = scene
        .ghl()
        .enter(&json!({ "firstName": "Ada", "email": "ada@example.com" }))?;
    scene.later(Duration::from_secs(60));
    while scene.world.counted("contacts.create") == 0 {
        scene.cycle().await?;
        scene.later(Duration::from_secs(10));
    }
    scene.ghl().delete(&ada)?;
    let id = RecordId::new(ada.as_str());
    // Whom the lost create has made must be known first, or she would come back.
    for _ in 0..10 {
        let forgotten = scene
            .engine()?
            .forget(&kind("contacts"), Side::Left, &id)
            .await?;
        match forgotten {
            Forgotten::Erased { ids, .. } => {
                ensure(ids.right.is_some(), || "her copy was not known".to_owned())?;
                let there = scene.insightly().only()?;
                let there = crate::scene::id_of("contacts", &there)?;
                scene.insightly().delete(&there)?;
                scene.a_day_later().await?;
                scene.ghl().are(0)?;
                scene.insightly().are(0)?;
                is_forgotten(&scene, &["ada@example.com", &ada])?;
                return scene.ends_well().await;
            }
            _ => scene.later(Duration::from_secs(60)),
        }
    }
    let gone = scene.ghl().all()?;
    Err(Failure::new(format!(
        "it waits for ever: {:?}",
        gone.iter().map(email_of_ghl).collect::<Vec<_>>()
    )))
}
