//! A change of a contact.

use api_transport::Edit;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    custom_field_value::CustomFieldWrite,
    dnd::{DndEdit, InboundDndEdit},
    ids::UserId,
};

/// What an update does to each field: leave, set, clear. What is left is not sent.
///
/// `Clear` is sent as `null` where the schema calls a field nullable and as `""` for
/// `postal_code` and `country`. **That either empties the stored value is not confirmed**:
/// compare with the reply.
///
/// Neither `gender`, `location_id`, `company_name` nor a business can be changed here:
/// undeclared members are a 422 (see [`undeclared`](Self::undeclared)).
///
/// ```
/// use ghl_contacts::{ContactUpdate, Edit};
/// let update = ContactUpdate::new().email("ada@example.com").phone(Edit::Clear);
/// let body = serde_json::to_string(&update).unwrap();
/// assert_eq!(body, r#"{"email":"ada@example.com","phone":null}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ContactUpdate {
    /// First name.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub first_name: Edit<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub last_name: Edit<String>,
    /// The whole name.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub name: Edit<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub email: Edit<String>,
    /// Phone number, best as E.164.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub phone: Edit<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub address1: Edit<String>,
    /// City.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub city: Edit<String>,
    /// State or region.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub state: Edit<String>,
    /// Postal code; not nullable.
    #[serde(
        skip_serializing_if = "Edit::is_leave",
        serialize_with = "clear_as_empty"
    )]
    pub postal_code: Edit<String>,
    /// Country, a code of two letters; not nullable.
    #[serde(
        skip_serializing_if = "Edit::is_leave",
        serialize_with = "clear_as_empty"
    )]
    pub country: Edit<String>,
    /// Website.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub website: Edit<String>,
    /// Time zone.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub timezone: Edit<String>,
    /// Birthday; sent as YYYY-MM-DD.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub date_of_birth: Edit<Date>,
    /// Where the contact came from.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub source: Edit<String>,
    /// The user it is assigned to.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub assigned_to: Edit<UserId>,
    /// The whole set of tags: replaces what is there. To add or remove single tags, see
    /// [`Contacts::add_tags`](crate::Contacts::add_tags).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Custom fields; those not named stay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_fields: Vec<CustomFieldWrite>,
    /// The master switch of do-not-disturb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnd: Option<bool>,
    /// Do-not-disturb by channel; those not named stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnd_settings: Option<DndEdit>,
    /// Do-not-disturb of what comes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_dnd_settings: Option<InboundDndEdit>,
    /// Members that the schema does not declare; see [`undeclared`](Self::undeclared).
    #[serde(flatten)]
    pub undeclared: Map<String, Value>,
}

fn clear_as_empty<S: Serializer>(edit: &Edit<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match edit {
        Edit::Set(text) => serializer.serialize_str(text),
        Edit::Leave | Edit::Clear => serializer.serialize_str(""),
    }
}

macro_rules! edits {
    ($($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)?) => { $(
        $(#[$doc])*
        pub fn $field(mut self, edit: impl Into<Edit<$type>>) -> Self {
            self.$field = edit.into();
            self
        }
    )+ };
}

impl ContactUpdate {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing would be sent.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    edits! {
        /// Sets or clears the first name.
        first_name: String,
        /// Sets or clears the last name.
        last_name: String,
        /// Sets or clears the whole name.
        name: String,
        /// Sets or clears the e-mail address.
        email: String,
        /// Sets or clears the phone number.
        phone: String,
        /// Sets or clears street and number.
        address1: String,
        /// Sets or clears the city.
        city: String,
        /// Sets or clears the state or region.
        state: String,
        /// Sets or clears the postal code.
        postal_code: String,
        /// Sets or clears the country, a code of two letters.
        country: String,
        /// Sets or clears the website.
        website: String,
        /// Sets or clears the time zone.
        timezone: String,
        /// Sets or clears the birthday.
        date_of_birth: Date,
        /// Sets or clears where the contact came from.
        source: String,
        /// Assigns it to a user, or to nobody.
        assigned_to: UserId,
    }

    /// Replaces the whole set of tags.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    /// Sets or clears a custom field.
    pub fn custom_field(mut self, field: CustomFieldWrite) -> Self {
        self.custom_fields.push(field);
        self
    }

    /// Sets the master switch of do-not-disturb.
    pub fn dnd(mut self, on: bool) -> Self {
        self.dnd = Some(on);
        self
    }

    /// Changes do-not-disturb by channel.
    pub fn dnd_settings(mut self, settings: DndEdit) -> Self {
        self.dnd_settings = Some(settings);
        self
    }

    /// Changes do-not-disturb of what comes in.
    pub fn inbound_dnd_settings(mut self, settings: InboundDndEdit) -> Self {
        self.inbound_dnd_settings = Some(settings);
        self
    }

    /// Sends a member that the schema does not declare. Mostly a 422; whether
    /// `companyName` is taken is disputed, so this is how to try it.
    pub fn undeclared(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.undeclared.insert(member.into(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_left_is_not_sent_and_clearing_follows_the_schema() {
        assert!(ContactUpdate::new().is_empty());
        let update = ContactUpdate::new()
            .first_name(Edit::Clear)
            .postal_code(Edit::Clear)
            .country("DE")
            .assigned_to(UserId::from("u"))
            .date_of_birth(Edit::Clear)
            .tags(Vec::<String>::new())
            .undeclared("companyName", "Deos");
        let written = json!({
            "firstName": null, "postalCode": "", "country": "DE", "assignedTo": "u",
            "dateOfBirth": null, "tags": [], "companyName": "Deos",
        });
        assert_eq!(serde_json::to_value(&update).unwrap(), written);
    }
}
