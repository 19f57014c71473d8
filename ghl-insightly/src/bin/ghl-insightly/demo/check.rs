//! The check: raw states of both servers, compared without the engine's mappers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use super::{
    raw::{digits, insightly_phones, text},
    world::World,
};
use crate::failure::Failure;

/// What the check found.
pub(super) struct Check {
    pairs: usize,
    compared: usize,
    held: usize,
    wrong: Vec<String>,
}

/// How many mistakes are shown.
const SHOWN: usize = 8;

type Contacts = BTreeMap<String, Value>;

/// Which fields of which GHL contact wait for a person.
type Held = BTreeSet<(String, String)>;

impl Check {
    pub(super) async fn of(world: &mut World) -> Result<Self, Failure> {
        let ghl = by_id(world.sandbox.ghl().contacts().all()?, "id");
        let insightly = by_id(world.sandbox.insightly().contacts().all()?, "CONTACT_ID");
        let partner = world.pairs().await?;
        let held = world.held().await?;
        let mut check = Self {
            pairs: partner.len(),
            compared: 0,
            held: 0,
            wrong: Vec::new(),
        };
        check.each_record_is_in_one_pair(&ghl, &insightly, &partner);
        check.same_people_are_paired(world, &partner);
        for (left, right) in &partner {
            if let (Some(ghl), Some(insightly)) = (ghl.get(left), insightly.get(right)) {
                check.compare(left, ghl, insightly, &held);
            }
        }
        check.nobody_is_doubled("GHL", ghl.values().map(|c| text(c, "email")));
        check.nobody_is_doubled(
            "Insightly",
            insightly.values().map(|c| text(c, "EMAIL_ADDRESS")),
        );
        Ok(check)
    }

    fn each_record_is_in_one_pair(
        &mut self,
        ghl: &Contacts,
        insightly: &Contacts,
        partner: &BTreeMap<String, String>,
    ) {
        let met: BTreeSet<&String> = partner.values().collect();
        if met.len() != partner.len() {
            self.wrong
                .push("an Insightly contact is in two pairs".to_owned());
        }
        let lone = ghl.keys().filter(|id| !partner.contains_key(*id));
        let others = insightly.keys().filter(|id| !met.contains(id));
        let lone = lone.map(|id| format!("GHL {id}"));
        let lone = lone.chain(others.map(|id| format!("Insightly {id}")));
        self.wrong
            .extend(lone.map(|who| format!("{who} has no counterpart")));
    }

    /// Those whom an e-mail, or a phone and the whole name, told to be one person from the start.
    fn same_people_are_paired(&mut self, world: &World, partner: &BTreeMap<String, String>) {
        for (left, right) in world.known_to_be_one() {
            if partner.get(left) != Some(right) {
                let why = format!("GHL {left} and Insightly {right} are one person, but no pair");
                self.wrong.push(why);
            }
        }
    }

    fn compare(&mut self, id: &str, ghl: &Value, insightly: &Value, held: &Held) {
        let both = |here: &str, there: &str| (text(ghl, here), text(insightly, there));
        let address = ["address1", "city", "state", "postalCode"];
        let there = ["STREET", "CITY", "STATE", "POSTCODE"];
        let there = there.map(|part| text(insightly, &format!("ADDRESS_MAIL_{part}")));
        let mut fields = vec![
            ("last_name", both("lastName", "LAST_NAME")),
            (
                "address",
                (
                    address.map(|part| text(ghl, part)).join(", "),
                    there.join(", "),
                ),
            ),
            ("tags", (ghl_tags(ghl), insightly_tags(insightly))),
        ];
        let (email, other) = both("email", "EMAIL_ADDRESS");
        fields.push(("email", (email.to_lowercase(), other.to_lowercase())));
        let (birthday, other) = both("dateOfBirth", "DATE_OF_BIRTH");
        fields.push(("birthday", (day(&birthday), day(&other))));
        let opted_out = insightly["EMAIL_OPTED_OUT"] == true;
        fields.push((
            "opted_out",
            (ghl_opted_out(ghl).to_string(), opted_out.to_string()),
        ));
        for (name, id) in [
            ("custom.Hobby__c", HOBBY),
            ("custom.Interests__c", INTERESTS),
        ] {
            let (here, there) = (&ghl["customFields"], &insightly["CUSTOMFIELDS"]);
            let api_name = name.trim_start_matches("custom.");
            fields.push((name, (custom(here, id), custom(there, api_name))));
        }
        // Insightly wants a first name: one that was made of the e-mail or phone stands for a blank.
        let (first, other) = both("firstName", "FIRST_NAME");
        if !first.is_empty() {
            fields.push(("first_name", (first, other)));
        }
        let (phone, there) = (digits(&text(ghl, "phone")), insightly_phones(insightly));
        let other = if there.contains(&phone) {
            phone.clone()
        } else {
            there.join("/")
        };
        fields.push(("phone", (phone, other)));
        for (name, (left, right)) in fields {
            if held.contains(&(id.to_owned(), name.to_owned())) {
                self.held += 1;
                continue;
            }
            self.compared += 1;
            if left != right {
                let why = format!("{name} of GHL {id}: `{left}` in GHL, `{right}` in Insightly");
                self.wrong.push(why);
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
            "   {} pairs, {} fields compared, {} held for a person, {} wrong.",
            self.pairs,
            self.compared,
            self.held,
            self.wrong.len()
        )?;
        for wrong in self.wrong.iter().take(SHOWN) {
            writeln!(f, "   WRONG: {wrong}")?;
        }
        Ok(())
    }
}

/// The custom fields of the sandbox's location.
const HOBBY: &str = "hB7kQ2mXw9TzLr4NcV1a";
const INTERESTS: &str = "iN5tP8sDf3GhJk6LzX2b";

/// Only what is compared: whole contacts of both servers would be most of the demo's memory.
fn by_id(contacts: Vec<Value>, id: &str) -> Contacts {
    let keyed = contacts.into_iter().map(|mut contact| {
        let key = text(&contact, id);
        if let Value::Object(members) = &mut contact {
            members.retain(|name, _| COMPARED.contains(&name.as_str()));
        }
        (key, contact)
    });
    keyed.collect()
}

const COMPARED: &[&str] = &[
    "firstName",
    "lastName",
    "email",
    "phone",
    "address1",
    "city",
    "state",
    "postalCode",
    "dateOfBirth",
    "tags",
    "dnd",
    "dndSettings",
    "customFields",
    "FIRST_NAME",
    "LAST_NAME",
    "EMAIL_ADDRESS",
    "PHONE",
    "PHONE_MOBILE",
    "PHONE_HOME",
    "PHONE_OTHER",
    "ADDRESS_MAIL_STREET",
    "ADDRESS_MAIL_CITY",
    "ADDRESS_MAIL_STATE",
    "ADDRESS_MAIL_POSTCODE",
    "DATE_OF_BIRTH",
    "TAGS",
    "EMAIL_OPTED_OUT",
    "CUSTOMFIELDS",
];

fn day(date: &str) -> String {
    date.chars().take(10).collect()
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
