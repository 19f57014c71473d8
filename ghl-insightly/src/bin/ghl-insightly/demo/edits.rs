//! What people do on both sides, with the sandbox's own hand.

use crm_sandbox::{Fault, FaultRule, When};
use ghl_insightly::{contact::CONTACT, note::NOTE, task::TASK};
use serde_json::{Value, json};
use sync_core::Side;

use super::{
    entered::{OF_GHL, OF_INSIGHTLY, in_days, link, plain},
    world::World,
};
use crate::failure::Failure;

/// Edits pairs that are the same people: one side, the other, both, and both the same field.
pub(super) fn people_edit(world: &mut World) -> Result<String, Failure> {
    let ghl = world.sandbox.ghl();
    let insightly = world.sandbox.insightly();
    let people = world.sandbox.same_people();
    let (mut left, mut right, mut same) = (0, 0, 0);
    for (number, person) in people.iter().take(40).enumerate() {
        let here = ghl.contacts();
        let there = insightly.contacts();
        match number % 4 {
            0 => {
                here.edit(
                    &person.ghl,
                    &json!({ "lastName": format!("King-{number}") }),
                )?;
                left += 1;
            }
            1 => {
                there.edit(
                    person.insightly,
                    &json!({ "ADDRESS_MAIL_CITY": format!("Bergen {number}") }),
                )?;
                right += 1;
            }
            2 => {
                here.edit(&person.ghl, &json!({ "tags": ["met in oslo", "vip"] }))?;
                there.edit(person.insightly, &json!({ "EMAIL_OPTED_OUT": true }))?;
                left += 1;
                right += 1;
            }
            _ => {
                here.edit(
                    &person.ghl,
                    &json!({ "firstName": format!("Grace {number}") }),
                )?;
                there.edit(
                    person.insightly,
                    &json!({ "FIRST_NAME": format!("Gracie {number}") }),
                )?;
                same += 1;
            }
        }
    }
    let others = the_rest_is_edited(world)?;
    somebody_is_new(world)?;
    Ok(format!(
        "{left} edits in GHL, {right} in Insightly, {same} times the same field on both sides; {others}; one new contact on each side, one with a task and a note"
    ))
}

/// Companies are renamed, tasks done and moved, notes rewritten, appointments moved and cancelled.
fn the_rest_is_edited(world: &World) -> Result<String, Failure> {
    let (ghl, insightly) = (world.sandbox.ghl(), world.sandbox.insightly());
    let begins = |record: &Value, member: &str, with: &str| {
        record[member]
            .as_str()
            .is_some_and(|title| title.starts_with(with))
    };
    for company in insightly.family("organisations").all()?.iter().take(4) {
        let renamed = format!(
            "{} & Daughters",
            company["ORGANISATION_NAME"].as_str().unwrap_or("X")
        );
        let companies = insightly.family("organisations");
        companies.edit(
            plain(&company["ORGANISATION_ID"]),
            &json!({ "ORGANISATION_NAME": renamed }),
        )?;
    }
    let tasks = ghl.family("tasks").all()?;
    for task in tasks
        .iter()
        .filter(|task| begins(task, "title", OF_GHL))
        .take(8)
    {
        ghl.family("tasks")
            .edit(plain(&task["id"]), &json!({ "completed": true }))?;
    }
    let tasks = insightly.family("tasks").all()?;
    for task in tasks
        .iter()
        .filter(|task| begins(task, "TITLE", OF_INSIGHTLY))
        .take(8)
    {
        let later = json!({ "DUE_DATE": "2027-02-26 00:00:00" });
        insightly
            .family("tasks")
            .edit(plain(&task["TASK_ID"]), &later)?;
    }
    let notes = insightly.family("notes").all()?;
    for note in notes
        .iter()
        .filter(|note| begins(note, "TITLE", "Visit"))
        .take(5)
    {
        let text = json!({ "BODY": "<p>Order changed by phone</p>" });
        insightly
            .family("notes")
            .edit(plain(&note["NOTE_ID"]), &text)?;
    }
    for (number, visit) in ghl.family("appointments").all()?.iter().take(6).enumerate() {
        let change = match number % 3 {
            0 => json!({ "startTime": in_days(40 + number, 60) }),
            1 => json!({ "appointmentStatus": "noshow" }),
            _ => json!({ "appointmentStatus": "cancelled" }),
        };
        ghl.family("appointments")
            .edit(plain(&visit["id"]), &change)?;
    }
    Ok("4 companies renamed, 16 tasks done or moved, 5 notes rewritten, 6 appointments moved, missed or cancelled".to_owned())
}

fn somebody_is_new(world: &mut World) -> Result<(), Failure> {
    let insightly = world.sandbox.insightly();
    let dorothy = insightly.contacts().create(&json!({
        "FIRST_NAME": "Dorothy", "LAST_NAME": "Vaughan", "EMAIL_ADDRESS": "dorothy.vaughan@example.com",
    }))?;
    let links = json!([link(&dorothy["CONTACT_ID"])]);
    let task =
        json!({ "TITLE": "Congratulate", "DUE_DATE": "2027-03-01 00:00:00", "LINKS": links });
    let task = insightly.family("tasks").create(&task)?;
    let note = json!({ "TITLE": "Fortran", "BODY": "<p>Taught it to herself</p>", "LINKS": links });
    let note = insightly.family("notes").create(&note)?;
    let katherine = world.sandbox.ghl().contacts().create(&json!({
        "firstName": "Katherine", "lastName": "Johnson", "email": "katherine.johnson@example.com",
        "phone": "+14155550199", "tags": ["new"],
    }))?;
    world
        .before
        .enter(&CONTACT, Side::Left, plain(&katherine["id"]));
    world
        .before
        .enter(&CONTACT, Side::Right, plain(&dorothy["CONTACT_ID"]));
    world
        .before
        .enter(&TASK, Side::Right, plain(&task["TASK_ID"]));
    world
        .before
        .enter(&NOTE, Side::Right, plain(&note["NOTE_ID"]));
    Ok(())
}

/// The next create in Insightly is done, and its reply is lost.
pub(super) fn lose_a_reply(world: &mut World) -> Result<(), Failure> {
    let rule = FaultRule::new("contacts.create", When::Always, Fault::ResetAfter).times(1);
    world.sandbox.insightly().add_fault(rule);
    let mary = world.sandbox.ghl().contacts().create(&json!({
        "firstName": "Mary", "lastName": "Jackson", "email": "mary.jackson@example.com",
    }))?;
    world.before.enter(&CONTACT, Side::Left, plain(&mary["id"]));
    Ok(())
}

/// One record is altered where no sync follows.
pub(super) fn break_one(world: &World) -> Result<(), Failure> {
    if let Some(person) = world.sandbox.same_people().first() {
        let change = json!({ "LAST_NAME": "Nobody-entered-this" });
        world
            .sandbox
            .insightly()
            .contacts()
            .edit(person.insightly, &change)?;
    }
    Ok(())
}
