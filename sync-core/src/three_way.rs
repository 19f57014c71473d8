//! Values that are made of parts merge part by part, where nobody edited what somebody else did.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::value::{Shape, Value};

/// A longer sequence is taken as a whole: comparing costs the product of the lengths.
const MOST: usize = 1_000;

/// Two edits meet, or the shape has no parts that change alone: a rule has to say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Met;

/// The value with the edits of both sides; `None` where that leaves nothing.
pub(crate) fn merged(
    shape: Shape,
    base: Option<&Value>,
    left: Option<&Value>,
    right: Option<&Value>,
) -> Result<Option<Value>, Met> {
    match shape {
        Shape::Lines => {
            let (Some(Value::Text(base)), Some(Value::Text(left)), Some(Value::Text(right))) =
                (base, left, right)
            else {
                return Err(Met);
            };
            let lines = |text: &'_ SmolStr| text.split('\n').map(SmolStr::from).collect::<Vec<_>>();
            let merged = sequence(&lines(base), &lines(left), &lines(right)).ok_or(Met)?;
            Ok(Some(Value::Text(merged.join("\n").into())))
        }
        Shape::List => {
            let [base, left, right] = [base, left, right].map(entries);
            Ok(Value::list_of(sequence(base, left, right).ok_or(Met)?))
        }
        Shape::Map => {
            let [base, left, right] = [base, left, right].map(parts);
            Ok(Value::composite_of(by_name(base, left, right).ok_or(Met)?))
        }
        _ => Err(Met),
    }
}

/// The entries of a list; a blank has none.
fn entries(value: Option<&Value>) -> &[SmolStr] {
    match value {
        Some(Value::List(entries)) => entries,
        _ => &[],
    }
}

/// The named parts of a value; a blank has none.
fn parts(value: Option<&Value>) -> &[(SmolStr, SmolStr)] {
    match value {
        Some(Value::Composite(parts)) => parts,
        _ => &[],
    }
}

/// Named parts with the edits of both.
fn by_name(
    base: &[(SmolStr, SmolStr)],
    left: &[(SmolStr, SmolStr)],
    right: &[(SmolStr, SmolStr)],
) -> Option<Vec<(SmolStr, SmolStr)>> {
    let names: BTreeSet<&SmolStr> = [base, left, right]
        .into_iter()
        .flatten()
        .map(|(n, _)| n)
        .collect();
    let mut merged = Vec::with_capacity(names.len());
    for name in names {
        let part = |of: &'_ [(SmolStr, SmolStr)]| {
            let at = of.iter().find(|(known, _)| known == name);
            at.map(|(_, text)| text.clone())
        };
        let (was, left, right) = (part(base), part(left), part(right));
        let part = either(was.as_slice(), left.as_slice(), right.as_slice())?;
        merged.extend(part.iter().map(|text| (name.clone(), text.clone())));
    }
    Some(merged)
}

/// A sequence with the edits of both; `None` where they meet.
fn sequence(base: &[SmolStr], left: &[SmolStr], right: &[SmolStr]) -> Option<Vec<SmolStr>> {
    if [base, left, right].iter().any(|of| of.len() > MOST) {
        return None;
    }
    let stay = [kept(base, left), kept(base, right)];
    let mut merged = Vec::new();
    let (mut from, mut in_left, mut in_right) = (0, 0, 0);
    for at in 0..=base.len() {
        let ends = at == base.len();
        let both = match ends {
            true => Some((left.len(), right.len())),
            false => stay[0][at].zip(stay[1][at]),
        };
        let Some((to_left, to_right)) = both else {
            continue;
        };
        let was = &base[from..at];
        let (left, right) = (&left[in_left..to_left], &right[in_right..to_right]);
        merged.extend_from_slice(either(was, left, right)?);
        if !ends {
            merged.push(base[at].clone());
        }
        (from, in_left, in_right) = (at + 1, to_left + 1, to_right + 1);
    }
    Some(merged)
}

/// What two sides made of some entries; `None` where both made something else of them.
fn either<'t, T: PartialEq>(was: &[T], left: &'t [T], right: &'t [T]) -> Option<&'t [T]> {
    Some(match (left == was, right == was) {
        (_, true) => left,
        (true, _) if !planted!("a-merge-is-one-side") => right,
        (true, _) => left,
        _ if left == right || planted!("lines-that-meet-are-the-lefts") => left,
        _ => return None,
    })
}

/// Where each entry of a sequence stands in an edit of it: the longest common part.
fn kept(base: &[SmolStr], edited: &[SmolStr]) -> Vec<Option<usize>> {
    let mut kept = vec![None; base.len()];
    // What begins and what ends alike is left out of the comparison.
    let alike = |pairs: &mut dyn Iterator<Item = (&SmolStr, &SmolStr)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let first = alike(&mut base.iter().zip(edited));
    let rest = base.len().min(edited.len()) - first;
    let last = alike(&mut base.iter().rev().zip(edited.iter().rev())).min(rest);
    for (at, line) in kept.iter_mut().enumerate().take(first) {
        *line = Some(at);
    }
    for back in 1..=last {
        kept[base.len() - back] = Some(edited.len() - back);
    }
    let (of_base, of_edited) = (first..base.len() - last, first..edited.len() - last);
    for (at, there) in common(&base[of_base], &edited[of_edited]) {
        kept[first + at] = Some(first + there);
    }
    kept
}

/// The longest common subsequence, as pairs of places.
fn common(one: &[SmolStr], other: &[SmolStr]) -> Vec<(usize, usize)> {
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * width];
    for at in (0..one.len()).rev() {
        for there in (0..other.len()).rev() {
            longest[at * width + there] = match one[at] == other[there] {
                true => longest[(at + 1) * width + there + 1] + 1,
                false => longest[(at + 1) * width + there].max(longest[at * width + there + 1]),
            };
        }
    }
    let (mut at, mut there, mut pairs) = (0, 0, Vec::new());
    while at < one.len() && there < other.len() {
        if one[at] == other[there] {
            pairs.push((at, there));
            (at, there) = (at + 1, there + 1);
        } else if longest[(at + 1) * width + there] >= longest[at * width + there + 1] {
            at += 1;
        } else {
            there += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FieldType, List, Map};

    /// Of three texts.
    fn of_lines(base: &str, left: &str, right: &str) -> Option<String> {
        let [base, left, right] = [base, left, right].map(|text| Value::Text(text.into()));
        match merged(Shape::Lines, Some(&base), Some(&left), Some(&right)).ok()? {
            Some(Value::Text(text)) => Some(text.into()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_merge_by_entry_and_keep_their_order() {
        let of = |base: &str, left: &str, right: &str| {
            let list = |text: &str| List::new(text.split_whitespace()).into_value();
            let [base, left, right] = [base, left, right].map(list);
            let (base, left, right) = (base.as_ref(), left.as_ref(), right.as_ref());
            let merged = merged(Shape::List, base, left, right).ok()?;
            let list = merged
                .as_ref()
                .and_then(List::from_value)
                .unwrap_or_default();
            Some(list.entries().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(of("a b c", "a c", "a b c d").as_deref(), Some("a c d"));
        assert_eq!(of("a b c", "x a b c", "a b y").as_deref(), Some("x a b y"));
        assert_eq!(of("a b c", "a b", "b c").as_deref(), Some("b"));
        assert_eq!(of("a b", "a", "b"), None, "neighbours");
        assert_eq!(of("a b c", "b a c", "a b c d").as_deref(), Some("b a c d"));
        assert_eq!(of("", "a", "b"), None, "nobody knows which is first");
        assert_eq!(of("a", "b", "c"), None);
    }

    #[test]
    fn maps_merge_by_name() {
        let of = |base: &[(&str, &str)], left: &[(&str, &str)], right: &[(&str, &str)]| {
            let map = |parts: &[(&str, &str)]| Map::new(parts.iter().copied()).into_value();
            let [base, left, right] = [base, left, right].map(map);
            let (base, left, right) = (base.as_ref(), left.as_ref(), right.as_ref());
            let there = merged(Shape::Map, base, left, right);
            assert_eq!(there, merged(Shape::Map, base, right, left));
            there
                .ok()
                .map(|value| value.as_ref().and_then(Map::from_value).unwrap_or_default())
        };
        let was = [("x", "1"), ("y", "1")];
        let both = of(&was, &[("x", "2"), ("y", "1")], &[("x", "1"), ("z", "3")]);
        assert_eq!(both, Some(Map::new([("x", "2"), ("z", "3")])));
        assert_eq!(of(&[], &[("x", "1")], &[("y", "1")]), Some(Map::new(was)));
        assert_eq!(of(&was, &[("x", "1")], &[("y", "1")]), Some(Map::default()));
        let met = of(&was, &[("x", "2"), ("y", "1")], &[("x", "3"), ("y", "1")]);
        assert_eq!(met, None);
        assert_eq!(of(&was, &[("y", "1")], &[("x", "3"), ("y", "1")]), None);
    }

    #[test]
    fn edits_of_different_lines_meet() {
        let base = "call Ada\nsend offer\nwait";
        let merged = |left, right| of_lines(base, left, right);
        let both = merged(
            "call Ada L\nsend offer\nwait",
            "call Ada\nsend offer\nwait a week",
        );
        assert_eq!(both.as_deref(), Some("call Ada L\nsend offer\nwait a week"));
        let added = merged(
            "first\ncall Ada\nsend offer\nwait",
            "call Ada\nsend offer\nwait\nlast",
        );
        assert_eq!(
            added.as_deref(),
            Some("first\ncall Ada\nsend offer\nwait\nlast")
        );
        let gone = merged("call Ada\nwait", "call Ada\nsend offer\nwait\nlast");
        assert_eq!(gone.as_deref(), Some("call Ada\nwait\nlast"));
        let same = merged("call Bob\nsend offer\nwait", "call Bob\nsend offer\nwait");
        assert_eq!(same.as_deref(), Some("call Bob\nsend offer\nwait"));
    }

    #[test]
    fn edits_that_meet_are_nobodys_to_decide_here() {
        let base = "call Ada\nsend offer\nwait";
        for (left, right) in [
            ("call Bob\nsend offer\nwait", "call Eve\nsend offer\nwait"),
            ("call Ada\nwait", "call Ada\nsend another offer\nwait"),
            // Neighbours, and two texts at one place.
            ("call Bob\nsend offer\nwait", "call Ada\nsend another\nwait"),
            (
                "call Ada\nsend offer\nwait\none",
                "call Ada\nsend offer\nwait\nother",
            ),
            ("", "call Ada\nsend offer\nwait\nlast"),
        ] {
            assert_eq!(of_lines(base, left, right), None, "{left:?} {right:?}");
        }
    }

    /// Whatever is merged has every line that one side added and the other did not touch, and none
    /// that one took away; and it does not matter which side is left.
    #[test]
    fn what_is_merged_is_what_both_did() {
        let mut rng = fastrand::Rng::with_seed(7);
        let mut merges = 0;
        for round in 0..20_000 {
            let base: Vec<String> = (0..rng.usize(0..6)).map(|n| format!("b{n}")).collect();
            let mut edit = |who: &str| {
                let mut text = base.clone();
                for n in 0..rng.usize(1..3) {
                    let at = rng.usize(0..=text.len());
                    match rng.bool() && at < text.len() {
                        true => drop(text.remove(at)),
                        false => text.insert(at, format!("{who}{n}")),
                    }
                }
                text
            };
            let (left, right) = (edit("l"), edit("r"));
            let texts = [&base, &left, &right].map(|text| text.join("\n"));
            let there = of_lines(&texts[0], &texts[1], &texts[2]);
            assert_eq!(
                there,
                of_lines(&texts[0], &texts[2], &texts[1]),
                "round {round}"
            );
            let Some(there) = there else { continue };
            merges += 1;
            let has = |text: &[String], line: &str| text.iter().any(|other| other == line);
            let lines: Vec<&str> = there.split('\n').filter(|line| !line.is_empty()).collect();
            for line in [&base, &left, &right].into_iter().flatten() {
                let gone = has(&base, line) && !(has(&left, line) && has(&right, line));
                assert_eq!(lines.contains(&line.as_str()), !gone, "{texts:?} {there}");
            }
        }
        assert!(merges > 1_000, "{merges}");
    }
}
