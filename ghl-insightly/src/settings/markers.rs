//! Where records keep the ids of those that they were made from, as a file tells it.

use serde::Deserialize;

/// The `[markers]` table: custom text fields of contacts. None are written unless one is named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarkerSettings {
    /// The field of GHL for ids of Insightly: its id, key or name.
    pub ghl: Option<String>,
    /// The field of Insightly for ids of GHL: its API name, e.g. `GHL_ID__c`.
    pub insightly: Option<String>,
}
