//! What happens to records that are deleted, or that leave what is synced.

use std::time::Duration;

use crate::{
    id::Kind,
    record::Record,
    side::{Both, Side},
};

/// What becomes of a record whose counterpart was deleted. Missing is not deleted: by then it
/// was not found by id twice, the index lag apart, and no other record has its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Deletes {
    /// It waits for a person.
    #[default]
    Hold,
    /// It is deleted, too.
    Follow,
    /// It stays, and is not synced any more.
    Keep,
}

/// What becomes of a linked pair of which one record leaves the [`Scope`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum OutOfScope {
    /// Both stay as they are; edits of either side wait until it is back.
    #[default]
    Freeze,
    /// Both stay as they are, and are not synced any more, also when it is back.
    Unlink,
}

/// What becomes of a record whose counterpart got another parent, where it cannot be given that
/// one itself; see [`Fields::stays_under`](crate::Fields::stays_under).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Moves {
    /// It is created anew under the other parent, and the old record is deleted, whatever
    /// [`Deletes`] says: nothing is lost by it.
    #[default]
    Copy,
    /// It waits for a person.
    Hold,
}

/// The policy of leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leaving {
    /// What becomes of the record on this side when the other side's was deleted.
    pub deletes: Both<Deletes>,
    /// What becomes of the record on this side when the other side's got another parent.
    pub moves: Both<Moves>,
    /// What becomes of a pair that leaves the scope.
    pub out_of_scope: OutOfScope,
    /// How long a deleted pair sleeps with its shadows: a record that is restored within this
    /// time goes on as if nothing had been.
    pub sleep: Duration,
}

impl Default for Leaving {
    /// Deletes wait for a person, moves are made, what leaves the scope is frozen, and the dead sleep for 60 days.
    fn default() -> Self {
        Self {
            deletes: Both::default(),
            moves: Both::default(),
            out_of_scope: OutOfScope::default(),
            sleep: Duration::from_secs(60 * 24 * 3600),
        }
    }
}

impl Leaving {
    /// With what becomes of a side's records when their counterparts are deleted.
    pub fn deletes(mut self, side: Side, policy: Deletes) -> Self {
        self.deletes[side] = policy;
        self
    }

    /// With what becomes of a side's records when their counterparts get another parent.
    pub fn moves(mut self, side: Side, policy: Moves) -> Self {
        self.moves[side] = policy;
        self
    }

    /// With what becomes of a pair that leaves the scope.
    pub fn out_of_scope(mut self, policy: OutOfScope) -> Self {
        self.out_of_scope = policy;
        self
    }

    /// With how long a deleted pair sleeps.
    pub fn sleep(mut self, sleep: Duration) -> Self {
        self.sleep = sleep;
        self
    }
}

/// A filter of what is synced. It stops writes and creates; everything is read and matched
/// all the same, so that leaving it is seen, and no twin is made of what is outside.
pub trait Scope: Send + Sync + 'static {
    /// Whether a record of a side is synced.
    fn admits(&self, kind: &Kind, side: Side, record: &Record) -> bool;

    /// Another number for another filter: everything is then looked at anew.
    fn digest(&self) -> u64;
}
