//! Notes as both systems hold them.

mod fields;
pub(crate) mod footer;
pub(crate) mod markup;

pub use fields::{AUTHOR, NOTE, NOTE_TITLE, TEXT, WRITTEN, WRITTEN_IN};
