//! The fields of a contact.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    compared::Compared,
    raw::{digits, text},
};

/// Ids of the sandbox's custom fields in GHL, and their names.
const CUSTOM: [(&str, &str, &str); 2] = [
    ("custom.Hobby__c", "hB7kQ2mXw9TzLr4NcV1a", "Hobby__c"),
    (
        "custom.Interests__c",
        "iN5tP8sDf3GhJk6LzX2b",
        "Interests__c",
    ),
];

/// Insightly's names of the countries that the sandbox's people live in.
const COUNTRIES: [(&str, &str); 7] = [
    ("US", "United States"),
    ("DE", "Germany"),
    ("UA", "Ukraine"),
    ("EG", "Egypt"),
    ("CN", "China"),
    ("AU", "Australia"),
    ("GB", "United Kingdom"),
];

pub(super) fn compared(ghl: &Value, insightly: &Value) -> Vec<Compared> {
    let mut all = Vec::new();
    let mut add = |field, ghl, insightly| all.push(Compared::new(field, ghl, insightly));
    // Insightly wants a first name: one that was made stands for a blank.
    let first = held(ghl, "firstName");
    if !first.is_empty() {
        add("first_name", first, text(insightly, "FIRST_NAME"));
    }
    add(
        "last_name",
        held(ghl, "lastName"),
        text(insightly, "LAST_NAME"),
    );
    add("email", email_of_ghl(ghl), email_of_insightly(insightly));
    let phone = digits(&text(ghl, "phone"));
    let there = phones_of_insightly(insightly);
    // People leave the country out, and add extensions.
    let is_it = |number: &String| phone.ends_with(number.as_str()) || number.starts_with(&phone);
    let has_it = !phone.is_empty() && there.iter().any(is_it);
    let other = if has_it || (phone.is_empty() && there.is_empty()) {
        phone.clone()
    } else {
        there.join("/")
    };
    add("phone", phone, other);
    add(
        "address",
        address_of_ghl(ghl),
        address_of_insightly(insightly),
    );
    // A year of 0000 or 0001 means none.
    let day = |date: String| match date.starts_with("000") {
        true => String::new(),
        false => date.chars().take(10).collect(),
    };
    add(
        "birthday",
        day(text(ghl, "dateOfBirth")),
        day(text(insightly, "DATE_OF_BIRTH")),
    );
    add("tags", tags_of_ghl(ghl), tags_of_insightly(insightly));
    let opted_out = insightly["EMAIL_OPTED_OUT"] == true;
    add(
        "opted_out",
        opted_out_in_ghl(ghl).to_string(),
        opted_out.to_string(),
    );
    for (field, id, name) in CUSTOM {
        let (here, there) = (&ghl["customFields"], &insightly["CUSTOMFIELDS"]);
        add(
            field,
            custom(here, "id", id),
            custom(there, "FIELD_NAME", name),
        );
    }
    all
}

/// A text of GHL, as long as Insightly holds it. A postcode is shorter anyway.
fn held(contact: &Value, member: &str) -> String {
    let whole = text(contact, member);
    let cut: String = whole.chars().take(255).collect();
    cut.trim_end().to_owned()
}

/// The e-mail of a GHL contact.
pub fn email_of_ghl(contact: &Value) -> String {
    text(contact, "email").to_lowercase()
}

/// The e-mail of an Insightly contact.
pub fn email_of_insightly(contact: &Value) -> String {
    text(contact, "EMAIL_ADDRESS").to_lowercase()
}

/// The numbers in all phone slots that sync.
pub fn phones_of_insightly(contact: &Value) -> Vec<String> {
    let slots = ["PHONE_MOBILE", "PHONE", "PHONE_HOME", "PHONE_OTHER"];
    let numbers = slots.map(|slot| digits(&text(contact, slot)));
    numbers
        .into_iter()
        .filter(|digits| !digits.is_empty())
        .collect()
}

/// The tags of a GHL contact, in order and small letters.
pub fn tags_of_ghl(contact: &Value) -> String {
    sorted(strings(&contact["tags"], |tag| tag))
}

/// The tags of an Insightly contact, in order and small letters.
pub fn tags_of_insightly(contact: &Value) -> String {
    sorted(strings(&contact["TAGS"], |tag| &tag["TAG_NAME"]))
}

/// Whether e-mail is off in GHL.
pub fn opted_out_in_ghl(contact: &Value) -> bool {
    let status = contact["dndSettings"]["Email"]["status"].as_str();
    contact["dnd"] == true || matches!(status, Some("active" | "permanent"))
}

/// A country alone is what the location puts there by itself.
fn address_of_ghl(contact: &Value) -> String {
    let parts = ["address1", "city", "state", "postalCode"].map(|part| held(contact, part));
    with_country(&parts, &text(contact, "country"))
}

fn address_of_insightly(contact: &Value) -> String {
    let parts = ["STREET", "CITY", "STATE", "POSTCODE"];
    let parts = parts.map(|part| text(contact, &format!("ADDRESS_MAIL_{part}")));
    let name = text(contact, "ADDRESS_MAIL_COUNTRY");
    let known = COUNTRIES.iter().find(|(_, known)| *known == name);
    with_country(&parts, known.map_or(name.as_str(), |(code, _)| *code))
}

fn with_country(parts: &[String; 4], country: &str) -> String {
    if parts.iter().all(String::is_empty) {
        return String::new();
    }
    format!("{}, {country}", parts.join(", "))
}

fn strings(list: &Value, text: impl Fn(&Value) -> &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    let texts = items.filter_map(|item| Some(text(item).as_str()?.to_owned()));
    texts.collect()
}

fn sorted(names: Vec<String>) -> String {
    let names = names.into_iter().map(|name| name.trim().to_lowercase());
    let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// A custom field's value; several options in any order.
fn custom(fields: &Value, member: &str, name: &str) -> String {
    let mut all = fields.as_array().into_iter().flatten();
    let Some(field) = all.find(|field| field[member] == name) else {
        return String::new();
    };
    match field.get("value").unwrap_or(&field["FIELD_VALUE"]) {
        list @ Value::Array(_) => sorted(strings(list, |item| item)),
        Value::String(text) => sorted(text.split(';').map(str::to_owned).collect()),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
