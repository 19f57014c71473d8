//! The proof that a sync survives `kill -9` at any moment: the first one, and whatever people
//! enter, edit and delete afterwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::process::ExitStatusExt,
    sync::Arc,
    time::{Duration, Instant},
};

use crm_sandbox::{Fault, Sandbox};
use fastrand::Rng;
use ghl_insightly::{
    agreement::{Agreement, Before, FAMILIES, Family},
    follow_up::FOLLOW_UP,
};
use serde::Serialize;
use serde_json::Value;
use sync_core::{Archive, Both, HoldReason, Kind, RecordId, Side};

use crate::{
    agreement::Kept,
    command::{Ended, Running},
    deeds::{Deeds, Place, kind},
    failure::{Failure, Proved, ensure},
    people::{LEAVER, People, companies},
    scene::{id_of, with_kinds},
    world::{Timing, WRITES, World},
};

/// What is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Kills {
    /// How often the command is killed.
    pub count: u64,
    /// Draws the people, the moments and the delays.
    pub seed: u64,
}

/// The figures of the proof.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KillsProved {
    /// What drew everything.
    pub seed: u64,
    /// In how many worlds, each with people of its own.
    pub worlds: u64,
    /// Processes that a signal ended in the middle of their work.
    pub kills: u64,
    /// Those of them that were in the middle of a first sync; the others followed people at work.
    pub kills_of_first_syncs: u64,
    /// Those of them that had a write under way that was not done yet.
    pub kills_before_the_work: u64,
    /// Those of them that had a write under way that was done and not answered.
    pub kills_before_the_reply: u64,
    /// What people did between kills.
    pub deeds: u64,
    /// Records that they deleted.
    pub deleted: u64,
    /// Of which of them they were asked whether they only went with what they stood under.
    pub answered: u64,
    /// Write requests that the servers have seen.
    pub writes: u64,
    /// Create requests among them, also of what was deleted again.
    pub creates_asked: u64,
    /// Records that came to be and stayed.
    pub creates_done: u64,
    /// Lost creates that were found again and adopted.
    pub adopted: u64,
    /// Requests of all kinds, to each side.
    pub requests: Both<u64>,
    /// Pairs of each kind.
    pub pairs: BTreeMap<&'static str, u64>,
    /// What the check found to be right.
    pub agreement: Agreement,
    /// How long it took.
    pub seconds: f64,
}

/// When a process is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The n-th write of this run has arrived, and its work is not done.
    BeforeWork(u64),
    /// The n-th write of this run was done, and its reply is not sent.
    BeforeReply(u64),
    /// A while after the n-th write arrived: the work, the reply, the commit, the next one.
    After(u64, Duration),
    /// A while after the start: connecting, reading, planning, recovering.
    Early(Duration),
}

/// As many things do people do between two kills, besides entering somebody on each side and
/// deleting something.
const DEEDS: u64 = 4;

/// So many writes are due whenever somebody was entered on each side.
const DUE: u64 = 2;

/// How long a write takes while the command is to be killed.
const SLOW: Duration = Duration::from_millis(25);

/// How long a run may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);

/// As many kills does one world meet, half of them in its first sync.
const EACH: u64 = 50;

impl Kills {
    /// Kills the command `count` times in the middle of its work, lets it end, and checks both
    /// servers.
    pub async fn prove(self) -> Proved<KillsProved> {
        let began = Instant::now();
        let mut proved = KillsProved {
            seed: self.seed,
            ..KillsProved::default()
        };
        while proved.kills < self.count {
            let kills = EACH.min(self.count - proved.kills);
            let mut life = Life::start(kills, self.seed + proved.worlds).await?;
            life.first_sync(kills.div_ceil(2)).await?;
            life.people_at_work(kills / 2).await?;
            life.ends_well(&mut proved).await?;
        }
        proved.seconds = began.elapsed().as_secs_f64();
        Ok(proved)
    }
}

/// Two CRMs with people in them, and a command that is killed again and again.
struct Life {
    world: Arc<World>,
    people: People,
    deeds: Arc<Deeds>,
    /// Who was there before the first sync.
    before: Before,
    dice: Rng,
    turn: u64,
    /// What is told of this life.
    told: KillsProved,
}

impl Life {
    /// Enough people that every kill finds work, and some of everything besides.
    async fn start(kills: u64, seed: u64) -> Proved<Self> {
        let ghl = 40 + 3 * kills;
        let sandbox = Sandbox::builder()
            .seed(seed)
            .ghl_contacts(ghl)
            .insightly_contacts(ghl * 3 / 5)
            .shared(ghl * 2 / 5);
        let world = World::start(sandbox, Timing::DYING).await?;
        let settings = with_kinds(&world.settings_text(Timing::DYING));
        world.write_settings(&format!("{settings}\n{FOLLOW_DELETES}"))?;
        let (world, deeds) = (Arc::new(world), Arc::default());
        let mut people = People::new(seed, &world, &deeds);
        for side in Side::BOTH {
            for _ in 0..4 + kills / 4 {
                people.enters_a_company(side)?;
                people.employs_a_contact(side)?;
                people.enters_a_note_or_task(side, "notes")?;
                people.enters_a_note_or_task(side, "tasks")?;
                people.enters_a_leaver(side)?;
            }
        }
        Ok(Self {
            before: Before::of(&world.sandbox)?,
            dice: Rng::with_seed(seed),
            turn: 0,
            told: KillsProved::default(),
            world,
            people,
            deeds,
        })
    }

    /// The first sync, killed so many times, and ended.
    async fn first_sync(&mut self, kills: u64) -> Proved {
        let due = creates(&self.before);
        for _ in 0..kills {
            self.is_killed(due / (kills + 2)).await?;
        }
        self.told.kills_of_first_syncs = kills;
        self.world.heal();
        run_to_the_end(&self.world).await.map(drop)
    }

    /// People go on working on both sides, and each run that follows them is killed.
    async fn people_at_work(&mut self, kills: u64) -> Proved {
        for _ in 0..kills {
            for side in Side::BOTH {
                self.people.enters_a_contact(side)?;
            }
            self.people.deletes_a_leaver()?;
            for _ in 0..DEEDS {
                self.people.do_something()?;
            }
            self.told.deeds += DEEDS + 3;
            self.world.a_day_passes().await?;
            self.is_killed(DUE).await?;
        }
        Ok(())
    }

    /// Runs the command and kills it at a moment within so many writes.
    async fn is_killed(&mut self, writes: u64) -> Proved {
        let moment = Moment::draw(self.turn, &mut self.dice, writes.max(1));
        self.turn += 1;
        kill_at(&self.world, moment).await?;
        self.told.kills += 1;
        match moment {
            Moment::BeforeWork(_) => self.told.kills_before_the_work += 1,
            Moment::BeforeReply(_) => self.told.kills_before_the_reply += 1,
            Moment::After(..) | Moment::Early(_) => {}
        }
        Ok(())
    }

    /// What was left undone is done, and what people entered is on both sides, once; what they
    /// deleted is on neither.
    async fn ends_well(mut self, proved: &mut KillsProved) -> Proved {
        self.people_are_done();
        self.world.heal();
        let mut ended = a_day_later(&self.world).await?;
        // What was deleted behind a walk that a kill has broken off, or before its lost copy was
        // adopted, may be missed by the next walk only.
        ended.stdout += &a_day_later(&self.world).await?.stdout;
        if self.people_answer().await? {
            ended.stdout += &a_day_later(&self.world).await?.stdout;
        }
        let kinds = FAMILIES.iter().map(|family| family.kind.clone());
        let kinds = kinds.filter(|kind| *kind != FOLLOW_UP);
        let kept = Kept::of_kinds(&*self.world.store()?, kinds).await?;
        let check = kept.check(&self.world.sandbox, &self.before)?;
        let agreements = check.agreements.clone();
        let agreement = check.verdict();
        let agreement = match agreement {
            Ok(agreement) => agreement,
            Err(why) => {
                let left = self.who_was_to_go().await?;
                let said = ended.stdout;
                return Err(Failure::new(format!(
                    "{why}\n{left}\nThe last runs said: {said}"
                )));
            }
        };
        a_second_run_writes_nothing(&self.world).await?;
        self.told.adopted = kept.adopted;
        proved.add(&self, agreement, &agreements);
        Ok(())
    }

    /// Who has deleted all that stood under a contact is asked whether it went with that, and
    /// deletes it on the other side, too. Whether anybody was asked.
    async fn people_answer(&mut self) -> Proved<bool> {
        let (store, here) = (self.world.store()?, self.world.connection());
        let holds = store.holds(&here, 0, usize::MAX).await?;
        let deeds = self.deeds.all();
        let mut answered = 0;
        for (_, hold) in holds {
            let [Some(left), Some(right)] = Side::BOTH.map(|side| hold.ids[side].clone()) else {
                continue;
            };
            let ids = Both::new(left, right);
            let is_theirs = |side: &Side| {
                let (side, kind) = (*side, hold.kind.clone());
                let id = ids[side].to_string();
                let done = deeds.get(&Place { side, kind, id });
                done.is_some_and(|done| done.deleted)
            };
            let gone = Side::BOTH.into_iter().find(is_theirs);
            let Some(gone) = gone.filter(|_| hold.reason == HoldReason::Deleted) else {
                continue;
            };
            let desk = self.people.desk(!gone, families(!gone, &hold.kind));
            desk.delete(ids[!gone].as_str())?;
            answered += 1;
        }
        self.told.answered += answered;
        Ok(answered > 0)
    }

    /// What became of those whom people deleted, and who are there under any id.
    async fn who_was_to_go(&self) -> Proved<String> {
        let (store, here) = (self.world.store()?, self.world.connection());
        let history = store.history(&here, 0, usize::MAX).await?;
        let mut told = Vec::new();
        for (place, done) in self.deeds.all().iter().filter(|(_, done)| done.deleted) {
            let typed = done.typed.values().filter_map(Value::as_str);
            let name = typed.into_iter().find(|word| word.contains(LEAVER));
            let name = format!("{}\"", name.unwrap_or(&place.id));
            let mut there = BTreeSet::new();
            for side in Side::BOTH {
                let family = families(side, &place.kind);
                let all = self.people.desk(side, family).all()?.into_iter();
                for record in all.filter(|record| record.to_string().contains(&name)) {
                    there.insert((side, id_of(family, &record)?));
                }
            }
            if there.is_empty() {
                continue;
            }
            told.push(format!("{place:?} is there again: {there:?}"));
            there.insert((place.side, place.id.clone()));
            let is_theirs = |ids: &Both<Option<RecordId>>| {
                let is = |(side, id): &(Side, String)| {
                    ids[*side]
                        .as_ref()
                        .is_some_and(|known| known.as_str() == id)
                };
                there.iter().any(is)
            };
            let theirs = history.iter().filter(|(_, it)| is_theirs(&it.ids));
            told.extend(theirs.map(|(at, it)| format!("  {at} {it:?}")));
        }
        Ok(told.join("\n"))
    }

    /// Who was entered since the first sync counts as whoever was there before it.
    fn people_are_done(&mut self) {
        for (place, done) in self.deeds.all() {
            if done.deleted {
                self.told.deleted += 1;
                self.before.leave(&place.kind, place.side, &place.id);
            } else if done.entered {
                self.before.enter(&place.kind, place.side, place.id);
            }
        }
    }
}

/// What a side calls records of a kind.
fn families(side: Side, of: &Kind) -> &'static str {
    [companies(side), "contacts", "tasks", "notes"]
        .into_iter()
        .find(|family| kind(family) == *of)
        .unwrap_or("contacts")
}

/// How many records a sync has to make.
fn creates(of: &Before) -> u64 {
    let kinds = FAMILIES.iter().map(|family| &family.kind);
    let kinds = kinds.filter(|kind| **kind != FOLLOW_UP);
    kinds
        .map(|kind| 2 * of.things(kind) - of.records(kind))
        .sum::<usize>() as u64
}

/// Deletes are followed, so that both sides are equal in the end.
const FOLLOW_DELETES: &str = r#"[deletes]
in_ghl = "follow"
in_insightly = "follow"
"#;

impl KillsProved {
    fn add(&mut self, life: &Life, found: Agreement, by_kind: &[(&'static Family, Agreement)]) {
        let (world, told) = (&life.world, &life.told);
        self.worlds += 1;
        self.kills += told.kills;
        self.kills_of_first_syncs += told.kills_of_first_syncs;
        self.kills_before_the_work += told.kills_before_the_work;
        self.kills_before_the_reply += told.kills_before_the_reply;
        self.deeds += told.deeds;
        self.deleted += told.deleted;
        self.answered += told.answered;
        self.adopted += told.adopted;
        self.writes += world.writes();
        let is_create = |name: &&&str| name.ends_with(".create") || name.ends_with(".add_note");
        let asked = WRITES.iter().filter(is_create);
        self.creates_asked += asked.map(|name| world.counted(name)).sum::<u64>();
        self.creates_done += creates(&life.before);
        for (family, found) in by_kind {
            *self.pairs.entry(family.plural).or_default() += found.pairs;
        }
        self.agreement.pairs += found.pairs;
        self.agreement.equal_fields += found.equal_fields;
        self.agreement.held_fields += found.held_fields;
        let requests = world.requests();
        for side in Side::BOTH {
            self.requests[side] += requests[side];
        }
    }
}

impl Moment {
    /// The hardest ones first, in turns, so that few kills meet them too.
    fn draw(turn: u64, dice: &mut Rng, each: u64) -> Self {
        let nth = dice.u64(1..=each);
        match turn % 5 {
            0 | 3 => Self::BeforeReply(nth),
            1 => Self::BeforeWork(nth),
            2 => Self::After(nth, SLOW.mul_f64(dice.f64() * 2.0)),
            _ => Self::Early(Duration::from_millis(dice.u64(20..400))),
        }
    }

    fn fault(self) -> Fault {
        let ms = u64::try_from(SLOW.as_millis()).unwrap_or(u64::MAX);
        match self {
            // Longer than any poll of ours: the kill comes first.
            Self::BeforeWork(_) => Fault::Delay { ms: 10 * ms },
            Self::BeforeReply(_) => Fault::Late { ms: 20 * ms },
            Self::After(..) | Self::Early(_) => Fault::Delay { ms },
        }
    }

    fn waits_for(self) -> u64 {
        match self {
            Self::BeforeWork(nth) | Self::BeforeReply(nth) | Self::After(nth, _) => nth,
            Self::Early(_) => 0,
        }
    }
}

/// Runs the command and kills it at the moment. That it was still at work is part of the proof.
async fn kill_at(world: &World, moment: Moment) -> Proved {
    world.heal();
    let written = world.writes();
    let slow_from = moment.waits_for().saturating_sub(1);
    let mut run = Running::approved_run(&world.settings_path())?;
    wait_for_writes(world, &mut run, written + slow_from).await?;
    world.slow_down_writes(&moment.fault())?;
    wait_for_writes(world, &mut run, written + moment.waits_for()).await?;
    match moment {
        Moment::After(_, wait) | Moment::Early(wait) => tokio::time::sleep(wait).await,
        // A request is counted a moment before its work is done.
        Moment::BeforeReply(_) => tokio::time::sleep(Duration::from_millis(3)).await,
        Moment::BeforeWork(_) => {}
    }
    let ended = run.kill()?;
    ensure(ended.status.signal() == Some(9), || {
        format!("a run was over before its {moment:?}: {}", ended.stderr)
    })
}

async fn wait_for_writes(world: &World, run: &mut Running, wanted: u64) -> Proved {
    let until = Instant::now() + PATIENCE;
    while world.writes() < wanted {
        ensure(run.is_running()? && Instant::now() < until, || {
            format!(
                "a run ended after {} of {wanted} writes, before it could be killed",
                world.writes()
            )
        })?;
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    Ok(())
}

async fn run_to_the_end(world: &World) -> Proved<Ended> {
    let run = Running::approved_run(&world.settings_path())?;
    let ended = run.end(PATIENCE).await?;
    ensure(ended.code() == Some(0), || {
        format!(
            "the last run ended with {:?}: {}{}",
            ended.code(),
            ended.stdout,
            ended.stderr
        )
    })?;
    Ok(ended)
}

/// All is read once more.
async fn a_day_later(world: &World) -> Proved<Ended> {
    world.a_day_passes().await?;
    run_to_the_end(world).await
}

async fn a_second_run_writes_nothing(world: &World) -> Proved {
    let written = world.writes();
    a_day_later(world).await?;
    ensure(world.writes() == written, || {
        let more = world.writes() - written;
        format!("a day after the last run the next one wrote {more} times")
    })
}
