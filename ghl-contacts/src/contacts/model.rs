//! A contact as the API shows it.

use jiff::{Timestamp, civil::Date};
use serde_json::Value;

use crate::{
    attribution::AttributionSource,
    borrowed_json::Json,
    contacts::search::SearchAfter,
    custom_field_value::{CustomField, CustomFieldValue},
    dnd::{DndSettings, InboundDndSettings},
    ids::{BusinessId, ContactId, CustomFieldId, LocationId, UserId},
    record::{Member, nested, record},
};

record! {
    /// A contact, with every field that any route shows.
    ///
    /// No route shows all of them: a `None` means "blank" only where
    /// [`tells`](Self::tells) says so. Names under which routes show
    /// one field differently are read as one: search rows call the street `address`,
    /// list rows keep the cased first name in `firstNameRaw`, and so on.
    ///
    /// There is no constructor; a test makes one from JSON:
    ///
    /// ```
    /// use ghl_contacts::Contact;
    /// let ada: Contact = serde_json::from_value(serde_json::json!({
    ///     "id": "seD4PfOuKoVMLkEZqohJ", "firstName": "Ada", "address": "3535 1st St N",
    /// }))?;
    /// assert_eq!(ada.address1.as_deref(), Some("3535 1st St N"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Contact {
        /// The id; a merge in the dashboard ends the absorbed contact's.
        pub id: ContactId = "id" from ["id", "_id"],
        /// The location it belongs to.
        pub location_id: Option<LocationId> = "locationId",
        /// First name, as it was typed.
        pub first_name: Option<String> = "firstName" from ["firstNameRaw", "firstName"],
        /// Last name, as it was typed.
        pub last_name: Option<String> = "lastName" from ["lastNameRaw", "lastName"],
        /// The whole name; `contactName` in list rows.
        pub name: Option<String> = "name" from ["name", "contactName"],
        /// First name in lower case; the form that searches compare.
        pub first_name_lower_case: Option<String> = "firstNameLowerCase",
        /// Last name in lower case.
        pub last_name_lower_case: Option<String> = "lastNameLowerCase",
        /// The whole name in lower case.
        pub full_name_lower_case: Option<String> = "fullNameLowerCase",
        /// The main e-mail address.
        pub email: Option<String> = "email",
        /// The main e-mail address in lower case.
        pub email_lower_case: Option<String> = "emailLowerCase",
        /// Further addresses, up to 10. Readable only: writing them is a 422.
        pub additional_emails: Option<Vec<AdditionalEmail>> = "additionalEmails",
        /// Whether mail to it bounced.
        pub bounce_email: Option<bool> = "bounceEmail",
        /// Whether the person unsubscribed.
        pub unsubscribe_email: Option<bool> = "unsubscribeEmail",
        /// Whether the address was verified.
        pub valid_email: Option<bool> = "validEmail",
        /// The main phone number, E.164 in answers.
        pub phone: Option<String> = "phone",
        /// What kind of number it is, e.g. `Mobile`.
        pub phone_label: Option<String> = "phoneLabel",
        /// Further numbers. Readable only: writing them is a 422.
        pub additional_phones: Option<Vec<AdditionalPhone>> = "additionalPhones",
        /// The company, as free text; independent of `business_id`.
        pub company_name: Option<String> = "companyName",
        /// The business record it belongs to.
        pub business_id: Option<BusinessId> = "businessId",
        /// That business's name, in search rows.
        pub business_name: Option<String> = "businessName",
        /// Street and number; `address` in search rows.
        pub address1: Option<String> = "address1" from ["address1", "address"],
        /// City.
        pub city: Option<String> = "city",
        /// State or region.
        pub state: Option<String> = "state",
        /// Postal code.
        pub postal_code: Option<String> = "postalCode",
        /// Country, a code of two letters.
        pub country: Option<String> = "country",
        /// Website.
        pub website: Option<String> = "website",
        /// Time zone, e.g. `America/Chihuahua`.
        pub timezone: Option<String> = "timezone",
        /// Gender. Cannot be changed after the create: a 422.
        pub gender: Option<String> = "gender",
        /// Birthday. Read from a plain date, an ISO stamp or milliseconds, by route.
        pub date_of_birth: Option<Date> = "dateOfBirth",
        /// Month of birth, in create replies.
        pub birth_month: Option<i64> = "birthMonth",
        /// Day of birth, in create replies.
        pub birth_day: Option<i64> = "birthDay",
        /// `lead`, `customer` and the like.
        pub kind: Option<String> = "type",
        /// Where the contact came from, free text.
        pub source: Option<String> = "source",
        /// The user it is assigned to.
        pub assigned_to: Option<UserId> = "assignedTo",
        /// The users that follow it.
        pub followers: Option<Vec<UserId>> = "followers",
        /// Its tags, in lower case.
        pub tags: Option<Vec<String>> = "tags",
        /// Its custom fields, by id only.
        pub custom_fields: Option<Vec<CustomField>> = "customFields" from ["customFields", "customField"],
        /// The master switch of do-not-disturb.
        pub dnd: Option<bool> = "dnd",
        /// Do-not-disturb by channel; search rows can lack it.
        pub dnd_settings: Option<DndSettings> = "dndSettings",
        /// Do-not-disturb of what comes in.
        pub inbound_dnd_settings: Option<InboundDndSettings> = "inboundDndSettings",
        /// When it was created.
        pub date_added: Option<Timestamp> = "dateAdded",
        /// When it last changed. Which edits count is not documented.
        pub date_updated: Option<Timestamp> = "dateUpdated",
        /// When the person was last active.
        pub last_activity: Option<Timestamp> = "lastActivity",
        /// When the person's last session was.
        pub last_session_activity_at: Option<Timestamp> = "lastSessionActivityAt",
        /// Who or what created it.
        pub created_by: Option<Value> = "createdBy",
        /// Whether it is deleted, in create replies.
        pub deleted: Option<bool> = "deleted",
        /// The first attribution. Its `url` is often missing, whatever the schema says.
        pub attribution_source: Option<AttributionSource> = "attributionSource",
        /// The last attribution.
        pub last_attribution_source: Option<AttributionSource> = "lastAttributionSource",
        /// All attributions, in list rows.
        pub attributions: Option<Vec<AttributionSource>> = "attributions",
        /// The visitor's id on the location's sites.
        pub visitor_id: Option<String> = "visitorId",
        /// A keyword of the first message.
        pub keyword: Option<String> = "keyword",
        /// Social security number, where a location keeps it.
        pub ssn: Option<String> = "ssn",
        /// Dead: files live in the contact's documents.
        pub attachments: Option<Value> = "attachments",
        /// A picture.
        pub profile_photo: Option<String> = "profilePhoto",
        /// Opportunities, as they came.
        pub opportunities: Option<Vec<Value>> = "opportunities",
        /// Offers, in create replies.
        pub offers: Option<Vec<String>> = "offers",
        /// Products, in create replies.
        pub products: Option<Vec<String>> = "products",
        /// Where a search goes on after this row.
        pub search_after: Option<SearchAfter> = "searchAfter",
        /// Where a list goes on after this row.
        pub start_after: Option<Value> = "startAfter",
    }
}
nested!(Contact);

impl Contact {
    /// The tags, in lower case; none where the route shows none.
    pub fn tags(&self) -> &[String] {
        self.tags.as_deref().unwrap_or_default()
    }

    /// The value of one custom field.
    pub fn custom_field(&self, id: &CustomFieldId) -> Option<&CustomFieldValue> {
        let fields = self.custom_fields.as_deref().unwrap_or_default();
        fields.iter().find(|field| field.id == *id)?.value.as_ref()
    }
}

record! {
    /// A further e-mail address.
    pub struct AdditionalEmail {
        /// The address.
        pub email: Option<String> = "email",
        /// Whether it was verified.
        pub valid_email: Option<bool> = "validEmail",
    }
}

record! {
    /// A further phone number.
    pub struct AdditionalPhone {
        /// The number.
        pub phone: Option<String> = "phone",
        /// What kind of number it is.
        pub phone_label: Option<String> = "phoneLabel",
    }
}

/// These come as objects from one route and as plain texts from another.
macro_rules! object_or_text {
    ($($type:ident by $member:literal),+) => { $(
        impl Member for $type {
            fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
                let members = match value {
                    Json::Null => return Ok(None),
                    text @ Json::Text(_) => vec![($member.into(), text)],
                    Json::Object(members) => members,
                    odd => return Err(odd),
                };
                let mut members = members.into_iter();
                let Ok(read) = Self::collect(|| Ok::<_, std::convert::Infallible>(members.next()));
                Ok(read.ok())
            }

            fn is_readable(value: &Json<'_>) -> bool {
                matches!(value, Json::Null | Json::Text(_) | Json::Object(_))
            }
        }
    )+ };
}
object_or_text!(AdditionalEmail by "email", AdditionalPhone by "phone");

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn contact(value: Value) -> Contact {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_list_row_gives_the_names_as_they_were_typed() {
        let row = contact(json!({
            "id": "c", "contactName": "ada king", "firstName": "ada", "firstNameRaw": "Ada",
            "lastName": "king", "lastNameRaw": "King",
        }));
        assert_eq!(row.first_name.as_deref(), Some("Ada"));
        assert_eq!(row.last_name.as_deref(), Some("King"));
        assert_eq!(row.name.as_deref(), Some("ada king"));
        assert!(row.extra.is_empty());
    }

    #[test]
    fn a_search_row_gives_street_birthday_and_cursor() {
        let row = contact(json!({
            "_id": "c", "address": "1 St", "dateOfBirth": 654_220_800_000_i64,
            "searchAfter": [1_736_471_515_514_i64, "VU1"], "additionalEmails": ["a@b.c"],
        }));
        assert_eq!(row.id, ContactId::from("c"));
        assert_eq!(row.address1.as_deref(), Some("1 St"));
        assert_eq!(row.date_of_birth, Some(jiff::civil::date(1990, 9, 25)));
        assert!(row.search_after.is_some());
        let emails = row.additional_emails.unwrap();
        assert_eq!(emails[0].email.as_deref(), Some("a@b.c"));
    }

    #[test]
    fn one_odd_member_does_not_lose_the_contact() {
        let odd = contact(json!({"id": "c", "email": "a@b.c", "dateUpdated": "soon", "tags": {}}));
        assert_eq!(odd.email.as_deref(), Some("a@b.c"));
        assert_eq!(
            odd.unreadable().collect::<Vec<_>>(),
            ["tags", "dateUpdated"]
        );
    }

    #[test]
    fn a_contact_without_an_id_is_an_error() {
        let error = serde_json::from_value::<Contact>(json!({"email": "a@b.c"})).unwrap_err();
        assert_eq!(error.to_string(), "missing field `id`");
    }
}
