//! Doing what is staged, so that nothing is lost wherever it ends.

pub(super) mod abreast;
pub(super) mod apply;
mod candidate;
pub(super) mod journal;
pub(super) mod key_look_up;
pub(super) mod left_behind;
mod look_alike;
mod lost_create;
pub(super) mod moving;
mod newborn;
pub(super) mod ping_pong;
pub(super) mod queue;
pub(super) mod recover;
pub(super) mod refusal;
pub(super) mod sent;
pub(super) mod swap;
pub(super) mod write;
