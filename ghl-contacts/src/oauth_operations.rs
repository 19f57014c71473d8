//! The operations of apps: tokens, and where an app is installed.

use api_transport::Definition;

use crate::operation::table;

table! {
    area "oauth";
    EXCHANGE_CODE = Definition::post("oauth.exchange_code", "/oauth/token"),
        [], "get-access-token";
    // Once more within 30 seconds is answered alike.
    REFRESH_TOKEN = Definition::post("oauth.refresh_token", "/oauth/token").repeatable(),
        [], "get-access-token";
    LOCATION_TOKEN = Definition::post("oauth.location_token", "/oauth/locationToken").repeatable(),
        [OauthWrite], "get-location-access-token";
    INSTALLED_LOCATIONS = Definition::get("oauth.installed_locations", "/oauth/installedLocations"),
        [OauthReadonly], "get-installed-location";
}
