//! What custom fields an account has.

use serde::{Deserialize, Serialize};

use crate::{client::Client, error::Result, form, shape::calls};

/// A custom field of a family. It is made and changed in the web application only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomFieldDefinition {
    /// The API name, e.g. `Hobby__c`: searches and values go by it, and its case counts.
    #[serde(rename = "FIELD_NAME")]
    pub name: String,
    /// What users see.
    #[serde(rename = "FIELD_LABEL", default)]
    pub label: Option<String>,
    /// `TEXT`, `MULTILINETEXT`, `DROPDOWN`, `MULTISELECT`, `BIT`, `NUMERIC`, `PERCENT`,
    /// `DATE`, `DATETIME`, `AUTONUMBER` and others.
    #[serde(rename = "FIELD_TYPE", default)]
    pub field_type: Option<String>,
    /// The family, e.g. `CONTACT`.
    #[serde(rename = "FIELD_FOR", default)]
    pub field_for: Option<String>,
    /// Its place in forms.
    #[serde(rename = "FIELD_ORDER", default, deserialize_with = "form::read")]
    pub order: Option<i64>,
    /// The help text.
    #[serde(rename = "FIELD_HELP_TEXT", default)]
    pub help_text: Option<String>,
    /// What a new record gets.
    #[serde(rename = "DEFAULT_VALUE", default, deserialize_with = "form::read")]
    pub default_value: Option<String>,
    /// False for calculated and automatic ones.
    #[serde(rename = "EDITABLE", default)]
    pub editable: Option<bool>,
    /// Whether forms show it.
    #[serde(rename = "VISIBLE", default)]
    pub visible: Option<bool>,
    /// The options of a `DROPDOWN` or `MULTISELECT`; values must match one exactly.
    #[serde(rename = "CUSTOM_FIELD_OPTIONS", default)]
    pub options: Option<Vec<CustomFieldOption>>,
    /// Which options another field leaves.
    #[serde(rename = "DEPENDENCY", default)]
    pub dependency: Option<CustomFieldDependency>,
    /// For lookups, whose records it points at: the value is an id then.
    #[serde(rename = "JOIN_OBJECT", default)]
    pub join_object: Option<String>,
}

/// One option of a custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomFieldOption {
    /// Its id, which only dependencies use.
    #[serde(rename = "OPTION_ID", default, deserialize_with = "form::read")]
    pub id: Option<i64>,
    /// What records hold.
    #[serde(rename = "OPTION_VALUE")]
    pub value: String,
    /// Whether a new record gets it.
    #[serde(rename = "OPTION_DEFAULT", default)]
    pub is_default: Option<bool>,
}

/// Which options a field has while another one has a certain value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomFieldDependency {
    /// The other field.
    #[serde(rename = "CONTROLLING_FIELD_ID", default)]
    pub controlling_field: Option<String>,
    /// The options for each of its values.
    #[serde(rename = "OPTIONS_FILTERS", default)]
    pub filters: Option<Vec<CustomFieldOptionsFilter>>,
}

/// The options that one value of the controlling field leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomFieldOptionsFilter {
    /// The controlling field's value.
    #[serde(rename = "CONTROLLING_VALUE", default)]
    pub value: Option<String>,
    /// The ids of the options.
    #[serde(rename = "OPTION_IDS", default)]
    pub option_ids: Option<Vec<i64>>,
}

calls! { "custom_fields":
    LIST: get "list" "/CustomFields/{objectName}" [400 401];
    FIND: get "find" "/CustomFields/{objectName}/Search" [401];
}

impl Client {
    /// The custom fields of a family, named as in paths: `Contacts`, `Fruit__c`.
    pub async fn custom_fields(&self, object: &str) -> Result<Vec<CustomFieldDefinition>> {
        self.call(&LIST, &[object]).await
    }

    /// One custom field of a family, by its API name.
    pub async fn custom_field(&self, object: &str, field: &str) -> Result<CustomFieldDefinition> {
        let op = api_transport::Operation::of(FIND.definition(), [object]);
        self.send(op.query("fieldName", field)).await
    }
}
