//! Custom fields of objects: of businesses and of custom objects, not of contacts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    error::Result,
    ids::{CustomFieldId, FolderId, LocationId},
    record::{by_serde, nested, record},
    succeeded::Succeeded,
};

pub(crate) mod operations {
    //! The operations of the object-scoped custom fields.

    use api_transport::Definition;

    use crate::operation::table;

    table! {
        area "custom-fields";
        GET = Definition::get("object_fields.get", "/custom-fields/{id}"),
            [CustomFieldsReadonly], "get-custom-field-by-id";
        LIST = Definition::get("object_fields.list", "/custom-fields/object-key/{objectKey}"),
            [CustomFieldsReadonly], "get-custom-fields-by-object-key";
        CREATE = Definition::post("object_fields.create", "/custom-fields/"),
            [CustomFieldsWrite], "create-custom-field";
        UPDATE = Definition::put("object_fields.update", "/custom-fields/{id}").repeatable(),
            [CustomFieldsWrite], "update-custom-field";
        DELETE = Definition::delete("object_fields.delete", "/custom-fields/{id}"),
            [CustomFieldsWrite], "delete-custom-field";
        CREATE_FOLDER = Definition::post("object_fields.create_folder", "/custom-fields/folder"),
            [CustomFieldsWrite], "create-custom-field-folder";
        UPDATE_FOLDER = Definition::put("object_fields.update_folder", "/custom-fields/folder/{id}").repeatable(),
            [CustomFieldsWrite], "update-custom-field-folder";
        DELETE_FOLDER = Definition::delete("object_fields.delete_folder", "/custom-fields/folder/{id}"),
            [CustomFieldsWrite], "delete-custom-field-folder";
    }
}

record! {
    /// The definition of an object's custom field.
    pub struct ObjectField {
        /// The id.
        pub id: CustomFieldId = "id" from ["id", "_id"],
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
        /// The name.
        pub name: Option<String> = "name",
        /// A description.
        pub description: Option<String> = "description",
        /// The text in an empty field.
        pub placeholder: Option<String> = "placeholder",
        /// Whether forms show it.
        pub show_in_forms: Option<bool> = "showInForms",
        /// The options to choose from.
        pub options: Option<Vec<FieldOption>> = "options",
        /// The kinds of files that it takes.
        pub accepted_formats: Option<Vec<String>> = "acceptedFormats",
        /// The object, e.g. `business`.
        pub object_key: Option<String> = "objectKey",
        /// The type, e.g. `TEXT`.
        pub data_type: Option<String> = "dataType",
        /// The folder.
        pub parent_id: Option<FolderId> = "parentId",
        /// The key in templates.
        pub field_key: Option<String> = "fieldKey",
        /// Whether other options may be entered.
        pub allow_custom_option: Option<bool> = "allowCustomOption",
        /// How many files it takes.
        pub max_file_limit: Option<i64> = "maxFileLimit",
        /// When it was created.
        pub date_added: Option<Timestamp> = "dateAdded",
        /// When it last changed.
        pub date_updated: Option<Timestamp> = "dateUpdated",
    }
}
nested!(ObjectField);

/// An option to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldOption {
    /// Its key.
    pub key: String,
    /// What people see.
    pub label: String,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
by_serde!(FieldOption);

/// A change of an object's custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ObjectFieldEdit {
    /// The location.
    pub location_id: LocationId,
    /// Whether forms show it.
    pub show_in_forms: bool,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The text in an empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The options to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// The kind of files that it takes: `.pdf`, `all` and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_formats: Option<String>,
    /// How many files it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_file_limit: Option<u32>,
}

impl ObjectFieldEdit {
    /// A change that says only what the API requires.
    pub fn in_location(location: impl Into<LocationId>, show_in_forms: bool) -> Self {
        Self {
            location_id: location.into(),
            show_in_forms,
            name: None,
            description: None,
            placeholder: None,
            options: Vec::new(),
            accepted_formats: None,
            max_file_limit: None,
        }
    }
}

/// A custom field of an object, to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewObjectField {
    /// What a change can set too.
    #[serde(flatten)]
    pub edit: ObjectFieldEdit,
    /// The type, e.g. `TEXT`; fixed from here on.
    pub data_type: String,
    /// The key in templates.
    pub field_key: String,
    /// The object, e.g. `business`.
    pub object_key: String,
    /// The folder.
    pub parent_id: FolderId,
    /// Whether other options may be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_custom_option: Option<bool>,
}

record! {
    /// A folder of custom fields.
    pub struct FieldFolder {
        /// The id.
        pub id: FolderId = "id" from ["id", "_id"],
        /// The object.
        pub object_key: Option<String> = "objectKey",
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
        /// The name.
        pub name: Option<String> = "name",
    }
}
nested!(FieldFolder);

/// The custom fields of an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ObjectFields {
    /// The fields.
    #[serde(default)]
    pub fields: Vec<ObjectField>,
    /// The folders that they are in.
    #[serde(default)]
    pub folders: Vec<FieldFolder>,
}

#[derive(Deserialize)]
struct Reply {
    field: ObjectField,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FolderBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    object_key: Option<&'a str>,
    name: &'a str,
    location_id: &'a LocationId,
}

/// The calls about custom fields of objects; made by [`Client::object_fields`].
///
/// Those of contacts and opportunities are a [`Location`](crate::Location)'s.
#[derive(Debug, Clone)]
pub struct CustomObjectFields {
    client: Client,
}

impl Client {
    /// Custom fields of businesses and of custom objects.
    pub fn object_fields(&self) -> CustomObjectFields {
        CustomObjectFields {
            client: self.clone(),
        }
    }
}

impl CustomObjectFields {
    /// Reads a definition.
    ///
    /// Scope: `locations/customFields.readonly`.
    pub async fn get(&self, id: &CustomFieldId) -> Result<ObjectField> {
        let op = operations::GET.of([id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.field)
    }

    /// All fields and folders of an object, in one answer.
    ///
    /// Scope: `locations/customFields.readonly`.
    pub async fn list(&self, location: &LocationId, object_key: &str) -> Result<ObjectFields> {
        let op = operations::LIST
            .of([object_key])
            .query("locationId", location);
        self.client.send(op).await
    }

    /// Creates a custom field.
    ///
    /// Scope: `locations/customFields.write`. Not repeatable.
    pub async fn create(&self, field: &NewObjectField) -> Result<ObjectField> {
        let op = operations::CREATE.of([]).json(field);
        Ok(self.client.send::<Reply>(op).await?.field)
    }

    /// Changes a custom field.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn update(&self, id: &CustomFieldId, edit: &ObjectFieldEdit) -> Result<ObjectField> {
        let op = operations::UPDATE.of([id.as_str()]).json(edit);
        Ok(self.client.send::<Reply>(op).await?.field)
    }

    /// Deletes a custom field.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn delete(&self, id: &CustomFieldId) -> Result<()> {
        let op = operations::DELETE.of([id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }

    /// Creates a folder.
    ///
    /// Scope: `locations/customFields.write`. Not repeatable.
    pub async fn create_folder(
        &self,
        location: &LocationId,
        object_key: &str,
        name: &str,
    ) -> Result<FieldFolder> {
        let body = FolderBody {
            object_key: Some(object_key),
            name,
            location_id: location,
        };
        let op = operations::CREATE_FOLDER.of([]).json(&body);
        self.client.send(op).await
    }

    /// Renames a folder.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn update_folder(
        &self,
        location: &LocationId,
        id: &FolderId,
        name: &str,
    ) -> Result<FieldFolder> {
        let body = FolderBody {
            object_key: None,
            name,
            location_id: location,
        };
        let op = operations::UPDATE_FOLDER.of([id.as_str()]).json(&body);
        self.client.send(op).await
    }

    /// Deletes a folder.
    ///
    /// Scope: `locations/customFields.write`. Repeatable.
    pub async fn delete_folder(&self, location: &LocationId, id: &FolderId) -> Result<()> {
        let op = operations::DELETE_FOLDER
            .of([id.as_str()])
            .query("locationId", location);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
