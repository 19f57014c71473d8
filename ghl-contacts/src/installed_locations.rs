//! Where a marketplace app is installed.

use jiff::Timestamp;

use crate::{
    client::Client,
    error::Result,
    ids::{AppId, CompanyId, LocationId},
    oauth_operations::INSTALLED_LOCATIONS,
    record::{nested, record},
};

record! {
    /// A location that an app is installed in, or could be.
    pub struct InstalledLocation {
        /// The id; `_id` on the wire.
        pub id: LocationId = "_id" from ["_id", "id"],
        /// The name.
        pub name: Option<String> = "name",
        /// The address.
        pub address: Option<String> = "address",
        /// Whether the app is installed.
        pub is_installed: Option<bool> = "isInstalled",
        /// The version of the app.
        pub version_id: Option<String> = "versionId",
        /// When it was installed.
        pub installed_at: Option<Timestamp> = "installedAt",
    }
}
nested!(InstalledLocation);

record! {
    /// A page of installed locations.
    pub struct InstalledLocations {
        /// The rows.
        pub locations: Option<Vec<InstalledLocation>> = "locations",
        /// How many there are in all.
        pub count: Option<i64> = "count",
        /// Whether the app will be installed in future locations too.
        pub install_to_future_locations: Option<bool> = "installToFutureLocations",
    }
}

/// Which installed locations are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstalledQuery {
    /// The agency.
    pub company_id: CompanyId,
    /// The app: the part of the client id before its first `-`.
    pub app_id: AppId,
    /// Rows of a page; 20 if not set.
    pub limit: Option<u32>,
    /// Rows to leave out.
    pub skip: Option<u32>,
    /// Only locations with this text.
    pub text: Option<String>,
    /// Only where it is installed, or only where it is not.
    pub is_installed: Option<bool>,
    /// Only this version of the app.
    pub version_id: Option<String>,
    /// Only those on trial, or only those not.
    pub on_trial: Option<bool>,
    /// Only those with this plan.
    pub plan_id: Option<String>,
    /// Only this location.
    pub location_id: Option<LocationId>,
}

impl InstalledQuery {
    /// All locations of an agency, by app.
    pub fn of(company: impl Into<CompanyId>, app: impl Into<AppId>) -> Self {
        Self {
            company_id: company.into(),
            app_id: app.into(),
            limit: None,
            skip: None,
            text: None,
            is_installed: None,
            version_id: None,
            on_trial: None,
            plan_id: None,
            location_id: None,
        }
    }
}

impl Client {
    /// A page of the locations that an app is installed in. Needs an agency's token.
    ///
    /// Scope: `oauth.readonly`.
    pub async fn installed_locations(&self, query: &InstalledQuery) -> Result<InstalledLocations> {
        let op = INSTALLED_LOCATIONS
            .of([])
            .query("companyId", &query.company_id)
            .query("appId", &query.app_id)
            .query_opt("limit", query.limit)
            .query_opt("skip", query.skip)
            .query_opt("query", query.text.as_deref())
            .query_opt("isInstalled", query.is_installed)
            .query_opt("versionId", query.version_id.as_deref())
            .query_opt("onTrial", query.on_trial)
            .query_opt("planId", query.plan_id.as_deref())
            .query_opt("locationId", query.location_id.as_ref());
        self.send(op).await
    }
}
