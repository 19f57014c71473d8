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

use serde::Serialize;

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
    /// Why it did not end well.
    pub failed: Option<String>,
    /// What the product lacks for it.
    pub missing: Option<&'static str>,
    /// How long it took.
    pub seconds: f64,
}

impl Scenarios {
    /// Tells the stories, with as many records as they say.
    pub async fn prove(self) -> ScenariosProved {
        let mut ended = Vec::new();
        for story in stories() {
            if !self.only.is_empty() && !self.only.contains(&story.number) {
                continue;
            }
            let stage = Stage {
                full: true,
                ..Stage::default()
            };
            let began = Instant::now();
            let told = story.tell(stage).await;
            ended.push(Ended {
                number: story.number,
                title: story.title,
                failed: told.err().map(|why| why.to_string()),
                missing: story.missing,
                seconds: began.elapsed().as_secs_f64(),
            });
        }
        ScenariosProved { stories: ended }
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
