//! Where both systems are and how they may be called, as a file tells it.

use serde::Deserialize;

use super::{
    SecretSource,
    whole_number::{LONGEST_MS, whole_number},
};

/// The GHL side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GhlSettings {
    /// The location (sub-account).
    pub location: String,
    /// A Private Integration Token of that location.
    pub token: SecretSource,
    /// Where the API is; HighLevel's own host unless told otherwise.
    #[serde(default)]
    pub base_url: Option<String>,
    /// How far the search may be behind the records, in milliseconds.
    #[serde(
        default = "half_a_minute_ms",
        deserialize_with = "whole_number::<_, _, 0, LONGEST_MS>"
    )]
    pub index_lag_ms: u64,
    /// How fast the account may be called.
    #[serde(default)]
    pub limits: GhlLimits,
    /// How much of the account's requests of a day the connection may use, in percent.
    #[serde(default = "most", deserialize_with = "whole_number::<_, _, 1, 100>")]
    pub share_of_day: u8,
}

/// How fast a GHL account may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GhlLimits {
    /// 25 requests in 10 s and 10,000 a day, until the rate headers tell better.
    #[default]
    PrivateIntegration,
    /// 100 requests in 10 s and 200,000 a day.
    MarketplaceApp,
    /// No limits of ours: for a sandbox.
    Off,
}

/// The Insightly side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsightlySettings {
    /// The pod, e.g. `na1`, or the API URL as Insightly shows it.
    #[serde(default)]
    pub pod: Option<String>,
    /// Another place, ending in `/v3.1`: for a sandbox.
    #[serde(default)]
    pub base_url: Option<String>,
    /// An API key; one of an administrator, so that nothing is invisible.
    pub api_key: SecretSource,
    /// How far lists and searches may be behind the records, in milliseconds.
    #[serde(
        default = "ten_seconds_ms",
        deserialize_with = "whole_number::<_, _, 0, LONGEST_MS>"
    )]
    pub index_lag_ms: u64,
    /// How fast the account may be called.
    #[serde(default)]
    pub limits: InsightlyLimits,
    /// How much of the account's requests of a day the connection may use, in percent.
    #[serde(default = "most", deserialize_with = "whole_number::<_, _, 1, 100>")]
    pub share_of_day: u8,
}

/// How fast an Insightly account may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InsightlyLimits {
    /// 10 requests a second; the day's allowance as the rate headers tell.
    #[default]
    Published,
    /// No limits of ours: for a sandbox.
    Off,
}

/// Nothing could be asked with a share of zero; the rest is for people and for other programs.
const fn most() -> u8 {
    70
}

const fn half_a_minute_ms() -> u64 {
    30_000
}

const fn ten_seconds_ms() -> u64 {
    10_000
}
