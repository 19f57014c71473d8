//! What a file says that cannot be, though each key by itself is right.

use sync_core::{FieldKey, Tags};

use super::{Direction, Settings, SettingsError, SyncedKind};
use crate::{
    company::{COMPANY_ADDRESS, COMPANY_NAME, COMPANY_PHONE, COMPANY_WEBSITE},
    contact::{
        ADDRESS, BIRTHDAY, EMAIL, EMPLOYER, FIRST_NAME, LAST_NAME, OPTED_OUT, OWNER, PHONE, TAGS,
        custom_field_key,
    },
    nearest::did_you_mean,
    note::{NOTE_TITLE, TEXT},
    task::{ASSIGNEE, DETAILS, DONE, DUE, TITLE},
};

/// The table where it stands, and what is wrong with it.
type Contradiction = (&'static str, String);

/// The first one that is found.
pub(super) fn none_in(settings: &Settings) -> Result<(), SettingsError> {
    let checks = [location, insightly, kinds, follow_ups, filter, rules];
    let found = checks.iter().find_map(|check| check(settings));
    match found {
        None => Ok(()),
        Some((place, message)) => Err(SettingsError::Invalid {
            place: Some(place.to_owned()),
            message,
        }),
    }
}

fn location(settings: &Settings) -> Option<Contradiction> {
    let is_empty = settings.ghl.location.trim().is_empty();
    let message = "`location` is empty; give the location's id";
    is_empty.then(|| ("[ghl]", message.to_owned()))
}

fn insightly(settings: &Settings) -> Option<Contradiction> {
    let insightly = &settings.insightly;
    let message = match (&insightly.pod, &insightly.base_url) {
        (Some(_), None) => return None,
        (None, Some(url)) if url.trim_end_matches('/').ends_with("/v3.1") => return None,
        (None, Some(_)) => "`base_url` must end in /v3.1",
        _ => "give either `pod` or `base_url`",
    };
    Some(("[insightly]", message.to_owned()))
}

fn kinds(settings: &Settings) -> Option<Contradiction> {
    let message = "`kinds` must name `contacts`: the other kinds belong to them";
    let lacks = !settings.sync.has(SyncedKind::Contacts);
    lacks.then(|| ("[sync]", message.to_owned()))
}

fn follow_ups(settings: &Settings) -> Option<Contradiction> {
    let message = match settings.follow_ups.as_ref()? {
        follow_ups if follow_ups.calendars.is_empty() => "`calendars` is empty; name one at least",
        _ if settings.sync.direction == Direction::ToGhl => {
            "they are tasks in Insightly, and `direction` of [sync] lets nothing be written there"
        }
        _ => return None,
    };
    Some(("[follow_ups]", message.to_owned()))
}

/// A tag that lets contacts in and keeps them out lets none in.
fn filter(settings: &Settings) -> Option<Contradiction> {
    let of = |names: &[String]| Tags::new(names.iter().map(String::as_str));
    let (with, without) = (of(&settings.filter.tags), of(&settings.filter.without_tags));
    let both = with
        .keys()
        .find(|tag| without.keys().any(|other| other == *tag))?;
    let message = format!(
        "`{both}` stands in `tags` and in `without_tags`: nobody with it passes; take it out of one"
    );
    Some(("[filter]", message))
}

/// A rule for a misspelt field would be no rule at all, and nobody would know.
fn rules(settings: &Settings) -> Option<Contradiction> {
    let stock = synced(settings);
    let custom = settings.custom_fields.iter();
    let custom: Vec<FieldKey> = custom
        .map(|field| custom_field_key(&field.insightly))
        .collect();
    let synced = || {
        let stock = stock.iter().map(|key| key.name());
        stock.chain(custom.iter().map(FieldKey::name))
    };
    let mut named = settings.rules.fields.keys();
    let name = named.find(|name| synced().all(|known| known != *name))?;
    let meant = did_you_mean(name, synced());
    Some((
        "[rules.fields]",
        format!("no field `{name}` is synced{meant}"),
    ))
}

/// What a rule may be for, besides declared custom fields.
fn synced(settings: &Settings) -> Vec<&'static FieldKey> {
    let sync = &settings.sync;
    let mut synced = vec![
        FIRST_NAME.key(),
        LAST_NAME.key(),
        EMAIL.key(),
        PHONE.key(),
        ADDRESS.key(),
        BIRTHDAY.key(),
        TAGS.key(),
        OPTED_OUT.key(),
    ];
    if sync.owners {
        synced.push(OWNER.key());
    }
    if sync.has(SyncedKind::Companies) {
        synced.extend([EMPLOYER.key(), COMPANY_NAME.key(), COMPANY_PHONE.key()]);
        synced.extend([COMPANY_WEBSITE.key(), COMPANY_ADDRESS.key()]);
    }
    if sync.has(SyncedKind::Tasks) {
        synced.extend([
            TITLE.key(),
            DETAILS.key(),
            DONE.key(),
            DUE.key(),
            ASSIGNEE.key(),
        ]);
    }
    if sync.has(SyncedKind::Notes) {
        synced.extend([TEXT.key(), NOTE_TITLE.key()]);
    }
    synced
}
