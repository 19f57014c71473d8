//! Reading what changed, into the dirty set.

pub(super) mod doubt;
pub(super) mod freshness;
pub(super) mod hints;
pub(super) mod look_up;
pub(super) mod read;
pub(super) mod sift;
pub(super) mod visit;
pub(super) mod walked;
pub(super) mod whole;
