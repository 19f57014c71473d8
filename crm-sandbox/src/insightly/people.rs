//! People at work: edits of all kinds, the same for the same seed.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::families::{FAMILIES, TASK_STATUSES, shelf};
use super::{End, Insightly};
use crate::world::World;

const CITIES: [&str; 5] = ["Oslo", "Ghent", "Lyon", "Porto", "Bergen"];
const TAGS: [&str; 5] = ["vip", "partner", "newsletter", "cold", "2026"];
const WORDS: [&str; 6] = ["call", "offer", "visit", "invoice", "café", "follow-up"];

impl Insightly {
    /// Lets people make so many edits; answers what they did, one sentence for each.
    pub(super) fn live_a_while(&mut self, seed: u64, count: u64) -> Vec<String> {
        let mut dice = Rng::with_seed(seed);
        (0..count).map(|_| self.one_edit(&mut dice)).collect()
    }

    fn one_edit(&mut self, dice: &mut Rng) -> String {
        let done = match dice.u8(0..20) {
            0..=4 => self.edit_contact(dice),
            5 | 6 => self.edit_tags(dice),
            7 => self.edit_organisation(dice),
            8..=10 => self.work_on_task(dice),
            11 | 12 => self.write_note(dice),
            13 => self.edit_note(dice),
            14 => self.employ(dice),
            15 => self.add_lead(dice),
            16 => self.end_lead(dice),
            17 => self.merge_contacts(dice),
            18 => self.delete_something(dice),
            _ => self.restore_something(dice),
        };
        done.unwrap_or_else(|| self.add_contact(dice))
    }

    fn any(&self, key: &str, dice: &mut Rng) -> Option<End> {
        let at = shelf(key);
        let rows = self.shelves[at].rows.live();
        let nth = dice.usize(0..rows.len().max(1));
        let id = rows.iter().nth(nth).map(|(id, _)| *id)?;
        Some((at, id))
    }

    fn change(&mut self, end: End, members: &Value) -> Option<String> {
        let members = members.as_object().cloned().unwrap_or_default();
        let (key, now) = (FAMILIES[end.0].key, self.now);
        World::edit(self, key, &end.1.to_string(), &members, now).ok()?;
        Some(format!("{}: {}", Self::called(end), names(&members)))
    }

    fn add(&mut self, key: &str, members: &Value) -> Option<String> {
        let members = members.as_object().cloned().unwrap_or_default();
        let now = self.now;
        let made = World::create(self, key, &members, now).ok()?;
        let family = &FAMILIES[shelf(key)];
        Some(format!("{} {} is new", family.singular, made[family.id]))
    }

    fn add_contact(&mut self, dice: &mut Rng) -> String {
        let number = dice.u16(..);
        let members = json!({
            "FIRST_NAME": word(dice), "LAST_NAME": format!("Newcomer {number}"),
            "EMAIL_ADDRESS": format!("newcomer{number}@example.com"),
        });
        self.add("contacts", &members).unwrap_or_default()
    }

    fn edit_contact(&mut self, dice: &mut Rng) -> Option<String> {
        let end = self.any("contacts", dice)?;
        let members = match dice.u8(0..6) {
            0 => json!({ "ADDRESS_MAIL_CITY": pick(dice, &CITIES) }),
            1 => json!({ "TITLE": word(dice) }),
            2 => json!({ "PHONE": format!("+1 415 555 {:04}", dice.u16(0..10_000)) }),
            3 => json!({ "EMAIL_OPTED_OUT": dice.bool() }),
            4 => json!({ "BACKGROUND": Value::Null }),
            _ => {
                json!({ "CUSTOMFIELDS": [{ "FIELD_NAME": "Hobby__c", "FIELD_VALUE": word(dice) }] })
            }
        };
        self.change(end, &members)
    }

    fn edit_tags(&mut self, dice: &mut Rng) -> Option<String> {
        let end = self.any("contacts", dice)?;
        let fields = self.live(end)?.fields.open();
        let mut tags = fields.list("TAGS").to_vec();
        let tag = json!(pick(dice, &TAGS));
        match tags.iter().position(|kept| *kept == tag) {
            Some(at) => drop(tags.remove(at)),
            None => tags.push(tag),
        }
        let tags: Vec<Value> = tags.iter().map(|tag| json!({ "TAG_NAME": tag })).collect();
        self.change(end, &json!({ "TAGS": tags }))
    }

    fn edit_organisation(&mut self, dice: &mut Rng) -> Option<String> {
        let name = format!("{} Ltd {}", pick(dice, &CITIES), dice.u8(..));
        match self.any("organisations", dice).filter(|_| dice.bool()) {
            Some(end) => self.change(end, &json!({ "ORGANISATION_NAME": name })),
            None => self.add("organisations", &json!({ "ORGANISATION_NAME": name })),
        }
    }

    fn work_on_task(&mut self, dice: &mut Rng) -> Option<String> {
        let due = format!(
            "2026-{:02}-{:02} 00:00:00",
            dice.u8(1..=12),
            dice.u8(1..=28)
        );
        let Some(end) = self.any("tasks", dice).filter(|_| dice.u8(0..3) > 0) else {
            let contact = self.any("contacts", dice)?;
            let task = json!({ "TITLE": word(dice), "DUE_DATE": due, "LINKS": [link(contact)] });
            return self.add("tasks", &task);
        };
        let members = match dice.u8(0..4) {
            0 => json!({ "COMPLETED": dice.bool() }),
            1 => json!({ "STATUS": pick(dice, TASK_STATUSES) }),
            2 => json!({ "DUE_DATE": due }),
            _ => json!({ "TITLE": word(dice), "DETAILS": "<p>as <b>agreed</b></p>" }),
        };
        self.change(end, &members)
    }

    fn write_note(&mut self, dice: &mut Rng) -> Option<String> {
        let contact = self.any("contacts", dice)?;
        let body = format!("<p>{}</p><ul><li>{}</li></ul>", word(dice), word(dice));
        let note = json!({ "TITLE": word(dice), "BODY": body, "LINKS": [link(contact)] });
        self.add("notes", &note)
    }

    fn edit_note(&mut self, dice: &mut Rng) -> Option<String> {
        let end = self.any("notes", dice)?;
        let members = if dice.bool() {
            json!({ "BODY": format!("{}\n{}", word(dice), word(dice)) })
        } else {
            // It moves to somebody else.
            json!({ "LINKS": [link(self.any("contacts", dice)?)] })
        };
        self.change(end, &members)
    }

    /// Somebody starts to work somewhere.
    fn employ(&mut self, dice: &mut Rng) -> Option<String> {
        let contact = self.any("contacts", dice)?;
        let organisation = self.any("organisations", dice)?;
        self.change(contact, &json!({ "ORGANISATION_ID": organisation.1 }))
    }

    fn add_lead(&mut self, dice: &mut Rng) -> Option<String> {
        let email = format!("lead{}@example.com", dice.u16(..));
        let lead = json!({
            "LAST_NAME": word(dice), "EMAIL": email, "ORGANISATION_NAME": pick(dice, &CITIES),
        });
        self.add("leads", &lead)
    }

    fn end_lead(&mut self, dice: &mut Rng) -> Option<String> {
        if dice.u8(0..4) == 0 {
            let contact = self.any("contacts", dice)?;
            let lead = self.turn_into_lead(contact.1)?;
            return Some(format!("{} is lead {lead} now", Self::called(contact)));
        }
        let lead = self.any("leads", dice)?;
        let converted = self.convert(lead.1, dice.bool())?;
        let contact = converted.contact;
        Some(format!("{} is contact {contact} now", Self::called(lead)))
    }

    fn merge_contacts(&mut self, dice: &mut Rng) -> Option<String> {
        let source = self.any("contacts", dice)?;
        let master = self.any("contacts", dice)?;
        let merged = self.merge(source, master);
        merged.then(|| format!("{} is merged into {}", Self::called(source), master.1))
    }

    fn delete_something(&mut self, dice: &mut Rng) -> Option<String> {
        let key = pick(dice, &["contacts", "tasks", "notes", "organisations"]);
        let end = self.any(key, dice)?;
        self.throw_away(end);
        Some(format!("{} is deleted", Self::called(end)))
    }

    fn restore_something(&mut self, dice: &mut Rng) -> Option<String> {
        let at = shelf(pick(dice, &["contacts", "tasks", "notes", "organisations"]));
        let ids = self.binned(at);
        let end = (at, *dice.choice(&ids)?);
        let restored = self.restore(end);
        restored.then(|| format!("{} is restored", Self::called(end)))
    }
}

fn pick<'a>(dice: &mut Rng, from: &[&'a str]) -> &'a str {
    dice.choice(from).copied().unwrap_or_default()
}

fn word(dice: &mut Rng) -> String {
    let number = dice.u16(0..1000);
    format!("{} {number}", pick(dice, &WORDS))
}

fn link(end: End) -> Value {
    json!({ "LINK_OBJECT_NAME": FAMILIES[end.0].singular, "LINK_OBJECT_ID": end.1 })
}

fn names(members: &Map<String, Value>) -> String {
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    names.join(", ")
}
