//! People at work in both systems: they enter, edit and delete whatever comes to their minds.

use std::sync::Arc;

use fastrand::Rng;
use serde_json::{Value, json};
use sync_core::Side;

use crate::{
    deeds::Deeds,
    failure::Proved,
    scene::{Desk, id_of, links_to},
    world::World,
};

/// What a record begins with that is deleted again. Nobody else touches it: what becomes of an
/// edit against a delete is for stories to tell.
pub(crate) const LEAVER: &str = "leaver";

/// Two users with the same habits: the same seed does the same things to the same records.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) rng: Rng,
    world: Arc<World>,
    deeds: Arc<Deeds>,
    /// Each is new: what somebody typed can be told from all else.
    words: u32,
    /// What is deleted where it was entered, sooner or later.
    leavers: Vec<(Side, &'static str, String)>,
}

impl People {
    pub(crate) fn new(seed: u64, world: &Arc<World>, deeds: &Arc<Deeds>) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            world: Arc::clone(world),
            deeds: Arc::clone(deeds),
            words: 0,
            leavers: Vec::new(),
        }
    }

    pub(crate) fn desk(&self, side: Side, family: &'static str) -> Desk<'_> {
        Desk::new(self.world.crms()[side], side, family, &self.deeds)
    }

    fn word(&mut self) -> String {
        self.words += 1;
        format!("word{}", self.words)
    }

    fn any(&mut self, side: Side, family: &'static str) -> Proved<Option<(String, Value)>> {
        let mut all = self.desk(side, family).all()?;
        all.retain(|record| !record.to_string().contains(LEAVER));
        if all.is_empty() {
            return Ok(None);
        }
        let record = all.swap_remove(self.rng.usize(0..all.len()));
        Ok(Some((id_of(family, &record)?, record)))
    }

    pub(crate) fn enters_a_contact(&mut self, side: Side) -> Proved<String> {
        let (first, last) = (self.word(), self.word());
        let somebody = somebody(side, &first, &last);
        self.desk(side, "contacts").enter(&somebody)
    }

    pub(crate) fn edits_a_contact(&mut self, side: Side) -> Proved {
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
        self.desk(side, "contacts").edit(&id, edit)
    }

    pub(crate) fn tags_a_contact(&mut self, side: Side) -> Proved {
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
        self.desk(side, "contacts").edit(&id, &edit)
    }

    pub(crate) fn enters_a_note_or_task(&mut self, side: Side, family: &'static str) -> Proved {
        let Some((contact, _)) = self.any(side, "contacts")? else {
            return Ok(());
        };
        // Half of what people write says the same.
        let text = match self.rng.bool() {
            true => "Called, no answer".to_owned(),
            false => self.word(),
        };
        let members = note_or_task(side, family, &contact, &text)?;
        self.desk(side, family).enter(&members).map(drop)
    }

    pub(crate) fn edits_a_note_or_task(&mut self, side: Side) -> Proved {
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
        self.desk(side, family).edit(&id, &edit)
    }

    /// Something that people do without a thought, on either side.
    pub(crate) fn do_something(&mut self) -> Proved {
        let side = Side::BOTH[self.rng.usize(0..2)];
        match self.rng.u8(0..14) {
            0 => self.enters_a_contact(side).map(drop),
            1..=3 => self.edits_a_contact(side),
            4 => self.tags_a_contact(side),
            5 => self.enters_a_note_or_task(side, "notes"),
            6 => self.enters_a_note_or_task(side, "tasks"),
            7 => self.edits_a_note_or_task(side),
            8 => self.enters_a_company(side),
            9 => self.edits_a_company(side),
            10 => self.employs_a_contact(side),
            11 | 12 => self.enters_a_leaver(side),
            _ => self.deletes_a_leaver(),
        }
    }

    pub(crate) fn enters_a_company(&mut self, side: Side) -> Proved {
        let word = self.word();
        let company = company(side, &word);
        self.desk(side, companies(side)).enter(&company).map(drop)
    }

    pub(crate) fn edits_a_company(&mut self, side: Side) -> Proved {
        let Some((id, _)) = self.any(side, companies(side))? else {
            return Ok(());
        };
        let word = self.word();
        let edit = match (side, self.rng.bool()) {
            (_, true) => company(side, &word),
            (Side::Left, _) => json!({ "website": format!("https://{word}.example.com") }),
            (Side::Right, _) => json!({ "WEBSITE": format!("https://{word}.example.com") }),
        };
        self.desk(side, companies(side)).edit(&id, &edit)
    }

    /// Somebody works for another company from now on.
    pub(crate) fn employs_a_contact(&mut self, side: Side) -> Proved {
        let company = self.any(side, companies(side))?;
        let Some(((contact, _), (company, _))) = self.any(side, "contacts")?.zip(company) else {
            return Ok(());
        };
        let works = match side {
            Side::Left => json!({ "businessId": company }),
            Side::Right => json!({ "ORGANISATION_ID": company.parse::<i64>()? }),
        };
        self.desk(side, "contacts").edit(&contact, &works)
    }

    /// A record of any kind that is deleted, sooner or later.
    pub(crate) fn enters_a_leaver(&mut self, side: Side) -> Proved {
        let Some((contact, _)) = self.any(side, "contacts")? else {
            return Ok(());
        };
        let name = format!("{LEAVER}-{}", self.word());
        let family = [companies(side), "contacts", "tasks", "notes"][self.rng.usize(0..4)];
        let members = match (side, family) {
            (_, "contacts") => somebody(side, LEAVER, &name),
            (_, "tasks" | "notes") => note_or_task(side, family, &contact, &name)?,
            _ => company(side, &name),
        };
        let id = self.desk(side, family).enter(&members)?;
        self.leavers.push((side, family, id));
        Ok(())
    }

    /// Deletes a record, wherever the sync of it stands.
    pub(crate) fn deletes_a_leaver(&mut self) -> Proved {
        if self.leavers.is_empty() {
            return Ok(());
        }
        let nth = self.rng.usize(0..self.leavers.len());
        let (side, family, id) = self.leavers.swap_remove(nth);
        self.desk(side, family).delete(&id)
    }
}

/// What companies are called.
pub(crate) const fn companies(side: Side) -> &'static str {
    match side {
        Side::Left => "businesses",
        Side::Right => "organisations",
    }
}

fn somebody(side: Side, first: &str, last: &str) -> Value {
    let email = format!("{last}@example.com");
    match side {
        Side::Left => json!({ "firstName": first, "lastName": last, "email": email }),
        Side::Right => json!({ "FIRST_NAME": first, "LAST_NAME": last, "EMAIL_ADDRESS": email }),
    }
}

fn company(side: Side, name: &str) -> Value {
    match side {
        Side::Left => json!({ "name": name }),
        Side::Right => json!({ "ORGANISATION_NAME": name }),
    }
}

fn note_or_task(side: Side, family: &str, contact: &str, word: &str) -> Proved<Value> {
    Ok(match (side, family) {
        (Side::Left, "notes") => json!({ "contactId": contact, "body": word }),
        (Side::Left, _) => {
            let due = "2026-11-26T17:00:00.000Z";
            json!({ "contactId": contact, "title": word, "dueDate": due })
        }
        (Side::Right, "notes") => {
            json!({ "TITLE": word, "BODY": word, "LINKS": links_to(&[contact])? })
        }
        (Side::Right, _) => json!({ "TITLE": word, "LINKS": links_to(&[contact])? }),
    })
}
