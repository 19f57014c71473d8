//! What people do on both sides, with the sandbox's own hand.

use crm_sandbox::{Fault, FaultRule, When};
use serde_json::json;

use super::world::World;
use crate::failure::Failure;

/// Edits pairs that are the same people: one side, the other, both, and both the same field.
pub(super) fn people_edit(world: &World) -> Result<String, Failure> {
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
    here_is_a_new_one(world)?;
    Ok(format!(
        "{left} edits in GHL, {right} in Insightly, {same} times the same field on both sides, one new contact on each side"
    ))
}

fn here_is_a_new_one(world: &World) -> Result<(), Failure> {
    world.sandbox.ghl().contacts().create(&json!({
        "firstName": "Katherine", "lastName": "Johnson", "email": "katherine.johnson@example.com",
        "phone": "+14155550199", "tags": ["new"],
    }))?;
    world.sandbox.insightly().contacts().create(&json!({
        "FIRST_NAME": "Dorothy", "LAST_NAME": "Vaughan", "EMAIL_ADDRESS": "dorothy.vaughan@example.com",
    }))?;
    Ok(())
}

/// The next create in Insightly is done, and its reply is lost.
pub(super) fn lose_a_reply(world: &World) -> Result<(), Failure> {
    let rule = FaultRule::new("contacts.create", When::Always, Fault::ResetAfter).times(1);
    world.sandbox.insightly().add_fault(rule);
    world.sandbox.ghl().contacts().create(&json!({
        "firstName": "Mary", "lastName": "Jackson", "email": "mary.jackson@example.com",
    }))?;
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
