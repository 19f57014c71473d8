//! What is synced, as a file names it.

use serde::Deserialize;

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

/// The `[sync]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncSettings {
    /// What is synced; contacts unless told otherwise.
    pub kinds: Vec<SyncedKind>,
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

    /// Whether anything that is synced names a user.
    pub(crate) fn names_users(&self) -> bool {
        self.owners || self.has(SyncedKind::Tasks) || self.has(SyncedKind::Notes)
    }
}
