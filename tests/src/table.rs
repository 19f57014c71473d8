//! The planner against a slow oracle written from the words of the design: a side changed if
//! what it shows differs from its shadow, and a write is owed if what the side will show
//! differs from what it shows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use sync_core::{
    Both, Cell, Decided, Differences, Entry, Field, FieldKey, FieldUse, Fields, HoldReason, Kind,
    Link, LinkSide, Memo, Observation, Pairing, Planned, Planner, Reading, Record, RecordId, Ref,
    ShapeMismatch, Side, Tags, Value,
    rules::{Conflict, ConflictRule, Interval, NewestWins, Otherwise, Verdict},
};

use crate::failure::{Failure, Proved, ensure};

const NOTE: Field<String> = Field::new("note");
const KIND: Kind = Kind::from_static("contact");
const VALUES: [Option<&str>; 4] = [None, Some("a"), Some("bb"), Some("ccc")];

type Texts = Both<Option<&'static str>>;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Rule {
    Take(Side),
    Merge,
    Hold,
}

const RULES: [Rule; 4] = [
    Rule::Take(Side::Left),
    Rule::Take(Side::Right),
    Rule::Merge,
    Rule::Hold,
];
const POLICIES: [Differences; 4] = [
    Differences::Hold,
    Differences::Prefer(Side::Left),
    Differences::Prefer(Side::Right),
    Differences::Rule,
];

impl ConflictRule for Rule {
    fn decide(&self, _conflict: &Conflict<'_>) -> Verdict {
        match self {
            Self::Take(side) => Verdict::take(*side),
            Self::Merge => Verdict::Merge(value("m")),
            Self::Hold => Verdict::Hold("ask".to_owned()),
        }
    }

    fn name(&self, _field: &FieldKey) -> &'static str {
        "table"
    }
}

impl Rule {
    fn mirrored(self) -> Self {
        match self {
            Self::Take(side) => Self::Take(!side),
            other => other,
        }
    }
}

/// What one side tells of the field.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    /// A row shows it.
    Shown,
    /// The route does not show it.
    Unseen,
    /// It cannot be read.
    Unfit,
    /// The record was not read.
    Unread,
}

const SIGHTS: [Sight; 4] = [Sight::Shown, Sight::Unseen, Sight::Unfit, Sight::Unread];

/// What is on the table: shadows if the field has agreed, what both sides show, and who decides.
#[derive(Debug, Clone, Copy)]
struct Case {
    base: Option<Texts>,
    shown: Texts,
    rule: Rule,
    policy: Differences,
    /// Whether the left side keeps two letters only.
    cuts: bool,
    sights: Both<Sight>,
}

/// What should come of it.
#[derive(Debug, Clone, PartialEq)]
enum Expected {
    Quiet,
    Hold(HoldReason),
    /// What both sides show in the end; and whether a rule or policy decided between two values.
    End(Both<Option<String>>, bool),
}

fn value(text: &str) -> Value {
    Value::Text(text.into())
}

fn owned(texts: Texts) -> Both<Option<String>> {
    texts.map(|text| text.map(str::to_owned))
}

impl Case {
    fn on(&self, side: Side, text: Option<&str>) -> Option<String> {
        let keeps = if self.cuts && side == Side::Left {
            2
        } else {
            9
        };
        text.map(|text| text.chars().take(keeps).collect())
    }

    /// One side keeps what it shows, the other is given it.
    fn taken(&self, from: Side) -> Both<Option<String>> {
        let mut end = owned(self.shown);
        end[!from] = self.on(!from, self.shown[from]);
        end
    }

    fn are_same(&self) -> bool {
        let shows = |from: Side| self.on(!from, self.shown[from]).as_deref() == self.shown[!from];
        shows(Side::Left) || shows(Side::Right)
    }

    fn by_rule(&self, reason: HoldReason) -> Expected {
        match self.rule {
            Rule::Take(side) => Expected::End(self.taken(side), true),
            Rule::Merge => Expected::End(Both::new(Some("m".into()), Some("m".into())), true),
            Rule::Hold => Expected::Hold(reason),
        }
    }

    /// What is not observed changes nothing, and what cannot be read holds the field.
    fn expected(&self) -> Expected {
        let sees = |sight: Sight| [self.sights.left, self.sights.right].contains(&sight);
        if sees(Sight::Unfit) {
            return Expected::Hold(HoldReason::Unfit);
        }
        if !sees(Sight::Unseen) && !sees(Sight::Unread) {
            return self.expected_of_what_is_seen();
        }
        match self.base {
            None => Expected::Quiet,
            Some(_) => self.as_observed().expected_of_what_is_seen(),
        }
    }

    /// The same, where a side that was not observed still shows its shadow.
    fn as_observed(&self) -> Self {
        let shown = |side: Side| match (self.sights[side], self.base) {
            (Sight::Unseen | Sight::Unread, Some(base)) => base[side],
            _ => self.shown[side],
        };
        Self {
            shown: Both::from_fn(shown),
            ..*self
        }
    }

    fn expected_of_what_is_seen(&self) -> Expected {
        let Some(base) = self.base else {
            return self.expected_first();
        };
        let changed = Both::from_fn(|side| self.shown[side] != base[side]);
        match (changed.left, changed.right) {
            (false, false) => Expected::Quiet,
            (true, false) => Expected::End(self.taken(Side::Left), false),
            (false, true) => Expected::End(self.taken(Side::Right), false),
            (true, true) if self.are_same() => Expected::End(owned(self.shown), false),
            (true, true) => self.by_rule(HoldReason::Conflict),
        }
    }

    /// A blank never wins; a real difference goes by the policy.
    fn expected_first(&self) -> Expected {
        match (self.shown.left, self.shown.right) {
            (Some(_), None) => Expected::End(self.taken(Side::Left), false),
            (None, Some(_)) => Expected::End(self.taken(Side::Right), false),
            _ if self.are_same() => Expected::End(owned(self.shown), false),
            _ => match self.policy {
                Differences::Prefer(side) => Expected::End(self.taken(side), true),
                Differences::Rule => self.by_rule(HoldReason::FirstSync),
                _ => Expected::Hold(HoldReason::FirstSync),
            },
        }
    }

    fn pairing(&self) -> Result<Pairing, ShapeMismatch> {
        let (exact, cuts) = (Fields::new().exact(&NOTE), self.cuts);
        let left = Fields::new().lossy(&NOTE, move |text: String| {
            Some(text.chars().take(if cuts { 2 } else { 9 }).collect())
        });
        Pairing::new(KIND, &left, &exact)
    }

    fn link(&self, pairing: &Pairing) -> Link {
        let side = |id| LinkSide::new(RecordId::from_static(id).into(), None, Memo::default());
        let mut link = Link::new(KIND, Both::new(side("l"), side("r")));
        if let Some(base) = self.base {
            link.agree(Cell {
                key: NOTE.key().clone(),
                shown: base.map(|text| text.map(value)),
                revisions: pairing.fields[0].uses.as_ref().map(FieldUse::mapping),
            });
        }
        link
    }

    fn plan(&self, pairing: &Pairing, link: &Link, shown: &Both<Option<Value>>) -> Planned {
        self.plan_by(&self.rule, Both::default(), pairing, link, shown)
    }

    fn plan_by(
        &self,
        rule: &dyn ConflictRule,
        evidence: Both<Option<Interval>>,
        pairing: &Pairing,
        link: &Link,
        shown: &Both<Option<Value>>,
    ) -> Planned {
        let seen = Both::from_fn(|side| self.observed(side, shown[side].clone()));
        let translate = |_: Side, _: &Ref| None;
        let planner = Planner {
            pairing,
            rule,
            differences: self.policy,
            translate: &translate,
            is_gone: &|_, _| false,
        };
        planner.plan(&Entry {
            link: Some(link),
            seen: seen.as_ref().map(Option::as_ref),
            evidence,
            born: Both::default(),
            refused: &[],
        })
    }

    fn observed(&self, side: Side, shown: Option<Value>) -> Option<Observation> {
        let mut observation = observed(side, None);
        let reading = &mut observation.reading;
        match self.sights[side] {
            Sight::Shown => reading.record.put(NOTE.key().clone(), shown),
            Sight::Unseen => drop(reading.unseen(&NOTE)),
            Sight::Unfit => drop(reading.try_set::<String>(&NOTE, Err("no note".to_owned()))),
            Sight::Unread => return None,
        }
        Some(observation)
    }
}

fn observed(side: Side, shown: Option<Value>) -> Observation {
    let mut record = Record::default();
    record.put(NOTE.key().clone(), shown);
    Observation {
        kind: KIND,
        side,
        id: RecordId::from_static(if side == Side::Left { "l" } else { "r" }),
        locator: None,
        stamp: None,
        created: None,
        started: Timestamp::UNIX_EPOCH,
        not_before: None,
        aside: None,
        by_id: false,
        reading: Reading {
            record,
            ..Reading::default()
        },
        keys: Vec::new(),
    }
}

/// All patterns in which each side shows, and has as its shadow, only what it can show.
fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    let pairs = || {
        VALUES
            .iter()
            .flat_map(|l| VALUES.iter().map(|r| Both::new(*l, *r)))
    };
    for cuts in [false, true] {
        let bases = pairs().map(Some).chain([None]);
        for (base, shown) in bases.flat_map(|base| pairs().map(move |shown| (base, shown))) {
            for (rule, policy) in RULES
                .iter()
                .flat_map(|r| POLICIES.iter().map(move |p| (*r, *p)))
            {
                let case = Case {
                    base,
                    shown,
                    rule,
                    policy,
                    cuts,
                    sights: Both::new(Sight::Shown, Sight::Shown),
                };
                let fits = |texts: Texts| case.on(Side::Left, texts.left).as_deref() == texts.left;
                if fits(shown) && base.is_none_or(fits) {
                    all.push(case);
                }
            }
        }
    }
    all
}

/// What the plan makes both sides show.
fn end(planned: &Planned, shown: &Both<Option<Value>>) -> Both<Option<Value>> {
    Both::from_fn(|side| match &planned.writes[side] {
        Some(write) => write.wanted.value(NOTE.key()).cloned(),
        None => shown[side].clone(),
    })
}

impl Case {
    /// The plan, and what it comes to.
    fn planned(&self) -> Result<(Planned, Expected), Failure> {
        let pairing = self.pairing()?;
        let shown = self.shown.map(|text| text.map(value));
        let planned = self.plan(&pairing, &self.link(&pairing), &shown);
        let shown = self.as_observed().shown.map(|text| text.map(value));
        let told = told(self, &planned, &shown)?;
        Ok((planned, told))
    }
}

fn told(case: &Case, planned: &Planned, shown: &Both<Option<Value>>) -> Result<Expected, Failure> {
    if let Some(hold) = planned.holds.first() {
        let only_held = Planned {
            holds: planned.holds.clone(),
            ..Planned::default()
        };
        ensure(*planned == only_held, || {
            format!("held and written: {case:?}")
        })?;
        return Ok(Expected::Hold(hold.reason));
    }
    if planned.is_quiet() {
        return Ok(Expected::Quiet);
    }
    let end = end(planned, shown).map(|value| value.map(|value| value.to_string()));
    Ok(Expected::End(end, !planned.decided.is_empty()))
}

/// Every pattern is planned as the words say, and nothing is written that is there already.
pub fn oracle() -> Proved {
    let cases = cases();
    ensure(cases.len() > 5_000, || {
        format!("only {} cases", cases.len())
    })?;
    for case in cases {
        let (planned, told) = case.planned()?;
        ensure(told == case.expected(), || {
            format!("{case:?}\n{planned:?}\nexpected {:?}", case.expected())
        })?;
        for side in Side::BOTH {
            let write = planned.writes[side].as_ref();
            ensure(
                write.is_none_or(|write| write.wanted != write.shown),
                || format!("an idle write: {case:?}"),
            )?;
        }
    }
    Ok(())
}

/// The same where a side does not show the field, cannot be read, or was not read at all.
pub fn sights() -> Proved {
    for case in cases() {
        for left in SIGHTS {
            for right in SIGHTS {
                let sights = Both::new(left, right);
                let case = Case { sights, ..case };
                let (planned, told) = case.planned()?;
                ensure(told == case.expected(), || {
                    format!("{case:?}\n{planned:?}\nexpected {:?}", case.expected())
                })?;
            }
        }
    }
    Ok(())
}

/// Every order of two intervals: an edit wins where it is certainly later, and nowhere else.
pub fn evidence() -> Proved {
    let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MIN);
    let mut known = vec![None];
    for earliest in 1..=4 {
        known.extend((earliest..=4).map(|latest| Some((earliest, latest))));
    }
    let interval = |of: Option<(i64, i64)>| {
        of.map(|(earliest, latest)| Interval {
            earliest: at(earliest),
            latest: at(latest),
        })
    };
    let case = Case {
        base: Some(Both::new(Some("a"), Some("a"))),
        shown: Both::new(Some("bb"), Some("ccc")),
        rule: Rule::Hold,
        policy: Differences::Hold,
        cuts: false,
        sights: Both::new(Sight::Shown, Sight::Shown),
    };
    let pairing = case.pairing()?;
    let (link, shown) = (case.link(&pairing), case.shown.map(|text| text.map(value)));
    for otherwise in [
        Otherwise::Hold,
        Otherwise::Prefer(Side::Left),
        Otherwise::Prefer(Side::Right),
    ] {
        for (left, right) in known
            .iter()
            .flat_map(|left| known.iter().map(move |right| (*left, *right)))
        {
            let later = match (left, right) {
                (Some((_, left)), Some((right, _))) if left < right => Some(Side::Right),
                (Some((left, _)), Some((_, right))) if right < left => Some(Side::Left),
                _ => None,
            };
            let expected = match (later, otherwise) {
                (Some(side), _) | (None, Otherwise::Prefer(side)) => {
                    Expected::End(case.taken(side), true)
                }
                (None, Otherwise::Hold) => Expected::Hold(HoldReason::Conflict),
            };
            let evidence = Both::new(interval(left), interval(right));
            let rule = NewestWins { otherwise };
            let planned = case.plan_by(&rule, evidence, &pairing, &link, &shown);
            let told = told(&case, &planned, &shown)?;
            ensure(told == expected, || {
                format!("{evidence:?} {otherwise:?}: {told:?}, expected {expected:?}")
            })?;
        }
    }
    Ok(())
}

/// Swapping left and right mirrors the plan.
pub fn mirror() -> Proved {
    for case in cases().into_iter().filter(|case| !case.cuts) {
        let swap = |texts: Texts| Both::new(texts.right, texts.left);
        let mirrored = Case {
            base: case.base.map(swap),
            shown: swap(case.shown),
            rule: case.rule.mirrored(),
            policy: match case.policy {
                Differences::Prefer(side) => Differences::Prefer(!side),
                other => other,
            },
            ..case
        };
        let swapped = match mirrored.planned()?.1 {
            Expected::End(end, decided) => Expected::End(Both::new(end.right, end.left), decided),
            other => other,
        };
        let told = case.planned()?.1;
        ensure(told == swapped, || {
            format!("{case:?}: {told:?}, and {swapped:?}")
        })?;
    }
    Ok(())
}

/// Applies a plan as the engine does; a side that fails keeps what it shows.
fn apply(planned: &Planned, link: &mut Link, shown: &mut Both<Option<Value>>, fails: Option<Side>) {
    for (key, decided) in &planned.decided {
        link.decided.insert(key.clone(), decided.clone());
    }
    for cell in &planned.settled {
        link.agree(cell.clone());
    }
    let mut cells: Vec<Cell> = Vec::new();
    for side in Side::BOTH {
        if let Some(write) = &planned.writes[side] {
            cells.extend(write.cells.iter().cloned());
            if fails != Some(side) {
                shown[side] = write.wanted.value(NOTE.key()).cloned();
            }
        }
    }
    let failed = fails.is_some_and(|side| planned.writes[side].is_some());
    for cell in cells.into_iter().filter(|_| !failed) {
        link.agree(cell);
    }
}

/// A plan that is applied leaves nothing to plan, also if a side fails once.
pub fn termination() -> Proved {
    for case in cases() {
        for fails in [None, Some(Side::Left), Some(Side::Right)] {
            let pairing = case.pairing()?;
            let mut link = case.link(&pairing);
            let mut shown = case.shown.map(|text| text.map(value));
            let mut decided = Vec::<(FieldKey, Decided)>::new();
            let mut rounds = 0;
            loop {
                let planned = case.plan(&pairing, &link, &shown);
                if planned.is_quiet() {
                    break;
                }
                rounds += 1;
                ensure(rounds <= 3, || {
                    format!("it does not end: {case:?} {fails:?}\n{planned:?}")
                })?;
                decided.extend(planned.decided.iter().cloned());
                apply(
                    &planned,
                    &mut link,
                    &mut shown,
                    fails.filter(|_| rounds == 1),
                );
            }
            ensure(decided.len() <= 1, || {
                format!("the rule is asked again: {case:?} {fails:?}")
            })?;
            if let Expected::End(end, _) = case.expected() {
                let shown = shown.map(|value| value.map(|value| value.to_string()));
                ensure(shown == end, || format!("{case:?} {fails:?}: {shown:?}"))?;
            }
        }
    }
    Ok(())
}

const TAGS: Field<Tags> = Field::new("tags");

/// The left side shows the first three letters of a tag.
fn tags_planned(base: Both<&[&str]>, shown: Both<&[&str]>) -> Result<Both<Vec<String>>, Failure> {
    let short = |tags: Tags| {
        let names: Vec<String> = tags.names().map(|n| n.chars().take(3).collect()).collect();
        Some(Tags::new(names.iter().map(String::as_str)))
    };
    let left = Fields::new().lossy(&TAGS, short);
    let pairing = Pairing::new(KIND, &left, &Fields::new().exact(&TAGS))?;
    let value = |names: &[&str]| {
        let mut record = Record::default();
        record.set(&TAGS, Tags::new(names.iter().copied()));
        record.value(TAGS.key()).cloned()
    };
    let side = |id| LinkSide::new(RecordId::from_static(id).into(), None, Memo::default());
    let mut link = Link::new(KIND, Both::new(side("l"), side("r")));
    link.agree(Cell {
        key: TAGS.key().clone(),
        shown: base.map(value),
        revisions: pairing.fields[0].uses.as_ref().map(FieldUse::mapping),
    });
    let seen = Both::from_fn(|side| {
        let mut seen = observed(side, None);
        seen.reading
            .record
            .set(&TAGS, Tags::new(shown[side].iter().copied()));
        seen
    });
    let planner = Planner {
        pairing: &pairing,
        rule: &Rule::Hold,
        differences: Differences::Hold,
        translate: &|_, _| None,
        is_gone: &|_, _| false,
    };
    let planned = planner.plan(&Entry {
        link: Some(&link),
        seen: seen.as_ref().map(Some),
        evidence: Both::default(),
        born: Both::default(),
        refused: &[],
    });
    Ok(Both::from_fn(|side| {
        let write = planned.writes[side].as_ref();
        let record = write.map_or(&seen[side].reading.record, |write| &write.wanted);
        let tags = record.get(&TAGS);
        tags.iter()
            .flat_map(Tags::names)
            .map(str::to_owned)
            .collect()
    }))
}

/// A tag that one side shows under another name neither comes back nor stays behind.
pub fn renamed_tags() -> Proved {
    let base: Both<&[&str]> = Both::new(&["vip"], &["vip-customer"]);
    let added = tags_planned(base, Both::new(&["vip"], &["vip-customer", "new"]))?;
    ensure(added.left == ["new", "vip"], || format!("{added:?}"))?;
    ensure(added.right == ["new", "vip-customer"], || {
        format!("{added:?}")
    })?;
    let removed = tags_planned(base, Both::new(&[], &["vip-customer"]))?;
    ensure(removed.left.is_empty() && removed.right.is_empty(), || {
        format!("{removed:?}")
    })
}

/// The table, for people: one row for each pattern of one field.
#[derive(Debug, Serialize)]
pub struct TableProved {
    /// How many cases were held against the oracle.
    pub cases: usize,
    /// Shadow, left, right, who decides, and what comes of it.
    pub rows: Vec<[String; 5]>,
}

/// Holds every pattern against the oracle, and tells them in rows.
pub fn prove() -> Result<TableProved, Failure> {
    oracle()?;
    sights()?;
    evidence()?;
    mirror()?;
    termination()?;
    renamed_tags()?;
    let mut rows: BTreeMap<[String; 4], BTreeSet<String>> = BTreeMap::new();
    let cases = cases();
    for case in cases.iter().filter(|case| !case.cuts) {
        let outcome = case.in_words(&case.planned()?.1);
        rows.entry(case.pattern()).or_default().insert(outcome);
    }
    let rows = rows
        .into_iter()
        .map(|([shadow, left, right, decides], outcomes)| {
            let outcomes: Vec<_> = outcomes.into_iter().collect();
            [shadow, left, right, decides, outcomes.join(" / ")]
        });
    Ok(TableProved {
        cases: cases.len(),
        rows: rows.collect(),
    })
}

/// What the page says before its table.
const PAGE: &str = "\
What is done in each situation that one field can be in.

A row is a class of situations: values count only by what they equal. *Agreed* shadows are the same
on both sides, as where both hold the field exactly; *two that differ* are what is left where one
side cuts or rewrites it. `first sync` is the policy for fields without a shadow
([`FirstSync`](crate::FirstSync)), `rule` what your [`ConflictRule`](crate::rules::ConflictRule)
answers. A column that says `-` asked nobody. Where two things are said, the answer depends on
whether a side shows the wanted value already.

The tests make this page of the planner itself, after they have held each of its cases against a
slow account in words: `prove table` prints it.
";

impl TableProved {
    /// The rows as a table of Markdown.
    pub fn table(&self) -> Vec<String> {
        let row = |cells: &[String; 5]| format!("| {} |", cells.join(" | "));
        let head = [
            "shadow",
            "left shows",
            "right shows",
            "who decides",
            "what is done",
        ];
        let head = [head, ["---"; 5]].map(|cells| row(&cells.map(str::to_owned)));
        head.into_iter().chain(self.rows.iter().map(row)).collect()
    }

    /// The page of the engine's guide.
    pub fn page(&self) -> String {
        format!("{PAGE}\n{}\n", self.table().join("\n"))
    }
}

impl Case {
    /// The class of a case: values count only by what they equal.
    fn pattern(&self) -> [String; 4] {
        let [shadow, left, right] = match self.base {
            None => [
                "none",
                Self::presence(self.shown.left),
                self.against_the_other(),
            ],
            Some(base) => {
                let differ = base.left != base.right;
                let shadow = if differ { "two that differ" } else { "agreed" };
                [
                    shadow,
                    self.against(base, Side::Left),
                    self.against(base, Side::Right),
                ]
            }
        };
        [shadow, left, right, &self.who_decides()].map(str::to_owned)
    }

    fn presence(text: Option<&str>) -> &'static str {
        if text.is_some() { "a value" } else { "blank" }
    }

    fn against_the_other(&self) -> &'static str {
        match (self.shown.left, self.shown.right) {
            (_, None) => "blank",
            (left, right) if left == right => "the same value",
            (None, Some(_)) => "a value",
            (Some(_), Some(_)) => "another value",
        }
    }

    fn against(&self, base: Texts, side: Side) -> &'static str {
        let shown = self.shown[side];
        if shown == base[side] {
            "as its shadow"
        } else if shown.is_none() {
            "cleared"
        } else if side == Side::Right && shown == self.shown.left {
            "changed, to what left shows"
        } else {
            "changed"
        }
    }

    /// The rule or policy, where it has a say.
    fn who_decides(&self) -> String {
        let asked = match self.expected() {
            Expected::Hold(_) => true,
            Expected::End(_, decided) => decided,
            Expected::Quiet => false,
        };
        match (asked, self.base, self.policy) {
            (false, ..) => "-".to_owned(),
            (true, None, Differences::Hold) => "first sync: hold".to_owned(),
            (true, None, Differences::Prefer(side)) => format!("first sync: prefer {side}"),
            (true, ..) => match self.rule {
                Rule::Take(side) => format!("rule: take {side}"),
                Rule::Merge => "rule: merge".to_owned(),
                Rule::Hold => "rule: hold".to_owned(),
            },
        }
    }

    fn in_words(&self, outcome: &Expected) -> String {
        let end = match outcome {
            Expected::Quiet => return "nothing".to_owned(),
            Expected::Hold(_) => return "held".to_owned(),
            Expected::End(end, _) => end,
        };
        let shown = owned(self.shown);
        match (end.left == shown.left, end.right == shown.right) {
            (true, true) => "shadows advance".to_owned(),
            (false, true) => "left is written".to_owned(),
            (true, false) => "right is written".to_owned(),
            (false, false) => "both are written".to_owned(),
        }
    }
}
