//! Whether the two servers of a sandbox agree: their raw records, read whole and compared without
//! the clients and mappers of this crate.
//!
//! For tests of a sync with settings or mappers of your own. Note who is there [`Before`] the first
//! sync, and who is entered later; when nothing runs any more, read what is [`Linked`], and
//! [`Check`].

mod before;
mod company;
mod compared;
pub mod contact;
mod family;
mod follow_up;
mod linked;
mod note;
mod raw;
mod references;
mod shown;
mod task;

use std::{collections::BTreeSet, fmt};

use crm_sandbox::{Sandbox, SandboxError};
use serde::Serialize;

use crate::contact::CONTACT;
use before::Entered;
use shown::Shown;

pub use before::Before;
pub use compared::{Compared, compared};
pub use family::{FAMILIES, Family};
pub use linked::{Linked, Pairs};
pub use raw::{digits, letters, text};
pub use references::References;

/// What was found to be right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// Pairs of records.
    pub pairs: u64,
    /// Fields that are equal.
    pub equal_fields: u64,
    /// Fields that wait for a person.
    pub held_fields: u64,
}

/// What was found, right or wrong.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Check {
    /// What is right, kind by kind.
    pub agreements: Vec<(&'static Family, Agreement)>,
    /// What is wrong, one sentence for each thing.
    pub wrong: Vec<String>,
}

/// The two servers do not agree.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} {} wrong: {}", .0.len(), if .0.len() == 1 { "thing is" } else { "things are" }, first(.0))]
pub struct Disagreement(Vec<String>);

/// How many mistakes are told.
const TOLD: usize = 8;

fn first(wrong: &[String]) -> String {
    let told: Vec<&str> = wrong.iter().take(TOLD).map(String::as_str).collect();
    told.join("; ")
}

impl Check {
    /// Everything of a linked kind has exactly one counterpart, and the two say the same.
    pub fn of(sandbox: &Sandbox, before: &Before, linked: &Linked) -> Result<Self, SandboxError> {
        let mut check = Self::default();
        let references = References::of(sandbox, linked)?;
        for family in &FAMILIES {
            let Some(pairs) = linked.pairs(&family.kind) else {
                continue;
            };
            let shown = Shown::of(sandbox, family, linked)?;
            if let Some(entered) = before.entered(&family.kind) {
                check.who_is_lost(family, &shown, entered);
                check.who_should_be_paired(family, pairs, entered);
            }
            check.who_is_alone(family, &shown, pairs);
            check.pairs_of(family, &shown, pairs, linked, &references);
        }
        Ok(check)
    }

    /// Fails if anything is wrong.
    pub fn verdict(self) -> Result<Agreement, Disagreement> {
        if !self.wrong.is_empty() {
            return Err(Disagreement(self.wrong));
        }
        Ok(self.total())
    }

    /// What is right, over all kinds.
    pub fn total(&self) -> Agreement {
        let all = self.agreements.iter().map(|(_, of)| of);
        all.fold(Agreement::default(), |total, of| Agreement {
            pairs: total.pairs + of.pairs,
            equal_fields: total.equal_fields + of.equal_fields,
            held_fields: total.held_fields + of.held_fields,
        })
    }

    /// Nobody is gone, and there is nobody too many.
    fn who_is_lost(&mut self, family: &Family, shown: &Shown, entered: &Entered) {
        let plural = family.plural;
        for (system, now, then) in [
            ("GHL", &shown.ghl, &entered.ghl),
            ("Insightly", &shown.insightly, &entered.insightly),
        ] {
            let lost = then.iter().filter(|id| !now.contains_key(*id));
            let lost = lost.map(|id| format!("{system} lost {id} of its {plural}"));
            self.wrong.extend(lost);
            if now.len() != entered.things() {
                let (here, all) = (now.len(), entered.things());
                let why = format!("{system} has {here} {plural} where people entered {all}");
                self.wrong.push(why);
            }
        }
        if family.kind == CONTACT {
            self.who_is_doubled("GHL", shown.ghl.values().map(contact::email_of_ghl));
            let there = shown.insightly.values().map(contact::email_of_insightly);
            self.who_is_doubled("Insightly", there);
        }
    }

    fn who_is_doubled(&mut self, system: &str, emails: impl Iterator<Item = String>) {
        let mut met = BTreeSet::new();
        for email in emails.filter(|email| !email.is_empty()) {
            if !met.insert(email.clone()) {
                self.wrong.push(format!("{email} is in {system} twice"));
            }
        }
    }

    fn who_should_be_paired(&mut self, family: &Family, pairs: &Pairs, entered: &Entered) {
        for (left, right) in &entered.known_to_be_one {
            if pairs.get(left) != Some(right) {
                let kind = &family.kind;
                let why = format!("GHL {left} and Insightly {right} are one {kind}, but no pair");
                self.wrong.push(why);
            }
        }
    }

    fn who_is_alone(&mut self, family: &Family, shown: &Shown, pairs: &Pairs) {
        let kind = &family.kind;
        let met: BTreeSet<&String> = pairs.values().collect();
        if met.len() != pairs.len() {
            let why = format!("a {kind} of Insightly is in two pairs");
            self.wrong.push(why);
        }
        let here = shown.ghl.keys().filter(|id| !pairs.contains_key(*id));
        let here = here.map(|id| format!("the {kind} {id} of GHL has no counterpart"));
        self.wrong.extend(here);
        let there = shown.insightly.keys().filter(|id| !met.contains(id));
        let there = there.map(|id| format!("the {kind} {id} of Insightly has no counterpart"));
        self.wrong.extend(there);
    }

    fn pairs_of(
        &mut self,
        family: &'static Family,
        shown: &Shown,
        pairs: &Pairs,
        linked: &Linked,
        references: &References<'_>,
    ) {
        let kind = &family.kind;
        let mut agreement = Agreement {
            pairs: pairs.len() as u64,
            ..Agreement::default()
        };
        for (left, right) in pairs {
            let (Some(here), Some(there)) = (shown.ghl.get(left), shown.insightly.get(right))
            else {
                let why = format!("the {kind} {left} and {right} is not on both sides");
                self.wrong.push(why);
                continue;
            };
            let own = compared(kind, here, there).into_iter();
            for field in own.chain(references.compared(kind, here, there)) {
                if linked.is_held(kind, left, field.field) {
                    agreement.held_fields += 1;
                } else if field.ghl == field.insightly {
                    agreement.equal_fields += 1;
                } else {
                    self.wrong.push(format!(
                        "{} of {kind} {left}: `{}` in GHL, `{}` in Insightly",
                        field.field, field.ghl, field.insightly
                    ));
                }
            }
        }
        self.agreements.push((family, agreement));
    }
}

impl fmt::Display for Check {
    /// `70 pairs of companies, 1198 of contacts: 14034 fields equal, 3 held for a person, 0 wrong.`
    /// Then what is wrong, a line for each of the first things.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts = self
            .agreements
            .iter()
            .map(|(of, found)| (found.pairs, of.plural));
        if let Some((pairs, plural)) = counts.next() {
            write!(f, "{pairs} pairs of {plural}")?;
        }
        for (pairs, plural) in counts {
            write!(f, ", {pairs} of {plural}")?;
        }
        let (total, wrong) = (self.total(), self.wrong.len());
        let (equal, held) = (total.equal_fields, total.held_fields);
        write!(
            f,
            ": {equal} fields equal, {held} held for a person, {wrong} wrong."
        )?;
        self.wrong
            .iter()
            .take(TOLD)
            .try_for_each(|wrong| write!(f, "\nWRONG: {wrong}"))
    }
}
