//! Engines that run for a while: watching, allowances, many calls at once. Time is tokio's, paused.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use jiff::Timestamp;
use sync_core::{
    Allowance, Both, Capabilities, Clock, Connector, Engine, EngineBuilder, Event, EventStream,
    Feed, Field, Fields, Guards, Hint, HistoryEvent, HoldReason, Kind, MatchKey, Matcher,
    MemoryStore, OwnedEvent, Reason, Record, RecordId, Ref, Side, Store, event_stream,
    testing::Model,
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    lying::{Lie, Lying},
    world::{
        ByEmail, CITY, CONTACT, EMAIL, NAME, connection, left_fields, newest_or, person,
        right_fields,
    },
};

pub(crate) const LEAD: Kind = Kind::from_static("lead");

/// What a lead became.
pub(crate) static BECAME: Field<Ref> = Field::new("became");

/// Tokio's own time, which a paused test moves when all wait.
#[derive(Clone)]
struct PausedClock(Instant);

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap() + self.0.elapsed()
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = until.duration_since(self.now());
        let wait = Duration::try_from(wait).unwrap_or_default();
        Box::pin(sleep_until(Instant::now() + wait))
    }
}

pub(crate) struct Run {
    clock: PausedClock,
    pub(crate) left: Model,
    pub(crate) right: Model,
    pub(crate) store: MemoryStore,
}

/// Leads are known by their e-mail until they are converted.
struct Keys;

impl Matcher for Keys {
    fn keys(&self, kind: &Kind, record: &Record) -> Vec<MatchKey> {
        let converted = *kind == LEAD && record.get(&CITY).as_deref() == Some("converted");
        if converted {
            return Vec::new();
        }
        ByEmail.keys(kind, record)
    }

    fn agree(&self, _: &Kind, _: &MatchKey, _: &Record, _: &Record) -> bool {
        true
    }
}

impl Run {
    pub(crate) fn new() -> Self {
        Self::lagging(Duration::ZERO)
    }

    /// So late the right index shows contacts, and leads at once.
    pub(crate) fn lagging(lag: Duration) -> Self {
        let clock = PausedClock(Instant::now());
        let shared = || Arc::new(clock.clone());
        let leads = Capabilities {
            fields: Fields::new().exact(&EMAIL).exact(&CITY).exact(&BECAME),
            feed: Feed::Changes,
            stamps: true,
            index_lag: Duration::ZERO,
            finds: false,
            sees_all: true,
        };
        let right = Model::new("R", right_fields(), lag, shared());
        Self {
            left: Model::new("L", left_fields(), Duration::ZERO, shared()),
            right: right.with_kind(LEAD, leads),
            store: MemoryStore::new(),
            clock,
        }
    }

    pub(crate) fn builder(&self, right: impl Connector) -> EngineBuilder {
        let sides: Both<Arc<dyn Connector>> =
            Both::new(Arc::new(self.left.clone()), Arc::new(right));
        let (store, clock) = (Arc::new(self.store.clone()), Arc::new(self.clock.clone()));
        Engine::builder(
            connection(),
            sides,
            store,
            clock,
            Keys,
            newest_or(Side::Left),
        )
        .kinds([CONTACT])
        .guards(Guards::OFF)
    }

    /// Linked contacts, by their left ids.
    async fn contacts(&self, count: usize) -> Vec<RecordId> {
        let enter = |n| {
            self.left
                .enter(&person(&format!("P{n}"), &format!("p{n}@example.com")))
        };
        let ids: Vec<_> = (0..count).map(enter).collect();
        let mut engine = self.builder(self.right.clone()).build().unwrap();
        for _ in 0..3 {
            sleep(Duration::from_secs(5)).await;
            engine.cycle().await.unwrap();
        }
        assert_eq!(self.right.records().len(), count);
        ids
    }

    fn rename_all(&self, ids: &[RecordId]) {
        for id in ids {
            self.left.edit(id, |record| {
                record.set(&NAME, "new".to_owned());
            });
        }
    }

    fn renamed(&self) -> usize {
        let names = self.right.records().into_values().map(|r| r.get(&NAME));
        names.filter(|name| name.as_deref() == Some("new")).count()
    }
}

#[tokio::test(start_paused = true)]
async fn entries_that_are_applied_side_by_side_take_a_share_of_the_time() {
    let mut took = Vec::new();
    // The second one keeps four under way on the side that is written, and not the other's ten.
    for (left, right) in [(1, 1), (10, 4), (1, 10)] {
        let run = Run::new();
        let ids = run.contacts(100).await;
        let slow = Lying::over(&run.right, Lie::Slow(Duration::from_millis(200)));
        let mut engine = run
            .builder(slow)
            .concurrency(Both::new(left, right))
            .build()
            .unwrap();
        run.rename_all(&ids);
        sleep(Duration::from_secs(1)).await;
        let began = Instant::now();
        let report = engine.cycle().await.unwrap();
        assert_eq!((report.updated.right, run.renamed()), (100, 100));
        took.push(began.elapsed().as_millis());
    }
    // Tokio's timer is a millisecond coarse.
    assert!((20_000..20_200).contains(&took[0]), "{took:?}");
    assert!((5_000..5_050).contains(&took[1]), "{took:?}");
    assert!((2_000..2_020).contains(&took[2]), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn no_side_waits_until_the_other_is_written() {
    let run = Run::new();
    for number in 0..40 {
        let person = |side| {
            person(
                &format!("{side}{number}"),
                &format!("{side}{number}@x.example"),
            )
        };
        run.left.enter(&person("l"));
        run.right.enter(&person("r"));
    }
    sleep(Duration::from_secs(5)).await;
    let slow = Lying::over(&run.right, Lie::Slow(Duration::from_secs(1)));
    let sent = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&sent);
    let note = move |event: &Event<'_>| {
        if let Event::Sending { side, .. } = event {
            heard.lock().unwrap().push(*side);
        }
    };
    let mut engine = run.builder(slow).observer(note).build().unwrap();
    let report = engine.cycle().await.unwrap();
    assert_eq!(report.created, Both::new(40, 40));
    let sent = sent.lock().unwrap();
    let last = sent.iter().rposition(|side| *side == Side::Left).unwrap();
    assert!(last < 50, "the slow side has had {} by then", last - 39);
}

#[tokio::test(start_paused = true)]
async fn a_long_plan_reads_the_feed_again_and_not_each_record() {
    let run = Run::new();
    let ids = run.contacts(500).await;
    let slow = Lying::over(&run.right, Lie::Slow(Duration::from_millis(200)));
    let mut engine = run
        .builder(slow)
        .concurrency(Both::new(1, 1))
        .build()
        .unwrap();
    run.rename_all(&ids);
    sleep(Duration::from_secs(1)).await;
    let last = run.right.records().into_keys().next_back().unwrap();
    let edit = async {
        sleep(Duration::from_secs(50)).await;
        run.right.edit(&last, |record| {
            record.set(&NAME, "by hand".to_owned());
        });
    };
    let (report, ()) = tokio::join!(engine.cycle(), edit);
    let report = report.unwrap();
    assert_eq!(
        report.looks, 2,
        "both records of the one that goes the other way now"
    );
    assert_eq!(
        run.renamed(),
        499,
        "a later edit by hand is not written over"
    );
    let (writes, reads) = (
        report.updated.right,
        report.requests.right - report.updated.right,
    );
    assert!(writes == 499 && (5..20).contains(&reads), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_watch_polls_as_often_as_the_allowance_lets_it() {
    let run = Run::new();
    run.contacts(1).await;
    let cycles = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&cycles);
    let count = move |event: &Event<'_>| {
        if matches!(event, Event::Cycled(_)) {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    };
    let builder = run.builder(run.right.clone()).observer(count);
    let mut engine = builder.build().unwrap();
    engine.watch(sleep(Duration::from_secs(301))).await.unwrap();
    assert_eq!(cycles.swap(0, Ordering::Relaxed), 21, "every 15 seconds");

    // 1,000 less 1 walk and 24 settled reads, and half of the rest: every 177 seconds.
    let builder = run.builder(run.right.clone()).allowance(
        Side::Left,
        Allowance {
            per_day: 2_000,
            share: 50,
        },
    );
    let counted = Arc::clone(&cycles);
    let count = move |event: &Event<'_>| {
        if matches!(event, Event::Cycled(_)) {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    };
    let mut engine = builder.observer(count).build().unwrap();
    engine
        .watch(sleep(Duration::from_secs(1_780)))
        .await
        .unwrap();
    assert_eq!(cycles.load(Ordering::Relaxed), 11);
    let status = engine.status().await.unwrap();
    assert_eq!(status.cycle_every.as_secs(), 177);
}

#[tokio::test(start_paused = true)]
async fn a_hint_wakes_the_watch_at_once() {
    let run = Run::new();
    let ids = run.contacts(1).await;
    let builder = run.builder(run.right.clone());
    let mut engine = builder
        .poll_floor(Duration::from_secs(1_000))
        .build()
        .unwrap();
    let hints = engine.hints().await.unwrap();
    let script = async {
        sleep(Duration::from_secs(100)).await;
        run.rename_all(&ids);
        let hint = Hint {
            kind: CONTACT,
            id: ids[0].clone(),
            locator: None,
        };
        hints.hint(Side::Left, hint).await.unwrap();
        sleep(Duration::from_millis(10)).await;
        assert_eq!(run.renamed(), 1);
    };
    let watch = engine.watch(sleep(Duration::from_secs(200)));
    let (watched, ()) = tokio::join!(watch, script);
    watched.unwrap();
}

/// The events of one cycle, its end included.
async fn of_a_cycle(events: &mut EventStream) -> Vec<OwnedEvent> {
    let mut of = Vec::new();
    while let Some(event) = events.next().await {
        of.push(event);
        if matches!(of.last(), Some(OwnedEvent::Cycled { .. })) {
            break;
        }
    }
    of
}

#[tokio::test(start_paused = true)]
async fn what_a_running_watch_does_is_read_as_a_stream() {
    let run = Run::new();
    let ids = run.contacts(1).await;
    let (observer, mut events) = event_stream(64);
    let builder = run.builder(run.right.clone()).observer(observer);
    let mut engine = builder.build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let reader = async {
        let idle = of_a_cycle(&mut events).await;
        let is_page = |event: &OwnedEvent| matches!(event, OwnedEvent::Page { new: 0, .. });
        let (last, pages) = idle.split_last().unwrap();
        assert!(pages.iter().all(is_page), "{idle:?}");
        assert!(
            matches!(last, OwnedEvent::Cycled { writes: 0, .. }),
            "{last:?}"
        );
        run.rename_all(&ids);
        let busy = of_a_cycle(&mut events).await;
        stop.send(()).unwrap();
        busy
    };
    let watch = engine.watch(async { stopped.await.unwrap() });
    let (watched, busy) = tokio::join!(watch, reader);
    watched.unwrap();
    let told = busy.iter().filter_map(|event| match event {
        OwnedEvent::Page { side, new: 1, .. } => Some(format!("{side}: news")),
        OwnedEvent::Sending { side, create, .. } => Some(format!("{side}: creates {create}")),
        OwnedEvent::Happened { event, .. } => match event {
            HistoryEvent::Wrote { side, .. } => Some(format!("{side}: wrote")),
            other => Some(format!("{other:?}")),
        },
        OwnedEvent::Cycled { writes, .. } => Some(format!("cycled: {writes}")),
        _ => None,
    });
    let told: Vec<String> = told.collect();
    assert_eq!(
        told,
        [
            "left: news",
            "right: creates false",
            "right: wrote",
            "cycled: 1"
        ],
    );
    drop(engine);
    assert_eq!(events.next().await, None, "the engine is gone");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_the_running_steps_and_begins_no_other() {
    let run = Run::new();
    let ids = run.contacts(100).await;
    run.rename_all(&ids);
    sleep(Duration::from_secs(1)).await;
    let slow = Lying::over(&run.right, Lie::Slow(Duration::from_millis(200)));
    let mut engine = run.builder(slow).build().unwrap();
    let began = Instant::now();
    engine
        .watch(sleep(Duration::from_millis(1_100)))
        .await
        .unwrap();
    assert!(began.elapsed() < Duration::from_millis(1_250));
    assert_eq!(run.renamed(), 24, "six times four");
    assert!(run.store.intents(&connection()).await.unwrap().is_empty());
    engine.cycle().await.unwrap();
    assert_eq!(run.renamed(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_connection_keeps_to_its_share_of_the_day_and_goes_on_the_next() {
    let run = Run::new();
    for n in 0..30 {
        run.left
            .enter(&person(&format!("P{n}"), &format!("p{n}@example.com")));
    }
    sleep(Duration::from_secs(5)).await;
    let allowance = Allowance {
        per_day: 40,
        share: 50,
    };
    let build = || {
        run.builder(run.right.clone())
            .allowance(Side::Right, allowance)
    };
    let mut engine = build().concurrency(Both::new(1, 1)).build().unwrap();
    let report = engine.cycle().await.unwrap();
    let stopped = report.stopped.right.unwrap();
    assert_eq!(stopped.reason, Reason::DayExhausted);
    let created = run.right.records().len();
    assert!((10..20).contains(&created), "{created}");
    // Also after a restart.
    let mut engine = build().build().unwrap();
    engine.cycle().await.unwrap();
    assert_eq!(run.right.records().len(), created);
    let status = engine.status().await.unwrap();
    assert_eq!(status.sides.right.requests_today, 20);
    assert_eq!(status.sides.right.allowed_a_day, Some(20));
    sleep(Duration::from_secs(24 * 3_600)).await;
    engine.cycle().await.unwrap();
    assert!(run.right.records().len() > created);
}

#[tokio::test(start_paused = true)]
async fn the_status_tells_when_each_lane_was_read() {
    let run = Run::new();
    run.contacts(3).await;
    let engine = run.builder(run.right.clone()).build().unwrap();
    sleep(Duration::from_secs(60)).await;
    let status = engine.status().await.unwrap();
    let kind = &status.sides.left.kinds[0];
    let lags = kind
        .lanes
        .iter()
        .map(|lane| lane.worst_lag.unwrap().as_secs());
    assert_eq!(lags.collect::<Vec<_>>(), [60, 70, 70]);
    assert_eq!((status.counts.links, kind.dirty), (3, 0));
    let json = serde_json::to_value(&status).unwrap();
    assert_eq!(
        json["sides"]["left"]["kinds"][0]["lanes"][1]["lane"],
        "settled"
    );
    assert_eq!(
        json["sides"]["left"]["kinds"][0]["lanes"][1]["every"],
        "PT1H"
    );
}

#[tokio::test(start_paused = true)]
async fn an_open_lead_holds_a_create_until_it_is_converted_or_deleted() {
    let run = Run::new();
    let mut leads = Vec::new();
    for name in ["ada", "bob"] {
        let email = format!("{name}@example.com");
        leads.push(run.right.enter_as(&LEAD, &person(name, &email)));
        run.left.enter(&person(name, &email));
    }
    run.left.enter(&person("eve", "eve@example.com"));
    let builder = run
        .builder(run.right.clone())
        .blocks(Side::Right, LEAD, CONTACT);
    let mut engine = builder.build().unwrap();
    let mut cycle = async || {
        sleep(Duration::from_secs(5)).await;
        engine.cycle().await.unwrap();
        run.right.records().len()
    };
    cycle().await;
    assert_eq!(cycle().await, 1, "only eve");
    let holds = sync_core::Archive::holds(&run.store, &connection(), 0, 9)
        .await
        .unwrap();
    let reasons: Vec<_> = holds.iter().map(|(_, hold)| hold.reason).collect();
    assert_eq!(reasons, [HoldReason::Blocked, HoldReason::Blocked]);
    assert!(holds[0].1.message.contains(leads[0].as_str()));

    run.right.edit(&leads[0], |lead| {
        lead.set(&CITY, "converted".to_owned());
    });
    cycle().await;
    assert_eq!(cycle().await, 2, "ada is converted");
    run.right.delete_record(&leads[1]);
    assert_eq!(cycle().await, 2, "nothing tells that bob's lead is gone");
    sleep(Duration::from_secs(24 * 3_600)).await;
    cycle().await;
    assert_eq!(cycle().await, 3, "but it is looked for");
}
