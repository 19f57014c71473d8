//! The proof that a first sync survives `kill -9` at any moment.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use crm_sandbox::{Fault, Sandbox};
use fastrand::Rng;
use ghl_insightly::{
    agreement::{Agreement, Before},
    contact::CONTACT,
};
use serde::Serialize;
use sync_core::{Both, Side};

use crate::{
    agreement::Kept,
    command::{Ended, Running},
    failure::{Failure, Proved, ensure},
    world::{Timing, World},
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
    /// Those of them that had a create under way that was not done yet.
    pub kills_before_the_work: u64,
    /// Those of them that had a create under way that was done and not answered.
    pub kills_before_the_reply: u64,
    /// Create requests that the servers have seen.
    pub creates_asked: u64,
    /// Records that came to be.
    pub creates_done: u64,
    /// Lost creates that were found again and adopted.
    pub adopted: u64,
    /// Requests of all kinds, to each side.
    pub requests: Both<u64>,
    /// What the check found to be right.
    pub agreement: Agreement,
    /// How long it took.
    pub seconds: f64,
}

/// When a process is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The n-th create of this run has arrived, and its work is not done.
    BeforeWork(u64),
    /// The n-th create of this run was done, and its reply is not sent.
    BeforeReply(u64),
    /// A while after the n-th create arrived: the work, the reply, the commit, the next one.
    After(u64, Duration),
    /// A while after the start: connecting, reading, planning, recovering.
    Early(Duration),
}

/// What the servers count creates as.
const CREATE: &str = "contacts.create";

/// How long a write takes while the command is to be killed.
const SLOW: Duration = Duration::from_millis(25);

/// How long a run may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);

/// As many kills does one first sync meet.
const EACH: u64 = 50;

impl Kills {
    /// Kills the command `count` times in the middle of first syncs, lets each end, and checks
    /// both servers.
    pub async fn prove(self) -> Proved<KillsProved> {
        let began = Instant::now();
        let mut proved = KillsProved {
            seed: self.seed,
            ..KillsProved::default()
        };
        while proved.kills < self.count {
            let first_sync = FirstSync {
                kills: EACH.min(self.count - proved.kills),
                seed: self.seed + proved.worlds,
            };
            first_sync.prove(&mut proved).await?;
        }
        proved.seconds = began.elapsed().as_secs_f64();
        Ok(proved)
    }
}

/// A first sync that is killed again and again.
struct FirstSync {
    kills: u64,
    seed: u64,
}

impl FirstSync {
    async fn prove(self, proved: &mut KillsProved) -> Proved {
        let mut dice = Rng::with_seed(self.seed);
        let world = World::start(self.people(), Timing::DYING).await?;
        let before = Before::of(&world.sandbox)?;
        let creates = (2 * before.things(&CONTACT) - before.records(&CONTACT)) as u64;
        let each = creates / (self.kills + 2);
        let (mut before_the_work, mut before_the_reply) = (0, 0);
        for nth in 0..self.kills {
            let moment = Moment::draw(nth, &mut dice, each.max(1));
            kill_at(&world, moment).await?;
            match moment {
                Moment::BeforeWork(_) => before_the_work += 1,
                Moment::BeforeReply(_) => before_the_reply += 1,
                Moment::After(..) | Moment::Early(_) => {}
            }
        }
        world.heal();
        let ended = run_to_the_end(&world).await?;
        let kept = Kept::of(&*world.store()?).await?;
        let agreement = kept
            .agrees(&world.sandbox, &before)
            .map_err(|why| Failure::new(format!("{why}\nThe last run said: {}", ended.stdout)))?;
        ensure(kept.adopted >= before_the_reply, || {
            let adopted = kept.adopted;
            format!("{before_the_reply} creates lost their reply, and {adopted} were adopted")
        })?;
        a_second_run_writes_nothing(&world).await?;
        proved.worlds += 1;
        proved.kills += self.kills;
        proved.kills_before_the_work += before_the_work;
        proved.kills_before_the_reply += before_the_reply;
        proved.creates_asked += world.counted(CREATE);
        proved.creates_done += creates;
        proved.adopted += kept.adopted;
        proved.agreement.pairs += agreement.pairs;
        proved.agreement.equal_fields += agreement.equal_fields;
        proved.agreement.held_fields += agreement.held_fields;
        let requests = world.requests();
        for side in Side::BOTH {
            proved.requests[side] += requests[side];
        }
        Ok(())
    }

    /// Enough people that every kill finds work.
    fn people(&self) -> crm_sandbox::SandboxBuilder {
        let ghl = 40 + 6 * self.kills;
        Sandbox::builder()
            .seed(self.seed)
            .ghl_contacts(ghl)
            .insightly_contacts(ghl * 3 / 5)
            .shared(ghl * 2 / 5)
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
    let created = world.counted(CREATE);
    let slow_from = moment.waits_for().saturating_sub(1);
    let mut run = Running::approved_run(&world.settings_path())?;
    wait_for_creates(world, &mut run, created + slow_from).await?;
    world.slow_down_writes(&moment.fault());
    wait_for_creates(world, &mut run, created + moment.waits_for()).await?;
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

async fn wait_for_creates(world: &World, run: &mut Running, wanted: u64) -> Proved {
    let until = Instant::now() + PATIENCE;
    while world.counted(CREATE) < wanted {
        ensure(run.is_running()? && Instant::now() < until, || {
            format!(
                "a run ended after {} of {wanted} creates, before it could be killed",
                world.counted(CREATE)
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

async fn a_second_run_writes_nothing(world: &World) -> Proved {
    let written = world.writes();
    run_to_the_end(world).await?;
    ensure(world.writes() == written, || {
        let more = world.writes() - written;
        format!("a run after the last one wrote {more} times")
    })
}
