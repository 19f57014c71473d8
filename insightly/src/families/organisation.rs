//! Organisations: companies and the like.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    error::Result,
    form,
    ids::{EmailDomainId, OrganisationId, TeamId, UserId},
    link::Link,
    model::record,
    occasion::Occasion,
    record::{Payload, Rows, TooLong},
    records::Records,
    shape::{calls, family},
    shapes::{
        assigned, changed, changed_if, created, dated, deleted, followed, image_fields, linked,
        listed, merged, noted, pictured, read_by_id, relinked, searched, searched_by_tag, tagged,
        takes_files, with_emails, with_events, with_files, with_tasks,
    },
    tag::Tag,
};

record! {
    /// A company or other organisation. It has no e-mail address, only [`EmailDomain`]s.
    #[derive(Hash)]
    Organisation(id: OrganisationId = "ORGANISATION_ID");

    /// What an organisation is made of: `NewOrganisation::new("Acme")`.
    NewOrganisation;

    /// What is changed of an organisation.
    OrganisationUpdate;

    required {
        /// The name.
        name: String = "ORGANISATION_NAME" [255],
    }
    writable {
        /// What is told about it.
        background: String = "BACKGROUND" [4000],
        /// Where the picture is.
        image_url: String = "IMAGE_URL" [500],
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// Phone.
        phone: String = "PHONE" [255],
        /// Fax.
        phone_fax: String = "PHONE_FAX" [255],
        /// The web site.
        website: String = "WEBSITE" [255],
        /// Billing address: street.
        address_billing_street: String = "ADDRESS_BILLING_STREET" [255],
        /// Billing address: city.
        address_billing_city: String = "ADDRESS_BILLING_CITY" [255],
        /// Billing address: state.
        address_billing_state: String = "ADDRESS_BILLING_STATE" [255],
        /// Billing address: a name of [`Client::countries`](crate::Client::countries).
        address_billing_country: String = "ADDRESS_BILLING_COUNTRY" [255],
        /// Billing address: post code.
        address_billing_postcode: String = "ADDRESS_BILLING_POSTCODE" [128],
        /// Shipping address: street.
        address_ship_street: String = "ADDRESS_SHIP_STREET" [255],
        /// Shipping address: city.
        address_ship_city: String = "ADDRESS_SHIP_CITY" [255],
        /// Shipping address: state.
        address_ship_state: String = "ADDRESS_SHIP_STATE" [255],
        /// Shipping address: post code.
        address_ship_postcode: String = "ADDRESS_SHIP_POSTCODE" [128],
        /// Shipping address: a name of [`Client::countries`](crate::Client::countries).
        address_ship_country: String = "ADDRESS_SHIP_COUNTRY" [255],
        /// The page at Linked-In.
        social_linkedin: String = "SOCIAL_LINKEDIN" [255],
        /// The page at Facebook.
        social_facebook: String = "SOCIAL_FACEBOOK" [255],
        /// The name at Twitter.
        social_twitter: String = "SOCIAL_TWITTER" [255],
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
        /// Domains whose mails and contacts belong to it.
        email_domains: EmailDomain = "EMAILDOMAINS",
    }
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
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

/// A domain whose mails and contacts belong to an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmailDomain {
    /// Its id; none before it is stored.
    #[serde(
        rename = "EMAIL_DOMAIN_ID",
        default,
        deserialize_with = "form::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<EmailDomainId>,
    /// The domain, e.g. `acme.example`.
    #[serde(rename = "EMAIL_DOMAIN")]
    pub domain: String,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl From<&str> for EmailDomain {
    fn from(domain: &str) -> Self {
        Self {
            id: None,
            domain: domain.to_owned(),
            extra: serde_json::Map::new(),
        }
    }
}

impl Payload for EmailDomain {
    fn check(&self) -> Result<(), TooLong> {
        form::fits("EMAIL_DOMAIN", Some(&self.domain), 255)
    }

    crate::record::known_alone!();
}

custom_fields_of!(Organisation);

family!(
    Organisation, "organisations", "/Organisations":
    listed, searched, searched_by_tag, read_by_id,
    created(New = NewOrganisation), changed(Update = OrganisationUpdate), changed_if, deleted,
    tagged, linked, relinked, noted, with_tasks, with_events, with_emails, dated, followed, pictured, image_fields,
    with_files, takes_files, assigned, merged,
);

pub(crate) mod domains {
    use super::calls;

    calls! { "organisations":
        GET: get "email_domains" "/Organisations/{id}/EmailDomains" [400 401 403 404];
        SET: put_once "set_email_domains" "/Organisations/{id}/EmailDomains" [400 401 403 404];
    }

    pub(super) const OF: (&crate::ApiOperation, &crate::ApiOperation) = (&GET, &SET);
}

impl Records<Organisation> {
    /// The domains whose mails and contacts belong to the organisation.
    pub async fn email_domains(&self, id: OrganisationId) -> Result<Vec<EmailDomain>> {
        let op = self.op(domains::OF.0, &[&id.to_string()]);
        self.client().send(op).await
    }

    /// Makes these the organisation's domains. Whether those left out are removed is
    /// not confirmed: look at the answer.
    pub async fn set_email_domains(
        &self,
        id: OrganisationId,
        domains: &[EmailDomain],
    ) -> Result<Vec<EmailDomain>> {
        let op = self.op_with(domains::OF.1, &[&id.to_string()], &Rows(domains))?;
        self.client().send(op).await
    }
}

impl Client {
    /// The organisations.
    pub fn organisations(&self) -> Records<Organisation> {
        Records::new(self)
    }
}
