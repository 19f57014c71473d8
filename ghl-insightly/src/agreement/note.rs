//! The fields of a note.

use serde_json::Value;

use super::{
    compared::Compared,
    raw::{letters, text},
};

pub(super) fn compared(ghl: &Value, insightly: &Value) -> Vec<Compared> {
    let body = |record, member| letters(&text(record, member));
    let text_of = Compared::new("text", body(ghl, "body"), body(insightly, "BODY"));
    // Insightly wants a title: one that was made stands for a blank.
    let title = text(ghl, "title");
    let has_title = !title.is_empty();
    let title = has_title.then(|| Compared::new("note_title", title, text(insightly, "TITLE")));
    [text_of].into_iter().chain(title).collect()
}
