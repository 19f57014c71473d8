//! Edits of all kinds, as people make them, drawn from a seed.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Ghl;
use super::family::Family;
use super::moment::stamp;
use crate::error::SandboxError;
use crate::seed::Person;
use crate::world::World;

const TITLES: [&str; 4] = ["Call back", "Send the offer", "Rückruf", "請求書を送る"];
const TEXTS: [&str; 4] = [
    "Met at the fair.\nWants a quote.",
    "Left a message 📞",
    "Prefers e-mail",
    "  two  spaces  ",
];
const STATUSES: [&str; 4] = ["confirmed", "cancelled", "noshow", "showed"];
const TAGS: [&str; 4] = ["vip", "newsletter", "lapsed", "fair 2026"];

/// What a person does to a record.
enum Deed {
    Creates(Map<String, Value>),
    Edits(String, Map<String, Value>),
    Deletes(String),
}

impl Ghl {
    /// So many edits, one after the other at `now`; each with what was done.
    pub(super) fn people(
        &mut self,
        seed: u64,
        count: u64,
        now: Timestamp,
    ) -> Result<Vec<Value>, SandboxError> {
        let mut dice = Rng::with_seed(seed);
        let mut done = Vec::new();
        for _ in 0..count {
            let family = match dice.u8(..10) {
                0..4 => Family::Contacts,
                4..6 => Family::Tasks,
                6..8 => Family::Notes,
                8 => Family::Appointments,
                _ => Family::Businesses,
            };
            let deed = self.deed(family, &mut dice, now);
            done.extend(deed.map(|deed| self.do_it(family, deed, now)).transpose()?);
        }
        Ok(done)
    }

    fn do_it(&mut self, family: Family, deed: Deed, now: Timestamp) -> Result<Value, SandboxError> {
        let name = family.name();
        let (did, id) = match deed {
            Deed::Creates(members) => {
                let made = self.create(name, &members, now)?;
                (
                    "created",
                    made["id"].as_str().unwrap_or_default().to_owned(),
                )
            }
            Deed::Edits(id, members) => {
                self.edit(name, &id, &members, now)?;
                ("edited", id)
            }
            Deed::Deletes(id) => {
                self.delete(name, &id, now)?;
                ("deleted", id)
            }
        };
        Ok(json!({ "family": name, "id": id, "did": did }))
    }

    /// Nothing when there is no contact for a child to belong to.
    fn deed(&self, family: Family, dice: &mut Rng, now: Timestamp) -> Option<Deed> {
        let held = self.some_id(family, dice);
        let members = self.draft(family, held.is_none(), dice, now)?;
        Some(match (held, dice.u8(..10)) {
            (Some(id), 0) => Deed::Deletes(id),
            (Some(id), 1..7) => Deed::Edits(id, members),
            _ => Deed::Creates(self.draft(family, true, dice, now)?),
        })
    }

    fn some_id(&self, family: Family, dice: &mut Rng) -> Option<String> {
        let view = self.rows[family].live();
        let at = dice.usize(..view.len().max(1));
        view.iter().nth(at).map(|(id, _)| id.to_string())
    }

    /// What somebody types, of a new record or of one member of an old one.
    fn draft(
        &self,
        family: Family,
        new: bool,
        dice: &mut Rng,
        now: Timestamp,
    ) -> Option<Map<String, Value>> {
        let soon = now.checked_add(SignedDuration::from_hours(dice.i64(1..400)));
        let soon = stamp(soon.unwrap_or(now));
        let person = Person::new(dice.u64(..), dice.u64(..1_000_000));
        let whole = match family {
            Family::Contacts => json!({
                "firstName": person.first,
                "lastName": person.last,
                "email": person.email,
                "city": person.home.as_ref().map(|home| home.city),
                "tags": [pick(dice, &TAGS)],
                "dnd": dice.u8(..8) == 0,
            }),
            Family::Tasks => json!({
                "title": pick(dice, &TITLES),
                "body": pick(dice, &TEXTS),
                "dueDate": soon,
                "completed": dice.bool(),
            }),
            Family::Notes => json!({ "body": pick(dice, &TEXTS), "title": pick(dice, &TITLES) }),
            Family::Appointments => json!({
                "startTime": soon,
                "appointmentStatus": pick(dice, &STATUSES),
            }),
            _ => json!({
                "name": person.company.unwrap_or("Nameless & Co."),
                "city": person.home.as_ref().map(|home| home.city),
            }),
        };
        let mut members = whole.as_object().cloned().unwrap_or_default();
        if !new {
            let name = members.keys().nth(dice.usize(..members.len()))?.clone();
            members.retain(|other, _| *other == name);
        } else if Family::CHILDREN.contains(&family) {
            let contact = self.some_id(Family::Contacts, dice)?;
            members.insert("contactId".to_owned(), json!(contact));
        }
        Some(members)
    }
}

fn pick<'a>(dice: &mut Rng, from: &[&'a str]) -> &'a str {
    from[dice.usize(..from.len())]
}
