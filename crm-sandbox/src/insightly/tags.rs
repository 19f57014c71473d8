//! Tags: names on a record, without ids of their own.

use http::StatusCode;
use serde_json::{Value, json};

use super::refusal::{Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{Insightly, switches as on};
use crate::reply::Reply;
use crate::rows::Fields;

fn name_of(tag: &Value) -> &str {
    tag.get("TAG_NAME")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Tags as they are stored: names alone.
pub(super) fn names(tags: &Value) -> Value {
    let tags = tags.as_array().into_iter().flatten();
    tags.map(|tag| json!(name_of(tag))).collect()
}

/// Tags as they are shown.
pub(super) fn shapes(names: &[Value]) -> Value {
    let shown = names.iter().map(|name| json!({ "TAG_NAME": name }));
    shown.collect()
}

/// The name in the body of one tag.
fn checked(tag: &Value) -> Result<&str, Refusal> {
    match name_of(tag) {
        "" => Err(bad("TAG_NAME is required.")),
        name if name.chars().count() > 255 => Err(bad("TAG_NAME is too long.")),
        name => Ok(name),
    }
}

impl Insightly {
    pub(super) fn is_same_tag(&self, stored: &Value, other: &str) -> bool {
        let one = stored.as_str().unwrap_or_default();
        if self.switches.is(&on::TAG_CASE, "ignored") {
            one.to_lowercase() == other.to_lowercase()
        } else {
            one == other
        }
    }

    /// The given tags added to those there are, each once, in its first spelling.
    fn united(&self, mut tags: Vec<Value>, given: &[Value]) -> Result<Vec<Value>, Refusal> {
        for tag in given {
            let name = checked(tag)?;
            let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            if self.switches.is(&on::TAG_CHARACTERS, "refused") && !name.chars().all(plain) {
                return Err(bad("TAG_NAME has characters that are not allowed."));
            }
            if !tags.iter().any(|kept| self.is_same_tag(kept, name)) {
                tags.push(json!(name));
            }
        }
        Ok(tags)
    }

    /// `TAGS` in the body of a record.
    pub(super) fn write_tags(&self, fields: &mut Fields, value: &Value) -> Result<(), Refusal> {
        if self.switches.is(&on::TAGS_IN_PARENT, "ignored") {
            return Ok(());
        }
        let given = value
            .as_array()
            .ok_or_else(|| bad("TAGS must be an array."))?;
        let before = if self.switches.is(&on::TAGS_IN_PARENT, "merges") {
            fields.list("TAGS").to_vec()
        } else {
            Vec::new()
        };
        fields.set("TAGS", json!(self.united(before, given)?));
        Ok(())
    }

    pub(super) fn get_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, row) = self.row(exchange)?;
        Ok(Reply::json(
            self.sublist_status(),
            &shapes(row.fields.open().list("TAGS")),
        ))
    }

    pub(super) fn sublist_status(&self) -> StatusCode {
        if self.switches.is(&on::SUBLIST_STATUS, "201") {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        }
    }

    pub(super) fn add_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, row) = self.row(exchange)?;
        let tag = exchange.body()?;
        let given = std::slice::from_ref(&tag);
        let tags = self.united(row.fields.open().list("TAGS").to_vec(), given)?;
        self.store_tags(exchange, &tags)?;
        Ok(Reply::json(
            StatusCode::CREATED,
            &json!({ "TAG_NAME": name_of(&tag) }),
        ))
    }

    /// Replaces the whole set; a single object counts as a set of one.
    pub(super) fn set_tags(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let given = match exchange.body()? {
            Value::Array(tags) => tags,
            tag => vec![tag],
        };
        let tags = self.united(Vec::new(), &given)?;
        self.store_tags(exchange, &tags)?;
        let status = if self.switches.is(&on::PUT_STATUS, "201") {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Ok(Reply::json(status, &shapes(&tags)))
    }

    pub(super) fn remove_tag(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (_, row) = self.row(exchange)?;
        let tag = exchange.body()?;
        let name = checked(&tag)?;
        let mut tags = row.fields.open().list("TAGS").to_vec();
        tags.retain(|kept| !self.is_same_tag(kept, name));
        self.store_tags(exchange, &tags)?;
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    fn store_tags(&mut self, exchange: &Exchange<'_>, tags: &[Value]) -> Result<(), Refusal> {
        let (end, row) = self.row(exchange)?;
        let mut fields = row.fields.open();
        if fields.list("TAGS") == tags {
            return Ok(());
        }
        self.remember_parts(end, &row);
        fields.set("TAGS", json!(tags));
        let bump = self.switches.is(&on::TAG_BUMP, "yes");
        self.store(end, &fields, bump);
        self.record_written(end, "update");
        Ok(())
    }
}
