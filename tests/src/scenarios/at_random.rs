//! People in both systems enter and edit whatever comes to their minds.

use crm_sandbox::Sandbox;
use fastrand::Rng;
use serde_json::{Value, json};
use sync_core::Side;

use super::chapter;
use crate::{
    failure::{Failure, Proved},
    scene::{Scene, Stage, id_of, links_to, place},
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
    let mut people = People {
        rng: Rng::with_seed(seed),
        words: 0,
        scene: stage
            .set(Sandbox::builder().seed(7), without_owners)
            .await?,
    };
    people.enters_a_contact(Side::Left)?;
    for _ in 0..DEEDS {
        people.something_happens().await?;
    }
    people.scene.settle().await?;
    people.lets_responsibility_travel()?;
    people.scene.ends_well().await
}

/// Who owns a record that Insightly made of a lost create is Insightly's doing, and would travel.
fn without_owners(settings: &str) -> String {
    let kinds = r#"["companies", "contacts", "tasks", "notes"]"#;
    format!("{settings}\n[sync]\nkinds = {kinds}\n")
}

struct People {
    rng: Rng,
    /// No two texts are the same: what somebody typed can be told from all else.
    words: u32,
    scene: Scene,
}

impl People {
    async fn something_happens(&mut self) -> Proved {
        let side = [Side::Left, Side::Right][self.rng.usize(0..2)];
        match self.rng.u8(0..12) {
            0 | 1 => self.enters_a_contact(side).map(drop),
            2..=4 => self.edits_a_contact(side),
            5 => self.tags_a_contact(side),
            6 => self.enters_a_note_or_task(side, "notes"),
            7 => self.enters_a_note_or_task(side, "tasks"),
            8 => self.edits_a_note_or_task(side),
            9 => self.scene.cycle().await.map(drop),
            10 => self.scene.settle().await.map(drop),
            _ => {
                let nth = self.rng.usize(1..4);
                self.scene.killed_at_write(nth).await?;
                self.scene.restart().await
            }
        }
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

    fn word(&mut self) -> String {
        self.words += 1;
        format!("word{}", self.words)
    }

    fn any(&mut self, side: Side, family: &'static str) -> Proved<Option<(String, Value)>> {
        let mut all = self.scene.desk(side, family).all()?;
        if all.is_empty() {
            return Ok(None);
        }
        let record = all.swap_remove(self.rng.usize(0..all.len()));
        Ok(Some((id_of(family, &record)?, record)))
    }

    fn enters_a_contact(&mut self, side: Side) -> Proved<String> {
        let (first, last) = (self.word(), self.word());
        let email = format!("{last}@example.com");
        let members = match side {
            Side::Left => json!({ "firstName": first, "lastName": last, "email": email }),
            Side::Right => {
                json!({ "FIRST_NAME": first, "LAST_NAME": last, "EMAIL_ADDRESS": email })
            }
        };
        self.scene.desk(side, "contacts").enter(&members)
    }

    fn edits_a_contact(&mut self, side: Side) -> Proved {
        let Some((id, _)) = self.any(side, "contacts")? else {
            return Ok(());
        };
        let word = self.word();
        let email = format!("{word}@example.com");
        let phone = format!("+1415555{:04}", self.words);
        let edits = match side {
            Side::Left => [
                json!({ "firstName": word }),
                json!({ "lastName": word }),
                json!({ "email": email }),
                json!({ "phone": phone }),
                json!({ "city": word, "address1": "1 Main Street" }),
            ],
            Side::Right => [
                json!({ "FIRST_NAME": word }),
                json!({ "LAST_NAME": word }),
                json!({ "EMAIL_ADDRESS": email }),
                json!({ "PHONE_MOBILE": phone }),
                json!({ "ADDRESS_MAIL_CITY": word, "ADDRESS_MAIL_STREET": "1 Main Street" }),
            ],
        };
        let edit = &edits[self.rng.usize(0..edits.len())];
        self.scene.desk(side, "contacts").edit(&id, edit)
    }

    fn tags_a_contact(&mut self, side: Side) -> Proved {
        let Some((id, contact)) = self.any(side, "contacts")? else {
            return Ok(());
        };
        let tag = self.word();
        let (member, tag) = match side {
            Side::Left => ("tags", json!(tag)),
            Side::Right => ("TAGS", json!({ "TAG_NAME": tag })),
        };
        let mut tags = contact[member].as_array().cloned().unwrap_or_default();
        tags.push(tag);
        let edit = json!({ member: tags });
        self.scene.desk(side, "contacts").edit(&id, &edit)
    }

    fn enters_a_note_or_task(&mut self, side: Side, family: &'static str) -> Proved {
        let Some((contact, _)) = self.any(side, "contacts")? else {
            return Ok(());
        };
        let word = self.word();
        let members = match (side, family) {
            (Side::Left, "notes") => json!({ "contactId": contact, "body": word }),
            (Side::Left, _) => {
                let due = "2026-11-26T17:00:00.000Z";
                json!({ "contactId": contact, "title": word, "dueDate": due })
            }
            (Side::Right, "notes") => {
                json!({ "TITLE": word, "BODY": word, "LINKS": links_to(&[&contact])? })
            }
            (Side::Right, _) => json!({ "TITLE": word, "LINKS": links_to(&[&contact])? }),
        };
        self.scene.desk(side, family).enter(&members).map(drop)
    }

    fn edits_a_note_or_task(&mut self, side: Side) -> Proved {
        let family = ["notes", "tasks"][self.rng.usize(0..2)];
        let Some((id, _)) = self.any(side, family)? else {
            return Ok(());
        };
        let word = self.word();
        let edit = match (side, family) {
            (Side::Left, "notes") => json!({ "body": word }),
            (Side::Left, _) => json!({ "title": word }),
            (Side::Right, "notes") => json!({ "BODY": word }),
            (Side::Right, _) => json!({ "TITLE": word }),
        };
        self.scene.desk(side, family).edit(&id, &edit)
    }
}
