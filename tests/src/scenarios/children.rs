//! Tasks and notes of contacts.

use std::time::Duration;

use crm_sandbox::{Fault, FaultRule, When};
use serde_json::{Value, json};
use sync_core::{HoldReason, Side};

use super::chapter;
use crate::{
    failure::{Proved, ensure},
    scene::{Desk, Pair, Scene, Stage, is_equal, links_to},
};

chapter! {
    22 "Done in L while WAITING was edited in R; reopened in L; WAITING → IN PROGRESS in R writes nothing to L."
        [done_while_waiting, a_status_of_its_own, an_assignee_who_is_taken_away];
    23 "Due 23:30 in the location's zone; daylight saving; no due date; moved by a day in R keeps L's hour."
        [due_near_midnight, due_across_daylight_saving, no_due_date];
    24 "A recurring task; a thousand of them."
        [recurring_tasks];
    25 "A task or note on two contacts; moved to another contact."
        [on_two_contacts, moved_to_another_contact, moves_are_held];
    26 "A note edited as HTML in R, then as text in L; by an author without a counterpart; without a title."
        [a_note_edited_in_turns, a_note_with_formatting, a_note_without_a_title];
    27 "Create of a task succeeded, its link was lost: no orphan, no second task."
        [a_lost_link, a_lost_task_without_a_due_date, a_lost_contact_without_a_first_name];
    28 "An appointment in L is booked, moved, cancelled, missed: one follow-up task in R, right in the location's zone."
        [an_appointment_in_turns, beside_other_tasks];
}

impl Scene {
    fn tasks(&self, side: Side) -> Desk<'_> {
        self.desk(side, "tasks")
    }

    fn notes(&self, side: Side) -> Desk<'_> {
        self.desk(side, "notes")
    }

    /// A task that somebody made in GHL, on both sides.
    async fn task_of(&mut self, contact: &Pair, due: &str) -> Proved<Pair> {
        let task = json!({ "contactId": contact.ghl, "title": "Call Ada", "dueDate": due });
        let id = self.tasks(Side::Left).enter(&task)?;
        self.settle().await?;
        self.pair(Side::Left, "tasks", &id).await
    }
}

/// Ada and a task of hers, on both sides.
async fn ada_with_a_task(stage: Stage, due: &str) -> Proved<(Scene, Pair, Pair)> {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let task = scene.task_of(&ada, due).await?;
    Ok((scene, ada, task))
}

const LATE: &str = "2026-11-26T05:30:00.000Z";

async fn done_while_waiting(stage: Stage) -> Proved {
    let (mut scene, _, task) = ada_with_a_task(stage, LATE).await?;
    let waiting = json!({ "STATUS": "WAITING", "PERCENT_COMPLETE": 40 });
    scene.tasks(Side::Right).edit(&task.insightly, &waiting)?;
    scene
        .tasks(Side::Left)
        .edit(&task.ghl, &json!({ "completed": true }))?;
    scene.settle().await?;
    let done = json!({ "COMPLETED": true, "STATUS": "COMPLETED", "PERCENT_COMPLETE": 100 });
    scene.tasks(Side::Right).shows(&task.insightly, &done)?;
    scene
        .tasks(Side::Left)
        .edit(&task.ghl, &json!({ "completed": false }))?;
    scene.settle().await?;
    let open = json!({ "COMPLETED": false, "STATUS": "WAITING", "PERCENT_COMPLETE": 40 });
    scene.tasks(Side::Right).shows(&task.insightly, &open)?;
    scene.ends_well().await
}

async fn a_status_of_its_own(stage: Stage) -> Proved {
    let (mut scene, _, task) = ada_with_a_task(stage, LATE).await?;
    for status in ["WAITING", "IN PROGRESS", "DEFERRED"] {
        scene
            .tasks(Side::Right)
            .edit(&task.insightly, &json!({ "STATUS": status }))?;
        scene.settles_with_writes(0).await?;
        scene
            .tasks(Side::Right)
            .shows(&task.insightly, &json!({ "STATUS": status }))?;
    }
    scene.ends_well().await
}

fn due_is(scene: &Scene, task: &Pair, ghl: &str, insightly: &str) -> Proved {
    let here = scene.tasks(Side::Left).get(&task.ghl)?["dueDate"].clone();
    let there = scene.tasks(Side::Right).get(&task.insightly)?["DUE_DATE"].clone();
    let alike = |shown: &Value, begin: &str| shown.as_str().is_some_and(|of| of.starts_with(begin));
    ensure(alike(&here, ghl) && alike(&there, insightly), || {
        format!("due {here} and {there}, and not {ghl} and {insightly}")
    })
}

/// GHL has no call for it: a person is asked, and GHL is not.
async fn an_assignee_who_is_taken_away(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let users = scene.world.sandbox.ghl().family("users").all()?;
    let sam = users.iter().find(|user| user["firstName"] == "Sam");
    let sam = sam.map(|sam| sam["id"].clone());
    let task = json!({
        "contactId": ada.ghl, "title": "Call Ada", "dueDate": LATE, "assignedTo": sam,
    });
    let id = scene.tasks(Side::Left).enter(&task)?;
    scene.settle().await?;
    let task = scene.pair(Side::Left, "tasks", &id).await?;
    let nobody = json!({ "RESPONSIBLE_USER_ID": null });
    scene.tasks(Side::Right).edit(&task.insightly, &nobody)?;
    scene.world.sandbox.ghl().forget_requests();
    scene.settle().await?;
    scene.holds_are(&[(HoldReason::Unfit, "assignee")]).await?;
    let asked = scene.world.sandbox.ghl().requests();
    for operation in ["tasks.get", "tasks.update"] {
        is_equal(operation, asked.get(operation), None)?;
    }
    scene.ends_well().await
}

async fn due_near_midnight(stage: Stage) -> Proved {
    // Half past eleven at night in Chicago.
    let (mut scene, _, task) = ada_with_a_task(stage, LATE).await?;
    due_is(&scene, &task, "2026-11-26T05:30:00", "2026-11-25")?;
    let tomorrow = json!({ "DUE_DATE": "2026-11-26 00:00:00" });
    scene.tasks(Side::Right).edit(&task.insightly, &tomorrow)?;
    scene.settles_with_writes(1).await?;
    due_is(&scene, &task, "2026-11-27T05:30:00", "2026-11-26")?;
    scene.ends_well().await
}

async fn due_across_daylight_saving(stage: Stage) -> Proved {
    let summer = "2026-11-01T04:30:00.000Z";
    let (mut scene, _, task) = ada_with_a_task(stage, summer).await?;
    due_is(&scene, &task, "2026-11-01T04:30:00", "2026-10-31")?;
    // The clocks go back an hour on the first: half past eleven is an hour later by UTC.
    for (day, due) in [
        ("2026-11-01", "2026-11-02T05:30:00"),
        ("2026-10-31", "2026-11-01T04:30:00"),
    ] {
        let edit = json!({ "DUE_DATE": format!("{day} 00:00:00") });
        scene.tasks(Side::Right).edit(&task.insightly, &edit)?;
        scene.settle().await?;
        due_is(&scene, &task, due, day)?;
    }
    scene.ends_well().await
}

async fn no_due_date(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let task = json!({ "TITLE": "Some day", "LINKS": links_to(&[&ada.insightly])? });
    let there = scene.tasks(Side::Right).enter(&task)?;
    scene.settle().await?;
    let task = scene.pair(Side::Right, "tasks", &there).await?;
    scene
        .tasks(Side::Right)
        .shows(&there, &json!({ "DUE_DATE": null }))?;
    scene.is_quiet().await?;
    let due = json!({ "dueDate": "2027-01-05T18:00:00.000Z" });
    scene.tasks(Side::Left).edit(&task.ghl, &due)?;
    scene.settle().await?;
    due_is(&scene, &task, "2027-01-05T18:00:00", "2027-01-05")?;
    scene.ends_well().await
}

async fn recurring_tasks(stage: Stage) -> Proved {
    let times = if stage.full { 1_000 } else { 30 };
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let task = json!({
        "TITLE": "Invoice", "DUE_DATE": "2026-05-01 00:00:00", "LINKS": links_to(&[&ada.insightly])?,
    });
    let order = json!({ "task": task, "every_days": 7, "times": times });
    let made = scene
        .world
        .sandbox
        .insightly()
        .order("recurring_tasks", &order)?;
    for id in made["ids"].as_array().into_iter().flatten() {
        let place = crate::scene::place(Side::Right, "tasks", &id.to_string());
        scene
            .deeds
            .note(place, |done| (done.entered, done.all) = (true, true));
    }
    scene.settle().await?;
    scene.tasks(Side::Left).are(times)?;
    scene.tasks(Side::Right).are(times)?;
    // The second is done, and no other.
    let second = made["ids"][1].to_string();
    let done = json!({ "COMPLETED": true, "STATUS": "COMPLETED", "PERCENT_COMPLETE": 100 });
    scene.tasks(Side::Right).edit(&second, &done)?;
    scene.settles_with_writes(1).await?;
    scene.ends_well().await
}

async fn bob(scene: &mut Scene) -> Proved<Pair> {
    let bob = json!({ "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com" });
    scene.from_insightly(&bob).await
}

async fn on_two_contacts(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let bob = bob(&mut scene).await?;
    let links = links_to(&[&ada.insightly, &bob.insightly])?;
    let task = json!({ "TITLE": "Both", "DUE_DATE": "2026-05-01 00:00:00", "LINKS": links });
    scene.tasks(Side::Right).enter(&task)?;
    let note = json!({ "TITLE": "Both", "BODY": "<p>Met both</p>", "LINKS": links });
    scene.notes(Side::Right).enter(&note)?;
    scene.settle().await?;
    let of_ada = json!({ "contactId": ada.ghl });
    let task = scene.tasks(Side::Left).only_id()?;
    scene.tasks(Side::Left).shows(&task, &of_ada)?;
    let note = scene.notes(Side::Left).only_id()?;
    scene.notes(Side::Left).shows(&note, &of_ada)?;
    scene.ends_well().await
}

/// GHL cannot move a task or a note: each is created anew under the other contact, and the old one
/// is deleted, though deletes into GHL wait for a person.
async fn moved_to_another_contact(stage: Stage) -> Proved {
    let (mut scene, ada, task) = ada_with_a_task(stage, LATE).await?;
    let bob = bob(&mut scene).await?;
    let done = json!({ "completed": true });
    scene.tasks(Side::Left).edit(&task.ghl, &done)?;
    let rich = "<p>A <b>bold</b> word</p>";
    let note = json!({ "contactId": ada.ghl, "title": "Met", "body": rich });
    let note = scene.notes(Side::Left).enter(&note)?;
    scene.a_day_later().await?;
    let note = scene.pair(Side::Left, "notes", &note).await?;
    let to_bob = json!({ "LINKS": links_to(&[&bob.insightly])? });
    scene.tasks(Side::Right).edit(&task.insightly, &to_bob)?;
    scene
        .tasks(Side::Right)
        .edit(&task.insightly, &json!({ "TITLE": "Call Bob" }))?;
    scene.notes(Side::Right).edit(&note.insightly, &to_bob)?;
    scene.a_day_later().await?;
    let moved = json!({
        "contactId": bob.ghl, "title": "Call Bob", "completed": true, "dueDate": LATE,
    });
    let here = scene.tasks(Side::Left).only_id()?;
    scene.tasks(Side::Left).shows(&here, &moved)?;
    let moved = json!({ "contactId": bob.ghl, "title": "Met", "body": rich });
    let here = scene.notes(Side::Left).only_id()?;
    scene.notes(Side::Left).shows(&here, &moved)?;
    scene.tasks(Side::Right).are(1)?;
    scene.notes(Side::Right).are(1)?;
    scene.ends_well().await
}

/// Where the file says so, a person is asked, and nothing is lost meanwhile.
async fn moves_are_held(stage: Stage) -> Proved {
    let (mut scene, ada, task) = ada_with_a_task(stage, LATE).await?;
    let bob = bob(&mut scene).await?;
    let text = std::fs::read_to_string(scene.world.settings_path())?;
    let held = format!("{text}\n[moves]\nin_ghl = \"hold\"\n");
    scene.world.write_settings(&held)?;
    scene.restart().await?;
    let to_bob = json!({ "LINKS": links_to(&[&bob.insightly])? });
    scene.tasks(Side::Right).edit(&task.insightly, &to_bob)?;
    scene
        .tasks(Side::Right)
        .edit(&task.insightly, &json!({ "TITLE": "Call Bob" }))?;
    scene.settle().await?;
    let here = scene.tasks(Side::Left).only()?;
    is_equal("the title", &here["title"], &json!("Call Bob"))?;
    is_equal("the contact", &here["contactId"], &json!(ada.ghl))?;
    scene.holds_are(&[(HoldReason::Unfit, "contact")]).await?;
    scene.ends_well().await
}

async fn a_note_edited_in_turns(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let note = json!({ "contactId": ada.ghl, "body": "Called.\nWill < call > back" });
    let here = scene.notes(Side::Left).enter(&note)?;
    scene.a_day_later().await?;
    let note = scene.pair(Side::Left, "notes", &here).await?;
    let copy = scene.notes(Side::Right).get(&note.insightly)?;
    let body = copy["BODY"].as_str().unwrap_or_default().to_owned();
    ensure(
        body.starts_with("<p>Called.<br>Will &lt; call &gt; back</p><p>[GHL · "),
        || body.clone(),
    )?;
    let edited = json!({ "BODY": body.replace("Called.", "Called twice.") });
    scene.notes(Side::Right).edit(&note.insightly, &edited)?;
    scene.a_day_later().await?;
    let text = json!({ "body": "Called twice.\nWill < call > back" });
    scene.notes(Side::Left).shows(&here, &text)?;
    let text = json!({ "body": "Called three times.\nWill < call > back" });
    scene.notes(Side::Left).edit(&here, &text)?;
    scene.a_day_later().await?;
    let there = scene.notes(Side::Right).get(&note.insightly)?["BODY"].to_string();
    ensure(
        there.contains("three times") && there.contains("[GHL · "),
        || there,
    )?;
    scene.ends_well().await
}

async fn a_note_with_formatting(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let rich = "<p>A <b>bold</b> word</p>";
    // Olga is a user of Insightly only.
    let olga = scene.world.sandbox.insightly().family("users").all()?;
    let olga = olga.iter().find(|user| user["FIRST_NAME"] == "Olga");
    let olga = olga.map(|user| user["USER_ID"].clone());
    let note = json!({
        "TITLE": "Rich", "BODY": rich, "OWNER_USER_ID": olga, "LINKS": links_to(&[&ada.insightly])?,
    });
    let there = scene.notes(Side::Right).enter(&note)?;
    scene.settle().await?;
    let note = scene.pair(Side::Right, "notes", &there).await?;
    let body = scene.notes(Side::Left).get(&note.ghl)?["body"].clone();
    let body = body.as_str().unwrap_or_default().to_owned();
    ensure(
        body.starts_with("A bold word") && body.contains("Olga"),
        || body.clone(),
    )?;
    let shy = json!({ "body": body.replace("bold", "shy") });
    scene.notes(Side::Left).edit(&note.ghl, &shy)?;
    scene.a_day_later().await?;
    scene
        .notes(Side::Right)
        .shows(&there, &json!({ "BODY": rich }))?;
    scene.holds_are(&[(HoldReason::Unfit, "text")]).await?;
    scene.ends_well().await
}

async fn a_note_without_a_title(stage: Stage) -> Proved {
    let mut scene = stage.all_kinds().await?;
    let ada = scene.ada(&json!({})).await?;
    let note = json!({ "contactId": ada.ghl, "body": "First line\nSecond line" });
    let here = scene.notes(Side::Left).enter(&note)?;
    scene.a_day_later().await?;
    let note = scene.pair(Side::Left, "notes", &here).await?;
    scene
        .notes(Side::Right)
        .shows(&note.insightly, &json!({ "TITLE": "First line" }))?;
    scene
        .notes(Side::Left)
        .shows(&here, &json!({ "title": null }))?;
    scene
        .notes(Side::Left)
        .edit(&here, &json!({ "body": "Other line\nSecond line" }))?;
    scene.a_day_later().await?;
    scene
        .notes(Side::Right)
        .shows(&note.insightly, &json!({ "TITLE": "Other line" }))?;
    scene.ends_well().await
}

async fn a_lost_link(stage: Stage) -> Proved {
    let faults: [&[&str]; 3] = [
        &["tasks.add_link"],
        &["tasks.create"],
        &["tasks.create", "tasks.add_link"],
    ];
    for lost in faults {
        for fault in [Fault::ResetAfter, Fault::ResetBefore] {
            let mut scene = stage.all_kinds().await?;
            let ada = scene.ada(&json!({})).await?;
            for operation in lost {
                let rule = FaultRule::new(*operation, When::Nth(1), fault.clone());
                scene.world.sandbox.insightly().add_fault(rule)?;
            }
            let task = json!({ "contactId": ada.ghl, "title": "Call", "dueDate": LATE });
            scene.tasks(Side::Left).enter(&task)?;
            scene.settle().await?;
            scene.later(Duration::from_secs(600));
            scene.settle().await?;
            let there = scene.tasks(Side::Right).only()?;
            let links = there["LINKS"].as_array().map(Vec::len);
            is_equal("links", links, Some(1))?;
            scene.tasks(Side::Left).are(1)?;
            // Whom Insightly made responsible by itself cannot be told from a person's edit, once
            // the reply is lost: the value travels.
            let id = crate::scene::id_of("tasks", &there)?;
            let found = crate::scene::place(Side::Right, "tasks", &id);
            scene.deeds.note(found, |done| {
                done.fields.insert("assigned".to_owned());
            });
            scene.ends_well().await?;
        }
    }
    Ok(())
}

/// GHL wants a due date: the one that is made must not hide the task that was made with it.
async fn a_lost_task_without_a_due_date(stage: Stage) -> Proved {
    for fault in [Fault::ResetAfter, Fault::ResetBefore] {
        let mut scene = stage.all_kinds().await?;
        let ada = scene.ada(&json!({})).await?;
        let rule = FaultRule::new("tasks.create", When::Nth(1), fault);
        scene.world.sandbox.ghl().add_fault(rule)?;
        let task = json!({ "TITLE": "Some day", "LINKS": links_to(&[&ada.insightly])? });
        scene.tasks(Side::Right).enter(&task)?;
        scene.settle().await?;
        scene.later(Duration::from_secs(600));
        scene.settle().await?;
        scene.tasks(Side::Left).are(1)?;
        scene.tasks(Side::Right).are(1)?;
        scene.holds_are(&[]).await?;
        scene.ends_well().await?;
    }
    Ok(())
}

/// Insightly wants a first name.
async fn a_lost_contact_without_a_first_name(stage: Stage) -> Proved {
    for fault in [Fault::ResetAfter, Fault::ResetBefore] {
        let mut scene = stage.contacts().await?;
        let rule = FaultRule::new("contacts.create", When::Nth(1), fault);
        scene.world.sandbox.insightly().add_fault(rule)?;
        scene.ghl().enter(&json!({ "lastName": "Lovelace" }))?;
        scene.settle().await?;
        scene.later(Duration::from_secs(600));
        scene.settle().await?;
        scene.ghl().are(1)?;
        scene.insightly().are(1)?;
        scene.holds_are(&[]).await?;
        scene.ends_well().await?;
    }
    Ok(())
}

/// Ada on both sides, and appointments of the sandbox's calendar that are followed up.
async fn ada_in_a_practice(stage: Stage) -> Proved<(Scene, Pair)> {
    let mut scene = stage.contacts().await?;
    let text = std::fs::read_to_string(scene.world.settings_path())?;
    let calendar = scene.world.sandbox.ghl_calendar_id();
    let followed = format!(
        "[sync]\nkinds = [\"contacts\", \"tasks\"]\n[follow_ups]\ncalendars = [\"{calendar}\"]\nfrom = \"2026-01-01\"\n"
    );
    scene.world.write_settings(&format!("{text}\n{followed}"))?;
    scene.restart().await?;
    let ada = scene.ada(&json!({})).await?;
    Ok((scene, ada))
}

impl Scene {
    fn appointments(&self) -> Desk<'_> {
        self.desk(Side::Left, "appointments")
    }

    /// A visit that Ada has booked.
    fn visit_of(&self, ada: &Pair, at: &str) -> Proved<String> {
        let visit = json!({ "contactId": ada.ghl, "title": "First visit", "startTime": at });
        self.appointments().enter(&visit)
    }

    /// The only task of Insightly shows these members, and is due on a day.
    fn follow_up_is(&self, members: &Value, day: &str) -> Proved {
        let task = self.tasks(Side::Right).only_id()?;
        self.tasks(Side::Right).shows(&task, members)?;
        let due = self.tasks(Side::Right).get(&task)?["DUE_DATE"].clone();
        let alike = due.as_str().is_some_and(|due| due.starts_with(day));
        ensure(alike, || format!("due {due} and not {day}"))
    }
}

async fn an_appointment_in_turns(stage: Stage) -> Proved {
    let (mut scene, ada) = ada_in_a_practice(stage).await?;
    // Half past eleven at night in Chicago, where the location is.
    let visit = scene.visit_of(&ada, "2026-12-02T05:30:00.000Z")?;
    scene.settle().await?;
    let open = json!({ "TITLE": "Follow up: First visit", "COMPLETED": false });
    scene.follow_up_is(&open, "2026-12-01")?;
    let links = scene.tasks(Side::Right).only()?["LINKS"].clone();
    is_equal("of whom", &links[0]["LINK_OBJECT_NAME"], &json!("Contact"))?;
    is_equal(
        "of whom",
        links[0]["LINK_OBJECT_ID"].to_string(),
        ada.insightly.clone(),
    )?;
    let moved = json!({ "startTime": "2026-12-05T16:00:00.000Z" });
    scene.appointments().edit(&visit, &moved)?;
    scene.settle().await?;
    scene.follow_up_is(&open, "2026-12-05")?;
    let missed = json!({ "appointmentStatus": "noshow" });
    scene.appointments().edit(&visit, &missed)?;
    scene.settle().await?;
    let open = json!({ "TITLE": "Missed: First visit", "COMPLETED": false });
    scene.follow_up_is(&open, "2026-12-05")?;
    let cancelled = json!({ "appointmentStatus": "cancelled" });
    scene.appointments().edit(&visit, &cancelled)?;
    scene.settle().await?;
    let done = json!({ "COMPLETED": true, "STATUS": "COMPLETED" });
    scene.follow_up_is(&done, "2026-12-05")?;
    // It is nobody's task in GHL.
    scene.tasks(Side::Left).are(0)?;
    scene.holds_are(&[]).await?;
    scene.ends_well().await
}

async fn beside_other_tasks(stage: Stage) -> Proved {
    let (mut scene, ada) = ada_in_a_practice(stage).await?;
    scene.visit_of(&ada, "2026-12-01T16:00:00.000Z")?;
    scene.visit_of(&ada, "2025-12-31T16:00:00.000Z")?;
    scene.settle().await?;
    scene.task_of(&ada, LATE).await?;
    // One for the task, one for the visit; the other was before the first day.
    scene.tasks(Side::Right).are(2)?;
    scene.tasks(Side::Left).are(1)?;
    scene.ends_well().await
}
