//! What families have in common: the sets of operations behind [`Records`](crate::Records).
//!
//! Each trait holds its operations as constants, e.g. `Contact::ADD_TAG`. They are
//! implemented by this crate's models; a caller needs them only to write code for
//! any family that, say, has tags: `fn tag_all<R: Tagged>(records: &Records<R>)`.

mod changed;
mod created;
mod deleted;
mod listed;
mod read_by_id;
mod searched;
mod tagged;

pub use changed::Changed;
pub use created::Created;
pub use deleted::Deleted;
pub use listed::Listed;
pub use read_by_id::ReadById;
pub use searched::{Searched, SearchedByTag};
pub use tagged::Tagged;

pub(crate) use changed::changed;
pub(crate) use created::created;
pub(crate) use deleted::deleted;
pub(crate) use listed::listed;
pub(crate) use read_by_id::read_by_id;
pub(crate) use searched::{searched, searched_by_tag};
pub(crate) use tagged::tagged;
