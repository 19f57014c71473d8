//! Both systems, connected as the settings say.

mod accounts;
mod budget;
mod clients;
mod custom_fields;
mod sides;

use std::{sync::Arc, time::Duration};

use api_transport::Budget as Paced;
use ghl_contacts::{Client as Ghl, LocationId, Sender};
use insightly::Client as Insightly;
use jiff::Timestamp;
use sync_core::{
    Both, BuildError, ConnectionId, Connector, Engine, EngineBuilder, FirstSync, Kind, Leaving,
    Limits, OneWay, Reason, Side, Store, StoreError, StrayEdits, UsedToday,
};

use crate::{
    calibration::Calibration,
    company::COMPANY,
    contact::CONTACT,
    follow_up::FOLLOW_UP,
    lead::LEAD,
    matcher::StockMatcher,
    note::NOTE,
    settings::{Settings, SettingsError, SyncedKind},
    system_clock::SystemClock,
    task::TASK,
    user::Users,
};
use accounts::Accounts;
use budget::Budget;

/// Both clients and both connectors. GHL is left, Insightly right.
#[derive(Clone)]
pub struct Connected {
    /// The GHL client.
    pub ghl: Ghl,
    /// The Insightly client.
    pub insightly: Insightly,
    /// The GHL location.
    pub location: LocationId,
    /// The users of both accounts, where something that is synced names them.
    pub users: Arc<Users>,
    connectors: Both<Arc<dyn Connector>>,
    budgets: Both<Budget>,
    walk_every: Duration,
}

/// Why the systems cannot be connected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The settings do not do.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A client cannot be built.
    #[error("[{table}] {why}")]
    Client {
        /// The table in the settings.
        table: &'static str,
        /// Why.
        why: String,
    },
    /// A system refused or could not be reached.
    #[error("{system} at {place}: {error}{hint}")]
    Refused {
        /// `GHL` or `Insightly`.
        system: &'static str,
        /// Where it was called.
        place: String,
        /// What it said.
        error: Box<sync_core::ConnectorError>,
        /// What to do.
        hint: &'static str,
    },
    /// A custom field is not there, or of a type that does not do.
    #[error("[{table}] {why}")]
    CustomField {
        /// The table in the settings.
        table: &'static str,
        /// Why.
        why: String,
    },
    /// The engine cannot be built.
    #[error(transparent)]
    Engine(#[from] BuildError),
}

impl Connected {
    /// Builds both clients, and reads what the mappers must know of the accounts.
    pub async fn new(settings: &Settings) -> Result<Self, ConnectError> {
        Self::calibrated(settings, None).await
    }

    /// The same, going by what was measured of the accounts, such as a store
    /// [keeps](Calibration::kept) it.
    pub async fn calibrated(
        settings: &Settings,
        measured: Option<Calibration>,
    ) -> Result<Self, ConnectError> {
        Self::over(settings, Both::default(), measured).await
    }

    /// The same over wires of your own, such as to a server in the same process. The settings'
    /// limits hold.
    pub async fn with_senders(
        settings: &Settings,
        senders: Both<Arc<dyn Sender>>,
    ) -> Result<Self, ConnectError> {
        Self::over(settings, senders.map(Some), None).await
    }

    async fn over(
        settings: &Settings,
        senders: Both<Option<Arc<dyn Sender>>>,
        measured: Option<Calibration>,
    ) -> Result<Self, ConnectError> {
        let ghl = clients::ghl(settings, senders.left)?.bulk();
        let insightly = clients::insightly(settings, senders.right)?.bulk();
        let measured = measured.unwrap_or_else(Calibration::nothing);
        let walk_every = measured.walk_every();
        let accounts = Accounts::read(settings, &ghl, &insightly, measured).await?;
        let left = sides::left(settings, &ghl, &accounts)?;
        let right = sides::right(settings, &insightly, &accounts)?;
        let budgets = budget::of(settings, accounts.per_day);
        Ok(Self {
            ghl,
            insightly,
            budgets,
            walk_every,
            location: accounts.location,
            users: accounts.users,
            connectors: Both::new(Arc::new(left), Arc::new(right)),
        })
    }

    /// What both accounts allow this connection, to reckon a plan's time by.
    pub fn limits(&self) -> Both<Limits> {
        self.budgets.as_ref().map(Budget::limits)
    }

    /// Counts what both clients have asked so far as used today: connecting alone asks some ten
    /// times. Once, and before the engine's first cycle; cycles count their own requests.
    pub async fn count_requests(
        &self,
        settings: &Settings,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let asked = Both::new(self.ghl.budget(), self.insightly.budget()).map(asked);
        UsedToday::add(store, &connection(settings), asked, now).await
    }

    /// Both connectors, as the settings say: for an engine with other rules than the settings have,
    /// or to be wrapped or proved (`sync_core::testing::connector_laws`).
    pub fn connectors(&self) -> Both<Arc<dyn Connector>> {
        self.connectors.clone()
    }

    /// An engine over both, as the settings say; add an observer, or build it.
    pub fn engine(&self, settings: &Settings, store: Arc<dyn Store>) -> EngineBuilder {
        let builder = Engine::builder(
            connection(settings),
            self.connectors(),
            store,
            Arc::new(SystemClock),
            StockMatcher,
            settings.rules.rule(),
        )
        .kinds(kinds(settings))
        .first_sync(FirstSync::from(&settings.first_sync))
        .guards(settings.guards.into())
        .leaving(
            Leaving::from(settings.deletes)
                .moves(Side::Left, settings.moves.in_ghl.into())
                .out_of_scope(settings.filter.left_out.into()),
        )
        .walk_every(self.walk_every)
        .reply_grace(Duration::from_millis(settings.reply_grace_ms))
        .poll_floor(Duration::from_secs(settings.poll_every_s.max(1)));
        let allowances = self.budgets.map(|budget| budget.allowance);
        let builder =
            Side::BOTH
                .into_iter()
                .fold(builder, |builder, side| match allowances[side] {
                    Some(allowance) => builder.allowance(side, allowance),
                    None => builder,
                });
        let builder = match settings.sync.leads {
            true => builder.blocks(Side::Right, LEAD, CONTACT),
            false => builder,
        };
        let builder = match settings.filter.filter() {
            Some(filter) => builder.scope(filter),
            None => builder,
        };
        let builder = match settings.first_sync.backlog() {
            Some(backlog) => builder.backlog(backlog),
            None => builder,
        };
        let builder = match settings.sync.one_way() {
            Some(way) => kinds(settings).fold(builder, |builder, kind| builder.one_way(kind, way)),
            None => builder,
        };
        let from_ghl = OneWay {
            from: Side::Left,
            stray: StrayEdits::Keep,
        };
        builder.one_way(FOLLOW_UP, from_ghl)
    }
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected").finish_non_exhaustive()
    }
}

/// The sides of which nothing is left of the connection's share of today, as its store tells:
/// neither system is asked. What an account allows by now may be more: see [`ask_of_day`].
pub async fn used_up_today(
    settings: &Settings,
    store: &dyn Store,
    now: Timestamp,
) -> Result<Both<bool>, StoreError> {
    let connection = connection(settings);
    let mut used = Both::<UsedToday>::default();
    for side in Side::BOTH {
        used[side] = UsedToday::of(store, &connection, side, now).await?;
    }
    let budgets = budget::of(settings, used.map(|used| used.per_day));
    Ok(Both::from_fn(|side| {
        let allowance = budgets[side]
            .allowance
            .filter(|_| used[side].per_day.is_some());
        allowance.is_some_and(|allowance| allowance.is_used_up_by(used[side].requests))
    }))
}

/// Asks one system, by one cheap request, how much its account allows in a day by now: somebody
/// may have upgraded it. To be [added](UsedToday::add) to what was used.
pub async fn ask_of_day(settings: &Settings, side: Side) -> Result<UsedToday, ConnectError> {
    let (paced, refused) = match side {
        Side::Left => {
            let ghl = clients::ghl(settings, None)?;
            let location = LocationId::from(settings.ghl.location.as_str());
            let refused = ghl.location(&location).get().await.err();
            (
                ghl.budget(),
                refused.map(|e| clients::ghl_refused(&ghl, &e)),
            )
        }
        Side::Right => {
            let insightly = clients::insightly(settings, None)?;
            let refused = insightly.check().await.err();
            let refused = refused.map(|e| clients::insightly_refused(settings, &e));
            (insightly.budget(), refused)
        }
    };
    match refused {
        // The rate headers of a 429 tell it, too; without an answer it stays as it was.
        Some(ConnectError::Refused { error, .. })
            if matches!(error.reason, Reason::DayExhausted | Reason::Transient) => {}
        Some(refused) => return Err(refused),
        None => {}
    }
    Ok(asked(paced))
}

/// What a client has asked of the day so far, and what it has heard of it.
fn asked(paced: Paced) -> UsedToday {
    UsedToday {
        requests: paced.sent,
        per_day: paced.daily,
    }
}

fn connection(settings: &Settings) -> ConnectionId {
    ConnectionId::new(settings.connection.as_str())
}

/// In the order in which references point backwards.
fn kinds(settings: &Settings) -> impl Iterator<Item = Kind> {
    let order = [
        (SyncedKind::Companies, COMPANY),
        (SyncedKind::Contacts, CONTACT),
        (SyncedKind::Tasks, TASK),
        (SyncedKind::Notes, NOTE),
    ];
    let synced = order
        .into_iter()
        .filter(|(kind, _)| settings.sync.has(*kind));
    let follow_ups = settings.follow_ups.iter().map(|_| FOLLOW_UP);
    synced.map(|(_, kind)| kind).chain(follow_ups)
}
