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
