//! What a sync costs in requests, against the least that is possible.

use std::{future::Future, time::Duration};

use crm_sandbox::{Crm, Sandbox};
use ghl_insightly::agreement::{Agreement, Before};
use ghl_insightly::contact::CONTACT;
use serde::Serialize;
use serde_json::{Value, json};
use sync_core::{Both, Clock, CycleReport, Engine, Hint, RecordId, Side};

use super::{
    Figure, Part,
    in_process::{Conditions, Near, Time},
    least::{self, POLL, minus, plus, sum},
};
use crate::{
    agreement::Kept,
    failure::{Proved, ensure},
};

/// What is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Requests {
    /// How many contacts GHL has; Insightly has six for ten of them, 40 % of GHL's are shared.
    pub contacts: u64,
    /// Draws the people.
    pub seed: u64,
}

/// The figures of the proof.
#[derive(Debug, Clone, Serialize)]
pub struct RequestsProved {
    /// How many contacts GHL had.
    pub contacts: u64,
    /// What the check found to be right after the first sync.
    pub agreement: Agreement,
    /// What was done, and what it cost.
    pub spent: Vec<(&'static str, Spent)>,
}

/// Requests.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spent {
    /// As the servers counted them.
    pub used: Both<u64>,
    /// The least possible under the safety rules.
    pub least: Both<u64>,
    /// How many times the least.
    pub ratio: f64,
}

/// How much dearer than the least anything may be.
const WANTED: f64 = 1.02;

/// How long a request is under way.
const TAKES: Duration = Duration::from_millis(50);

/// Between two polls: longer than any overlap of a feed.
const A_MINUTE: Duration = Duration::from_secs(60);

/// Hints that follow a burst, and the records that they are about.
const HINTS: usize = 500;
const HINTED: usize = 50;
/// Of these, so many do not exist.
const FORGED: usize = 5;

impl Requests {
    /// Syncs, idles, edits, and compares what the servers counted with the least possible. To be
    /// run in process.
    pub(super) async fn prove(self) -> Proved<RequestsProved> {
        let people = Sandbox::builder()
            .seed(self.seed)
            .ghl_contacts(self.contacts)
            .insightly_contacts(self.contacts * 3 / 5)
            .shared(self.contacts * 2 / 5);
        let conditions = Conditions {
            takes: TAKES,
            lags: false,
        };
        let mut world = Counted {
            near: Near::new(people, conditions)?,
            spent: Vec::new(),
        };
        let before = Before::of(&world.near.sandbox)?;
        let mut engine = world.first_sync().await?;
        let kept = Kept::of(&**engine.store()).await?;
        let agreement = kept.agrees(&world.near.sandbox, &before)?;
        let pairs: Vec<(String, String)> = kept.pairs().into_iter().collect();
        world.edits(&mut engine, &pairs).await?;
        world.hints(&mut engine, &pairs).await?;
        world.import(&mut engine, 2 * self.contacts).await?;
        Ok(RequestsProved {
            contacts: self.contacts,
            agreement,
            spent: world.spent,
        })
    }
}

impl RequestsProved {
    /// For the whole proof.
    pub fn figures(&self) -> Vec<Figure> {
        let figure = |(what, spent): &(&str, Spent)| {
            let Spent { used, least, ratio } = spent;
            let of = format!(
                "{} to GHL and {} to Insightly; least {} and {}",
                used.left, used.right, least.left, least.right
            );
            let what = format!("{what}, {} contacts in GHL", self.contacts);
            let figure = Figure::new(Part::Requests, what, *ratio, "times the least");
            figure.at_most(WANTED).of(of)
        };
        self.spent.iter().map(figure).collect()
    }
}

impl Spent {
    fn new(used: Both<u64>, least: Both<u64>) -> Self {
        let sum = |both: Both<u64>| u32::try_from(both.left + both.right).unwrap_or(u32::MAX);
        Self {
            used,
            least,
            ratio: f64::from(sum(used)) / f64::from(sum(least).max(1)),
        }
    }
}

/// Two CRMs whose requests are counted.
struct Counted {
    near: Near,
    spent: Vec<(&'static str, Spent)>,
}

impl Counted {
    /// Does something, and compares what it cost with the least that it could.
    async fn count<T>(
        &mut self,
        what: &'static str,
        work: impl Future<Output = Proved<T>>,
        least: impl FnOnce(&Self, &T) -> Proved<Both<u64>>,
    ) -> Proved<T> {
        let before = self.near.requests();
        let done = work.await?;
        let used = minus(self.near.requests(), before);
        let spent = Spent::new(used, least(self, &done)?);
        self.spent.push((what, spent));
        Ok(done)
    }

    fn states(&self) -> Proved<Both<Vec<Value>>> {
        let all = |crm: &Crm| crm.contacts().all();
        let sandbox = &self.near.sandbox;
        Ok(Both::new(all(sandbox.ghl())?, all(sandbox.insightly())?))
    }

    async fn first_sync(&mut self) -> Proved<Engine> {
        let states = self.states()?;
        let used = self.near.requests();
        let mut engine = self.near.engine().await?;
        let outcome = engine.settle(A_MINUTE).await?;
        ensure(outcome.settled, || {
            format!("the first sync did not settle: {outcome:?}")
        })?;
        let used = minus(self.near.requests(), used);
        let spent = Spent::new(used, least::first_sync(&states, &self.states()?));
        self.spent.push(("a first sync", spent));
        Ok(engine)
    }

    /// One field of one record, and then of one in a hundred on each side.
    async fn edits(&mut self, engine: &mut Engine, pairs: &[(String, String)]) -> Proved {
        let time = self.near.time.clone();
        rest(&time, engine).await?;
        self.count("an idle cycle", cycle(&time, engine), |_, _| Ok(POLL))
            .await?;
        let (ghl, insightly) = &pairs[0];
        self.edit_insightly(insightly, "Edited-There")?;
        let least = plus(POLL, Both::new(1, 0));
        self.count("an edit in Insightly", cycle(&time, engine), |_, _| {
            Ok(least)
        })
        .await?;
        rest(&time, engine).await?;
        self.edit_ghl(ghl, "Edited-Here")?;
        let least = plus(least::poll(Both::new(1, 0)), Both::new(0, 1));
        self.count("an edit in GHL", cycle(&time, engine), |_, _| Ok(least))
            .await?;
        rest(&time, engine).await?;
        let (left, right) = (pairs.len().div_ceil(100), pairs.len().div_ceil(100));
        let (here, there) = pairs[1..].split_at(left);
        let before = self.states()?;
        for (ghl, _) in here {
            self.edit_ghl(ghl, "One-In-A-Hundred")?;
        }
        for (_, insightly) in &there[..right] {
            self.edit_insightly(insightly, "One-In-A-Hundred")?;
        }
        let rows = Both::new(left as u64, right as u64);
        let back = Both::new(rows.right, rows.left);
        let work = async {
            cycle(&time, engine).await?;
            cycle(&time, engine).await
        };
        self.count("1 % edited on both sides, and its echo", work, |_, last| {
            ensure(last.writes() == 0, || format!("{last:?}"))?;
            Ok(sum([least::poll(rows), back, least::poll(back)]))
        })
        .await?;
        ensure(before != self.states()?, || "nothing was edited".to_owned())?;
        rest(&time, engine).await
    }

    /// A burst of hints, most of them about the same few records, doubled and forged.
    async fn hints(&mut self, engine: &mut Engine, pairs: &[(String, String)]) -> Proved {
        let time = self.near.time.clone();
        let edited = &pairs[pairs.len() - (HINTED - FORGED)..];
        for (ghl, _) in edited {
            self.edit_ghl(ghl, "Hinted")?;
        }
        let forged = (0..FORGED).map(|number| format!("nobody{number}"));
        let ids: Vec<String> = edited.iter().map(|(id, _)| id.clone()).collect();
        let ids: Vec<String> = ids.into_iter().chain(forged).collect();
        let hints = engine.hints().await?;
        for number in 0..HINTS {
            let hint = Hint {
                kind: CONTACT,
                id: RecordId::new(ids[number % ids.len()].as_str()),
                locator: None,
            };
            hints.hint(Side::Left, hint).await?;
        }
        let rows = edited.len() as u64;
        // Each record that a hint names and no feed has shown is asked for once.
        let least = sum([
            least::poll(Both::new(rows, 0)),
            Both::new(FORGED as u64, rows),
        ]);
        self.count(
            "500 hints for 50 records, 5 of which do not exist",
            cycle(&time, engine),
            |_, _| Ok(least),
        )
        .await?;
        rest(&time, engine).await
    }

    /// People are imported into GHL; then the hours after it.
    async fn import(&mut self, engine: &mut Engine, count: u64) -> Proved {
        let time = self.near.time.clone();
        self.near.time.tell();
        // All at once: no time passes between them.
        let contacts = self.near.sandbox.ghl().contacts();
        for number in 0..count {
            let guest = json!({ "firstName": "Guest", "email": format!("{number}@example.org") });
            contacts.create(&guest)?;
        }
        let work = async {
            let outcome = engine.settle(A_MINUTE).await?;
            ensure(outcome.settled, || format!("{outcome:?}"))?;
            Ok(outcome.total)
        };
        self.count("an import into GHL", work, |_, total| {
            let created = total.created.right;
            ensure(created > 0, || format!("nobody was imported: {total:?}"))?;
            let read = least::poll(Both::new(count, 0));
            let back = least::poll(Both::new(0, created));
            Ok(sum([read, Both::new(0, total.created.right), back]))
        })
        .await?;
        rest(&time, engine).await?;
        self.count(
            "ten polls after the import",
            polls(&time, engine, 10),
            |_, _| Ok(sum([POLL; 10])),
        )
        .await?;
        Ok(())
    }

    fn edit_ghl(&self, id: &str, last: &str) -> Proved {
        self.near.time.tell();
        let contacts = self.near.sandbox.ghl().contacts();
        Ok(contacts.edit(id, &json!({ "lastName": last })).map(drop)?)
    }

    fn edit_insightly(&self, id: &str, last: &str) -> Proved {
        self.near.time.tell();
        let contacts = self.near.sandbox.insightly().contacts();
        Ok(contacts.edit(id, &json!({ "LAST_NAME": last })).map(drop)?)
    }
}

/// A minute passes; then one cycle.
async fn cycle(time: &Time, engine: &mut Engine) -> Proved<CycleReport> {
    time.sleep_until(time.now() + A_MINUTE).await;
    time.tell();
    Ok(engine.cycle().await?)
}

async fn polls(time: &Time, engine: &mut Engine, times: u64) -> Proved<CycleReport> {
    let mut report = CycleReport::default();
    for _ in 0..times {
        report = cycle(time, engine).await?;
    }
    Ok(report)
}

/// Cycles until the feeds' overlaps have passed over what was last written.
async fn rest(time: &Time, engine: &mut Engine) -> Proved {
    for _ in 0..10 {
        let report = cycle(time, engine).await?;
        if report.is_settled() && report.rows == Both::new(0, 0) {
            return Ok(());
        }
    }
    ensure(false, || "it does not become idle".to_owned())
}
