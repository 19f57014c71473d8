//! Where a contact was won.

use crate::record::{nested, record};

record! {
    /// An attribution, as the marketing side of a location records it.
    pub struct AttributionSource {
        /// The page. Required by the schema, yet often missing.
        pub url: Option<String> = "url",
        /// The kind of session, e.g. `CRM UI`; seen live, in no schema.
        pub session_source: Option<String> = "sessionSource",
        /// Campaign.
        pub campaign: Option<String> = "campaign",
        /// UTM source.
        pub utm_source: Option<String> = "utmSource",
        /// UTM medium.
        pub utm_medium: Option<String> = "utmMedium",
        /// UTM content.
        pub utm_content: Option<String> = "utmContent",
        /// Referrer.
        pub referrer: Option<String> = "referrer",
        /// Campaign id.
        pub campaign_id: Option<String> = "campaignId",
        /// Facebook click id.
        pub fbclid: Option<String> = "fbclid",
        /// Google click id.
        pub gclid: Option<String> = "gclid",
        /// Microsoft click id.
        pub msclikid: Option<String> = "msclikid",
        /// Display click id.
        pub dclid: Option<String> = "dclid",
        /// Facebook's click cookie.
        pub fbc: Option<String> = "fbc",
        /// Facebook's browser cookie.
        pub fbp: Option<String> = "fbp",
        /// Facebook's event id.
        pub fb_event_id: Option<String> = "fbEventId",
        /// Browser.
        pub user_agent: Option<String> = "userAgent",
        /// Address on the network.
        pub ip: Option<String> = "ip",
        /// Medium, e.g. `survey`.
        pub medium: Option<String> = "medium",
        /// The medium's id.
        pub medium_id: Option<String> = "mediumId",
    }
}
nested!(AttributionSource);
