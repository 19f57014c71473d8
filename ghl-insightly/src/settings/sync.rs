//! What is synced, as a file names it.

use serde::Deserialize;
use sync_core::{OneWay, Side, StrayEdits};

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SyncedKind {
    /// GHL's businesses, Insightly's organisations.
    Companies,
    /// Contacts: the others belong to them.
    Contacts,
    /// Tasks of contacts.
    Tasks,
    /// Notes of contacts.
    Notes,
}

/// In which direction changes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// In both.
    #[default]
    Both,
    /// From GHL to Insightly only: nothing is written to GHL.
    ToInsightly,
    /// From Insightly to GHL only: nothing is written to Insightly.
    ToGhl,
}

/// What becomes of an edit on the side that is only written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StrayPolicy {
    /// It stays until the field changes where changes come from.
    #[default]
    Keep,
    /// It is written over.
    Revert,
    /// A person decides.
    Hold,
}

/// The `[sync]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncSettings {
    /// What is synced; contacts unless told otherwise.
    pub kinds: Vec<SyncedKind>,
    /// Whether an open lead of Insightly holds the creation of a contact with its e-mail address or
    /// phone; it does unless told otherwise.
    pub leads: bool,
    /// In which direction changes travel.
    pub direction: Direction,
    /// What becomes of edits on the side that is only written to.
    pub stray_edits: StrayPolicy,
    /// Whether the owners of contacts are synced: users are paired by e-mail address.
    pub owners: bool,
    /// The e-mail address of the user of Insightly to whom new records without an owner go; the
    /// key's own user unless told otherwise.
    pub default_owner: Option<String>,
    /// What new contacts in GHL say of where they come from.
    pub source: String,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            kinds: vec![SyncedKind::Contacts],
            leads: true,
            direction: Direction::default(),
            stray_edits: StrayPolicy::default(),
            owners: false,
            default_owner: None,
            source: "Insightly".to_owned(),
        }
    }
}

impl SyncSettings {
    /// Whether a kind is synced.
    pub fn has(&self, kind: SyncedKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The direction, where changes travel in one only.
    pub fn one_way(&self) -> Option<OneWay> {
        let from = match self.direction {
            Direction::Both => return None,
            Direction::ToInsightly => Side::Left,
            Direction::ToGhl => Side::Right,
        };
        let stray = match self.stray_edits {
            StrayPolicy::Keep => StrayEdits::Keep,
            StrayPolicy::Revert => StrayEdits::Revert,
            StrayPolicy::Hold => StrayEdits::Hold,
        };
        Some(OneWay { from, stray })
    }

    /// Whether anything that is synced names a user.
    pub(crate) fn names_users(&self) -> bool {
        self.owners || self.has(SyncedKind::Tasks) || self.has(SyncedKind::Notes)
    }
}
