//! Conflict rules and the first-sync policy, as a file names them.

use std::collections::BTreeMap;

use serde::Deserialize;
use sync_core::{
    Both, Differences, FieldKey, FirstSync, Side, Value,
    rules::{ByField, HoldAll, LatestRecord, NewestWins, Otherwise, Prefer, Sticky},
};

use crate::{backlog::Recent, contact::OPTED_OUT};

/// One of the two systems. GHL is the left side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// HighLevel.
    Ghl,
    /// Insightly.
    Insightly,
}

impl System {
    /// `GHL` or `Insightly`, as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ghl => "GHL",
            Self::Insightly => "Insightly",
        }
    }
}

/// What happens when both sides changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictPolicy {
    /// The later edit wins, where it can be told: where a poll lay between the two.
    #[default]
    Newest,
    /// The side whose record was changed last wins, whichever of its fields that was.
    LatestRecord,
    /// GHL wins.
    PreferGhl,
    /// Insightly wins.
    PreferInsightly,
    /// A person decides.
    Hold,
}

/// What happens where `newest` cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherwisePolicy {
    /// A person decides.
    #[default]
    Hold,
    /// GHL wins.
    PreferGhl,
    /// Insightly wins.
    PreferInsightly,
}

/// The `[rules]` table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleSettings {
    /// For all fields.
    pub conflict: ConflictPolicy,
    /// Where `newest` cannot tell.
    pub otherwise: OtherwisePolicy,
    /// For single fields, by canonical name, e.g. `email`.
    pub fields: BTreeMap<String, ConflictPolicy>,
}

/// What a real difference between two records becomes that meet for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferencePolicy {
    /// A person decides.
    #[default]
    Hold,
    /// GHL's value is written to Insightly.
    PreferGhl,
    /// Insightly's value is written to GHL.
    PreferInsightly,
    /// The conflict rule decides.
    Rule,
}

/// The `[first_sync]` table. Blanks are filled whatever it says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FirstSyncSettings {
    /// What real differences become.
    pub differences: DifferencePolicy,
    /// Where records without a counterpart are created.
    pub create_in: Vec<System>,
    /// Of the notes that were there before, those that are no older are created; else all.
    pub notes_of_days: Option<u32>,
    /// Whether tasks are created that were completed before.
    pub completed_tasks: bool,
}

impl FirstSyncSettings {
    /// What is created of all that was there before, unless it is everything.
    pub fn backlog(&self) -> Option<Recent> {
        let recent = Recent {
            notes_of_days: self.notes_of_days,
            completed_tasks: self.completed_tasks,
        };
        (recent != Recent::default()).then_some(recent)
    }
}

impl Default for FirstSyncSettings {
    fn default() -> Self {
        let Recent {
            notes_of_days,
            completed_tasks,
        } = Recent::default();
        Self {
            differences: DifferencePolicy::default(),
            create_in: vec![System::Ghl, System::Insightly],
            notes_of_days,
            completed_tasks,
        }
    }
}

impl From<&FirstSyncSettings> for FirstSync {
    fn from(settings: &FirstSyncSettings) -> Self {
        Self {
            differences: match settings.differences {
                DifferencePolicy::Hold => Differences::Hold,
                DifferencePolicy::PreferGhl => Differences::Prefer(Side::Left),
                DifferencePolicy::PreferInsightly => Differences::Prefer(Side::Right),
                DifferencePolicy::Rule => Differences::Rule,
            },
            creates: Both::new(
                settings.create_in.contains(&System::Ghl),
                settings.create_in.contains(&System::Insightly),
            ),
        }
    }
}

impl RuleSettings {
    /// The rule of the engine. An opt-out wins whatever the file says: it is law.
    pub fn rule(&self) -> ByField {
        let rule = self.add(None, self.conflict, None);
        let rule = self.fields.iter().fold(rule, |rule, (name, policy)| {
            self.add(Some(FieldKey::named(name)), *policy, Some(rule))
        });
        rule.field(&OPTED_OUT, Sticky(Value::Flag(true)))
    }

    fn add(&self, key: Option<FieldKey>, policy: ConflictPolicy, to: Option<ByField>) -> ByField {
        macro_rules! with {
            ($rule:expr) => {
                match (to, key) {
                    (Some(to), Some(key)) => to.key(key, $rule),
                    _ => ByField::all($rule),
                }
            };
        }
        let otherwise = match self.otherwise {
            OtherwisePolicy::Hold => Otherwise::Hold,
            OtherwisePolicy::PreferGhl => Otherwise::Prefer(Side::Left),
            OtherwisePolicy::PreferInsightly => Otherwise::Prefer(Side::Right),
        };
        match policy {
            ConflictPolicy::Newest => with!(NewestWins { otherwise }),
            ConflictPolicy::LatestRecord => with!(LatestRecord { otherwise }),
            ConflictPolicy::PreferGhl => with!(Prefer(Side::Left)),
            ConflictPolicy::PreferInsightly => with!(Prefer(Side::Right)),
            ConflictPolicy::Hold => with!(HoldAll),
        }
    }
}
