//! HighLevel (GHL) and Insightly in two-way sync: connectors, stock mappers, and
//! what the `ghl-insightly` command is made of.
//!
//! | you want | use |
//! | --- | --- |
//! | to sync without writing code | the `ghl-insightly` command and a TOML file ([`Settings`]) |
//! | our engine in your program | [`Connected::engine`] |
//! | both connectors in your own engine | [`Connected::connectors`] |
//! | a mapper of your own beside ours | [`ghl::GhlContacts`], [`insightly::InsightlyContacts`] with your [`Mapper`](sync_core::Mapper) |
//! | the canonical fields | [`company`], [`contact`], [`task`], [`note`], [`lead`], [`follow_up`] |
//!
//! # What syncs
//!
//! In both directions; `[sync] kinds` of the settings names which. What each side does with each
//! field stands at its mapper.
//!
//! | kind | fields | what is lost on the way | mappers |
//! | --- | --- | --- | --- |
//! | company | name, phone, web site, address | GHL's e-mail address and description, Insightly's second address, fax, background and social pages stay where they are; a name that differs by case only is not rewritten | [`GhlCompanyMapper`](ghl::GhlCompanyMapper), [`InsightlyCompanyMapper`](insightly::InsightlyCompanyMapper) |
//! | contact | names, e-mail, phone, address, birthday, tags, e-mail opt-out, owner, company, declared custom fields | one phone and one e-mail address travel, further ones are match keys; an extension stays in Insightly; Insightly holds 255 characters of a name and of a part of an address (128 of a postcode); owners travel between paired users only; GHL's `companyName` is not read, and written on create only, where `check --calibrate` has found that the location makes no business of it | [`GhlContactMapper`](ghl::GhlContactMapper), [`InsightlyContactMapper`](insightly::InsightlyContactMapper) |
//! | task | title, details, done, due, assignee, contact | Insightly keeps its status, progress, priority and category to itself, GHL the hour; a title is cut at 500 and details at 4,000 characters; a task on several contacts is one task of the first linked; rules of recurring tasks do not travel | [`GhlTaskMapper`](ghl::GhlTaskMapper), [`InsightlyTaskMapper`](insightly::InsightlyTaskMapper) |
//! | note | text, title, contact; to a new copy also author, day and system, in its footer | formatting becomes text, and is not written over; white space is one space; a title is cut at 255 characters; colour, pin and files stay where they are | [`GhlNoteMapper`](ghl::GhlNoteMapper), [`InsightlyNoteMapper`](insightly::InsightlyNoteMapper) |
//! | follow-up | from GHL only: title, due day, assignee, contact, and done where it was cancelled | what people change in the task stays until the same thing of the appointment changes; the hour, the place and the notes of the appointment | [`GhlAppointmentMapper`](ghl::GhlAppointmentMapper), [`InsightlyFollowUpMapper`](insightly::InsightlyFollowUpMapper) |
//!
//! Leads of Insightly are read, and never written: as long as an open lead has the e-mail address
//! or the phone of a contact in GHL, no contact is made of it in Insightly. Once it is converted,
//! that contact is linked with the one that the lead became, whatever address this one has by then.
//!
//! # What it leaves to people
//!
//! - A task or note that is put under another contact in Insightly is created anew under that one in
//!   GHL, and the old one is deleted; its id in GHL is another one then. One of which the formatting
//!   would be lost by that is held, and so is every one with `[moves] in_ghl = "hold"`. What only GHL
//!   knows of it beside its fields, such as files, stays behind.
//! - An address that is one of a contact's further ones in GHL is not made the main one: do it there.
//! - A value that a custom field does not offer on the other side is held until somebody adds it there.
//! - Nobody is taken away from a task in GHL: it can only be given to somebody else.
//! - A text of a custom field that Insightly refuses as too long is held.
//! - What users, countries, tags and custom fields the accounts have is known from when they were
//!   connected. The command's `run` connects them anew once a day, and when a value was refused; what
//!   was refused or held is tried at once where they have changed.

pub mod agreement;
mod backlog;
mod birth;
mod calibration;
pub mod company;
mod connected;
pub mod contact;
mod failure;
mod filter;
pub mod follow_up;
pub mod ghl;
pub mod insightly;
pub mod lead;
mod limit;
mod matcher;
mod nearest;
pub mod note;
mod settings;
mod system_clock;
pub mod task;
mod title;
pub mod user;

/// What stock mappers read may change with it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use backlog::Recent;
pub use calibration::{Answer, Calibration, Finding};
pub use connected::{ConnectError, Connected, ask_of_day, used_up_today};
pub use filter::TagFilter;
pub use matcher::StockMatcher;
pub use settings::{
    ConflictPolicy, CustomFieldSettings, DeletePolicy, DeleteSettings, DifferencePolicy, Direction,
    FilterSettings, FirstSyncSettings, FollowUpSettings, GhlLimits, GhlSettings, GuardSettings,
    InsightlyLimits, InsightlySettings, LeftOutPolicy, MarkerSettings, MovePolicy, MoveSettings,
    OtherwisePolicy, RuleSettings, SecretSource, Settings, SettingsError, StrayPolicy,
    SyncSettings, SyncedKind, System,
};
pub use system_clock::SystemClock;
pub use title::title;
