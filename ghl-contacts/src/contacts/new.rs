//! A contact to create.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    custom_field_value::CustomFieldWrite,
    dnd::{DndEdit, InboundDndEdit},
    ids::{LocationId, UserId},
    setters::text_setters,
};

/// A contact to create or upsert; what is not set is not sent.
///
/// ```
/// use ghl_contacts::{CustomFieldWrite, NewContact};
/// let ada = NewContact::in_location("ve9EPM428h8vShlRW1KT")
///     .first_name("Ada")
///     .email("ada@example.com")
///     .tag("vip")
///     .custom_field(CustomFieldWrite::set("MgobCB14YMVKuE4Ka8p1", "gold"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewContact {
    /// The location it will belong to.
    pub location_id: LocationId,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The whole name, where the parts are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number, best as E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Gender; cannot be changed later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country, a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Time zone, e.g. `America/Chihuahua`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Birthday; sent as YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// Company, free text. Some locations make a business of it and link it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Where the contact comes from, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The user it is assigned to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    /// Tags; an upsert replaces the whole set by them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Custom fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_fields: Vec<CustomFieldWrite>,
    /// The master switch of do-not-disturb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnd: Option<bool>,
    /// Do-not-disturb by channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnd_settings: Option<DndEdit>,
    /// Do-not-disturb of what comes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_dnd_settings: Option<InboundDndEdit>,
}

impl NewContact {
    /// A contact of which only the location is set. The API wants at least one more field.
    pub fn in_location(id: impl Into<LocationId>) -> Self {
        Self {
            location_id: id.into(),
            first_name: None,
            last_name: None,
            name: None,
            email: None,
            phone: None,
            gender: None,
            address1: None,
            city: None,
            state: None,
            postal_code: None,
            country: None,
            website: None,
            timezone: None,
            date_of_birth: None,
            company_name: None,
            source: None,
            assigned_to: None,
            tags: Vec::new(),
            custom_fields: Vec::new(),
            dnd: None,
            dnd_settings: None,
            inbound_dnd_settings: None,
        }
    }

    text_setters! {
        /// Sets the first name.
        first_name,
        /// Sets the last name.
        last_name,
        /// Sets the whole name.
        name,
        /// Sets the e-mail address.
        email,
        /// Sets the phone number, best as E.164.
        phone,
        /// Sets the gender; it cannot be changed later.
        gender,
        /// Sets street and number.
        address1,
        /// Sets the city.
        city,
        /// Sets the state or region.
        state,
        /// Sets the postal code.
        postal_code,
        /// Sets the country, a code of two letters.
        country,
        /// Sets the website.
        website,
        /// Sets the time zone, e.g. `America/Chihuahua`.
        timezone,
        /// Sets the company, as free text.
        company_name,
        /// Says where the contact comes from.
        source,
    }

    /// Sets the birthday.
    pub fn date_of_birth(mut self, date: Date) -> Self {
        self.date_of_birth = Some(date);
        self
    }

    /// Assigns it to a user.
    pub fn assigned_to(mut self, user: impl Into<UserId>) -> Self {
        self.assigned_to = Some(user.into());
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Adds tags.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Adds a custom field.
    pub fn custom_field(mut self, field: CustomFieldWrite) -> Self {
        self.custom_fields.push(field);
        self
    }

    /// Sets the master switch of do-not-disturb.
    pub fn dnd(mut self, on: bool) -> Self {
        self.dnd = Some(on);
        self
    }

    /// Sets do-not-disturb by channel.
    pub fn dnd_settings(mut self, settings: DndEdit) -> Self {
        self.dnd_settings = Some(settings);
        self
    }

    /// Sets do-not-disturb of what comes in.
    pub fn inbound_dnd_settings(mut self, settings: InboundDndEdit) -> Self {
        self.inbound_dnd_settings = Some(settings);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DndStatus;
    use serde_json::json;

    #[test]
    fn only_what_is_set_is_sent() {
        let bare = NewContact::in_location("l");
        assert_eq!(
            serde_json::to_value(&bare).unwrap(),
            json!({"locationId": "l"})
        );
        let full = bare
            .first_name("Ada")
            .postal_code("35061")
            .date_of_birth(jiff::civil::date(1990, 9, 25))
            .tags(["a", "b"])
            .custom_field(CustomFieldWrite::set("f", 5_i64))
            .dnd(true)
            .dnd_settings(DndEdit::new().sms(DndStatus::Inactive))
            .inbound_dnd_settings(InboundDndEdit::all(DndStatus::Active));
        let written = json!({
            "locationId": "l", "firstName": "Ada", "postalCode": "35061",
            "dateOfBirth": "1990-09-25", "tags": ["a", "b"],
            "customFields": [{"id": "f", "field_value": 5}], "dnd": true,
            "dndSettings": {"SMS": {"status": "inactive"}},
            "inboundDndSettings": {"all": {"status": "active"}},
        });
        assert_eq!(serde_json::to_value(&full).unwrap(), written);
    }
}
