//! One step of a plan: what is done, why, and what it stands on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    field::FieldKey,
    id::{Kind, LinkId, RecordId, Ref, Stamp},
    link::Decided,
    matching::MatchKey,
    record::Record,
    side::{Both, Side},
    store::Dirty,
    value::Value,
};

/// One step of a plan, as staged, shown and counted. It prints as one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// Its place in the plan.
    pub sequence: u64,
    /// The kind.
    pub kind: Kind,
    /// The record that the entry was planned from.
    pub from: (Side, RecordId),
    /// The link of the records, where they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkId>,
    /// What each side showed when the step was planned.
    #[serde(default)]
    pub before: Both<Option<Before>>,
    /// What is done; `None` where shadows advance without a call.
    pub writes: Both<Option<StagedWrite>>,
    /// The side whose record is deleted, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes: Option<Side>,
    /// Whether the record is what a move has left behind, and is deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clears: bool,
    /// The counterpart that it is matched with, if that is new.
    pub links: Option<StagedLink>,
    /// Whether it takes back what was written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// Answers that a person gave, which the link keeps from then on until both sides have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<(FieldKey, Decided)>,
    /// The dirty marks that it answers.
    pub answers: Vec<Dirty>,
}

/// A record as a step was planned from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Its own id.
    pub id: RecordId,
    /// The newest stamp seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// What it showed of the fields that the step is about; of all, where it is created from it.
    pub shown: Record,
}

/// A counterpart that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedLink {
    /// Its own id.
    pub id: RecordId,
    /// The key that both records have.
    pub by: MatchKey,
}

/// What one side gets of a staged step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedWrite {
    /// Whether the record is created.
    pub create: bool,
    /// The parent to which it is moved: it is created anew there, and the old record is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves: Option<Ref>,
    /// The calls, by name.
    pub calls: Vec<String>,
    /// Whether the record is read by id before it is written, as far as the plan can tell.
    #[serde(default)]
    pub look: bool,
    /// The fields.
    pub fields: Vec<StagedField>,
}

/// What one field of a side becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedField {
    /// The field.
    pub key: FieldKey,
    /// What it shows.
    pub old: Option<Value>,
    /// What it is to show.
    pub new: Option<Value>,
    /// Why it is written.
    pub why: Why,
}

/// Why a field is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The record is created.
    Created,
    /// The records meet for the first time in this field.
    Met,
    /// That side changed it.
    Changed {
        /// The side.
        side: Side,
        /// What it showed there before.
        from: Option<Value>,
    },
    /// Both sides changed it, and what they did goes together.
    Merged,
    /// Both sides changed it, and a rule decided.
    Decided {
        /// The rule.
        rule: String,
    },
    /// A rule or a person had decided it before.
    Answered,
}

impl Staged {
    /// The records that it is about, as far as there are any yet.
    pub fn ids(&self) -> Both<Option<&RecordId>> {
        let before = self.before.as_ref();
        let mut ids = before.map(|before| before.as_ref().map(|before| &before.id));
        ids[self.from.0].get_or_insert(&self.from.1);
        ids
    }

    /// Whether nothing is sent for it.
    pub(crate) fn needs_no_call(&self) -> bool {
        let writes = self.writes != Both::default();
        !writes && self.deletes.is_none() && !self.clears && !self.undo
    }

    /// The sentence, with the sides called by these names.
    pub fn told<'a>(&'a self, names: &'a Both<&'a str>) -> impl fmt::Display + 'a {
        Sentence {
            staged: self,
            names,
        }
    }

    /// Why another plan of the same records is not this one; `None` where it is.
    pub(crate) fn differs_from(&self, now: &Self) -> Option<String> {
        if self.link != now.link {
            return Some("the records were linked or parted since".to_owned());
        }
        for side in Side::BOTH {
            if let Some(why) = moved(side, self.before[side].as_ref(), now.before[side].as_ref()) {
                return Some(why);
            }
        }
        let deletes = self.deletes == now.deletes && self.clears == now.clears;
        let same = deletes && self.links == now.links && self.writes == now.writes;
        (!same).then(|| "something else would be done now".to_owned())
    }
}

fn moved(side: Side, then: Option<&Before>, now: Option<&Before>) -> Option<String> {
    let (then, now) = match (then, now) {
        (None, None) => return None,
        (Some(then), Some(now)) => (then, now),
        (None, Some(now)) => {
            return Some(format!(
                "there is a record on the {side} side now: {}",
                now.id
            ));
        }
        (Some(then), None) => {
            return Some(format!("the record {} on the {side} side is gone", then.id));
        }
    };
    if then.id != now.id {
        return Some(format!("the record on the {side} side is {} now", now.id));
    }
    let keys = then.shown.iter().chain(now.shown.iter());
    let key = keys
        .map(|(key, _)| key)
        .find(|key| then.shown.value(key) != now.shown.value(key))?;
    let (was, is) = (Quoted(then.shown.value(key)), Quoted(now.shown.value(key)));
    let when = match now.stamp {
        Some(stamp) if now.stamp != then.stamp => format!(" since {}", stamp.0),
        _ => String::new(),
    };
    Some(format!(
        "the {side} side shows {key} = {is}{when} (it was {was})"
    ))
}

impl fmt::Display for Staged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Side::BOTH.map(Side::as_str);
        self.told(&Both::new(names[0], names[1])).fmt(f)
    }
}

struct Sentence<'a> {
    staged: &'a Staged,
    names: &'a Both<&'a str>,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (staged, names) = (self.staged, self.names);
        let (kind, (from, id)) = (&staged.kind, &staged.from);
        let (here, there) = (names[*from], names[!*from]);
        let mut clauses = Clauses { f, some: false };
        if let Some(StagedLink { id: other, by }) = &staged.links {
            clauses.next()?;
            let (name, value) = (&by.name, &by.value);
            write!(
                clauses.f,
                "link {kind} {here} {id} with {there} {other}, because {name} `{value}` is on both"
            )?;
        }
        for side in Side::BOTH {
            let Some(write) = &staged.writes[side] else {
                continue;
            };
            clauses.next()?;
            if write.create {
                write!(
                    clauses.f,
                    "create {kind} in {} from {here} {id}: ",
                    names[side]
                )?;
            } else {
                let ids = staged.ids();
                let own = ids[side].map_or("", RecordId::as_str);
                let name = names[side];
                match &write.moves {
                    None => write!(clauses.f, "update {kind} {own} in {name}: ")?,
                    Some(to) => write!(
                        clauses.f,
                        "move {kind} {own} in {name} to {} {}, by creating it there and deleting the old one: ",
                        to.kind, to.id
                    )?,
                }
            }
            for (at, field) in write.fields.iter().enumerate() {
                clauses.f.write_str(if at > 0 { ", " } else { "" })?;
                field.tell(clauses.f, names)?;
            }
        }
        if let Some(side) = staged.deletes {
            clauses.next()?;
            let own = staged.ids()[side].map_or("", RecordId::as_str);
            write!(clauses.f, "delete {kind} {own} in {}", names[side])?;
        }
        if staged.clears {
            clauses.next()?;
            write!(
                clauses.f,
                "delete {kind} {id} in {here}, which was moved: another took its place"
            )?;
        }
        if !clauses.some {
            write!(
                clauses.f,
                "remember that {kind} {here} {id} agrees with {there}; no call"
            )?;
        }
        Ok(())
    }
}

struct Clauses<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    some: bool,
}

impl Clauses<'_, '_> {
    fn next(&mut self) -> fmt::Result {
        let first = !std::mem::replace(&mut self.some, true);
        self.f.write_str(if first { "" } else { "; " })
    }
}

impl StagedField {
    fn tell(&self, f: &mut fmt::Formatter<'_>, names: &Both<&str>) -> fmt::Result {
        write!(f, "{} = {}", self.key, Quoted(self.new.as_ref()))?;
        let old = Quoted(self.old.as_ref());
        match &self.why {
            Why::Created => Ok(()),
            Why::Met => write!(f, " (it is {old}, and the two meet for the first time)"),
            Why::Changed { side, from } => {
                let from = Quoted(from.as_ref());
                write!(f, " ({} changed it from {from})", names[*side])
            }
            Why::Merged => write!(f, " (it is {old}, and both sides changed it)"),
            Why::Decided { rule } => {
                let rule = names.put_into(rule);
                write!(f, " (it is {old}, and `{rule}` decided)")
            }
            Why::Answered => write!(f, " (it is {old}, and that was decided before)"),
        }
    }
}

struct Quoted<'a>(Option<&'a Value>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "`{value}`"),
            None => f.write_str("(blank)"),
        }
    }
}
