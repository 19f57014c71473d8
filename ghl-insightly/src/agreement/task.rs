//! The fields of a task.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::{
    compared::Compared,
    raw::{letters, text},
};

/// Where the sandbox's location is.
const ZONE: &str = "America/Chicago";

pub(super) fn compared(ghl: &Value, insightly: &Value) -> Vec<Compared> {
    let mut all = vec![
        Compared::new("title", text(ghl, "title"), text(insightly, "TITLE")),
        Compared::new(
            "details",
            letters(&text(ghl, "body")),
            letters(&text(insightly, "DETAILS")),
        ),
        Compared::new("done", flag(&ghl["completed"]), is_done(insightly)),
    ];
    // GHL wants a day: one that was made stands for none.
    let day = due_in_insightly(insightly);
    if !day.is_empty() {
        all.push(Compared::new("due", day_of(&text(ghl, "dueDate")), day));
    }
    all
}

pub(super) fn is_done(task: &Value) -> String {
    flag(&task["COMPLETED"])
}

pub(super) fn due_in_insightly(task: &Value) -> String {
    text(task, "DUE_DATE").chars().take(10).collect()
}

/// The day of a stamp, where the location is.
pub(super) fn day_of(stamp: &str) -> String {
    let at = stamp.parse::<Timestamp>();
    let day = at.and_then(|at| Ok(TimeZone::get(ZONE)?.to_datetime(at).date()));
    day.map_or_else(|_| stamp.to_owned(), |day| day.to_string())
}

pub(super) fn flag(value: &Value) -> String {
    (*value == true).to_string()
}
