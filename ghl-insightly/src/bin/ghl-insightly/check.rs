//! `ghl-insightly check`.

use clap::Args;
use ghl_insightly::{Answer, Calibration, Connected, Settings, SystemClock, contact::CONTACT};
use sync_core::{ConnectionId, Engine, KindStatus, Lane, Side, SideStatus, Tier, Twin};
use sync_sqlite::SqliteStore;

use crate::{
    failure::Failure,
    setup::{self, Setup},
    told,
};

/// Looks whether everything is in place: the file, both credentials, the store. With `--calibrate`
/// it also measures what the papers do not tell of the two APIs.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    setup: Setup,
    /// Makes scratch records on both sides, measures how the APIs treat them, and deletes them
    /// again. What is found is kept in the store.
    #[arg(long)]
    calibrate: bool,
}

impl Check {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.setup.settings()?;
        let store = setup::store(&settings)?;
        store.check().await?;
        let connected = setup::connect(&settings, &store).await?;
        accounts(&settings, &connected).await?;
        if self.calibrate {
            calibrate(&connected, &store, &setup::connection(&settings)).await?;
        }
        setup::count_requests(&connected, &settings, &store).await?;
        let engine = setup::engine_over(&connected, &settings, store, false)?;
        engine.compare_accounts().await?;
        let status = engine.status().await?;
        let counts = status.counts;
        println!(
            "store {}: {}, {} to look at, {} held for a person, {} under way",
            settings.store.display(),
            told::many(counts.links, "pair", "pairs"),
            told::many(counts.dirty, "record", "records"),
            counts.holds,
            told::many(counts.intents, "write", "writes"),
        );
        for side in Side::BOTH {
            println!(
                "  {}: {}",
                told::system(side),
                requests(&status.sides[side])
            );
            for kind in &status.sides[side].kinds {
                println!("  {} {}: {}", told::system(side), kind.kind, read(kind));
            }
        }
        twins(&engine).await?;
        match Calibration::kept(&**engine.store(), engine.connection()).await? {
            Some(calibration) if !self.calibrate => show(&calibration),
            Some(_) => {}
            None => {
                println!("calibration: none; `check --calibrate` makes one, with scratch records");
            }
        }
        Ok(())
    }
}

async fn accounts(settings: &Settings, connected: &Connected) -> Result<(), Failure> {
    let location = connected.ghl.location(&connected.location).get().await;
    let location = location.map_err(Failure::unexpected)?;
    println!(
        "GHL: location {} ({}), time zone {}",
        location.name.as_deref().unwrap_or("without a name"),
        connected.location,
        location.timezone.as_deref().unwrap_or("UTC"),
    );
    let budget = connected.ghl.budget();
    if let (Some(left), Some(daily)) = (budget.daily_remaining, budget.daily) {
        println!("  {left} of {daily} requests left today");
    }
    let check = connected.insightly.check().await;
    let check = check.map_err(Failure::unexpected)?;
    let of_the_day = match (check.day.remaining, check.day.limit) {
        (Some(left), Some(limit)) => format!("{left} of {limit} requests left today"),
        _ => "no daily limit told".to_owned(),
    };
    println!(
        "Insightly: user {}, {of_the_day}",
        check
            .user
            .email_address
            .as_deref()
            .unwrap_or("without an address"),
    );
    if !check.is_administrator() {
        println!(
            "  the key is not an administrator's: what its user does not see cannot be told from what was deleted"
        );
    }
    if settings.sync.owners {
        println!("users: {} are in both accounts", connected.users.pairs());
    }
    Ok(())
}

/// How much of its share of the day the connection has used.
fn requests(side: &SideStatus) -> String {
    let today = side.requests_today;
    let asked = told::many(today, "request", "requests") + " today";
    match side.allowed_a_day {
        Some(allowed) if today >= allowed => {
            format!("{asked}, and its share of the day, {allowed}, is used up")
        }
        Some(allowed) => format!("{asked}, of the {allowed} that are its share"),
        None => asked,
    }
}

/// Twins that are shown.
const TWINS: usize = 10;

/// People who are there twice on one side, one of them linked.
async fn twins(engine: &Engine) -> Result<(), Failure> {
    let twins = engine.twins(&CONTACT).await?;
    let alike = |twin: &&Twin| twin.key.tier == Tier::First;
    let twins: Vec<&Twin> = twins.iter().filter(alike).collect();
    for twin in twins.iter().take(TWINS) {
        println!(
            "twins in {}: {} is linked, and {} has the same {}: merge them there",
            told::system(twin.side),
            twin.linked,
            twin.unlinked,
            twin.key.name
        );
    }
    if twins.len() > TWINS {
        println!("and {} more twins", twins.len() - TWINS);
    }
    Ok(())
}

/// When a kind was read.
fn read(kind: &KindStatus) -> String {
    let whole = |lane: Lane| lane == Lane::Walk;
    let last = |wanted: bool| {
        let lanes = kind.lanes.iter().filter(|lane| whole(lane.lane) == wanted);
        let lag = lanes.filter_map(|lane| lane.worst_lag).min()?;
        Some(told::time(lag.unsigned_abs()))
    };
    let every = kind.lanes.iter().find(|lane| whole(lane.lane));
    let every = every.map_or(String::new(), |lane| {
        format!(
            ", which is done every {}",
            told::time(lane.every.unsigned_abs())
        )
    });
    match (last(false), last(true)) {
        (Some(changes), Some(all)) => {
            format!("what changed was read {changes} ago, everything {all} ago{every}")
        }
        (None, Some(all)) => format!("everything was read {all} ago{every}"),
        (Some(changes), None) => {
            format!("what changed was read {changes} ago, everything not yet")
        }
        (None, None) => "not read yet".to_owned(),
    }
}

async fn calibrate(
    connected: &Connected,
    store: &SqliteStore,
    connection: &ConnectionId,
) -> Result<(), Failure> {
    println!("measuring with scratch records; this takes some seconds");
    let calibration = Calibration::measure(connected, &SystemClock).await;
    calibration.keep(store, connection).await?;
    show(&calibration);
    Ok(())
}

fn show(calibration: &Calibration) {
    println!(
        "calibration of {}:",
        calibration.at.strftime("%Y-%m-%d %H:%M UTC")
    );
    for finding in &calibration.findings {
        println!(
            "  {:<28} {} {}",
            finding.name, finding.question, finding.answer
        );
    }
    let unknown = |answer: &Answer| matches!(answer, Answer::Unknown(_));
    let unknown = calibration
        .findings
        .iter()
        .filter(|found| unknown(&found.answer));
    match unknown.count() {
        0 => {}
        count => println!("  {count} could not be measured; the careful reading is used"),
    }
    if calibration.has_silent_edits() {
        println!("  some edits move no stamp: all contacts are read once an hour, not once a day");
    }
    for left in &calibration.left_behind {
        println!("  left behind, delete it by hand: {left}");
    }
}
