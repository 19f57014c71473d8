//! The fields of an appointment, and of the task that follows it up.

use serde_json::Value;

use super::{
    compared::Compared,
    raw::text,
    task::{day_of, due_in_insightly, is_done},
};

pub(super) fn compared(appointment: &Value, task: &Value) -> Vec<Compared> {
    let status = text(appointment, "appointmentStatus");
    let what = match status.as_str() {
        "noshow" => "Missed",
        _ => "Follow up",
    };
    let title = format!("{what}: {}", text(appointment, "title"));
    let mut all = vec![
        Compared::new("title", title, text(task, "TITLE")),
        Compared::new(
            "due",
            day_of(&text(appointment, "startTime")),
            due_in_insightly(task),
        ),
    ];
    // Whoever has done it, closes it in Insightly.
    if matches!(status.as_str(), "cancelled" | "invalid") {
        all.push(Compared::new("done", true.to_string(), is_done(task)));
    }
    all
}
