//! Contacts as both systems hold them.

pub(crate) mod birthday;
mod countries;
mod custom_fields;
pub(crate) mod edit;
mod fields;
mod markers;
mod matcher;
mod option_list;
mod phone;
mod tag_names;

pub use countries::Countries;
pub use custom_fields::{CustomFieldPair, CustomFieldType};
pub(crate) use custom_fields::{custom_field_key, text_in_ghl, text_in_insightly};
pub use fields::{
    ADDRESS, BIRTHDAY, CITY, CONTACT, COUNTRY, EMAIL, EMPLOYER, FIRST_NAME, LAST_NAME, OPTED_OUT,
    OTHER_EMAILS, OTHER_PHONES, OWNER, PHONE, POSTCODE, STATE, STREET, TAGS,
};
pub(crate) use fields::{ROOM, held_by_both};
pub use markers::{GHL_ID, INSIGHTLY_ID, Markers};
pub(crate) use matcher::BY_EMAIL;
pub use matcher::ContactMatcher;
pub use option_list::OptionList;
pub use phone::PhoneReader;
pub use tag_names::TagNames;
