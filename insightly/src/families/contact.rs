//! Contacts.

use jiff::{Timestamp, civil::Date};

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    ids::{ContactId, OrganisationId, TeamId, UserId},
    link::Link,
    model::record,
    occasion::Occasion,
    records::Records,
    shape::family,
    shapes::{
        assigned, changed, changed_if, created, dated, deleted, followed, image_fields, linked,
        listed, merged, noted, pictured, read_by_id, relinked, searched, searched_by_tag, tagged,
        takes_files, with_emails, with_events, with_files, with_tasks,
    },
    tag::Tag,
};

record! {
    /// A person: one e-mail address, six fixed phones, two fixed addresses.
    #[derive(Hash)]
    Contact(id: ContactId = "CONTACT_ID");

    /// What a contact is made of: `NewContact::new("Ada").email_address("ada@example.com")`.
    NewContact;

    /// What is changed of a contact:
    /// `ContactUpdate::of(id).phone("+1 555 0100").title(Edit::Clear)`.
    ///
    /// Custom fields that are not named here should stay as they are; that is not
    /// confirmed, so look at the answer. Tags, dates and links have calls of their own.
    ContactUpdate;

    required {
        /// First name: required, while the last name is not.
        first_name: String = "FIRST_NAME" [255],
    }
    writable {
        /// Form of address, e.g. `Dr`.
        salutation: String = "SALUTATION" [50],
        /// Last name.
        last_name: String = "LAST_NAME" [255],
        /// What is told about the person.
        background: String = "BACKGROUND" [4000],
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The page at Linked-In.
        social_linkedin: String = "SOCIAL_LINKEDIN" [255],
        /// The page at Facebook.
        social_facebook: String = "SOCIAL_FACEBOOK" [255],
        /// The name at Twitter.
        social_twitter: String = "SOCIAL_TWITTER" [255],
        /// Birthday.
        date_of_birth: Date = "DATE_OF_BIRTH",
        /// The business phone.
        phone: String = "PHONE" [255],
        /// Phone at home.
        phone_home: String = "PHONE_HOME" [255],
        /// Mobile phone.
        phone_mobile: String = "PHONE_MOBILE" [255],
        /// Another phone.
        phone_other: String = "PHONE_OTHER" [255],
        /// The assistant's phone.
        phone_assistant: String = "PHONE_ASSISTANT" [255],
        /// Fax.
        phone_fax: String = "PHONE_FAX" [255],
        /// The one e-mail address. Insightly does not refuse a second contact with the same.
        email_address: String = "EMAIL_ADDRESS" [255],
        /// The assistant's name.
        assistant_name: String = "ASSISTANT_NAME" [255],
        /// Mail address: street.
        address_mail_street: String = "ADDRESS_MAIL_STREET" [255],
        /// Mail address: city.
        address_mail_city: String = "ADDRESS_MAIL_CITY" [255],
        /// Mail address: state.
        address_mail_state: String = "ADDRESS_MAIL_STATE" [255],
        /// Mail address: post code.
        address_mail_postcode: String = "ADDRESS_MAIL_POSTCODE" [128],
        /// Mail address: a name of [`Client::countries`](crate::Client::countries).
        address_mail_country: String = "ADDRESS_MAIL_COUNTRY" [255],
        /// Other address: street.
        address_other_street: String = "ADDRESS_OTHER_STREET" [255],
        /// Other address: city.
        address_other_city: String = "ADDRESS_OTHER_CITY" [255],
        /// Other address: state.
        address_other_state: String = "ADDRESS_OTHER_STATE" [255],
        /// Other address: post code.
        address_other_postcode: String = "ADDRESS_OTHER_POSTCODE" [128],
        /// Other address: a name of [`Client::countries`](crate::Client::countries).
        address_other_country: String = "ADDRESS_OTHER_COUNTRY" [255],
        /// The one main organisation; further ones are links.
        organisation_id: OrganisationId = "ORGANISATION_ID",
        /// The job title.
        title: String = "TITLE" [255],
        /// Wants no e-mail.
        email_opted_out: bool = "EMAIL_OPTED_OUT",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {
        /// Tags.
        tags: Tag = "TAGS",
        /// Dates to remember.
        dates: Occasion = "DATES",
    }
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
        /// Where the picture is.
        image_url: String = "IMAGE_URL",
        /// Who sees it: `EVERYONE`, `OWNER`, `TEAM` or `INDIVIDUALS`.
        visible_to: String = "VISIBLE_TO",
        /// The team that sees it.
        visible_team_id: TeamId = "VISIBLE_TEAM_ID",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The last task, event or e-mail.
        last_activity_date: Timestamp = "LAST_ACTIVITY_DATE_UTC",
        /// The next task or event.
        next_activity_date: Timestamp = "NEXT_ACTIVITY_DATE_UTC",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
    }
}

custom_fields_of!(Contact);

family!(
    Contact, "contacts", "/Contacts":
    listed, searched, searched_by_tag, read_by_id,
    created(New = NewContact), changed(Update = ContactUpdate), changed_if, deleted,
    tagged, linked, relinked, noted, with_tasks, with_events, with_emails, dated, followed, pictured, image_fields,
    with_files, takes_files, assigned, merged,
);

impl Client {
    /// The contacts.
    pub fn contacts(&self) -> Records<Contact> {
        Records::new(self)
    }
}

#[cfg(test)]
mod tests {
    use api_transport::Edit;
    use serde_json::{Value, json};

    use super::*;
    use crate::record::{Payload, Record};

    /// The shape of a live contact of 2025, with invented values.
    fn live() -> Value {
        json!({
            "CONTACT_ID": 366_000_001, "SALUTATION": null, "FIRST_NAME": "Ada",
            "VISIBLE_TO": "EVERYONE", "OWNER_USER_ID": 2_240_001, "VISIBLE_TEAM_ID": null,
            "DATE_CREATED_UTC": "2025-04-19 00:49:32", "DATE_OF_BIRTH": "1981-02-03 00:00:00",
            "EMAIL_OPTED_OUT": false, "TAGS": [{"TAG_NAME": "vip"}], "DATES": [], "LINKS": [],
            "CUSTOMFIELDS": [{"FIELD_NAME": "Hobby__c", "FIELD_VALUE": "Skiing", "CUSTOM_FIELD_ID": "Hobby__c"}],
            "ETag": "W/\"1\"", "NEW_MEMBER": {"a": 1}
        })
    }

    #[test]
    fn a_live_contact_is_read_whole() {
        let contact: Contact = serde_json::from_value(live()).unwrap();
        assert_eq!(contact.id, ContactId(366_000_001));
        assert_eq!(contact.date_of_birth.unwrap().to_string(), "1981-02-03");
        assert_eq!(
            contact.date_created.unwrap().to_string(),
            "2025-04-19T00:49:32Z"
        );
        assert_eq!(contact.tags, Some(vec![Tag::new("vip")]));
        assert_eq!(contact.dates, Some(vec![]));
        assert_eq!(
            contact.custom_field("Hobby__c").unwrap().as_text(),
            Some("Skiing")
        );
        assert_eq!(contact.etag().unwrap().0, "W/\"1\"");
        assert_eq!(contact.extra.keys().collect::<Vec<_>>(), ["NEW_MEMBER"]);
    }

    #[test]
    fn a_list_left_out_by_brief_is_not_an_empty_list() {
        let contact: Contact = serde_json::from_value(json!({"CONTACT_ID": "7"})).unwrap();
        assert_eq!(contact.id, ContactId(7));
        assert_eq!(contact.tags, None);
    }

    #[test]
    fn a_read_contact_is_written_as_it_came() {
        let contact: Contact = serde_json::from_value(live()).unwrap();
        let again: Contact =
            serde_json::from_value(serde_json::to_value(&contact).unwrap()).unwrap();
        assert_eq!(again, contact);
    }

    #[test]
    fn an_update_sends_only_what_it_names() {
        let update = ContactUpdate::of(ContactId(7))
            .phone("+1 555 0100")
            .title(Edit::Clear)
            .custom_fields([CustomField::flag("Newsletter__c", true)]);
        assert_eq!(
            serde_json::to_value(&update).unwrap(),
            json!({
                "CONTACT_ID": 7, "PHONE": "+1 555 0100", "TITLE": null,
                "CUSTOMFIELDS": [{"FIELD_NAME": "Newsletter__c", "FIELD_VALUE": true}]
            })
        );
        assert!(!update.is_empty());
        assert!(ContactUpdate::of(ContactId(7)).is_empty());
    }

    #[test]
    fn a_text_over_its_limit_is_named() {
        let new = NewContact::new("Ada").salutation("x".repeat(51));
        let why = new.check().unwrap_err();
        assert_eq!(
            why.to_string(),
            "SALUTATION takes 50 characters at most, this has 51"
        );
        let update = ContactUpdate::of(ContactId(7)).address_mail_postcode("1".repeat(129));
        assert!(
            update
                .check()
                .unwrap_err()
                .field
                .contains("ADDRESS_MAIL_POSTCODE")
        );
    }
}
