//! The stories that must end well, one function for each: `prove scenarios`.
//!
//! Each is told over the two sandboxes, through the real clients and mappers, on a clock that
//! stands still unless it is moved. Each ends with [`Scene::ends_well`](crate::scene::Scene):
//! nothing lost, nobody doubled, nothing written that nobody asked for.

mod children;
mod editing;
mod leaving;
mod running;
mod starting;

use std::{future::Future, pin::Pin, time::Instant};

use crm_sandbox::Sandbox;
use serde::Serialize;
use sync_core::Side;

use crate::{
    failure::{Failure, Proved, ensure},
    scene::Stage,
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
    /// The short ones, with few records, under each behaviour that nobody has confirmed.
    pub switches: bool,
}

/// How each story ended.
#[derive(Debug, Clone, Serialize)]
pub struct ScenariosProved {
    /// Each of them.
    pub stories: Vec<Ended>,
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
    /// What the product lacks for it.
    pub missing: Option<&'static str>,
    /// How long it took.
    pub seconds: f64,
}

/// Stories of many records, or of time that passes for real.
const LONG: [u8; 8] = [1, 2, 3, 4, 24, 33, 35, 36];

impl Scenarios {
    /// Tells the stories: as they are, with as many records as they say; or the short ones under
    /// each switch, with few.
    pub async fn prove(self) -> ScenariosProved {
        let stages = if self.switches {
            switched()
        } else {
            vec![Stage {
                full: true,
                switch: None,
            }]
        };
        let mut ended = Vec::new();
        for stage in stages {
            for story in stories().filter(|story| self.tells(story)) {
                ended.push(story.ended(stage).await);
            }
        }
        ScenariosProved { stories: ended }
    }

    fn tells(&self, story: &Story) -> bool {
        let named = self.only.is_empty() || self.only.contains(&story.number);
        let short = story.run.is_some() && !LONG.contains(&story.number);
        named && (short || !self.switches)
    }
}

/// Each behaviour of either API that is not the likelier one.
fn switched() -> Vec<Stage> {
    let sandbox = Sandbox::builder().build();
    let mut stages = Vec::new();
    for (side, crm) in [
        (Side::Left, sandbox.ghl()),
        (Side::Right, sandbox.insightly()),
    ] {
        for switch in crm.switch_table() {
            let others = switch.choices.iter().skip(1);
            stages.extend(others.map(|choice| Stage {
                full: false,
                switch: Some((side, switch.name, *choice)),
            }));
        }
    }
    stages
}

impl Story {
    async fn ended(&self, stage: Stage) -> Ended {
        let began = Instant::now();
        let told = self.tell(stage).await;
        let under = |(side, name, choice): (Side, &str, &str)| format!("{side} {name} = {choice}");
        Ended {
            number: self.number,
            title: self.title,
            switch: stage.switch.map(under),
            failed: told.err().map(|why| why.to_string()),
            missing: self.missing.filter(|_| stage.switch.is_none()),
            seconds: began.elapsed().as_secs_f64(),
        }
    }
}

impl Ended {
    /// Under a switch only what did not end well is worth a line.
    pub fn is_shown(&self) -> bool {
        self.switch.is_none() || self.failed.is_some()
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
