//! Doing a plan that a person has approved: its steps, and nothing else.

use std::{collections::HashMap, sync::Arc};

use crate::{
    engine::{Engine, EngineError, pass::Pass, report::CycleReport},
    id::{Kind, RecordId},
    saved_plan::{RefusedStep, SavedPlan},
    side::Side,
    step::Staged,
};

/// What became of an approved plan.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Applied {
    /// What was read and written.
    pub report: CycleReport,
    /// Steps that were begun; what failed of them is in the report.
    pub applied: u64,
    /// Steps that were not, with what has moved.
    pub refused: Vec<RefusedStep>,
}

/// The steps that may be done, and what became of each.
#[derive(Default)]
pub(in crate::engine) struct Approval {
    steps: Vec<Staged>,
    places: HashMap<(Kind, Side, RecordId), usize>,
    refused: HashMap<usize, String>,
    begun: Vec<bool>,
}

const QUIET: &str = "there is nothing to be done any more, or its turn has not come";

impl Engine {
    /// Does what a saved plan says, wherever the world has not moved since.
    ///
    /// Both sides are read first, and each step is planned anew: it is done if the link, what
    /// both sides show, and what follows from it are what the plan says. All other steps are
    /// refused, counted and named; the next cycle deals with them as with anything else.
    ///
    /// Guards do not ask about the steps of the plan, since a person has approved them, and
    /// nothing beyond them is done here. Apply a fresh plan by saving it first.
    pub async fn apply(&mut self, plan: &SavedPlan) -> Result<Applied, EngineError> {
        if plan.connection != self.shared.connection {
            return Err(EngineError::OtherPlan {
                plan: plan.connection.clone(),
                here: self.shared.connection.clone(),
            });
        }
        self.check_accounts().await?;
        let epoch = self.epoch().await?;
        self.memory.stop(false);
        let mut pass = self.pass(Arc::clone(&self.store), epoch);
        let result = Box::pin(pass.run_approved(plan)).await;
        let (report, skew) = (pass.report, pass.skew);
        self.skew = skew;
        let approval = result?;
        Ok(approval.ended(report))
    }
}

impl Pass<'_> {
    async fn run_approved(&mut self, plan: &SavedPlan) -> Result<Approval, EngineError> {
        self.count_on().await?;
        let done = self.approved_steps(plan).await;
        self.note_count().await?;
        done
    }

    async fn approved_steps(&mut self, plan: &SavedPlan) -> Result<Approval, EngineError> {
        let mut approval = Approval::of(&plan.steps);
        self.look().await?;
        self.recover().await?;
        for (at, step) in plan.steps.iter().enumerate() {
            if step.undo {
                let refused = self.undo_step(step).await?;
                approval.begun[at] = refused.is_none();
                approval.refused.extend(refused.map(|why| (at, why)));
            }
        }
        if approval
            .begun
            .iter()
            .zip(&plan.steps)
            .any(|(begun, _)| !begun)
        {
            self.stage().await?;
            self.approval = Some(approval);
            self.apply().await?;
            approval = self.approval.take().unwrap_or_default();
        }
        Ok(approval)
    }

    /// Whether a staged step may be done: any, unless a plan says which.
    pub(in crate::engine) fn is_approved(&mut self, now: &Staged) -> bool {
        match &mut self.approval {
            Some(approval) => approval.allows(now),
            None => true,
        }
    }

    /// A step that may be done was left for later all the same.
    pub(in crate::engine) fn not_begun(&mut self, step: &Staged, why: &str) {
        if let Some(approval) = &mut self.approval
            && let Some(at) = approval.place(step)
        {
            approval.begun[at] = false;
            approval.refused.insert(at, why.to_owned());
        }
    }
}

impl Approval {
    fn of(steps: &[Staged]) -> Self {
        let mut approval = Self {
            steps: steps.to_vec(),
            begun: vec![false; steps.len()],
            ..Self::default()
        };
        for (at, step) in steps.iter().enumerate() {
            for place in places(step) {
                approval.places.insert(place, at);
            }
        }
        approval
    }

    fn place(&self, step: &Staged) -> Option<usize> {
        places(step).find_map(|place| self.places.get(&place).copied())
    }

    fn allows(&mut self, now: &Staged) -> bool {
        let Some(at) = self.place(now).filter(|at| !self.begun[*at]) else {
            return false;
        };
        if self.refused.contains_key(&at) {
            return false;
        }
        let differs = self.steps[at].differs_from(now);
        match differs.filter(|_| !planted!("moved-plan-is-done")) {
            Some(why) => {
                self.refused.insert(at, why);
                false
            }
            None => {
                self.begun[at] = true;
                true
            }
        }
    }

    fn ended(mut self, report: CycleReport) -> Applied {
        let begun = std::mem::take(&mut self.begun);
        let mut refused = Vec::new();
        for (at, step) in self.steps.into_iter().enumerate() {
            if !begun[at] {
                let why = self.refused.remove(&at);
                refused.push(RefusedStep {
                    sequence: step.sequence,
                    kind: step.kind,
                    from: step.from,
                    why: why.unwrap_or_else(|| QUIET.to_owned()),
                });
            }
        }
        Applied {
            report,
            applied: begun.iter().filter(|begun| **begun).count() as u64,
            refused,
        }
    }
}

/// The records that a step is about.
fn places(step: &Staged) -> impl Iterator<Item = (Kind, Side, RecordId)> {
    let ids = step.ids();
    let places = Side::BOTH.map(|side| Some((step.kind.clone(), side, ids[side]?.clone())));
    places.into_iter().flatten()
}
