//! The canonical fields of a company.

use sync_core::{Field, Kind, Name, Parts};

/// Companies.
pub const COMPANY: Kind = Kind::from_static("company");

/// The name, compared without case and outer space.
pub static COMPANY_NAME: Field<Name> = Field::new("company_name");
/// The phone number, E.164.
pub static COMPANY_PHONE: Field<String> = Field::new("company_phone");
/// The web site.
pub static COMPANY_WEBSITE: Field<String> = Field::new("company_website");
/// The postal address, atomic, of the parts of [`ADDRESS`](crate::contact::ADDRESS).
pub static COMPANY_ADDRESS: Field<Parts> = Field::new("company_address");
