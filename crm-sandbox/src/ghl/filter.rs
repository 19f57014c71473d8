//! The filter language of `POST /contacts/search`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::rows::Row;

/// The longest value that a filter may carry.
const LONGEST_VALUE: usize = 75;

/// A checked filter.
#[derive(Debug)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    One { field: Field, test: Test },
}

/// What a filter or a sort looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    Added,
    Updated,
    /// A member as it is stored.
    Stored(&'static str),
    /// A member in lower case.
    Lower(&'static str),
    Custom(String),
    /// Channel of `dndSettings` or `inboundDndSettings`.
    Channel(&'static str, String),
}

#[derive(Debug)]
pub(super) enum Test {
    Equal(Value),
    NotEqual(Value),
    Contains(String),
    NotContains(String),
    Exists,
    NotExists,
    Range(Vec<(Bound, Value)>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    Above,
    From,
    Below,
    UpTo,
}

impl Field {
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let unknown = || format!("Invalid field: {name}");
        Ok(match name {
            "dateAdded" => Self::Added,
            "dateUpdated" => Self::Updated,
            "firstNameLowerCase" => Self::Lower("firstName"),
            "lastNameLowerCase" => Self::Lower("lastName"),
            "address" => Self::Stored("address1"),
            "businessName" => Self::Stored("companyName"),
            _ => match name.split('.').collect::<Vec<_>>()[..] {
                ["customFields", id] => Self::Custom(id.to_owned()),
                ["dndSettings", channel, "status"] => {
                    Self::Channel("dndSettings", channel.to_owned())
                }
                ["inboundDndSettings", "all", "status"] => {
                    Self::Channel("inboundDndSettings", "all".to_owned())
                }
                [member] => {
                    let searchable = [
                        "email",
                        "phone",
                        "tags",
                        "dnd",
                        "type",
                        "assignedTo",
                        "lastActivity",
                        "city",
                        "state",
                        "country",
                        "postalCode",
                        "source",
                        "companyName",
                        "timezone",
                        "website",
                        "dateOfBirth",
                        "firstName",
                        "lastName",
                    ];
                    let found = searchable.into_iter().find(|known| *known == member);
                    Self::Stored(found.ok_or_else(unknown)?)
                }
                _ => return Err(unknown()),
            },
        })
    }

    /// What a row holds there; stamps as milliseconds.
    pub(super) fn of(&self, row: &Row) -> Value {
        let stored = |name: &str| row.fields.get(name).cloned();
        let found = match self {
            Self::Added => return json!(row.created.as_millisecond()),
            Self::Updated => return json!(row.updated.as_millisecond()),
            Self::Stored("dnd") => Some(stored("dnd").unwrap_or(json!(false))),
            Self::Stored("type") => Some(stored("type").unwrap_or(json!("lead"))),
            Self::Stored(name) => stored(name),
            Self::Lower(name) => row.fields.text(name).map(|t| json!(t.to_lowercase())),
            Self::Custom(id) => row.fields.pair("customFields", id).cloned(),
            Self::Channel(member, channel) => {
                let status = format!("/{channel}/status");
                row.fields
                    .get(member)
                    .and_then(|m| m.pointer(&status).cloned())
            }
        };
        found.unwrap_or(Value::Null)
    }

    pub(super) fn is_stamp(&self) -> bool {
        matches!(self, Self::Added | Self::Updated)
    }
}

impl Filter {
    /// The list at the top, all of which must hold.
    pub(super) fn parse_all(filters: &Value) -> Result<Self, String> {
        let entries = filters.as_array().ok_or("filters must be an array")?;
        let parsed: Result<Vec<_>, _> = entries.iter().map(Self::parse).collect();
        Ok(Self::All(parsed?))
    }

    fn parse(node: &Value) -> Result<Self, String> {
        let text = |name: &str| node.get(name).and_then(Value::as_str);
        if let Some(group) = node.get("group") {
            let inner = node.get("filters").unwrap_or(&Value::Null);
            let Self::All(inner) = Self::parse_all(inner)? else {
                return Err("filters must be an array".to_owned());
            };
            return match group.as_str() {
                Some("AND") => Ok(Self::All(inner)),
                Some("OR") => Ok(Self::Any(inner)),
                _ => Err(format!("Invalid group: {group}")),
            };
        }
        let field = Field::parse(text("field").ok_or("Invalid field: field is missing")?)?;
        let operator = text("operator").ok_or("Invalid operator: operator is missing")?;
        let value = node.get("value").unwrap_or(&Value::Null);
        if value
            .as_str()
            .is_some_and(|text| text.chars().count() > LONGEST_VALUE)
        {
            return Err(format!(
                "Invalid value: longer than {LONGEST_VALUE} characters"
            ));
        }
        Ok(Self::One {
            test: Test::parse(operator, value, &field)?,
            field,
        })
    }

    /// Whether every row passes.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::All(filters) if filters.is_empty())
    }

    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.holds(row)),
            Self::Any(filters) => filters.iter().any(|filter| filter.holds(row)),
            Self::One { field, test } => test.holds(&field.of(row)),
        }
    }

    /// The least and the greatest stamp of `field` that can pass, in milliseconds.
    pub(super) fn bounds(&self, wanted: &Field) -> (i64, i64) {
        let (mut least, mut greatest) = (i64::MIN, i64::MAX);
        let Self::All(filters) = self else {
            return (least, greatest);
        };
        for filter in filters {
            let Self::One {
                field,
                test: Test::Range(bounds),
            } = filter
            else {
                continue;
            };
            if field != wanted {
                continue;
            }
            for (bound, value) in bounds {
                let Some(value) = value.as_i64() else {
                    continue;
                };
                match bound {
                    Bound::Above | Bound::From => least = least.max(value),
                    Bound::Below | Bound::UpTo => greatest = greatest.min(value),
                }
            }
        }
        (least, greatest)
    }
}

impl Test {
    fn parse(operator: &str, value: &Value, field: &Field) -> Result<Self, String> {
        let plain = || match value {
            Value::Null | Value::Object(_) => Err(format!("Invalid value for {operator}: {value}")),
            value => Ok(comparable(value, field)),
        };
        let text = || match value {
            Value::String(text) => Ok(text.to_lowercase()),
            value => Err(format!("Invalid value for {operator}: {value}")),
        };
        Ok(match operator {
            "eq" => Self::Equal(plain()?),
            "not_eq" => Self::NotEqual(plain()?),
            "contains" => Self::Contains(text()?),
            "not_contains" => Self::NotContains(text()?),
            "exists" => Self::Exists,
            "not_exists" => Self::NotExists,
            "range" => Self::Range(range(value, field)?),
            _ => return Err(format!("Invalid operator: {operator}")),
        })
    }

    fn holds(&self, held: &Value) -> bool {
        match self {
            Self::Equal(wanted) => equal(held, wanted),
            Self::NotEqual(wanted) => !equal(held, wanted),
            Self::Contains(part) => contains(held, part),
            Self::NotContains(part) => !contains(held, part),
            Self::Exists => !absent(held),
            Self::NotExists => absent(held),
            Self::Range(bounds) => bounds
                .iter()
                .all(|(bound, limit)| within(held, *bound, limit)),
        }
    }
}

fn range(value: &Value, field: &Field) -> Result<Vec<(Bound, Value)>, String> {
    let members = value
        .as_object()
        .ok_or("Invalid value for range: not an object")?;
    let bounds = members.iter().map(|(name, limit)| {
        let bound = match name.as_str() {
            "gt" => Bound::Above,
            "gte" => Bound::From,
            "lt" => Bound::Below,
            "lte" => Bound::UpTo,
            _ => return Err(format!("Invalid value for range: {name}")),
        };
        let limit = comparable(limit, field);
        if field.is_stamp() && !limit.is_i64() {
            return Err(format!("Invalid value for range: {limit}"));
        }
        Ok((bound, limit))
    });
    bounds.collect()
}

/// Dates become milliseconds where a stamp is looked at.
fn comparable(value: &Value, field: &Field) -> Value {
    match value.as_str() {
        Some(text) if field.is_stamp() => {
            millisecond(text).map_or_else(|| value.clone(), |ms| json!(ms))
        }
        _ => value.clone(),
    }
}

fn millisecond(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let day: Date = text.parse().ok()?;
    let midnight = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(midnight.as_millisecond())
}

fn absent(held: &Value) -> bool {
    match held {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

fn equal(held: &Value, wanted: &Value) -> bool {
    match (held, wanted) {
        (Value::Array(held), Value::Array(wanted)) => wanted
            .iter()
            .all(|one| held.iter().any(|held| equal(held, one))),
        (Value::Array(held), wanted) => held.iter().any(|held| equal(held, wanted)),
        (held, Value::Array(wanted)) => wanted.iter().any(|wanted| equal(held, wanted)),
        (Value::String(held), Value::String(wanted)) => {
            held.to_lowercase() == wanted.to_lowercase()
        }
        _ => held == wanted,
    }
}

fn contains(held: &Value, part: &str) -> bool {
    match held {
        Value::String(text) => text.to_lowercase().contains(part),
        Value::Array(entries) => entries.iter().any(|entry| contains(entry, part)),
        _ => false,
    }
}

fn within(held: &Value, bound: Bound, limit: &Value) -> bool {
    let order = match (held, limit) {
        (Value::Number(held), Value::Number(limit)) => match (held.as_i64(), limit.as_i64()) {
            (Some(held), Some(limit)) => Some(held.cmp(&limit)),
            _ => held.as_f64().partial_cmp(&limit.as_f64()),
        },
        (Value::String(held), Value::String(limit)) => Some(held.cmp(limit)),
        _ => None,
    };
    order.is_some_and(|order| match bound {
        Bound::Above => order.is_gt(),
        Bound::From => order.is_ge(),
        Bound::Below => order.is_lt(),
        Bound::UpTo => order.is_le(),
    })
}
