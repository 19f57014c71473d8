//! What people do on both sides, with the sandbox's own hand.

use crm_sandbox::{Fault, FaultRule, When};
use ghl_insightly::{contact::CONTACT, note::NOTE, task::TASK};
use serde_json::json;
use sync_core::Side;

use super::{
    entered::{link, plain},
    work,
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
    work::in_ghl(ghl)?;
    work::in_insightly(insightly)?;
    somebody_is_new(world)?;
    Ok(format!(
        "{left} edits in GHL, {right} in Insightly, {same} times the same field on both sides; {}; one new contact on each side, one with a task and a note",
        work::DONE
    ))
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
    world.sandbox.insightly().add_fault(rule)?;
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
