//! Families of records: their members, limits and rights.

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// At most so many characters.
    Text(usize),
    Email(usize),
    Country(usize),
    Integer,
    Flag,
    Moment,
    /// One of the stamps that the server keeps beside the record.
    Stamp,
    CustomFields,
    Tags,
    Dates,
    Links,
}

/// Who may write a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Right {
    Required,
    Written,
    /// Read only: in a body it is passed over.
    Read,
}

/// One member.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) right: Right,
}

/// One family.
#[derive(Debug)]
pub(super) struct Family {
    /// As in paths.
    pub(super) name: &'static str,
    /// Another spelling that paths may use.
    pub(super) alias: &'static str,
    /// As in operations and in `/_sandbox`.
    pub(super) key: &'static str,
    /// As in links.
    pub(super) singular: &'static str,
    /// Name of the member that holds the id.
    pub(super) id: &'static str,
    pub(super) first_id: i64,
    /// Fields that searches ask for most.
    pub(super) lookups: &'static [&'static str],
    pub(super) fields: &'static [Field],
}

impl Kind {
    /// Left out of brief answers.
    pub(super) fn is_list(self) -> bool {
        matches!(
            self,
            Self::CustomFields | Self::Tags | Self::Dates | Self::Links
        )
    }
}

impl Family {
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const fn field(name: &'static str, kind: Kind, right: Right) -> Field {
    Field { name, kind, right }
}

use Kind::{Country, CustomFields, Dates, Email, Flag, Integer, Links, Moment, Stamp, Tags, Text};
use Right::{Read, Required, Written};

/// The families that are served, in the order their records are shown.
pub(super) static FAMILIES: &[Family] = &[CONTACTS, ORGANISATIONS];

const CONTACTS: Family = Family {
    name: "Contacts",
    alias: "Contacts",
    key: "contacts",
    singular: "Contact",
    id: "CONTACT_ID",
    first_id: 366_000_001,
    lookups: &["EMAIL_ADDRESS"],
    fields: &[
        field("SALUTATION", Text(50), Written),
        field("FIRST_NAME", Text(255), Required),
        field("LAST_NAME", Text(255), Written),
        field("IMAGE_URL", Text(255), Read),
        field("BACKGROUND", Text(4000), Written),
        field("VISIBLE_TO", Text(11), Read),
        field("OWNER_USER_ID", Integer, Written),
        field("VISIBLE_TEAM_ID", Integer, Read),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("DATE_UPDATED_UTC", Stamp, Read),
        field("SOCIAL_LINKEDIN", Text(255), Written),
        field("SOCIAL_FACEBOOK", Text(255), Written),
        field("SOCIAL_TWITTER", Text(255), Written),
        field("DATE_OF_BIRTH", Moment, Written),
        field("PHONE", Text(255), Written),
        field("PHONE_HOME", Text(255), Written),
        field("PHONE_MOBILE", Text(255), Written),
        field("PHONE_OTHER", Text(255), Written),
        field("PHONE_ASSISTANT", Text(255), Written),
        field("PHONE_FAX", Text(255), Written),
        field("EMAIL_ADDRESS", Email(255), Written),
        field("ASSISTANT_NAME", Text(255), Written),
        field("ADDRESS_MAIL_STREET", Text(255), Written),
        field("ADDRESS_MAIL_CITY", Text(255), Written),
        field("ADDRESS_MAIL_STATE", Text(255), Written),
        field("ADDRESS_MAIL_POSTCODE", Text(128), Written),
        field("ADDRESS_MAIL_COUNTRY", Country(255), Written),
        field("ADDRESS_OTHER_STREET", Text(255), Written),
        field("ADDRESS_OTHER_CITY", Text(255), Written),
        field("ADDRESS_OTHER_STATE", Text(255), Written),
        field("ADDRESS_OTHER_POSTCODE", Text(128), Written),
        field("ADDRESS_OTHER_COUNTRY", Country(255), Written),
        field("LAST_ACTIVITY_DATE_UTC", Moment, Read),
        field("NEXT_ACTIVITY_DATE_UTC", Moment, Read),
        field("CREATED_USER_ID", Integer, Read),
        field("ORGANISATION_ID", Integer, Written),
        field("TITLE", Text(255), Written),
        field("EMAIL_OPTED_OUT", Flag, Written),
        field("CUSTOMFIELDS", CustomFields, Written),
        field("TAGS", Tags, Written),
        field("DATES", Dates, Written),
        field("LINKS", Links, Read),
    ],
};

const ORGANISATIONS: Family = Family {
    name: "Organisations",
    alias: "Organizations",
    key: "organisations",
    singular: "Organisation",
    id: "ORGANISATION_ID",
    first_id: 182_000_001,
    lookups: &["ORGANISATION_NAME"],
    fields: &[
        field("ORGANISATION_NAME", Text(255), Required),
        field("BACKGROUND", Text(4000), Written),
        field("IMAGE_URL", Text(500), Written),
        field("VISIBLE_TO", Text(11), Read),
        field("OWNER_USER_ID", Integer, Written),
        field("VISIBLE_TEAM_ID", Integer, Read),
        field("DATE_CREATED_UTC", Stamp, Read),
        field("DATE_UPDATED_UTC", Stamp, Read),
        field("LAST_ACTIVITY_DATE_UTC", Moment, Read),
        field("NEXT_ACTIVITY_DATE_UTC", Moment, Read),
        field("CREATED_USER_ID", Integer, Read),
        field("PHONE", Text(255), Written),
        field("PHONE_FAX", Text(255), Written),
        field("WEBSITE", Text(255), Written),
        field("ADDRESS_BILLING_STREET", Text(255), Written),
        field("ADDRESS_BILLING_CITY", Text(255), Written),
        field("ADDRESS_BILLING_STATE", Text(255), Written),
        field("ADDRESS_BILLING_COUNTRY", Country(255), Written),
        field("ADDRESS_BILLING_POSTCODE", Text(128), Written),
        field("ADDRESS_SHIP_STREET", Text(255), Written),
        field("ADDRESS_SHIP_CITY", Text(255), Written),
        field("ADDRESS_SHIP_STATE", Text(255), Written),
        field("ADDRESS_SHIP_POSTCODE", Text(128), Written),
        field("ADDRESS_SHIP_COUNTRY", Country(255), Written),
        field("SOCIAL_LINKEDIN", Text(255), Written),
        field("SOCIAL_FACEBOOK", Text(255), Written),
        field("SOCIAL_TWITTER", Text(255), Written),
        field("CUSTOMFIELDS", CustomFields, Written),
        field("TAGS", Tags, Written),
        field("DATES", Dates, Written),
        field("LINKS", Links, Read),
    ],
};
