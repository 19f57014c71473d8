//! Custom objects, and their records.

use api_transport::ApiError;
use jiff::Timestamp;

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    error::Result,
    ids::{CustomObjectRecordId, TeamId, UserId},
    model::{part, record},
    one_or_many,
    records::Records,
    shape::{calls, family},
    shapes::{
        changed, changed_if, created, deleted, listed, merged, read_by_id, searched, takes_files,
        with_files,
    },
};

part! {
    /// An object that the account has made for itself.
    ///
    /// `name`: The API name, e.g. `Fruit__c`.
    CustomObject(name: String = "OBJECT_NAME")
    {
        /// What one is called.
        singular_label: String = "SINGULAR_LABEL",
        /// What many are called.
        plural_label: String = "PLURAL_LABEL",
        /// What it is.
        description: String = "DESCRIPTION",
        /// What a record's name is called.
        record_name_label: String = "RECORD_NAME_LABEL",
        /// `TEXT`, or names are numbers that the server gives.
        record_name_type: String = "RECORD_NAME_TYPE",
        /// The form of such numbers.
        record_name_display_format: String = "RECORD_NAME_DISPLAY_FORMAT",
        /// Whether menus show it.
        enable_navbar: bool = "ENABLE_NAVBAR",
        /// Whether workflows see it.
        enable_workflows: bool = "ENABLE_WORKFLOWS",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
    }
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

custom_fields_of!(CustomObjectRecord);

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
