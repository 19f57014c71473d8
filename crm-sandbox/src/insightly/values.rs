//! Whether a value fits its member, and what becomes of it.

use serde_json::{Value, json};

use super::families::shelf;
use super::moment::{self, Form};
use super::refusal::{Refusal, bad};
use super::schema::{Field, Kind};
use super::{Insightly, reference, switches as on};

impl Insightly {
    /// The value to store for a member that is one value.
    pub(super) fn checked(&self, field: &Field, value: &Value) -> Result<Value, Refusal> {
        let name = field.name;
        let must_be = |what: &str| bad(format!("{name} must be {what}."));
        match field.kind {
            Kind::Integer if !value.is_i64() => Err(must_be("a number")),
            Kind::Decimal if !value.is_number() => Err(must_be("a number")),
            Kind::Flag if !value.is_boolean() => Err(must_be("true or false")),
            Kind::Range(least, most) => match value.as_i64() {
                Some(number) if (least..=most).contains(&number) => Ok(value.clone()),
                _ => Err(must_be(&format!("from {least} to {most}"))),
            },
            Kind::Of(key) => self.reference(name, key, value),
            Kind::User => match value.as_i64().filter(|user| self.is_active(*user)) {
                Some(user) => Ok(json!(user)),
                None => Err(must_be("an active user")),
            },
            Kind::Choice(choices) => self.choice(name, choices, value),
            Kind::Text(limit) | Kind::Email(limit) | Kind::Country(limit) => {
                self.text(field, value, limit)
            }
            Kind::Html(limit) => Ok(self.html(&self.text(field, value, limit)?)),
            Kind::Moment | Kind::Day => self.moment(name, value),
            _ => Ok(value.clone()),
        }
    }

    fn reference(&self, name: &str, key: &str, value: &Value) -> Result<Value, Refusal> {
        let id = value.as_i64();
        let id = id.ok_or_else(|| bad(format!("{name} must be a number.")))?;
        if id == 0 {
            return Ok(Value::Null);
        }
        let known = self.live((shelf(key), id)).is_some();
        known
            .then(|| value.clone())
            .ok_or_else(|| bad(format!("{name} {id} does not exist.")))
    }

    /// Stored as the product spells it, or as it was sent.
    fn choice(&self, name: &str, choices: &[&str], value: &Value) -> Result<Value, Refusal> {
        let text = value.as_str().unwrap_or_default();
        let known = choices
            .iter()
            .find(|known| known.eq_ignore_ascii_case(text));
        let known = known.ok_or_else(|| bad(format!("{name} is invalid.")))?;
        if self.switches.is(&on::CHOICE_CASE, "as_sent") {
            return Ok(json!(text));
        }
        Ok(json!(known))
    }

    fn text(&self, field: &Field, value: &Value, limit: usize) -> Result<Value, Refusal> {
        let name = field.name;
        let text = value.as_str();
        let text = text.ok_or_else(|| bad(format!("{name} must be a string.")))?;
        if text.is_empty() && self.switches.is(&on::EMPTY_WRITE, "null") {
            return Ok(Value::Null);
        }
        if text.chars().count() > limit {
            if self.switches.is(&on::LONG_TEXT, "refused") {
                return Err(bad(format!(
                    "{name} must not be longer than {limit} characters."
                )));
            }
            return Ok(json!(text.chars().take(limit).collect::<String>()));
        }
        let bad_email = matches!(field.kind, Kind::Email(_))
            && !text.is_empty()
            && !text.contains('@')
            && self.switches.is(&on::BAD_EMAIL, "refused");
        let bad_country = matches!(field.kind, Kind::Country(_))
            && !text.is_empty()
            && !reference::COUNTRIES.contains(&text)
            && self.switches.is(&on::UNKNOWN_COUNTRY, "refused");
        if bad_email || bad_country {
            Err(bad(format!("{name} is invalid.")))
        } else {
            Ok(json!(text))
        }
    }

    /// What the server makes of HTML.
    fn html(&self, value: &Value) -> Value {
        let Some(text) = value.as_str() else {
            return value.clone();
        };
        if self.switches.is(&on::HTML, "wrapped") && !text.is_empty() && !text.starts_with('<') {
            return json!(format!("<p>{}</p>", text.replace('\n', "<br />")));
        }
        if self.switches.is(&on::HTML, "sanitised") {
            return json!(sanitised(text));
        }
        value.clone()
    }

    pub(super) fn moment(&self, name: &str, value: &Value) -> Result<Value, Refusal> {
        let invalid = || bad(format!("{name} is not a valid date."));
        let text = value.as_str().ok_or_else(invalid)?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let (at, form) = moment::parse(text).ok_or_else(invalid)?;
        let refused = match form {
            Form::Space => false,
            Form::Iso => self.switches.is(&on::ISO_DATES, "refused"),
            Form::DateOnly => self.switches.is(&on::DATE_ONLY, "refused"),
        };
        if refused {
            Err(invalid())
        } else {
            Ok(json!(moment::written(at)))
        }
    }
}

/// Text without scripts, styles and attributes.
fn sanitised(html: &str) -> String {
    let mut clean = String::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        let Some((tag, after)) = tag.split_once('>') else {
            break;
        };
        clean.push_str(text);
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        let name = name.to_lowercase();
        rest = after;
        if matches!(name.as_str(), "script" | "style") {
            let end = format!("</{name}>");
            rest = rest.split_once(end.as_str()).map_or("", |(_, after)| after);
        } else {
            clean.push('<');
            clean.push_str(&name);
            if tag.ends_with('/') && !name.ends_with('/') {
                clean.push_str(" /");
            }
            clean.push('>');
        }
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_attributes_are_taken_out() {
        let dirty = r#"<P style="x">Hi<script>alert(1)</script> <br /> 2 &lt; 3</P>"#;
        assert_eq!(sanitised(dirty), "<p>Hi <br /> 2 &lt; 3</p>");
    }
}
