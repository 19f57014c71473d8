//! Custom objects, and their records.

use api_transport::ApiError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    custom_field::CustomField,
    error::Result,
    form,
    ids::{CustomObjectRecordId, TeamId, UserId},
    model::record,
    one_or_many,
    records::Records,
    shape::{calls, family},
    shapes::{
        changed, changed_if, created, deleted, listed, merged, read_by_id, searched, takes_files,
        with_files,
    },
};

/// An object that the account has made for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomObject {
    /// The API name, e.g. `Fruit__c`.
    #[serde(rename = "OBJECT_NAME")]
    pub name: String,
    /// What one is called.
    #[serde(rename = "SINGULAR_LABEL", default)]
    pub singular_label: Option<String>,
    /// What many are called.
    #[serde(rename = "PLURAL_LABEL", default)]
    pub plural_label: Option<String>,
    /// What it is.
    #[serde(rename = "DESCRIPTION", default)]
    pub description: Option<String>,
    /// What a record's name is called.
    #[serde(rename = "RECORD_NAME_LABEL", default)]
    pub record_name_label: Option<String>,
    /// `TEXT`, or names are numbers that the server gives.
    #[serde(rename = "RECORD_NAME_TYPE", default)]
    pub record_name_type: Option<String>,
    /// The form of such numbers.
    #[serde(rename = "RECORD_NAME_DISPLAY_FORMAT", default)]
    pub record_name_display_format: Option<String>,
    /// Whether menus show it.
    #[serde(rename = "ENABLE_NAVBAR", default)]
    pub enable_navbar: Option<bool>,
    /// Whether workflows see it.
    #[serde(rename = "ENABLE_WORKFLOWS", default)]
    pub enable_workflows: Option<bool>,
    /// The user who made it.
    #[serde(rename = "CREATED_USER_ID", default, deserialize_with = "form::read")]
    pub created_user_id: Option<UserId>,
    /// When it was made.
    #[serde(
        rename = "DATE_CREATED_UTC",
        default,
        deserialize_with = "form::read",
        serialize_with = "form::write_option"
    )]
    pub date_created: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        rename = "DATE_UPDATED_UTC",
        default,
        deserialize_with = "form::read",
        serialize_with = "form::write_option"
    )]
    pub date_updated: Option<Timestamp>,
}

record! {
    /// A record of a custom object.
    CustomObjectRecord(id: CustomObjectRecordId = "RECORD_ID");

    /// What a record of a custom object is made of.
    NewCustomObjectRecord;

    /// What is changed of a record of a custom object.
    CustomObjectRecordUpdate;

    required {
        /// The name.
        name: String = "RECORD_NAME",
    }
    writable {
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// Who sees it: `EVERYONE`, `OWNER`, `TEAM` or `INDIVIDUALS`.
        visible_to: String = "VISIBLE_TO" [11],
        /// The team that sees it.
        visible_team_id: TeamId = "VISIBLE_TEAM_ID",
    }
    lists {
        /// Custom fields: all that it has.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {}
    read {
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
    }
}

family!(
    CustomObjectRecord, "custom_object_records", "/{objectName}":
    listed, searched, read_by_id,
    created(New = NewCustomObjectRecord), changed(Update = CustomObjectRecordUpdate), changed_if,
    deleted, with_files, takes_files, merged,
);

pub(crate) mod translations {
    use super::calls;

    calls! { "custom_object_records":
        LIST: get "translations" "/{objectName}/{id}/Translations/{language}" [400 401 403 404];
        ADD: post "add_translation" "/{objectName}/{id}/Translations/{language}" [400 401 402];
        UPDATE: put "update_translation" "/{objectName}/{id}/Translations/{language}" [400 401 402];
    }

    pub(super) const OF: [&crate::ApiOperation; 3] = [&LIST, &ADD, &UPDATE];
}

impl Records<CustomObjectRecord> {
    /// The record in another language, e.g. `de`.
    pub async fn translations(
        &self,
        id: CustomObjectRecordId,
        language: &str,
    ) -> Result<Vec<CustomObjectRecord>> {
        let op = self.op(translations::OF[0], &[&id.to_string(), language]);
        self.client().send(op).await
    }

    /// Adds the record in another language.
    pub async fn add_translation(
        &self,
        id: CustomObjectRecordId,
        language: &str,
        new: &NewCustomObjectRecord,
    ) -> Result<Vec<CustomObjectRecord>> {
        let op = self.op_with(translations::OF[1], &[&id.to_string(), language], new)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }

    /// Changes the record in another language.
    pub async fn update_translation(
        &self,
        id: CustomObjectRecordId,
        language: &str,
        update: &CustomObjectRecordUpdate,
    ) -> Result<Vec<CustomObjectRecord>> {
        let op = self.op_with(translations::OF[2], &[&id.to_string(), language], update)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }
}

pub(crate) mod definitions {
    use super::calls;

    calls! { "custom_objects":
        LIST: get "list" "/CustomObjects" [401];
        GET: get "get" "/CustomObjects/{customObjectName}" [401];
    }

    pub(super) const OF: (&crate::ApiOperation, &crate::ApiOperation) = (&LIST, &GET);
}

impl Client {
    /// The objects that the account has made for itself.
    pub async fn custom_objects(&self) -> Result<Vec<CustomObject>> {
        self.call(definitions::OF.0, &[]).await
    }

    /// One object that the account has made for itself, by its API name.
    pub async fn custom_object(&self, name: &str) -> Result<CustomObject> {
        self.call(definitions::OF.1, &[name]).await
    }

    /// The records of a custom object, by its API name, e.g. `Fruit__c`.
    ///
    /// Its paths are those of all other families (`/{objectName}`), so a name that does
    /// not end in `__c` is refused here.
    pub fn custom_object_records(&self, object: &str) -> Result<Records<CustomObjectRecord>> {
        let is_custom = object.len() > 3 && object.to_ascii_lowercase().ends_with("__c");
        if is_custom {
            Ok(Records::of_object(self, object.to_owned()))
        } else {
            let why = format!("`{object}` is no custom object: their names end in `__c`");
            Err(ApiError::invalid_request("custom_object_records", why))
        }
    }
}
