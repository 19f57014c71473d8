//! What a story needs: both CRMs on one clock, an engine between them, and the hands of two users.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fmt::Display,
    future::{Future, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use crm_sandbox::{Clock, Crm, Records, Sandbox, SandboxBuilder};
use ghl_insightly::{Answer, Calibration, Finding};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sync_core::{
    Both, CycleReport, Engine, EngineBuilder, EngineError, Event, Guards, Happened, HistoryEvent,
    Hold, HoldReason, Link, RecordId, Side,
};

use tokio::sync::Notify;

use crate::{
    deeds::{Deeds, Place, kind},
    failure::{Failure, Proved, ensure},
    world::{Timing, World},
};

/// Everything in one page.
pub const ALL: usize = usize::MAX >> 1;

/// How long an engine may wait, on the story's clock, without getting anything done.
const PATIENCE: Duration = Duration::from_secs(3600);

/// How long people take for a thing.
const A_MOMENT: Duration = Duration::from_secs(2);

const A_MINUTE: Duration = Duration::from_secs(60);

const A_DAY: Duration = Duration::from_secs(25 * 3600);

/// On the clock of a story. It stands still, and whoever waits moves it.
const TIMING: Timing = Timing {
    index_lag: Duration::from_secs(4),
    believed_lag: Duration::from_secs(8),
    reply_grace: Duration::from_secs(60),
};

/// How a story is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stage {
    /// With as many records as it says, or with a part of them.
    pub full: bool,
    /// A behaviour of one of the CRMs that nobody has confirmed, and how it is this time.
    pub switch: Option<(Side, &'static str, &'static str)>,
}

/// Two CRMs, an engine, and what people did.
#[derive(Debug)]
pub struct Scene {
    /// The two CRMs, with settings and a store.
    pub world: Arc<World>,
    engine: Option<Engine>,
    /// How far the program's clock is ahead of the servers', in seconds.
    ahead: Arc<AtomicI64>,
    /// What people did.
    pub deeds: Arc<Deeds>,
}

tokio::task_local! {
    /// The scene that a story has set up last.
    static LAST: RefCell<Option<Left>>;
}

/// What is left of a scene when its story is over, or was broken off.
#[derive(Debug)]
pub struct Left {
    world: Arc<World>,
    ahead: Arc<AtomicI64>,
    deeds: Arc<Deeds>,
}

impl Left {
    /// Tells a story, and keeps what is left of its last scene.
    pub async fn after<T>(story: impl Future<Output = T>) -> (T, Option<Self>) {
        let told = async {
            let told = story.await;
            (told, LAST.with(RefCell::take))
        };
        LAST.scope(RefCell::default(), told).await
    }

    /// The switches of both CRMs that an answer has depended on.
    pub fn switches_asked(&self) -> Both<BTreeSet<&'static str>> {
        let crms = self.world.crms();
        Both::from_fn(|side| crms[side].switches_asked())
    }

    /// The scene again. What was out of order is in order, and no program runs.
    pub fn scene(self) -> Scene {
        self.world.heal();
        let Self {
            world,
            ahead,
            deeds,
        } = self;
        Scene {
            world,
            engine: None,
            ahead,
            deeds,
        }
    }
}

/// A record on both sides.
#[derive(Debug, Clone)]
pub struct Pair {
    /// GHL's id.
    pub ghl: String,
    /// Insightly's id.
    pub insightly: String,
}

/// The records of one family under the hand of a user. A moment passes with each deed.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    crm: &'a Crm,
    side: Side,
    family: &'static str,
    deeds: &'a Deeds,
}

/// The sandbox's time as the engine's, or so many seconds later.
#[derive(Debug)]
pub struct SharedTime(Clock, Arc<AtomicI64>);

impl SharedTime {
    fn ahead(&self) -> SignedDuration {
        SignedDuration::from_secs(self.1.load(Ordering::Relaxed))
    }
}

impl sync_core::Clock for SharedTime {
    fn now(&self) -> Timestamp {
        self.0.now() + self.ahead()
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.set((until - self.ahead()).max(self.0.now()));
        Box::pin(ready(()))
    }
}

impl Stage {
    /// Two CRMs without anybody in them, and contacts that sync.
    pub async fn contacts(self) -> Proved<Scene> {
        self.set(Sandbox::builder().seed(7), str::to_owned).await
    }

    /// The same, with other settings.
    pub async fn contacts_with(self, settings: impl FnOnce(&str) -> String) -> Proved<Scene> {
        self.set(Sandbox::builder().seed(7), settings).await
    }

    /// The same, with every kind synced.
    pub async fn all_kinds(self) -> Proved<Scene> {
        self.set(Sandbox::builder().seed(7), with_all_kinds).await
    }

    /// So many people, and other settings.
    pub async fn set(
        self,
        sandbox: SandboxBuilder,
        settings: impl FnOnce(&str) -> String,
    ) -> Proved<Scene> {
        // After the beginning of an hour and of a day in both zones.
        let start = Timestamp::from_second(1_775_739_607)?;
        let world = World::start(sandbox.clock(Clock::manual(start)), TIMING).await?;
        let text = world.settings_text(TIMING);
        world.write_settings(&settings(&text))?;
        if let Some((side, name, choice)) = self.switch {
            world.crms()[side].set_switch(name, choice)?;
        }
        let deeds = Arc::new(Deeds::default());
        for side in Side::BOTH {
            let crm = world.crms()[side];
            crm.keep_writes();
            for contact in crm.contacts().all()? {
                let id = id_of("contacts", &contact)?;
                let place = place(side, "contacts", &id);
                deeds.note(place, |done| (done.entered, done.all) = (true, true));
            }
        }
        let mut scene = Scene {
            world: Arc::new(world),
            engine: None,
            ahead: Arc::default(),
            deeds,
        };
        let left = Left {
            world: Arc::clone(&scene.world),
            ahead: Arc::clone(&scene.ahead),
            deeds: Arc::clone(&scene.deeds),
        };
        // Nobody asks for it but where a story may be broken off.
        let _ = LAST.try_with(|last| last.replace(Some(left)));
        scene.restart().await?;
        Ok(scene)
    }
}

/// Settings that sync every kind, and owners.
pub fn with_all_kinds(settings: &str) -> String {
    with_kinds(settings) + "owners = true\n"
}

/// Settings that sync every kind. Who owns a record that Insightly made of a lost create is
/// Insightly's doing, and would travel with owners.
pub fn with_kinds(settings: &str) -> String {
    let kinds = r#"["companies", "contacts", "tasks", "notes"]"#;
    format!("{settings}\n[sync]\nkinds = {kinds}\n")
}

impl Scene {
    /// GHL's contacts.
    pub fn ghl(&self) -> Desk<'_> {
        self.desk(Side::Left, "contacts")
    }

    /// Insightly's contacts.
    pub fn insightly(&self) -> Desk<'_> {
        self.desk(Side::Right, "contacts")
    }

    /// The records of a family of one side.
    pub fn desk(&self, side: Side, family: &'static str) -> Desk<'_> {
        Desk::new(self.world.crms()[side], side, family, &self.deeds)
    }

    /// Starts the program anew, guards off.
    pub async fn restart(&mut self) -> Proved {
        self.restart_with(|engine| engine.guards(Guards::OFF)).await
    }

    /// Starts the program anew, with an engine of the story's own making. Entries are applied one
    /// by one, so that a story is the same each time.
    pub async fn restart_with(
        &mut self,
        how: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Proved {
        // A store belongs to one program at a time.
        self.engine = None;
        let clock = self.clock();
        let builder = self.world.engine_builder().await?;
        let builder = builder.clock(clock).concurrency(Both::new(1, 1));
        self.engine = Some(how(builder).build()?);
        Ok(())
    }

    /// This was measured of the accounts; the program is started anew.
    pub async fn measured(&mut self, question: &str, answer: impl Into<Answer>) -> Proved {
        // A store belongs to one program at a time.
        self.die().await?;
        let (store, here) = (self.world.store()?, self.world.connection());
        let found = Finding {
            name: question.to_owned(),
            question: String::new(),
            answer: answer.into(),
        };
        let measured = Calibration {
            at: self.world.sandbox.clock().now(),
            findings: vec![found],
            left_behind: Vec::new(),
        };
        measured.keep(&*store, &here).await?;
        drop(store);
        self.restart().await
    }

    /// The clock of an engine.
    pub fn clock(&self) -> SharedTime {
        let servers = self.world.sandbox.clock().clone();
        SharedTime(servers, Arc::clone(&self.ahead))
    }

    /// The program's clock jumps to so many seconds ahead of the servers'.
    pub fn jump(&self, ahead: i64) {
        self.ahead.store(ahead, Ordering::Relaxed);
    }

    /// Runs cycles until the program is killed in the middle of so many writes, or nothing is left
    /// to do; answers whether it was killed.
    pub async fn killed_at_write(&mut self, nth: usize) -> Proved<bool> {
        let (at, counted) = (Arc::new(Notify::new()), AtomicUsize::new(0));
        let heard = Arc::clone(&at);
        self.restart_with(|engine| {
            engine
                .guards(Guards::OFF)
                .observer(move |event: &Event<'_>| {
                    let is_write = matches!(event, Event::Sending { .. });
                    if is_write && counted.fetch_add(1, Ordering::Relaxed) + 1 == nth {
                        heard.notify_one();
                    }
                })
        })
        .await?;
        self.later(A_MINUTE);
        let engine = self.engine()?;
        let killed = tokio::select! {
            settled = engine.settle(PATIENCE) => {
                settled?;
                false
            }
            () = at.notified() => true,
        };
        self.die().await?;
        Ok(killed)
    }

    /// The program is gone, as by `kill -9`.
    pub async fn die(&mut self) -> Proved {
        self.engine = None;
        // The grace for a lost reply passes at once on the clock of a story; what was under way
        // must not take longer.
        self.world.hung_up().await
    }

    /// The engine.
    pub fn engine(&mut self) -> Proved<&mut Engine> {
        let gone = || Failure::new("the program is not running");
        self.engine.as_mut().ok_or_else(gone)
    }

    fn running(&self) -> Proved<&Engine> {
        let gone = || Failure::new("the program is not running");
        self.engine.as_ref().ok_or_else(gone)
    }

    /// Time passes in both systems.
    pub fn later(&self, by: Duration) {
        self.world.sandbox.clock().advance(by);
    }

    /// One cycle.
    pub async fn cycle(&mut self) -> Proved<CycleReport> {
        Ok(self.engine()?.cycle().await?)
    }

    /// A minute passes; then cycles until nothing is left to do.
    pub async fn settle(&mut self) -> Proved<CycleReport> {
        self.later(A_MINUTE);
        self.settle_now().await
    }

    /// A day passes, so that everything is read again; then cycles until nothing is left to do.
    pub async fn a_day_later(&mut self) -> Proved<CycleReport> {
        self.later(A_DAY);
        self.settle_now().await
    }

    /// The same, until the program says why it cannot go on.
    pub async fn goes_on(&mut self) -> Proved<Result<(), EngineError>> {
        self.later(A_DAY);
        for _ in 0..20 {
            match self.engine()?.settle(PATIENCE).await {
                Ok(outcome) if outcome.settled => return Ok(Ok(())),
                Ok(_) => self.later(A_MINUTE),
                Err(why) => return Ok(Err(why)),
            }
        }
        Err(Failure::new("it does not settle"))
    }

    async fn settle_now(&mut self) -> Proved<CycleReport> {
        let mut adopted = 0;
        // A side that was given up is tried again.
        for _ in 0..20 {
            let mut outcome = self.engine()?.settle(PATIENCE).await?;
            adopted += outcome.total.adopted;
            outcome.total.adopted = adopted;
            if outcome.settled {
                return Ok(outcome.total);
            }
            self.later(A_MINUTE);
        }
        let mut outcome = self.engine()?.settle(PATIENCE).await?;
        outcome.total.adopted += adopted;
        ensure(outcome.settled, || {
            format!("it does not settle: {outcome:?}")
        })?;
        Ok(outcome.total)
    }

    /// Somebody in GHL, who is on both sides then.
    pub async fn from_ghl(&mut self, members: &Value) -> Proved<Pair> {
        let id = self.ghl().enter(members)?;
        self.settle().await?;
        self.pair(Side::Left, "contacts", &id).await
    }

    /// Somebody in Insightly, who is on both sides then.
    pub async fn from_insightly(&mut self, members: &Value) -> Proved<Pair> {
        let id = self.insightly().enter(members)?;
        self.settle().await?;
        self.pair(Side::Right, "contacts", &id).await
    }

    /// Ada King, on both sides, with more members in GHL.
    pub async fn ada(&mut self, more: &Value) -> Proved<Pair> {
        let mut ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
        if let (Some(ada), Some(more)) = (ada.as_object_mut(), more.as_object()) {
            ada.extend(more.clone());
        }
        self.from_ghl(&ada).await
    }

    /// Whom a record is linked with.
    pub async fn pair(&self, side: Side, family: &str, id: &str) -> Proved<Pair> {
        let engine = self.running()?;
        let ids = [RecordId::new(id)];
        let (store, here) = (engine.store(), engine.connection());
        let links = store.links(here, &kind(family), side, &ids).await?;
        let link = links.into_iter().flatten().next();
        let link = link.ok_or_else(|| Failure::new(format!("{side} {family} {id}: no link")))?;
        Ok(Pair {
            ghl: link.sides.left.id.to_string(),
            insightly: link.sides.right.id.to_string(),
        })
    }

    /// All links of the kind of a family.
    pub async fn links(&self, family: &str) -> Proved<Vec<Arc<Link>>> {
        let engine = self.running()?;
        let (store, here) = (engine.store(), engine.connection());
        Ok(store.link_page(here, &kind(family), None, ALL).await?)
    }

    /// What is held.
    pub async fn holds(&self) -> Proved<Vec<Hold>> {
        let numbered = self.numbered_holds().await?.into_iter();
        Ok(numbered.map(|(_, hold)| hold).collect())
    }

    /// What is held, each with the number by which a person answers.
    pub async fn numbered_holds(&self) -> Proved<Vec<(u64, Hold)>> {
        let engine = self.running()?;
        Ok(engine.store().holds(engine.connection(), 0, ALL).await?)
    }

    /// Exactly these are held: reasons, with the fields they are about.
    pub async fn holds_are(&self, expected: &[(HoldReason, &str)]) -> Proved {
        let holds = self.holds().await?;
        let named = |hold: &Hold| {
            let field = hold.field.as_ref().map_or("", |field| field.name());
            (hold.reason, field.to_owned())
        };
        let mut found: Vec<_> = holds.iter().map(named).collect();
        let expected = expected.iter();
        let mut expected: Vec<_> = expected.map(|(why, of)| (*why, (*of).to_owned())).collect();
        let by_words = |of: &(HoldReason, String)| format!("{of:?}");
        found.sort_by_key(by_words);
        expected.sort_by_key(by_words);
        ensure(found == expected, || {
            let said: Vec<&str> = holds.iter().map(|hold| hold.message.as_str()).collect();
            format!("held is {found:?} and not {expected:?}: {said:?}")
        })
    }

    /// All that has happened.
    pub async fn history(&self) -> Proved<Vec<Happened>> {
        let engine = self.running()?;
        let history = engine.store().history(engine.connection(), 0, ALL).await?;
        Ok(history.into_iter().map(|(_, happened)| happened).collect())
    }

    /// How many things of a sort have happened.
    pub async fn happened(&self, is: impl Fn(&HistoryEvent) -> bool) -> Proved<usize> {
        let history = self.history().await?;
        Ok(history.iter().filter(|of| is(&of.event)).count())
    }

    /// Conflicts that a rule has decided are so many.
    pub async fn decided_are(&self, expected: usize) -> Proved {
        let is = |event: &HistoryEvent| matches!(event, HistoryEvent::Decided { .. });
        is_equal("decided conflicts", self.happened(is).await?, expected)
    }

    /// How many writes both servers were asked for.
    pub fn written(&self) -> usize {
        let crms = self.world.crms();
        crms.left.writes().len() + crms.right.writes().len()
    }

    /// What a step writes is so many requests.
    pub async fn settles_with_writes(&mut self, expected: usize) -> Proved {
        let before = self.written();
        self.settle().await?;
        is_equal("writes", self.written() - before, expected)
    }

    /// Two records of GHL become one, as in its dashboard.
    pub fn merge_in_ghl(&self, survivor: &str, absorbed: &str) -> Proved {
        let order = json!({ "survivor": survivor, "absorbed": absorbed });
        self.world.sandbox.ghl().order("merge", &order)?;
        self.merged(Side::Left, survivor, absorbed);
        Ok(())
    }

    /// Two records of Insightly become one, as in its web app.
    pub fn merge_in_insightly(&self, master: &str, source: &str) -> Proved {
        let (id, into): (i64, i64) = (source.parse()?, master.parse()?);
        let order = json!({ "family": "contacts", "id": id, "into": into });
        self.world.sandbox.insightly().order("merge", &order)?;
        self.merged(Side::Right, master, source);
        Ok(())
    }

    fn merged(&self, side: Side, survivor: &str, absorbed: &str) {
        let gone = place(side, "contacts", absorbed);
        self.deeds.note(gone, |done| done.deleted = true);
        let stays = place(side, "contacts", survivor);
        self.deeds.note(stays, |done| done.all = true);
        self.later(A_MOMENT);
    }

    /// A contact comes back from the recycle bin.
    pub fn restore(&self, side: Side, id: &str) -> Proved {
        let order = match side {
            Side::Left => json!({ "id": id }),
            Side::Right => json!({ "family": "contacts", "id": id.parse::<i64>()? }),
        };
        self.world.crms()[side].order("restore", &order)?;
        let place = place(side, "contacts", id);
        self.deeds
            .note(place, |done| (done.entered, done.restored) = (true, true));
        self.later(A_MOMENT);
        Ok(())
    }
}

impl<'a> Desk<'a> {
    pub(crate) fn new(crm: &'a Crm, side: Side, family: &'static str, deeds: &'a Deeds) -> Self {
        Self {
            crm,
            side,
            family,
            deeds,
        }
    }

    fn records(&self) -> Records<'a> {
        self.crm.family(self.family)
    }

    fn place(&self, id: &str) -> Place {
        place(self.side, self.family, id)
    }

    /// Somebody enters a record; answers its id.
    pub fn enter(&self, members: &Value) -> Proved<String> {
        let record = self.records().create(members)?;
        let id = id_of(self.family, &record)?;
        self.deeds.note(self.place(&id), |done| done.entered = true);
        self.deeds.typed(self.place(&id), members);
        self.crm.clock().advance(A_MOMENT);
        Ok(id)
    }

    /// Somebody edits a record.
    pub fn edit(&self, id: &str, changes: &Value) -> Proved {
        self.records().edit(id, changes)?;
        self.deeds.typed(self.place(id), changes);
        self.crm.clock().advance(A_MOMENT);
        Ok(())
    }

    /// Somebody deletes a record.
    pub fn delete(&self, id: &str) -> Proved {
        self.records().delete(id)?;
        self.deeds.note(self.place(id), |done| done.deleted = true);
        self.crm.clock().advance(A_MOMENT);
        Ok(())
    }

    /// What a record shows.
    pub fn get(&self, id: &str) -> Proved<Value> {
        Ok(self.records().get(id)?)
    }

    /// All records.
    pub fn all(&self) -> Proved<Vec<Value>> {
        Ok(self.records().all()?)
    }

    /// There are so many records.
    pub fn are(&self, expected: usize) -> Proved {
        let what = format!("{} {}", self.side, self.family);
        is_equal(&what, self.all()?.len(), expected)
    }

    /// The only record.
    pub fn only(&self) -> Proved<Value> {
        self.are(1)?;
        let first = self.all()?.into_iter().next();
        first.ok_or_else(|| Failure::new("there is none"))
    }

    /// The id of the only record.
    pub fn only_id(&self) -> Proved<String> {
        id_of(self.family, &self.only()?)
    }

    /// A record shows these members.
    pub fn shows(&self, id: &str, expected: &Value) -> Proved {
        let record = self.get(id)?;
        for (member, value) in expected.as_object().into_iter().flatten() {
            let shown = &record[member];
            let blank = |value: &Value| value.is_null() || value == "";
            let alike = shown == value || (blank(shown) && blank(value));
            ensure(alike, || {
                let (side, family) = (self.side, self.family);
                format!("{side} {family} {id}: {member} is {shown} and not {value}")
            })?;
        }
        Ok(())
    }
}

/// A record by where it is found.
pub fn place(side: Side, family: &str, id: &str) -> Place {
    Place {
        side,
        kind: kind(family),
        id: id.to_owned(),
    }
}

/// The id of a record of either system.
pub fn id_of(family: &str, record: &Value) -> Proved<String> {
    let member = match family {
        "tasks" => "TASK_ID",
        "notes" => "NOTE_ID",
        "leads" => "LEAD_ID",
        "organisations" => "ORGANISATION_ID",
        _ => "CONTACT_ID",
    };
    match record.get("id").or_else(|| record.get(member)) {
        Some(Value::String(id)) => Ok(id.clone()),
        Some(Value::Number(id)) => Ok(id.to_string()),
        _ => Err(Failure::new(format!("{record} has no id"))),
    }
}

/// Two things are the same.
#[expect(clippy::needless_pass_by_value, reason = "reads like an assertion")]
pub fn is_equal<T: PartialEq + std::fmt::Debug>(what: impl Display, is: T, expected: T) -> Proved {
    ensure(is == expected, || {
        format!("{what}: {is:?} and not {expected:?}")
    })
}

/// Links of an Insightly task or note to contacts.
pub fn links_to(contacts: &[&str]) -> Proved<Value> {
    let mut links = Vec::new();
    for contact in contacts {
        let id: i64 = contact.parse()?;
        links.push(json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": id }));
    }
    Ok(Value::Array(links))
}
