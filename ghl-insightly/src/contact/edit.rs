//! The engine's edit of a field as both clients take it.

use api_transport::Edit as ClientEdit;
use sync_core::Edit;

pub(crate) fn client_edit<T>(edit: Edit<T>) -> ClientEdit<T> {
    match edit {
        Edit::Leave => ClientEdit::Leave,
        Edit::Set(value) => ClientEdit::Set(value),
        Edit::Clear => ClientEdit::Clear,
    }
}

/// Sets a text, or clears what was there.
pub(crate) fn or_clear(text: Option<&str>) -> ClientEdit<String> {
    ClientEdit::from_option(text.map(str::to_owned))
}
