//! People at work with what is no contact: companies, tasks, notes, appointments.

use crm_sandbox::Crm;
use serde_json::{Value, json};

use super::entered::{OF_GHL, OF_INSIGHTLY, in_days, plain};
use crate::failure::Failure;

/// What was done, in words.
pub(super) const DONE: &str = "4 companies renamed, 16 tasks done or moved, 5 notes rewritten, 6 appointments moved, missed or cancelled";

/// Tasks are done, and appointments moved, missed and cancelled.
pub(super) fn in_ghl(ghl: &Crm) -> Result<(), Failure> {
    let tasks = ghl.family("tasks");
    let all = tasks.all()?;
    for task in all.iter().filter(|of| begins(of, "title", OF_GHL)).take(8) {
        tasks.edit(plain(&task["id"]), &json!({ "completed": true }))?;
    }
    let visits = ghl.family("appointments");
    for (number, visit) in visits.all()?.iter().take(6).enumerate() {
        let change = match number % 3 {
            0 => json!({ "startTime": in_days(40 + number, 60) }),
            1 => json!({ "appointmentStatus": "noshow" }),
            _ => json!({ "appointmentStatus": "cancelled" }),
        };
        visits.edit(plain(&visit["id"]), &change)?;
    }
    Ok(())
}

/// Companies are renamed, tasks moved, and notes rewritten.
pub(super) fn in_insightly(insightly: &Crm) -> Result<(), Failure> {
    let companies = insightly.family("organisations");
    for company in companies.all()?.iter().take(4) {
        let name = company["ORGANISATION_NAME"].as_str().unwrap_or_default();
        let renamed = json!({ "ORGANISATION_NAME": format!("{name} & Daughters") });
        companies.edit(plain(&company["ORGANISATION_ID"]), &renamed)?;
    }
    let tasks = insightly.family("tasks");
    let all = tasks.all()?;
    for task in all
        .iter()
        .filter(|of| begins(of, "TITLE", OF_INSIGHTLY))
        .take(8)
    {
        let later = json!({ "DUE_DATE": "2027-02-26 00:00:00" });
        tasks.edit(plain(&task["TASK_ID"]), &later)?;
    }
    let notes = insightly.family("notes");
    let all = notes.all()?;
    for note in all.iter().filter(|of| begins(of, "TITLE", "Visit")).take(5) {
        let text = json!({ "BODY": "<p>Order changed by phone</p>" });
        notes.edit(plain(&note["NOTE_ID"]), &text)?;
    }
    Ok(())
}

fn begins(record: &Value, member: &str, with: &str) -> bool {
    record[member]
        .as_str()
        .is_some_and(|text| text.starts_with(with))
}
