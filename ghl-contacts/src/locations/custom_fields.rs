//! Definitions of custom fields.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::Result,
    ids::{CustomFieldId, LocationId},
    locations::{Location, operations},
    record::{nested, record},
    succeeded::Succeeded,
};

record! {
    /// The definition of a custom field of contacts or opportunities.
    pub struct CustomFieldDefinition {
        /// The id; what a contact's values go by.
        pub id: CustomFieldId = "id" from ["id", "_id"],
        /// The name that people see.
        pub name: Option<String> = "name",
        /// The key in templates, e.g. `contact.membership`.
        pub field_key: Option<String> = "fieldKey",
        /// The type, fixed at creation: `TEXT`, `LARGE_TEXT`, `NUMERICAL`, `PHONE`,
        /// `MONETORY` (sic), `CHECKBOX`, `SINGLE_OPTIONS`, `MULTIPLE_OPTIONS`, `DATE`,
        /// `TEXTBOX_LIST`, `FILE_UPLOAD`, `RADIO`, `EMAIL` were seen.
        pub data_type: Option<String> = "dataType",
        /// Whose field it is: `contact` or `opportunity`.
        pub model: Option<String> = "model",
        /// The text in an empty field.
        pub placeholder: Option<String> = "placeholder",
        /// Its place in the list.
        pub position: Option<i64> = "position",
        /// The options to choose from: mostly texts.
        pub picklist_options: Option<Vec<Value>> = "picklistOptions",
        /// The pictures to choose from.
        pub picklist_image_options: Option<Vec<Value>> = "picklistImageOptions",
        /// Whether other options than those may be entered.
        pub is_allowed_custom_option: Option<bool> = "isAllowedCustomOption",
        /// Whether it takes several files.
        pub is_multi_file_allowed: Option<bool> = "isMultiFileAllowed",
        /// How many files it takes.
        pub max_file_limit: Option<i64> = "maxFileLimit",
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
    }
}
nested!(CustomFieldDefinition);

impl CustomFieldDefinition {
    /// The options to choose from, as far as they are texts.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        let options = self.picklist_options.as_deref().unwrap_or_default();
        options.iter().filter_map(Value::as_str)
    }
}

/// Whose custom fields are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldModel {
    /// Those of contacts.
    Contact,
    /// Those of opportunities.
    Opportunity,
    /// Both; for lists only.
    All,
}

impl FieldModel {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Opportunity => "opportunity",
            Self::All => "all",
        }
    }
}

/// A custom field to create or to change. Options go by other names here than in reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomFieldEdit {
    /// The name that people see.
    pub name: String,
    /// The type; required in a new field, and fixed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// The text in an empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The kinds of files that it takes, e.g. `.pdf`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted_format: Vec<String>,
    /// Whether it takes several files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_multiple_file: Option<bool>,
    /// How many files it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_number_of_files: Option<u32>,
    /// The boxes of a list of text boxes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text_box_list_options: Vec<TextBox>,
    /// Its place in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// Whose field it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<FieldModel>,
}

/// One box of a list of text boxes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextBox {
    /// The label.
    pub label: String,
    /// What it holds at first.
    pub prefill_value: String,
}

impl CustomFieldEdit {
    /// A change of an existing field. The API wants its name in every change.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: None,
            placeholder: None,
            accepted_format: Vec::new(),
            is_multiple_file: None,
            max_number_of_files: None,
            text_box_list_options: Vec::new(),
            position: None,
            model: None,
        }
    }

    /// A new field of contacts, of a type such as `TEXT`.
    pub fn new(name: impl Into<String>, data_type: impl Into<String>) -> Self {
        Self {
            data_type: Some(data_type.into()),
            model: Some(FieldModel::Contact),
            ..Self::named(name)
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    custom_field: CustomFieldDefinition,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListReply {
    #[serde(default)]
    custom_fields: Vec<CustomFieldDefinition>,
}

impl Location {
    /// The definitions of the contacts' custom fields; the whole list in one answer.
    ///
    /// Scope: `locations/customFields.readonly`.
    pub async fn custom_fields(&self) -> Result<Vec<CustomFieldDefinition>> {
        self.custom_fields_of(FieldModel::Contact).await
    }

    /// The definitions of custom fields of a model.
    ///
    /// Scope: `locations/customFields.readonly`.
    pub async fn custom_fields_of(&self, model: FieldModel) -> Result<Vec<CustomFieldDefinition>> {
        let op = operations::CUSTOM_FIELDS
            .of([self.id.as_str()])
            .query("model", model.as_str());
        Ok(self.client.send::<ListReply>(op).await?.custom_fields)
    }

    /// Reads a definition, by its id or by its key (`contact.membership`).
    ///
    /// Scope: `locations/customFields.readonly`.
    pub async fn custom_field(&self, id_or_key: &str) -> Result<CustomFieldDefinition> {
        let op = operations::CUSTOM_FIELD.of([self.id.as_str(), id_or_key]);
        Ok(self.client.send::<Reply>(op).await?.custom_field)
    }

    /// Creates a custom field.
    ///
    /// Scope: `locations/customFields.write`. Not repeatable.
    pub async fn create_custom_field(
        &self,
        field: &CustomFieldEdit,
    ) -> Result<CustomFieldDefinition> {
        let op = operations::CREATE_CUSTOM_FIELD
            .of([self.id.as_str()])
            .json(field);
        Ok(self.client.send::<Reply>(op).await?.custom_field)
    }

    /// Changes a custom field.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn update_custom_field(
        &self,
        id: &CustomFieldId,
        field: &CustomFieldEdit,
    ) -> Result<CustomFieldDefinition> {
        let op = operations::UPDATE_CUSTOM_FIELD
            .of([self.id.as_str(), id.as_str()])
            .json(field);
        Ok(self.client.send::<Reply>(op).await?.custom_field)
    }

    /// Deletes a custom field, with its values on all contacts.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn delete_custom_field(&self, id: &CustomFieldId) -> Result<()> {
        let op = operations::DELETE_CUSTOM_FIELD.of([self.id.as_str(), id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
