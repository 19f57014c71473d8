//! Definitions of custom fields.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::Result,
    ids::{CustomFieldId, LocationId},
    locations::{Location, operations},
    record::{nested, record},
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

/// Whose custom fields are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldModel {
    /// Those of contacts.
    Contact,
    /// Those of opportunities.
    Opportunity,
    /// Both.
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
}
