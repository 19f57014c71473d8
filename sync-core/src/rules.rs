//! Conflict rules: what a field becomes when both sides changed it.
//!
//! A rule sees one field: both shadows, both values, and the evidence of when
//! each side changed it. It answers with a side, a merged value, or a hold. No
//! clock, no I/O. The value that loses stays readable in the history.
//!
//! | you want | use |
//! | --- | --- |
//! | the later edit, where it is known | [`NewestWins`] |
//! | the side whose record was changed last | [`LatestRecord`] |
//! | one side always | [`Prefer`] |
//! | one value always, such as an opt-out | [`Sticky`] |
//! | the longer text | [`LongestText`] |
//! | a person to decide | [`HoldAll`] |
//! | another rule for some fields | [`ByField`] |
//!
//! Sets are merged item by item before any rule is asked, and so are long texts by line, lists by
//! entry and maps by name, where no line, entry or name was edited on both sides.

use jiff::{SignedDuration, Timestamp};

use crate::{
    field::{Field, FieldKey},
    field_type::FieldType,
    fields::FieldUse,
    side::{Both, Side},
    value::Value,
};

/// A field that both sides changed to different values.
#[derive(Debug)]
pub struct Conflict<'a> {
    /// The field.
    pub field: &'a FieldKey,
    /// What each side says of it.
    pub versions: Both<Version<'a>>,
}

/// One side's version of a field in conflict.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// What the side showed when the link last agreed.
    pub shadow: Option<&'a Value>,
    /// What it shows now. A reference is in the side's own id space.
    pub value: Option<&'a Value>,
    /// When it changed, if anything is known.
    pub changed: Option<Interval>,
    /// How the side holds the field.
    pub holds: &'a FieldUse,
}

/// Sometime between these two, on a common clock, widened by what the clocks may be off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Not before.
    pub earliest: Timestamp,
    /// Not after.
    pub latest: Timestamp,
}

/// What a rule answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The left value is written to the right.
    TakeLeft,
    /// The right value is written to the left.
    TakeRight,
    /// A third value is written to both. A reference is in the left side's id space.
    Merge(Value),
    /// A person decides; the reason is shown.
    Hold(String),
}

impl Verdict {
    /// Takes a side's value.
    pub const fn take(side: Side) -> Self {
        match side {
            Side::Left => Self::TakeLeft,
            Side::Right => Self::TakeRight,
        }
    }
}

/// Decides conflicts. Closures implement it.
///
/// [`testing::rule_laws`](crate::testing::rule_laws) proves its laws: it answers the same for the
/// same conflict, and never panics; what it merges fits both sides; a hold has a reason.
pub trait ConflictRule: Send + Sync + 'static {
    /// Decides one field.
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict;

    /// The rule's name in the history.
    fn name(&self, field: &FieldKey) -> &str;
}

impl<F> ConflictRule for F
where
    F: Fn(&Conflict<'_>) -> Verdict + Send + Sync + 'static,
{
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        self(conflict)
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "custom rule"
    }
}

/// What to do where a rule cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// Take this side.
    Prefer(Side),
    /// Ask a person.
    Hold,
}

impl Otherwise {
    fn verdict(self, why: &str) -> Verdict {
        match self {
            Self::Prefer(side) => Verdict::take(side),
            Self::Hold => Verdict::Hold(why.to_owned()),
        }
    }
}

/// The later edit wins. Where the evidence overlaps or is missing it does not guess.
#[derive(Debug, Clone, Copy)]
pub struct NewestWins {
    /// What to do where it cannot tell.
    pub otherwise: Otherwise,
}

impl ConflictRule for NewestWins {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        match conflict.versions.as_ref().map(|version| version.changed) {
            Both {
                left: Some(left),
                right: Some(right),
            } if left.latest < right.earliest => Verdict::TakeRight,
            Both {
                left: Some(left),
                right: Some(right),
            } if right.latest < left.earliest => Verdict::TakeLeft,
            _ => self
                .otherwise
                .verdict("both sides changed it, and which edit is later cannot be told"),
        }
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "newest wins"
    }
}

/// The side whose record was changed last wins, whichever of its fields that was.
///
/// Two edits between the same two polls cannot be told apart by [`NewestWins`]; the stamps of the
/// records can, but they are of the record: a later edit of another field counts too.
#[derive(Debug, Clone, Copy)]
pub struct LatestRecord {
    /// What to do where the stamps are missing or too close.
    pub otherwise: Otherwise,
}

/// Stamps are cut to the second, and clocks are known to about a second.
const TOO_CLOSE: SignedDuration = SignedDuration::from_secs(3);

impl ConflictRule for LatestRecord {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let changed = conflict.versions.as_ref().map(|version| version.changed);
        match (changed.left, changed.right) {
            (Some(left), Some(right)) if left.latest + TOO_CLOSE < right.latest => {
                Verdict::TakeRight
            }
            (Some(left), Some(right)) if right.latest + TOO_CLOSE < left.latest => {
                Verdict::TakeLeft
            }
            _ => self
                .otherwise
                .verdict("both records were changed at about the same time"),
        }
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "latest record wins"
    }
}

/// One side always wins.
#[derive(Debug, Clone, Copy)]
pub struct Prefer(pub Side);

impl ConflictRule for Prefer {
    fn decide(&self, _conflict: &Conflict<'_>) -> Verdict {
        Verdict::take(self.0)
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        match self.0 {
            Side::Left => "prefer left",
            Side::Right => "prefer right",
        }
    }
}

/// One value wins on whichever side it is, such as an opt-out.
#[derive(Debug, Clone)]
pub struct Sticky(pub Value);

impl ConflictRule for Sticky {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let has = |side: Side| conflict.versions[side].value == Some(&self.0);
        match (has(Side::Left), has(Side::Right)) {
            (true, _) => Verdict::TakeLeft,
            (false, true) => Verdict::TakeRight,
            (false, false) => Verdict::Hold("both sides changed it".to_owned()),
        }
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "sticky value"
    }
}

/// The longer text wins; of two equally long ones the left.
#[derive(Debug, Clone, Copy)]
pub struct LongestText;

impl ConflictRule for LongestText {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        let length = |side: Side| match conflict.versions[side].value {
            Some(Value::Text(text)) => text.chars().count(),
            _ => 0,
        };
        if length(Side::Right) > length(Side::Left) {
            Verdict::TakeRight
        } else {
            Verdict::TakeLeft
        }
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "longest text"
    }
}

/// A person decides.
#[derive(Debug, Clone, Copy)]
pub struct HoldAll;

impl ConflictRule for HoldAll {
    fn decide(&self, _conflict: &Conflict<'_>) -> Verdict {
        Verdict::Hold("both sides changed it".to_owned())
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "hold"
    }
}

/// Another rule for some fields.
pub struct ByField {
    otherwise: Box<dyn ConflictRule>,
    fields: Vec<(FieldKey, Box<dyn ConflictRule>)>,
}

impl ByField {
    /// All fields by one rule.
    pub fn all(rule: impl ConflictRule) -> Self {
        Self {
            otherwise: Box::new(rule),
            fields: Vec::new(),
        }
    }

    /// But this one by another.
    pub fn field<T: FieldType>(self, field: &Field<T>, rule: impl ConflictRule) -> Self {
        self.key(field.key().clone(), rule)
    }

    /// The same for a field whose type is known at run time only.
    pub fn key(mut self, key: FieldKey, rule: impl ConflictRule) -> Self {
        self.fields.push((key, Box::new(rule)));
        self
    }

    fn of(&self, key: &FieldKey) -> &dyn ConflictRule {
        let own = self.fields.iter().rev().find(|(field, _)| field == key);
        own.map_or(&*self.otherwise, |(_, rule)| &**rule)
    }
}

impl std::fmt::Debug for ByField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.fields.iter().map(|(key, rule)| (key, rule.name(key)));
        f.debug_map().entries(names).finish()
    }
}

impl ConflictRule for ByField {
    fn decide(&self, conflict: &Conflict<'_>) -> Verdict {
        self.of(conflict.field).decide(conflict)
    }

    fn name(&self, field: &FieldKey) -> &str {
        self.of(field).name(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fields::Fields,
        testing::{rule_is_symmetric, rule_laws},
    };

    static CITY: Field<String> = Field::new("city");
    static SEATS: Field<i64> = Field::new("seats");

    fn between(earliest: i64, latest: i64) -> Option<Interval> {
        let at = |second| Timestamp::from_second(second).ok();
        at(earliest)
            .zip(at(latest))
            .map(|(earliest, latest)| Interval { earliest, latest })
    }

    /// Conflicts over each of these, one for each pair of intervals.
    fn with_conflicts<T>(
        intervals: &[Both<Option<Interval>>],
        prove: impl FnOnce(Vec<Conflict<'_>>) -> T,
    ) -> T {
        let fields = Fields::new().exact(&CITY).exact(&SEATS);
        let text = |text: &str| Some(Value::Text(text.into()));
        let values = [
            (CITY.key(), text("Oslo"), text("Bergen")),
            (CITY.key(), text("Oslo"), None),
            (SEATS.key(), Some(Value::Int(7)), Some(Value::Int(12))),
        ];
        let mut conflicts = Vec::new();
        for (field, left, right) in &values {
            for changed in intervals {
                let versions = Both::from_fn(|side| Version {
                    shadow: None,
                    value: Both::new(left, right)[side].as_ref(),
                    changed: changed[side],
                    holds: fields.get(field).unwrap(),
                });
                conflicts.push(Conflict { field, versions });
            }
        }
        prove(conflicts)
    }

    fn stock() -> Vec<Box<dyn ConflictRule>> {
        let mut rules: Vec<Box<dyn ConflictRule>> = vec![
            Box::new(Sticky(Value::Int(7))),
            Box::new(LongestText),
            Box::new(HoldAll),
            Box::new(ByField::all(HoldAll).field(&SEATS, Prefer(Side::Left))),
        ];
        for side in Side::BOTH {
            rules.push(Box::new(Prefer(side)));
        }
        for otherwise in [Otherwise::Hold, Otherwise::Prefer(Side::Right)] {
            rules.push(Box::new(NewestWins { otherwise }));
            rules.push(Box::new(LatestRecord { otherwise }));
        }
        rules
    }

    /// One after the other, overlapping, and unknown.
    fn intervals() -> [Both<Option<Interval>>; 3] {
        [
            Both::new(between(1, 5), between(60, 70)),
            Both::new(between(1, 65), between(60, 66)),
            Both::new(between(1, 5), None),
        ]
    }

    #[test]
    fn the_stock_rules_keep_the_laws_of_rules() {
        for rule in stock() {
            let proved = with_conflicts(&intervals(), |conflicts| rule_laws(&*rule, conflicts));
            assert_eq!(proved, Ok(()), "{}", rule.name(CITY.key()));
        }
    }

    #[test]
    fn with_evidence_the_newest_wins_on_whichever_side_it_is() {
        let otherwise = Otherwise::Prefer(Side::Left);
        let rules: [&dyn ConflictRule; 3] = [
            &NewestWins { otherwise },
            &LatestRecord { otherwise },
            &Sticky(Value::Int(7)),
        ];
        let known = &intervals()[..1];
        for rule in rules {
            let proved = with_conflicts(known, |conflicts| rule_is_symmetric(rule, conflicts));
            assert_eq!(proved, Ok(()), "{}", rule.name(CITY.key()));
        }
        let overlapping = &intervals()[1..];
        let newest = NewestWins { otherwise };
        let proved = with_conflicts(overlapping, |all| rule_is_symmetric(&newest, all));
        assert!(proved.is_err(), "without evidence it prefers a side");
        let newest = NewestWins {
            otherwise: Otherwise::Hold,
        };
        let proved = with_conflicts(overlapping, |all| rule_is_symmetric(&newest, all));
        assert_eq!(proved, Ok(()), "or holds");
    }
}
