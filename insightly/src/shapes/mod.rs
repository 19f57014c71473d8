//! What families have in common: the sets of operations behind [`Records`](crate::Records).
//!
//! Each trait holds its operations as constants, e.g. `Contact::ADD_TAG`. They are
//! implemented by this crate's models; a caller needs them only to write code for
//! any family that, say, has tags: `fn tag_all<R: Tagged>(records: &Records<R>)`.

mod active;
mod assigned;
mod changed;
mod commented;
mod created;
mod dated;
mod deleted;
mod followed;
mod linked;
mod listed;
mod mailed;
mod merged;
mod noted;
mod pictured;
mod read_by_id;
mod searched;
mod staged;
mod tagged;
mod with_files;

pub use active::Active;
pub use assigned::Assigned;
pub use changed::{Changed, ChangedIf};
pub use commented::Commented;
pub use created::Created;
pub use dated::Dated;
pub use deleted::Deleted;
pub use followed::Followed;
pub use linked::{Linked, Relinked};
pub use listed::Listed;
pub use mailed::Mailed;
pub use merged::Merged;
pub use noted::Noted;
pub use pictured::{ImageFields, Pictured};
pub use read_by_id::ReadById;
pub use searched::{Searched, SearchedByTag};
pub use staged::Staged;
pub use tagged::Tagged;
pub use with_files::{TakesFiles, WithFiles};

pub(crate) use active::active;
pub(crate) use assigned::assigned;
pub(crate) use changed::{changed, changed_if};
pub(crate) use commented::commented;
pub(crate) use created::created;
pub(crate) use dated::dated;
pub(crate) use deleted::deleted;
pub(crate) use followed::followed;
pub(crate) use linked::{linked, relinked};
pub(crate) use listed::listed;
pub(crate) use mailed::mailed;
pub(crate) use merged::merged;
pub(crate) use noted::noted;
pub(crate) use pictured::{image_fields, pictured};
pub(crate) use read_by_id::read_by_id;
pub(crate) use searched::{searched, searched_by_tag};
pub(crate) use staged::staged;
pub(crate) use tagged::tagged;
pub(crate) use with_files::{takes_files, with_files};
