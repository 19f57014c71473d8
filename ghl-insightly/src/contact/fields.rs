//! The canonical fields of a contact.

use sync_core::{Email, Field, Fields, Kind, PartialDate, Parts, Ref, Tags};

use super::CustomFieldPair;

/// Contacts.
pub const CONTACT: Kind = Kind::from_static("contact");

/// First name.
pub static FIRST_NAME: Field<String> = Field::new("first_name");
/// Last name.
pub static LAST_NAME: Field<String> = Field::new("last_name");
/// The main e-mail address.
pub static EMAIL: Field<Email> = Field::new("email");
/// Further addresses: match keys only.
pub static OTHER_EMAILS: Field<Tags> = Field::new("other_emails");
/// The main phone number, E.164.
pub static PHONE: Field<String> = Field::new("phone");
/// Further numbers, E.164: match keys only.
pub static OTHER_PHONES: Field<Tags> = Field::new("other_phones");
/// The postal address, atomic; its parts are [`STREET`] and the rest.
pub static ADDRESS: Field<Parts> = Field::new("address");
/// Birthday, perhaps without a year.
pub static BIRTHDAY: Field<PartialDate> = Field::new("birthday");
/// Tags, compared without case.
pub static TAGS: Field<Tags> = Field::new("tags");
/// Whether the person has opted out of e-mail. Never `false`: a blank is no opt-out.
pub static OPTED_OUT: Field<bool> = Field::new("opted_out");
/// The e-mail address of the user who owns the contact. Synced where users are.
pub static OWNER: Field<Email> = Field::new("owner");
/// The company. Synced where companies are.
pub static EMPLOYER: Field<Ref> = Field::new("company");

/// Part of [`ADDRESS`]: street and number.
pub const STREET: &str = "street";
/// Part of [`ADDRESS`].
pub const CITY: &str = "city";
/// Part of [`ADDRESS`]: state or region.
pub const STATE: &str = "state";
/// Part of [`ADDRESS`].
pub const POSTCODE: &str = "postcode";
/// Part of [`ADDRESS`]: ISO 3166 code of two letters.
pub const COUNTRY: &str = "country";

/// As many fields as a contact mostly shows, and as allocators hand out quickly: a kilobyte.
pub(crate) const ROOM: usize = 16;

/// What both systems hold exactly.
pub(crate) fn held_by_both(
    custom_fields: &[CustomFieldPair],
    owners: bool,
    companies: bool,
) -> Fields {
    let mut fields = Fields::new()
        .exact(&FIRST_NAME)
        .exact(&LAST_NAME)
        .exact(&EMAIL)
        .exact(&PHONE)
        .exact(&ADDRESS)
        .exact(&BIRTHDAY)
        .exact(&TAGS)
        .exact(&OPTED_OUT);
    if owners {
        // Somebody without a counterpart is not replaced.
        fields = fields.exact(&OWNER).read_first(&OWNER);
    }
    if companies {
        fields = fields.exact(&EMPLOYER);
    }
    let custom = custom_fields.iter();
    custom.fold(fields, |fields, pair| pair.declare(fields))
}
