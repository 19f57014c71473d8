//! What happens to an app and to the locations of its agency.

use jiff::Timestamp;

use crate::{
    ids::{CompanyId, LocationId, UserId},
    record::{nested, record},
};

record! {
    /// An app was installed, in a location or for a whole agency.
    pub struct Installed {
        /// E.g. `Location` or `Company`.
        pub install_type: Option<String> = "installType",
        /// The location; none for an agency.
        pub location_id: Option<LocationId> = "locationId",
        /// The agency.
        pub company_id: Option<CompanyId> = "companyId",
        /// Who installed it.
        pub user_id: Option<UserId> = "userId",
        /// The agency's name.
        pub company_name: Option<String> = "companyName",
        /// Whether the agency has a white label.
        pub is_whitelabel_company: Option<bool> = "isWhitelabelCompany",
        /// That white label.
        pub whitelabel_details: Option<Whitelabel> = "whitelabelDetails",
        /// The plan, of a paid app.
        pub plan_id: Option<String> = "planId",
        /// The trial, of a paid app.
        pub trial: Option<Trial> = "trial",
    }
}

record! {
    /// A white label.
    pub struct Whitelabel {
        /// Where its picture is.
        pub logo_url: Option<String> = "logoUrl",
        /// Its domain.
        pub domain: Option<String> = "domain",
    }
}

record! {
    /// A trial of a paid app.
    pub struct Trial {
        /// Whether it runs.
        pub on_trial: Option<bool> = "onTrial",
        /// How long it is, in days.
        pub trial_duration: Option<i64> = "trialDuration",
        /// When it began.
        pub trial_start_date: Option<Timestamp> = "trialStartDate",
    }
}
nested!(Whitelabel, Trial);

record! {
    /// An app was removed from a location **or** an agency.
    pub struct Uninstalled {
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
        /// The agency.
        pub company_id: Option<CompanyId> = "companyId",
    }
}

record! {
    /// A location, as agency apps hear of it.
    pub struct LocationSummary {
        /// The id.
        pub id: LocationId = "id",
        /// The agency.
        pub company_id: Option<CompanyId> = "companyId",
        /// The name.
        pub name: Option<String> = "name",
        /// E-mail address.
        pub email: Option<String> = "email",
        /// Its product at the payment provider.
        pub stripe_product_id: Option<String> = "stripeProductId",
    }
}
