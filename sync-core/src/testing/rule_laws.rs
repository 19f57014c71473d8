use crate::{
    caught::caught,
    field::FieldKey,
    rules::{Conflict, ConflictRule, Verdict},
    side::{Both, Side},
    testing::{
        BrokenLaw,
        law::{check, panicked},
    },
    value::{Shape, Value},
};

/// Proves a conflict rule's laws on conflicts such as it will be asked about.
///
/// 1. It does not panic.
/// 2. It answers the same for the same conflict, whatever it was asked before.
/// 3. A merged value has the field's shape, and each side shows something of it.
/// 4. A hold has a reason.
/// 5. Its name is not blank, and stays the same.
///
/// ```
/// use sync_core::{Both, Field, Fields, rules::{Conflict, LongestText, Version}, testing::rule_laws};
///
/// static CITY: Field<String> = Field::new("city");
/// let fields = Fields::new().exact(&CITY);
/// let [paris, rome] = ["Paris", "Rome"].map(|city| sync_core::Value::Text(city.into()));
/// let version = |value| Version {
///     shadow: None,
///     value: Some(value),
///     changed: None,
///     holds: fields.get(CITY.key()).unwrap(),
/// };
/// let versions = Both::new(version(&paris), version(&rome));
/// let conflict = Conflict { field: CITY.key(), versions };
/// rule_laws(&LongestText, [conflict])?;
/// # Ok::<(), sync_core::testing::BrokenLaw>(())
/// ```
///
/// # Errors
///
/// The first law that is broken, with the case.
pub fn rule_laws<'a>(
    rule: &dyn ConflictRule,
    conflicts: impl IntoIterator<Item = Conflict<'a>>,
) -> Result<(), BrokenLaw> {
    let conflicts: Vec<Conflict<'a>> = conflicts.into_iter().collect();
    let mut first = Vec::with_capacity(conflicts.len());
    for conflict in &conflicts {
        let named = named(rule, conflict.field)?;
        let verdict = decided(rule, conflict)?;
        holds_with_a_reason(conflict, &verdict)?;
        merges_what_fits(conflict, &verdict)?;
        first.push((named, verdict));
    }
    // Backwards: a rule that remembers what it was asked answers otherwise.
    for (conflict, (name, verdict)) in conflicts.iter().zip(&first).rev() {
        let again = decided(rule, conflict)?;
        check(again == *verdict, "it answers the same again", || {
            format!("{}: {verdict:?}, then {again:?}", told(conflict))
        })?;
        let renamed = named(rule, conflict.field)?;
        check(renamed == *name, "its name stays the same", || {
            format!("`{}`: `{name}`, then `{renamed}`", conflict.field)
        })?;
    }
    Ok(())
}

/// Proves that a rule does not care which side is the left one: with the sides exchanged it
/// answers the other way round. Not every rule has to, such as one that prefers a side.
///
/// Merged references are not compared: they are in the left side's id space.
///
/// # Errors
///
/// The first conflict that is decided otherwise, seen from the other side.
pub fn rule_is_symmetric<'a>(
    rule: &dyn ConflictRule,
    conflicts: impl IntoIterator<Item = Conflict<'a>>,
) -> Result<(), BrokenLaw> {
    for conflict in conflicts {
        let Both { left, right } = conflict.versions;
        let exchanged = Conflict {
            field: conflict.field,
            versions: Both::new(right, left),
        };
        let (one, other) = (decided(rule, &conflict)?, decided(rule, &exchanged)?);
        let is_symmetric = match (&one, &other) {
            (Verdict::TakeLeft, Verdict::TakeRight)
            | (Verdict::TakeRight, Verdict::TakeLeft)
            | (Verdict::Hold(_), Verdict::Hold(_)) => true,
            (Verdict::Merge(one), Verdict::Merge(other)) => one == other || one.fits(Shape::Ref),
            _ => false,
        };
        check(is_symmetric, "it does not care which side is left", || {
            format!("{}: {one:?}, exchanged {other:?}", told(&conflict))
        })?;
    }
    Ok(())
}

fn decided(rule: &dyn ConflictRule, conflict: &Conflict<'_>) -> Result<Verdict, BrokenLaw> {
    caught(|| rule.decide(conflict)).map_err(|why| panicked(&told(conflict), &why))
}

fn named(rule: &dyn ConflictRule, field: &FieldKey) -> Result<String, BrokenLaw> {
    let name = caught(|| rule.name(field).to_owned());
    let name = name.map_err(|why| panicked(&format!("the name for `{field}`"), &why))?;
    let is_blank = name.trim().is_empty();
    check(!is_blank, "its name is not blank", || format!("`{field}`"))?;
    Ok(name)
}

fn holds_with_a_reason(conflict: &Conflict<'_>, verdict: &Verdict) -> Result<(), BrokenLaw> {
    let is_mute = matches!(verdict, Verdict::Hold(reason) if reason.trim().is_empty());
    check(!is_mute, "a hold has a reason", || told(conflict))
}

fn merges_what_fits(conflict: &Conflict<'_>, verdict: &Verdict) -> Result<(), BrokenLaw> {
    let Verdict::Merge(merged) = verdict else {
        return Ok(());
    };
    for side in Side::BOTH {
        let holds = conflict.versions[side].holds;
        let case = || format!("{}: {merged:?}, on the {side} side", told(conflict));
        let law = "a merged value has the field's shape";
        check(merged.fits(holds.shape), law, case)?;
        let shown = caught(|| holds.project(Some(merged)));
        let shown = shown.map_err(|why| panicked(&case(), &why))?;
        let fits = shown.is_some_and(|shown| shown.fits(holds.shape));
        check(fits, "each side shows something of a merged value", case)?;
    }
    Ok(())
}

fn told(conflict: &Conflict<'_>) -> String {
    let value = |side: Side| -> Option<&Value> { conflict.versions[side].value };
    let (left, right) = (value(Side::Left), value(Side::Right));
    format!("`{}`: left {left:?}, right {right:?}", conflict.field)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::{
        field::Field,
        fields::Fields,
        rules::{Prefer, Version},
    };

    static CITY: Field<String> = Field::new("city");

    /// Over `Oslo` and `Bergen`, where the right side shows no city that is longer than six letters.
    fn proved(
        laws: impl FnOnce(&dyn ConflictRule, Vec<Conflict<'_>>) -> Result<(), BrokenLaw>,
        rule: &dyn ConflictRule,
    ) -> &'static str {
        let short = |city: String| (city.len() <= 6).then_some(city);
        let fields = Both::new(
            Fields::new().exact(&CITY),
            Fields::new().lossy(&CITY, short),
        );
        let cities = ["Oslo", "Bergen"].map(|city| Value::Text(city.into()));
        let version = |side: Side, value| Version {
            shadow: None,
            value,
            changed: None,
            holds: fields[side].get(CITY.key()).unwrap(),
        };
        let conflict = |left, right| Conflict {
            field: CITY.key(),
            versions: Both::new(version(Side::Left, left), version(Side::Right, right)),
        };
        let [oslo, bergen] = &cities;
        let conflicts = vec![
            conflict(Some(oslo), Some(bergen)),
            conflict(Some(oslo), None),
        ];
        laws(rule, conflicts).map_or_else(|broken| broken.law, |()| "none")
    }

    fn broken(rule: impl Fn(&Conflict<'_>) -> Verdict + Send + Sync + 'static) -> &'static str {
        proved(|rule, conflicts| rule_laws(rule, conflicts), &rule)
    }

    #[test]
    fn each_law_of_rules_is_seen_to_be_broken() {
        assert_eq!(broken(|_| Verdict::TakeLeft), "none");
        assert_eq!(broken(|_| panic!("a bug")), "it does not panic");
        let mute = |_: &Conflict<'_>| Verdict::Hold(" ".to_owned());
        assert_eq!(broken(mute), "a hold has a reason");
        let number = |_: &Conflict<'_>| Verdict::Merge(Value::Int(1));
        assert_eq!(broken(number), "a merged value has the field's shape");
        let long = |_: &Conflict<'_>| Verdict::Merge(Value::Text("Trondheim".into()));
        let law = "each side shows something of a merged value";
        assert_eq!(broken(long), law);
        let asked = AtomicBool::new(false);
        let moody = move |_: &Conflict<'_>| match asked.fetch_xor(true, Ordering::Relaxed) {
            true => Verdict::TakeLeft,
            false => Verdict::TakeRight,
        };
        // Two conflicts, asked there and back: each gets the other answer at its second time.
        assert_eq!(broken(moody), "it answers the same again");
    }

    /// Takes the left side, under these names in turn.
    struct Named([&'static str; 2], AtomicBool);

    impl ConflictRule for Named {
        fn decide(&self, _: &Conflict<'_>) -> Verdict {
            Verdict::TakeLeft
        }

        fn name(&self, _: &FieldKey) -> &str {
            self.0[usize::from(self.1.fetch_xor(true, Ordering::Relaxed))]
        }
    }

    #[test]
    fn a_rule_without_a_lasting_name_is_found() {
        let named = |names| {
            let rule = Named(names, AtomicBool::new(false));
            proved(|rule, conflicts| rule_laws(rule, conflicts), &rule)
        };
        assert_eq!(named(["one", "one"]), "none");
        assert_eq!(named(["one", "other"]), "its name stays the same");
        assert_eq!(named(["", ""]), "its name is not blank");
    }

    #[test]
    fn a_rule_that_prefers_a_side_is_not_symmetric() {
        let symmetric = |rule: &dyn ConflictRule| {
            proved(|rule, conflicts| rule_is_symmetric(rule, conflicts), rule)
        };
        let law = "it does not care which side is left";
        assert_eq!(symmetric(&Prefer(Side::Right)), law);
        assert_eq!(symmetric(&crate::rules::LongestText), "none");
        let one_hand = |conflict: &Conflict<'_>| {
            let left = conflict.versions.left.value.cloned();
            left.map_or_else(|| Verdict::Hold("no city".to_owned()), Verdict::Merge)
        };
        assert_eq!(symmetric(&one_hand), law);
    }
}
