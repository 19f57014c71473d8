//! What custom fields an account has.

use crate::{client::Client, error::Result, model::part, shape::calls};

part! {
    /// A custom field of a family. It is made and changed in the web application only.
    ///
    /// `name`: The API name, e.g. `Hobby__c`: searches and values go by it, and its case counts.
    CustomFieldDefinition(name: String = "FIELD_NAME")
    {
        /// What users see.
        label: String = "FIELD_LABEL",
        /// `TEXT`, `MULTILINETEXT`, `DROPDOWN`, `MULTISELECT`, `BIT`, `NUMERIC`, `PERCENT`,
        /// `DATE`, `DATETIME`, `AUTONUMBER` and others.
        field_type: String = "FIELD_TYPE",
        /// The family, e.g. `CONTACT`.
        field_for: String = "FIELD_FOR",
        /// Its place in forms.
        order: i64 = "FIELD_ORDER",
        /// The help text.
        help_text: String = "FIELD_HELP_TEXT",
        /// What a new record gets.
        default_value: String = "DEFAULT_VALUE",
        /// False for calculated and automatic ones.
        editable: bool = "EDITABLE",
        /// Whether forms show it.
        visible: bool = "VISIBLE",
        /// The options of a `DROPDOWN` or `MULTISELECT`; values must match one exactly.
        options: Vec<CustomFieldOption> = "CUSTOM_FIELD_OPTIONS",
        /// Which options another field leaves.
        dependency: CustomFieldDependency = "DEPENDENCY",
        /// For lookups, whose records it points at: the value is an id then.
        join_object: String = "JOIN_OBJECT",
    }
}

part! {
    /// One option of a custom field.
    ///
    /// `value`: What records hold.
    CustomFieldOption(value: String = "OPTION_VALUE")
    {
        /// Its id, which only dependencies use.
        id: i64 = "OPTION_ID",
        /// Whether a new record gets it.
        is_default: bool = "OPTION_DEFAULT",
    }
}

part! {
    /// Which options a field has while another one has a certain value.
    CustomFieldDependency
    {
        /// The other field.
        controlling_field: String = "CONTROLLING_FIELD_ID",
        /// The options for each of its values.
        filters: Vec<CustomFieldOptionsFilter> = "OPTIONS_FILTERS",
    }
}

part! {
    /// The options that one value of the controlling field leaves.
    CustomFieldOptionsFilter
    {
        /// The controlling field's value.
        value: String = "CONTROLLING_VALUE",
        /// The ids of the options.
        option_ids: Vec<i64> = "OPTION_IDS",
    }
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
