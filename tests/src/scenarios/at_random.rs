//! People in both systems enter and edit whatever comes to their minds.

use crm_sandbox::Sandbox;
use sync_core::{Both, Hold, HoldReason, RecordId, Side, Subject};

use super::chapter;
use crate::{
    deeds::kind,
    failure::{Failure, Proved},
    people::People,
    scene::{Scene, Stage, id_of, place, with_kinds},
};

chapter! {
    43 "People enter and edit contacts, tasks and notes at random on both sides, and the program is killed now and then."
        [random_people];
}

/// What people do in one history.
const DEEDS: usize = 40;

async fn random_people(stage: Stage) -> Proved {
    let histories = if stage.full { 50 } else { 2 };
    for seed in 0..histories {
        let told = random_history(stage, seed).await;
        told.map_err(|why| Failure::new(format!("seed {seed}: {why}")))?;
    }
    Ok(())
}

async fn random_history(stage: Stage, seed: u64) -> Proved {
    let scene = stage.set(Sandbox::builder().seed(7), with_kinds).await?;
    let people = People::new(seed, &scene.world, &scene.deeds);
    let mut story = AtRandom { people, scene };
    story.people.enters_a_contact(Side::Left)?;
    for _ in 0..DEEDS {
        story.something_happens().await?;
    }
    story.scene.settle().await?;
    story.says_which_are_copies().await?;
    story.lets_responsibility_travel()?;
    story.scene.ends_well().await
}

struct AtRandom {
    people: People,
    scene: Scene,
}

impl AtRandom {
    async fn something_happens(&mut self) -> Proved {
        let side = [Side::Left, Side::Right][self.people.rng.usize(0..2)];
        match self.people.rng.u8(0..12) {
            0 | 1 => self.people.enters_a_contact(side).map(drop),
            2..=4 => self.people.edits_a_contact(side),
            5 => self.people.tags_a_contact(side),
            6 => self.people.enters_a_note_or_task(side, "notes"),
            7 => self.people.enters_a_note_or_task(side, "tasks"),
            8 => self.people.edits_a_note_or_task(side),
            9 => self.scene.cycle().await.map(drop),
            10 => self.scene.settle().await.map(drop),
            _ => {
                let nth = self.people.rng.usize(1..4);
                self.scene.killed_at_write(nth).await?;
                self.scene.restart().await
            }
        }
    }

    /// Where somebody has edited a copy before it was known that it was made, a person is asked, who
    /// knows whom people entered themselves.
    async fn says_which_are_copies(&mut self) -> Proved {
        for _ in 0..DEEDS {
            let numbered = self.scene.numbered_holds().await?;
            let is_asked = |(_, hold): &(u64, Hold)| hold.reason == HoldReason::InDoubt;
            let Some((number, hold)) = numbered.into_iter().find(is_asked) else {
                return Ok(());
            };
            let copy = self.copy_in(&hold)?;
            let engine = self.scene.engine()?;
            match (&hold.subject, &copy) {
                (Subject::Record(side, source), Some(copy)) => {
                    let ids = Both::from_fn(|at| if at == *side { source } else { copy });
                    engine.link(&hold.kind, ids.left, ids.right).await?;
                }
                _ => engine.none_of_these(number).await?,
            }
            self.scene.settle().await?;
        }
        Err(Failure::new("people are asked again and again"))
    }

    /// Which of those that a hold names nobody has entered.
    fn copy_in(&self, hold: &Hold) -> Proved<Option<RecordId>> {
        let Subject::Record(source, _) = hold.subject else {
            return Ok(None);
        };
        let deeds = self.scene.deeds.all();
        let families = ["contacts", "tasks", "notes"].into_iter();
        for family in families.filter(|family| kind(family) == hold.kind) {
            for record in self.scene.desk(!source, family).all()? {
                let id = id_of(family, &record)?;
                let by_hand = deeds.get(&place(!source, family, &id));
                let is_entered = by_hand.is_some_and(|done| done.entered);
                if !is_entered && hold.message.contains(&id) {
                    return Ok(Some(RecordId::new(id)));
                }
            }
        }
        Ok(None)
    }

    /// Whom Insightly made responsible by itself cannot be told from a person's edit, once the
    /// reply is lost.
    fn lets_responsibility_travel(&self) -> Proved {
        for task in self.scene.desk(Side::Right, "tasks").all()? {
            let task = place(Side::Right, "tasks", &id_of("tasks", &task)?);
            self.scene.deeds.note(task, |done| {
                done.fields.insert("assigned".to_owned());
            });
        }
        Ok(())
    }
}
