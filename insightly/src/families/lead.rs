//! Leads.

use jiff::Timestamp;

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    ids::{
        ContactId, LeadId, LeadSourceId, LeadStatusId, OpportunityId, OrganisationId, TeamId,
        UserId,
    },
    link::Link,
    model::record,
    records::Records,
    shape::family,
    shapes::{
        assigned, changed, changed_if, created, deleted, followed, image_fields, linked, listed,
        mailed, merged, noted, pictured, read_by_id, relinked, searched, searched_by_tag, staged,
        tagged, takes_files, with_emails, with_events, with_files, with_tasks,
    },
    tag::Tag,
};

record! {
    /// A person who may become a contact. Conversion happens in the web application
    /// only; the lead stays readable and points at what it became.
    #[derive(Hash)]
    Lead(id: LeadId = "LEAD_ID");

    /// What a lead is made of: `NewLead::new("Example")`.
    NewLead;

    /// What is changed of a lead.
    LeadUpdate;

    required {
        /// Last name: required, while the first name is not.
        last_name: String = "LAST_NAME" [255],
    }
    writable {
        /// Form of address, e.g. `Dr`.
        salutation: String = "SALUTATION" [50],
        /// First name.
        first_name: String = "FIRST_NAME" [255],
        /// Where it came from; the account's default if not set.
        lead_source_id: LeadSourceId = "LEAD_SOURCE_ID",
        /// How far it is; the account's default if not set.
        lead_status_id: LeadStatusId = "LEAD_STATUS_ID",
        /// The job title.
        title: String = "TITLE" [255],
        /// The e-mail address. Searches name it `EMAIL`, not `EMAIL_ADDRESS`.
        email: String = "EMAIL" [255],
        /// How many people work there.
        employee_count: i64 = "EMPLOYEE_COUNT",
        /// Fax.
        fax: String = "FAX" [255],
        /// Industry.
        industry: String = "INDUSTRY" [128],
        /// What is told about it.
        description: String = "LEAD_DESCRIPTION" [4000],
        /// How promising it is.
        rating: i64 = "LEAD_RATING",
        /// Mobile phone.
        mobile: String = "MOBILE" [255],
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// Phone.
        phone: String = "PHONE" [255],
        /// The user who works on it.
        responsible_user_id: UserId = "RESPONSIBLE_USER_ID",
        /// The web site.
        website: String = "WEBSITE" [255],
        /// Address: street.
        address_street: String = "ADDRESS_STREET" [255],
        /// Address: city.
        address_city: String = "ADDRESS_CITY" [255],
        /// Address: state.
        address_state: String = "ADDRESS_STATE" [255],
        /// Address: post code.
        address_postcode: String = "ADDRESS_POSTCODE" [128],
        /// Address: country. New leads get the account's own if not set.
        address_country: String = "ADDRESS_COUNTRY" [255],
        /// The name of the organisation.
        organisation_name: String = "ORGANISATION_NAME" [255],
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
    }
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
        /// Whether it was converted.
        converted: bool = "CONVERTED",
        /// The contact it became.
        converted_contact_id: ContactId = "CONVERTED_CONTACT_ID",
        /// When it was converted.
        converted_date: Timestamp = "CONVERTED_DATE_UTC",
        /// The opportunity it became.
        converted_opportunity_id: OpportunityId = "CONVERTED_OPPORTUNITY_ID",
        /// The organisation it became.
        converted_organisation_id: OrganisationId = "CONVERTED_ORGANISATION_ID",
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
        /// Where the picture is.
        image_url: String = "IMAGE_URL",
        /// The address that files mails with it.
        linked_email_address: String = "LINKED_EMAIL_ADDRESS",
        /// Who sees it: `EVERYONE`, `OWNER`, `TEAM` or `INDIVIDUALS`.
        visible_to: String = "VISIBLE_TO",
        /// The team that sees it.
        visible_team_id: TeamId = "VISIBLE_TEAM_ID",
    }
}

custom_fields_of!(Lead);

// The links are in Insightly's description of 2022 and gone from that of 2025.
family!(
    Lead, "leads", "/Leads":
    listed, searched, searched_by_tag, read_by_id,
    created(New = NewLead), changed(Update = LeadUpdate), changed_if, deleted,
    tagged, linked, relinked, noted, with_tasks, with_events, with_emails, followed, pictured, image_fields,
    with_files, takes_files, assigned, staged, mailed, merged,
);

impl Client {
    /// The leads.
    pub fn leads(&self) -> Records<Lead> {
        Records::new(self)
    }
}
