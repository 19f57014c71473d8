//! What the mappers must know of both accounts, read once.

use std::sync::Arc;

use futures_util::TryStreamExt;
use ghl_contacts::{Client as Ghl, LocationId};
use insightly::{Client as Insightly, ListQuery, Tag, TaggedRecords};
use jiff::tz::TimeZone;
use sync_core::{AccountId, Both};

use super::{
    ConnectError,
    clients::{ghl_refused, insightly_refused},
    custom_fields::Declared,
};
use crate::{
    calibration::Calibration,
    contact::{Countries, PhoneReader, TagNames},
    ghl::GhlLocation,
    insightly::InsightlyInstance,
    settings::Settings,
    user::Users,
};

/// What the mappers must know of both accounts.
pub(super) struct Accounts {
    /// Whose data it is.
    pub(super) ids: Both<AccountId>,
    pub(super) location: LocationId,
    pub(super) zone: TimeZone,
    pub(super) phones: PhoneReader,
    pub(super) countries: Arc<Countries>,
    pub(super) custom: Declared,
    pub(super) users: Arc<Users>,
    pub(super) tag_names: Arc<TagNames>,
    /// Whether the key of Insightly is an administrator's, who sees every record.
    pub(super) administrator: bool,
    /// What was measured of both accounts.
    pub(super) measured: Calibration,
    /// Requests of a day, as the accounts told.
    pub(super) per_day: Both<Option<u64>>,
}

impl Accounts {
    pub(super) async fn read(
        settings: &Settings,
        ghl: &Ghl,
        insightly: &Insightly,
        measured: Calibration,
    ) -> Result<Self, ConnectError> {
        let id = LocationId::from(settings.ghl.location.as_str());
        let location = ghl
            .location(&id)
            .get()
            .await
            .map_err(|e| ghl_refused(ghl, &e))?;
        let refused = |e: insightly::Error| insightly_refused(settings, &e);
        let check = insightly.check().await.map_err(refused)?;
        let countries = insightly.countries().await.map_err(refused)?;
        let countries = Countries::named(countries.iter().map(|country| country.name.as_str()));
        let ids = Both::new(
            GhlLocation::account_of(&location),
            InsightlyInstance::account_of(&check.user),
        );
        Ok(Self {
            ids,
            custom: Declared::find(settings, ghl, insightly, &id).await?,
            phones: PhoneReader::of_country(location.country.as_deref()),
            zone: zone(location.timezone.as_deref())?,
            countries: Arc::new(countries),
            users: users(settings, ghl, insightly, &id).await?,
            tag_names: tag_names(insightly).await.map_err(refused)?,
            administrator: check.is_administrator(),
            per_day: Both::new(ghl.budget().daily, check.day.limit),
            location: id,
            measured,
        })
    }
}

/// Days are those of the location.
fn zone(name: Option<&str>) -> Result<TimeZone, ConnectError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(TimeZone::UTC);
    };
    TimeZone::get(name).map_err(|why| ConnectError::Client {
        table: "ghl",
        why: format!("the location's time zone `{name}` is not known here: {why}"),
    })
}

async fn users(
    settings: &Settings,
    ghl: &Ghl,
    insightly: &Insightly,
    location: &LocationId,
) -> Result<Arc<Users>, ConnectError> {
    let follow_ups = settings.follow_ups.is_some();
    if !settings.sync.names_users() && !follow_ups && settings.sync.default_owner.is_none() {
        return Ok(Arc::default());
    }
    let left = ghl.location(location).users().await;
    let left = left.map_err(|e| ghl_refused(ghl, &e))?;
    let right: Result<Vec<_>, _> = insightly
        .users()
        .list(&ListQuery::new())
        .try_collect()
        .await;
    let right = right.map_err(|e| insightly_refused(settings, &e))?;
    Ok(Arc::new(Users::paired(&left, &right)))
}

async fn tag_names(insightly: &Insightly) -> Result<Arc<TagNames>, insightly::Error> {
    let tags: Vec<Tag> = insightly
        .tags(TaggedRecords::Contacts)
        .try_collect()
        .await?;
    let names = tags.iter().map(|tag| tag.name.as_str());
    Ok(Arc::new(TagNames::known(names)))
}
