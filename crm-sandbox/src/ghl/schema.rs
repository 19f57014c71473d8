//! What a body may hold, and what the validator says of one that does not keep to it.

use serde_json::{Map, Value};

use super::refusal::should_not_exist;

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    /// Both names in one, taken apart when it is written.
    Name,
    Email,
    Phone,
    Flag,
    Number,
    /// A day of birth.
    Date,
    /// An instant in ISO 8601.
    Moment,
    Texts,
    Tags,
    CustomFields,
    Dnd,
    InboundDnd,
    Choice(&'static [&'static str]),
    /// A list of objects or texts.
    Objects,
    /// Anything, written by the server or by a person only.
    Other,
}

/// Whether a write may carry a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    Refused,
    Taken,
    OrNull,
    Needed,
    NeededOrNull,
}

/// One member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) create: Rule,
    pub(super) update: Rule,
}

use Rule::{Needed, NeededOrNull, OrNull, Refused};

pub(super) fn find(table: &'static [Member], name: &str) -> Option<&'static Member> {
    table.iter().find(|member| member.name == name)
}

/// What the validator says about a body; nothing when it is fine.
pub(super) fn complaints(
    table: &'static [Member],
    body: &Map<String, Value>,
    rule: impl Fn(&Member) -> Rule,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in body {
        let known = find(table, name).map(|member| (member, rule(member)));
        match known {
            None | Some((_, Refused)) => found.push(should_not_exist(name)),
            Some((_, OrNull | NeededOrNull)) if value.is_null() => {}
            Some((member, Needed)) if value.as_str() == Some("") => {
                found.push(format!("{} should not be empty", member.name));
            }
            Some((member, _)) => wrong_kind(member, value, &mut found),
        }
    }
    let needed = table.iter().filter(|member| {
        matches!(rule(member), Needed | NeededOrNull) && !body.contains_key(member.name)
    });
    for member in needed {
        wrong_kind(member, &Value::Null, &mut found);
    }
    found
}

fn wrong_kind(member: &Member, value: &Value, found: &mut Vec<String>) {
    let name = member.name;
    match member.kind {
        Kind::Text | Kind::Name | Kind::Phone if !value.is_string() => {
            found.push(format!("{name} must be a string"));
        }
        Kind::Email if !value.as_str().is_some_and(|e| e.is_empty() || is_email(e)) => {
            found.push(format!("{name} must be an email"));
        }
        Kind::Flag if !value.is_boolean() => found.push(format!("{name} must be a boolean value")),
        Kind::Number if !value.is_number() => {
            found.push(format!(
                "{name} must be a number conforming to the specified constraints"
            ));
        }
        Kind::Moment if value.as_str().and_then(super::moment::parse).is_none() => {
            found.push(format!("{name} must be a valid ISO 8601 date string"));
        }
        Kind::Choice(known) if !value.as_str().is_some_and(|text| known.contains(&text)) => {
            found.push(format!(
                "{name} must be one of the following values: {}",
                known.join(", ")
            ));
        }
        Kind::Objects if !value.is_array() => found.push(format!("{name} must be an array")),
        Kind::Date => {
            let text = value.as_str();
            if !text.is_some_and(|text| text.is_empty() || super::birthday::parse(text).is_some()) {
                found.push(format!("{name} must be a valid date"));
            }
        }
        Kind::Texts | Kind::Tags => texts(name, value, found),
        Kind::CustomFields => custom_fields(value, found),
        Kind::Dnd => channels(
            name,
            &["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"],
            &["status", "message", "code"],
            value,
            found,
        ),
        Kind::InboundDnd => channels(name, &["all"], &["status", "message"], value, found),
        _ => {}
    }
}

fn is_email(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or_default();
    let blank = text.chars().any(char::is_whitespace);
    !user.is_empty() && host.contains('.') && !blank
}

fn texts(name: &str, value: &Value, found: &mut Vec<String>) {
    match value.as_array() {
        None => found.push(format!("{name} must be an array")),
        Some(entries) if entries.iter().all(Value::is_string) => {}
        Some(_) => found.push(format!("each value in {name} must be a string")),
    }
}

fn custom_fields(value: &Value, found: &mut Vec<String>) {
    let Some(entries) = value.as_array() else {
        found.push("customFields must be an array".to_owned());
        return;
    };
    for (at, entry) in entries.iter().enumerate() {
        let Some(entry) = entry.as_object() else {
            found.push(format!("customFields.{at} must be an object"));
            continue;
        };
        for key in entry.keys() {
            if !["id", "key", "field_value", "fieldValue"].contains(&key.as_str()) {
                found.push(format!("customFields.{at}.{}", should_not_exist(key)));
            }
        }
        if !entry.contains_key("id") && !entry.contains_key("key") {
            found.push(format!("customFields.{at}.id must be a string"));
        }
    }
}

fn channels(name: &str, known: &[&str], members: &[&str], value: &Value, found: &mut Vec<String>) {
    let Some(channels) = value.as_object() else {
        found.push(format!("{name} must be an object"));
        return;
    };
    for (channel, setting) in channels {
        if !known.contains(&channel.as_str()) {
            found.push(format!("{name}.{}", should_not_exist(channel)));
            continue;
        }
        for (member, value) in setting.as_object().into_iter().flatten() {
            if !members.contains(&member.as_str()) {
                found.push(format!("{name}.{channel}.{}", should_not_exist(member)));
            } else if !value.is_string() {
                found.push(format!("{name}.{channel}.{member} must be a string"));
            }
        }
        let status = setting.get("status").and_then(Value::as_str);
        if !status.is_some_and(|s| ["active", "inactive", "permanent"].contains(&s)) {
            found.push(format!(
                "{name}.{channel}.status must be one of the following values: active, inactive, permanent"
            ));
        }
    }
}
