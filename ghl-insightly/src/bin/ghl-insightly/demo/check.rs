//! The check: raw states of both servers, compared without the engine's mappers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use super::world::World;
use crate::failure::Failure;

/// What the check found.
pub(super) struct Check {
    pairs: usize,
    compared: usize,
    wrong: Vec<String>,
}

/// How many mistakes are shown.
const SHOWN: usize = 8;

type Contacts = BTreeMap<String, Value>;

impl Check {
    pub(super) fn of(world: &World) -> Result<Self, Failure> {
        let ghl = by_id(world.sandbox.ghl().contacts().all()?, "id");
        let insightly = by_id(world.sandbox.insightly().contacts().all()?, "CONTACT_ID");
        let mut check = Self {
            pairs: 0,
            compared: 0,
            wrong: Vec::new(),
        };
        let partner = check.pair(&ghl, &insightly);
        check.same_people_are_paired(world, &partner);
        for (left, right) in &partner {
            check.compare(left, &ghl[left], &insightly[right]);
        }
        check.nobody_is_doubled("GHL", ghl.values().map(|c| text(c, "email")));
        check.nobody_is_doubled(
            "Insightly",
            insightly.values().map(|c| text(c, "EMAIL_ADDRESS")),
        );
        Ok(check)
    }

    /// Pairs by e-mail, else by phone: each record of one side has exactly one on the other.
    fn pair(&mut self, ghl: &Contacts, insightly: &Contacts) -> BTreeMap<String, String> {
        let mut by_key: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (id, contact) in insightly {
            for key in keys(&text(contact, "EMAIL_ADDRESS"), &insightly_phones(contact)) {
                by_key.entry(key).or_default().push(id);
            }
        }
        let mut partner = BTreeMap::new();
        for (id, contact) in ghl {
            let found = keys(&text(contact, "email"), &[digits(&text(contact, "phone"))]);
            let found = found.iter().find_map(|key| by_key.get(key));
            match found.map(Vec::as_slice) {
                Some([one]) => drop(partner.insert(id.clone(), (*one).clone())),
                Some(_) => self
                    .wrong
                    .push(format!("GHL {id} has several counterparts in Insightly")),
                None => self
                    .wrong
                    .push(format!("GHL {id} has no counterpart in Insightly")),
            }
        }
        let met: BTreeSet<&String> = partner.values().collect();
        for id in insightly.keys().filter(|id| !met.contains(id)) {
            self.wrong
                .push(format!("Insightly {id} has no counterpart in GHL"));
        }
        self.pairs = partner.len();
        partner
    }

    fn same_people_are_paired(&mut self, world: &World, partner: &BTreeMap<String, String>) {
        for person in world.sandbox.same_people() {
            let expected = person.insightly.to_string();
            if partner.get(&person.ghl) != Some(&expected) {
                self.wrong.push(format!(
                    "GHL {} and Insightly {expected} are one person, but no pair",
                    person.ghl
                ));
            }
        }
    }

    fn compare(&mut self, id: &str, ghl: &Value, insightly: &Value) {
        let mut fields = vec![
            (
                "first name",
                text(ghl, "firstName"),
                text(insightly, "FIRST_NAME"),
            ),
            (
                "last name",
                text(ghl, "lastName"),
                text(insightly, "LAST_NAME"),
            ),
            (
                "e-mail",
                text(ghl, "email").to_lowercase(),
                text(insightly, "EMAIL_ADDRESS").to_lowercase(),
            ),
            (
                "street",
                text(ghl, "address1"),
                text(insightly, "ADDRESS_MAIL_STREET"),
            ),
            (
                "city",
                text(ghl, "city"),
                text(insightly, "ADDRESS_MAIL_CITY"),
            ),
            (
                "state",
                text(ghl, "state"),
                text(insightly, "ADDRESS_MAIL_STATE"),
            ),
            (
                "post code",
                text(ghl, "postalCode"),
                text(insightly, "ADDRESS_MAIL_POSTCODE"),
            ),
            (
                "birthday",
                day(&text(ghl, "dateOfBirth")),
                day(&text(insightly, "DATE_OF_BIRTH")),
            ),
            (
                "opt-out",
                ghl_opted_out(ghl).to_string(),
                (insightly["EMAIL_OPTED_OUT"] == true).to_string(),
            ),
            ("tags", ghl_tags(ghl), insightly_tags(insightly)),
            (
                "Hobby",
                custom(&ghl["customFields"], "hB7kQ2mXw9TzLr4NcV1a"),
                custom(&insightly["CUSTOMFIELDS"], "Hobby__c"),
            ),
            (
                "Interests",
                custom(&ghl["customFields"], "iN5tP8sDf3GhJk6LzX2b"),
                custom(&insightly["CUSTOMFIELDS"], "Interests__c"),
            ),
        ];
        // Insightly wants a first name: one that was made of the e-mail or phone stands for a blank.
        if text(ghl, "firstName").is_empty() {
            fields.remove(0);
        }
        let phone = digits(&text(ghl, "phone"));
        let there = insightly_phones(insightly);
        let phone_there = if there.contains(&phone) {
            phone.clone()
        } else {
            there.join("/")
        };
        fields.push(("phone", phone, phone_there));
        for (name, left, right) in fields {
            self.compared += 1;
            if left != right {
                self.wrong.push(format!(
                    "{name} of GHL {id}: `{left}` in GHL, `{right}` in Insightly"
                ));
            }
        }
    }

    fn nobody_is_doubled(&mut self, system: &str, emails: impl Iterator<Item = String>) {
        let mut met = BTreeSet::new();
        for email in emails
            .map(|email| email.to_lowercase())
            .filter(|email| !email.is_empty())
        {
            if !met.insert(email.clone()) {
                self.wrong
                    .push(format!("{email} is there twice in {system}"));
            }
        }
    }

    pub(super) fn verdict(&self) -> Result<(), Failure> {
        match self.wrong.len() {
            0 => Ok(()),
            wrong => Err(Failure::check(format!(
                "the check failed: {wrong} things are wrong"
            ))),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "   {} pairs, {} fields compared, {} wrong.",
            self.pairs,
            self.compared,
            self.wrong.len()
        )?;
        for wrong in self.wrong.iter().take(SHOWN) {
            writeln!(f, "   WRONG: {wrong}")?;
        }
        Ok(())
    }
}

fn by_id(contacts: Vec<Value>, id: &str) -> Contacts {
    let keyed = contacts
        .into_iter()
        .map(|contact| (text(&contact, id), contact));
    keyed.collect()
}

fn text(contact: &Value, member: &str) -> String {
    match &contact[member] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

fn day(date: &str) -> String {
    date.chars().take(10).collect()
}

fn keys(email: &str, phones: &[String]) -> Vec<String> {
    let email = Some(email.to_lowercase()).filter(|email| !email.is_empty());
    let phones = phones.iter().filter(|phone| !phone.is_empty()).cloned();
    email
        .map(|email| format!("mailto:{email}"))
        .into_iter()
        .chain(phones.map(|p| format!("tel:{p}")))
        .collect()
}

fn insightly_phones(contact: &Value) -> Vec<String> {
    let slots = ["PHONE_MOBILE", "PHONE", "PHONE_HOME", "PHONE_OTHER"];
    let filled: Vec<String> = slots
        .iter()
        .map(|slot| digits(&text(contact, slot)))
        .filter(|p| !p.is_empty())
        .collect();
    if filled.is_empty() {
        vec![String::new()]
    } else {
        filled
    }
}

fn ghl_opted_out(contact: &Value) -> bool {
    let status = contact["dndSettings"]["Email"]["status"].as_str();
    contact["dnd"] == true || matches!(status, Some("active" | "permanent"))
}

fn sorted(names: impl Iterator<Item = String>) -> String {
    let names: BTreeSet<String> = names
        .map(|name| name.trim().to_lowercase())
        .filter(|n| !n.is_empty())
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn ghl_tags(contact: &Value) -> String {
    sorted(
        contact["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|tag| Some(tag.as_str()?.to_owned())),
    )
}

fn insightly_tags(contact: &Value) -> String {
    sorted(
        contact["TAGS"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|tag| Some(tag["TAG_NAME"].as_str()?.to_owned())),
    )
}

/// A custom field's value; several options in any order.
fn custom(fields: &Value, name: &str) -> String {
    let field = fields
        .as_array()
        .into_iter()
        .flatten()
        .find(|field| field["id"] == name || field["FIELD_NAME"] == name);
    let value = field.map(|field| {
        if field["value"].is_null() {
            &field["FIELD_VALUE"]
        } else {
            &field["value"]
        }
    });
    match value {
        Some(Value::Array(items)) => sorted(
            items
                .iter()
                .filter_map(|item| Some(item.as_str()?.to_owned())),
        ),
        Some(Value::String(text)) => sorted(text.split(';').map(str::to_owned)),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
