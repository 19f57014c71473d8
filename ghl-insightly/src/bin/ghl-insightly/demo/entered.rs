//! What people have entered before the first sync, besides contacts.

use crm_sandbox::{Crm, Records, Sandbox};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::failure::Failure;

const TOWNS: [&str; 8] = [
    "Oslo", "Bergen", "Ghent", "Lyon", "Porto", "Graz", "Turku", "Cork",
];
const TRADES: [&str; 5] = ["Bakery", "Shipping", "Instruments", "Timber", "Optics"];

/// Companies, the first ones in GHL and the last ones in Insightly: those in the middle are known
/// on both sides.
const COMPANIES: usize = 40;
const IN_GHL: usize = 30;
const ONLY_IN_GHL: usize = 18;

const TASKS: [usize; 2] = [120, 80];
const NOTES: [usize; 2] = [100, 60];
const APPOINTMENTS: usize = 40;

/// Whose title begins so was made in GHL, or in Insightly.
pub(super) const OF_GHL: &str = "Call back";
pub(super) const OF_INSIGHTLY: &str = "Send the offer";

/// People who work in both systems have accounts in both.
const KIM: &str = "kim@example.com";

/// Fills both accounts: users, companies and who works there, owners, tasks, notes, appointments.
pub(super) fn enter(sandbox: &Sandbox) -> Result<(), Failure> {
    let (ghl, insightly) = (sandbox.ghl(), sandbox.insightly());
    insightly.family("users").create(&json!({
        "FIRST_NAME": "Kim", "LAST_NAME": "Keller", "EMAIL_ADDRESS": KIM, "ACTIVE": true,
    }))?;
    let kim = ghl.family("users").all()?;
    let kim = kim.into_iter().find(|user| user["email"] == KIM);
    let kim = kim.map_or(Value::Null, |user| user["id"].clone());
    let here = ids(&ghl.contacts(), "id")?;
    let there = ids(&insightly.contacts(), "CONTACT_ID")?;
    companies(sandbox, &here, &there)?;
    for contact in here.iter().step_by(9) {
        ghl.contacts()
            .edit(plain(contact), &json!({ "assignedTo": kim }))?;
    }
    in_ghl(ghl, &here, &kim)?;
    in_insightly(insightly, &there)
}

fn in_ghl(ghl: &Crm, contacts: &[Value], kim: &Value) -> Result<(), Failure> {
    for (number, contact) in contacts.iter().cycle().take(TASKS[0]).enumerate() {
        ghl.family("tasks").create(&json!({
            "contactId": contact, "title": format!("{OF_GHL} {number}"),
            "body": "About the quote.", "dueDate": in_days(number, 30), "assignedTo": kim,
            "completed": number % 10 == 0,
        }))?;
    }
    for (number, contact) in contacts.iter().cycle().skip(5).take(NOTES[0]).enumerate() {
        let body = format!("Met at fair {number}.\nPrefers letters < 2 pages.");
        ghl.family("notes")
            .create(&json!({ "contactId": contact, "body": body }))?;
    }
    for (number, contact) in contacts.iter().step_by(3).take(APPOINTMENTS).enumerate() {
        ghl.family("appointments").create(&json!({
            "contactId": contact, "title": format!("Visit {number}"),
            "startTime": in_days(number + 1, 30),
        }))?;
    }
    Ok(())
}

fn in_insightly(insightly: &Crm, contacts: &[Value]) -> Result<(), Failure> {
    for (number, contact) in contacts.iter().cycle().take(TASKS[1]).enumerate() {
        insightly.family("tasks").create(&json!({
            "TITLE": format!("{OF_INSIGHTLY} {number}"), "LINKS": [link(contact)],
            "DUE_DATE": format!("2027-01-{:02} 00:00:00", number % 28 + 1),
        }))?;
    }
    for (number, contact) in contacts.iter().cycle().skip(5).take(NOTES[1]).enumerate() {
        let body = format!("<p>Order no. {number}</p><p>Paid</p>");
        insightly.family("notes").create(&json!({
            "TITLE": format!("Visit {number}"), "BODY": body, "LINKS": [link(contact)],
        }))?;
    }
    Ok(())
}

/// Some of the people work there, on the side where the company is known.
fn companies(sandbox: &Sandbox, here: &[Value], there: &[Value]) -> Result<(), Failure> {
    let (ghl, insightly) = (sandbox.ghl(), sandbox.insightly());
    for number in 0..COMPANIES {
        let (town, trade) = (TOWNS[number % TOWNS.len()], TRADES[number % TRADES.len()]);
        let name = format!("{town} {trade}");
        if number < IN_GHL {
            let business =
                json!({ "name": name, "website": format!("https://{number}.example.com") });
            let business = ghl.family("businesses").create(&business)?;
            for contact in here.iter().skip(number).step_by(90) {
                let works = json!({ "businessId": business["id"] });
                ghl.contacts().edit(plain(contact), &works)?;
            }
        }
        if number >= ONLY_IN_GHL {
            let organisation = json!({ "ORGANISATION_NAME": name.to_uppercase() });
            let organisation = insightly.family("organisations").create(&organisation)?;
            for contact in there.iter().rev().skip(number).step_by(180).take(1) {
                let works = json!({ "ORGANISATION_ID": organisation["ORGANISATION_ID"] });
                insightly.contacts().edit(plain(contact), &works)?;
            }
        }
    }
    Ok(())
}

/// An id as a call takes it.
pub(super) fn plain(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// What links something in Insightly with a contact.
pub(super) fn link(contact: &Value) -> Value {
    json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": contact })
}

fn ids(records: &Records<'_>, member: &str) -> Result<Vec<Value>, Failure> {
    let all = records.all()?.into_iter();
    Ok(all.map(|mut record| record[member].take()).collect())
}

/// One of the days to come, in working hours.
pub(super) fn in_days(number: usize, of: usize) -> String {
    let days = i64::try_from(number % of).unwrap_or_default();
    let day = Timestamp::now() + SignedDuration::from_hours(24 * days);
    format!("{}T16:00:00.000Z", day.strftime("%Y-%m-%d"))
}
