//! The stories that must end well, one function for each: `prove scenarios`.
//!
//! Each is told over the two sandboxes, through the real clients and mappers, on a clock that
//! stands still unless it is moved. Each ends with [`Scene::ends_well`](crate::scene::Scene):
//! nothing lost, nobody doubled, nothing written that nobody asked for.

mod at_random;
mod children;
mod editing;
mod leaving;
mod running;
mod starting;

use std::{collections::BTreeSet, future::Future, pin::Pin, time::Instant};

use crm_sandbox::Sandbox;
use serde::Serialize;
use sync_core::{Both, Side};

use crate::{
    failure::{Failure, Proved, ensure},
    scene::{Left, Stage},
};

/// A story under way.
type Told = Pin<Box<dyn Future<Output = Proved>>>;

/// A story that must end well.
#[derive(Debug, Clone, Copy)]
pub struct Story {
    /// Its number.
    pub number: u8,
    /// What happens.
    pub title: &'static str,
    /// What of it cannot be told yet, as the product lacks it.
    pub missing: Option<&'static str>,
    /// Tells it; none where nothing of it can be told.
    run: Option<fn(Stage) -> Told>,
}

/// A table of stories: number, title, the parts that are told one after the other, and perhaps
/// what is missing.
macro_rules! chapter {
    ($($number:literal $title:literal [$($part:path),*] $(missing $missing:literal)?;)*) => {
        pub(super) const STORIES: &[crate::scenarios::Story] = &[$(crate::scenarios::Story {
            number: $number,
            title: $title,
            missing: chapter!(@missing $($missing)?),
            run: chapter!(@run $($part),*),
        }),*];
    };
    (@missing) => { None };
    (@missing $missing:literal) => { Some($missing) };
    (@run) => { None };
    (@run $($part:path),+) => {
        Some(|stage| Box::pin(async move {
            $($part(stage).await.map_err(|why| crate::failure::Failure::new(
                format!("{}: {why}", stringify!($part)),
            ))?;)+
            Ok(())
        }))
    };
}
use chapter;

/// All stories, in order.
pub fn stories() -> impl Iterator<Item = &'static Story> {
    [
        starting::STORIES,
        editing::STORIES,
        children::STORIES,
        leaving::STORIES,
        running::STORIES,
        at_random::STORIES,
    ]
    .into_iter()
    .flatten()
}

/// Tells one story.
pub async fn tell(number: u8, stage: Stage) -> Proved {
    let story = stories().find(|story| story.number == number);
    let story = story.ok_or_else(|| Failure::new(format!("there is no story {number}")))?;
    story.tell(stage).await
}

impl Story {
    /// Tells it, as far as it can be told.
    pub async fn tell(&self, stage: Stage) -> Proved {
        match self.run {
            Some(run) => run(stage).await,
            None => Ok(()),
        }
    }
}

/// What is to be proved.
#[derive(Debug, Clone, Default)]
pub struct Scenarios {
    /// Only these stories; all if there are none.
    pub only: Vec<u8>,
    /// Whether they are told as they are, or otherwise.
    pub under: Under,
}

/// How the two CRMs behave while stories are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Under {
    /// As is likelier: the stories are told with as many records as they say.
    #[default]
    Usual,
    /// The short ones, with few records, also under each behaviour that nobody has confirmed.
    EachBehaviour,
    /// The same, each switch in one story only.
    EachSwitch,
}

/// How each story ended.
#[derive(Debug, Clone, Serialize)]
pub struct ScenariosProved {
    /// Each of them.
    pub stories: Vec<Ended>,
    /// The switches that were not as usual in one of them, by side and name.
    pub flipped: BTreeSet<(Side, &'static str)>,
}

/// How one story ended.
#[derive(Debug, Clone, Serialize)]
pub struct Ended {
    /// Its number.
    pub number: u8,
    /// What happens.
    pub title: &'static str,
    /// The behaviour that was not as usual.
    pub switch: Option<String>,
    /// Why it did not end well.
    pub failed: Option<String>,
    /// Under a switch, what was otherwise than told, though it ended well.
    pub otherwise: Option<String>,
    /// What the product lacks for it.
    pub missing: Option<&'static str>,
    /// How long it took.
    pub seconds: f64,
}

/// Stories of many records, or of time that passes for real.
const LONG: [u8; 7] = [1, 2, 3, 4, 24, 35, 36];

/// A behaviour that is not the likelier one.
type Switched = (Side, &'static str, &'static str);

impl Scenarios {
    /// Tells the stories, each of them to `heard` as it ends: as they are, with as many records as
    /// they say; or the short ones under each switch that an answer to them depends on, with few.
    pub async fn prove(self, mut heard: impl FnMut(&Ended)) -> ScenariosProved {
        let (mut ended, mut flipped) = (Vec::new(), BTreeSet::new());
        for story in stories().filter(|story| self.tells(story)) {
            let full = self.under == Under::Usual;
            let stage = Stage { full, switch: None };
            let (told, asked) = story.ended(stage).await;
            heard(&told);
            ended.push(told);
            for switch in switched().filter(|_| !full) {
                let (side, name, _) = switch;
                let again = flipped.contains(&(side, name)) && self.under == Under::EachSwitch;
                if again || !asked[side].contains(name) {
                    continue;
                }
                flipped.insert((side, name));
                let switch = Some(switch);
                let (told, _) = story.ended(Stage { full, switch }).await;
                heard(&told);
                ended.push(told);
            }
        }
        let stories = ended;
        ScenariosProved { stories, flipped }
    }

    fn tells(&self, story: &Story) -> bool {
        let named = self.only.is_empty() || self.only.contains(&story.number);
        let short = story.run.is_some() && !LONG.contains(&story.number);
        named && (short || self.under == Under::Usual)
    }
}

/// The switches of both CRMs, by side and name.
pub fn switches() -> BTreeSet<(Side, &'static str)> {
    switched().map(|(side, name, _)| (side, name)).collect()
}

/// Each behaviour of either API that is not the likelier one.
fn switched() -> impl Iterator<Item = Switched> {
    let sandbox = Sandbox::builder().build();
    let tables = [
        (Side::Left, sandbox.ghl().switch_table()),
        (Side::Right, sandbox.insightly().switch_table()),
    ];
    tables.into_iter().flat_map(|(side, table)| {
        table.iter().flat_map(move |switch| {
            let others = switch.choices.iter().skip(1);
            others.map(move |choice| (side, switch.name, *choice))
        })
    })
}

impl Story {
    /// Tells it, and answers the switches that answers have depended on. Under one, what it says
    /// of each step may be otherwise: what is left of its last scene has to end well.
    async fn ended(&self, stage: Stage) -> (Ended, Both<BTreeSet<&'static str>>) {
        let began = Instant::now();
        let (told, left) = Left::after(self.tell(stage)).await;
        let mut failed = told.err().map(|why| why.to_string());
        let asked = left.as_ref().map(Left::switches_asked).unwrap_or_default();
        let mut otherwise = None;
        if let (Some(left), Some(_), true) = (left, stage.switch, failed.is_some()) {
            let mut scene = left.scene();
            match scene.ends_somehow().await {
                Ok(said) => {
                    let said = said.map(|said| format!("; it ends with: {said}"));
                    otherwise = failed.take().map(|was| was + &said.unwrap_or_default());
                }
                Err(why) => {
                    failed = failed.map(|was| format!("{why} (after: {was})"));
                }
            }
        }
        let under = |(side, name, choice): Switched| format!("{side} {name} = {choice}");
        let ended = Ended {
            number: self.number,
            title: self.title,
            switch: stage.switch.map(under),
            failed,
            otherwise,
            missing: self.missing.filter(|_| stage.switch.is_none()),
            seconds: began.elapsed().as_secs_f64(),
        };
        (ended, asked)
    }
}

impl Ended {
    /// Under a switch only what was not as told is worth a line.
    pub fn is_shown(&self) -> bool {
        self.switch.is_none() || self.failed.is_some() || self.otherwise.is_some()
    }
}

impl ScenariosProved {
    /// Whether each story was told and ended well.
    pub fn verdict(&self) -> Proved {
        let count = |is: fn(&Ended) -> bool| self.stories.iter().filter(|of| is(of)).count();
        let failed = count(|of| of.failed.is_some());
        let missing = count(|of| of.missing.is_some());
        ensure(!self.stories.is_empty(), || "no story was told".to_owned())?;
        ensure(failed + missing == 0, || {
            format!("{failed} stories do not end well, and of {missing} something is missing")
        })
    }
}
