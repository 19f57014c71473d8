//! HighLevel (GHL) and Insightly in two-way sync: connectors, stock mappers, and
//! what the `ghl-insightly` command is made of.
//!
//! | you want | use |
//! | --- | --- |
//! | to sync without writing code | the `ghl-insightly` command and a TOML file ([`Settings`]) |
//! | both connectors in your own engine | [`Connected`] |
//! | a mapper of your own beside ours | [`ghl::GhlContacts`], [`insightly::InsightlyContacts`] with your [`Mapper`](sync_core::Mapper) |
//! | the canonical fields | [`contact`] |
//!
//! # What syncs
//!
//! Contacts: names, e-mail, phone, address, birthday, tags, e-mail opt-out and
//! declared custom fields, in both directions. What each side does with each
//! field stands at [`ghl::GhlContactMapper`] and [`insightly::InsightlyContactMapper`].

pub mod company;
mod connected;
pub mod contact;
mod failure;
pub mod ghl;
pub mod insightly;
mod limit;
mod matcher;
pub mod note;
mod settings;
mod system_clock;
pub mod task;
pub mod user;

pub use connected::{ConnectError, Connected};
pub use matcher::StockMatcher;
pub use settings::{
    ConflictPolicy, CustomFieldSettings, DifferencePolicy, FirstSyncSettings, GhlLimits,
    GhlSettings, GuardSettings, InsightlyLimits, InsightlySettings, OtherwisePolicy, RuleSettings,
    SecretSource, Settings, SettingsError, SyncSettings, SyncedKind, System,
};
pub use system_clock::SystemClock;
