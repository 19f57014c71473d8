//! Texts merge line by line, where nobody edited what somebody else did.

/// A longer text is taken as a whole: comparing costs the product of the lengths.
const MOST: usize = 1_000;

/// The text with the edits of both; `None` where they meet, and a rule has to say.
pub(crate) fn merged(base: &str, left: &str, right: &str) -> Option<String> {
    let [base, left, right] = [base, left, right].map(|text| text.split('\n').collect::<Vec<_>>());
    if [&base, &left, &right].iter().any(|text| text.len() > MOST) {
        return None;
    }
    let stay = [kept(&base, &left), kept(&base, &right)];
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
        merged.extend(either(
            was,
            &left[in_left..to_left],
            &right[in_right..to_right],
        )?);
        if !ends {
            merged.push(base[at]);
        }
        (from, in_left, in_right) = (at + 1, to_left + 1, to_right + 1);
    }
    Some(merged.join("\n"))
}

/// What two sides made of some lines; `None` where both made something else of them.
fn either<'t>(
    was: &[&'t str],
    left: &'t [&'t str],
    right: &'t [&'t str],
) -> Option<impl Iterator<Item = &'t str>> {
    let taken = match (left == was, right == was) {
        (_, true) => left,
        (true, _) => right,
        _ if left == right => left,
        _ => return None,
    };
    Some(taken.iter().copied())
}

/// Where each line of a text stands in an edit of it: the longest common part.
fn kept(base: &[&str], edited: &[&str]) -> Vec<Option<usize>> {
    let mut kept = vec![None; base.len()];
    // What begins and what ends alike is left out of the comparison.
    let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
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
fn common(one: &[&str], other: &[&str]) -> Vec<(usize, usize)> {
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

    #[test]
    fn edits_of_different_lines_meet() {
        let base = "call Ada\nsend offer\nwait";
        let merged = |left, right| merged(base, left, right);
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
            assert_eq!(merged(base, left, right), None, "{left:?} {right:?}");
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
            let there = merged(&texts[0], &texts[1], &texts[2]);
            assert_eq!(
                there,
                merged(&texts[0], &texts[2], &texts[1]),
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
