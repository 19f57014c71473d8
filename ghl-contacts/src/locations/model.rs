//! A location as the API shows it.

use serde_json::Value;

use crate::{
    ids::{CompanyId, LocationId},
    record::{nested, record},
};

record! {
    /// A location (sub-account).
    pub struct LocationDetails {
        /// The id.
        pub id: LocationId = "id" from ["id", "_id"],
        /// The agency.
        pub company_id: Option<CompanyId> = "companyId",
        /// The name.
        pub name: Option<String> = "name",
        /// The domain.
        pub domain: Option<String> = "domain",
        /// Street and number.
        pub address: Option<String> = "address",
        /// City.
        pub city: Option<String> = "city",
        /// State or region.
        pub state: Option<String> = "state",
        /// Country, a code of two letters: the default country of its phone numbers.
        pub country: Option<String> = "country",
        /// Postal code.
        pub postal_code: Option<String> = "postalCode",
        /// Website.
        pub website: Option<String> = "website",
        /// Time zone, e.g. `America/Chicago`: that of times without an offset.
        pub timezone: Option<String> = "timezone",
        /// First name of the owner.
        pub first_name: Option<String> = "firstName",
        /// Last name of the owner.
        pub last_name: Option<String> = "lastName",
        /// E-mail of the owner.
        pub email: Option<String> = "email",
        /// Phone of the owner.
        pub phone: Option<String> = "phone",
        /// Where its logo is.
        pub logo_url: Option<String> = "logoUrl",
        /// Its business profile, as it came.
        pub business: Option<Value> = "business",
        /// Its social profiles, as they came.
        pub social: Option<Value> = "social",
        /// Its settings (duplicate rules among them), as they came.
        pub settings: Option<Value> = "settings",
        /// Its reseller, as it came.
        pub reseller: Option<Value> = "reseller",
    }
}
nested!(LocationDetails);
