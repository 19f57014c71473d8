//! Who was there before the first sync, and who was entered since.

use std::collections::{BTreeMap, BTreeSet};

use crm_sandbox::{Sandbox, SandboxError};
use serde_json::Value;
use sync_core::{Kind, Side};

use super::{
    company,
    contact::{email_of_ghl, email_of_insightly, phones_of_insightly},
    family::FAMILIES,
    linked::Linked,
    raw::{digits, text},
    shown::Shown,
};
use crate::{company::COMPANY, contact::CONTACT};

/// What people have entered: all of it has to be on both sides in the end, once.
#[derive(Debug, Clone)]
pub struct Before(BTreeMap<Kind, Entered>);

#[derive(Debug, Clone, Default)]
pub(super) struct Entered {
    pub(super) ghl: BTreeSet<String>,
    pub(super) insightly: BTreeSet<String>,
    pub(super) known_to_be_one: Vec<(String, String)>,
}

impl Before {
    /// Reads both servers.
    pub fn of(sandbox: &Sandbox) -> Result<Self, SandboxError> {
        let mut of = BTreeMap::new();
        for family in &FAMILIES {
            let shown = Shown::of(sandbox, family, &Linked::default())?;
            let known_to_be_one = match &family.kind {
                kind if *kind == CONTACT => same_people(sandbox, &shown),
                kind if *kind == COMPANY => same_names(&shown),
                _ => Vec::new(),
            };
            let entered = Entered {
                ghl: shown.ghl.into_keys().collect(),
                insightly: shown.insightly.into_keys().collect(),
                known_to_be_one,
            };
            of.insert(family.kind.clone(), entered);
        }
        Ok(Self(of))
    }

    /// One more that somebody entered, and that is new to the other side.
    pub fn enter(&mut self, kind: &Kind, side: Side, id: impl Into<String>) {
        let of = self.0.entry(kind.clone()).or_default();
        match side {
            Side::Left => of.ghl.insert(id.into()),
            Side::Right => of.insightly.insert(id.into()),
        };
    }

    /// One less: whoever entered it on this side has deleted it, so that it is to be on neither.
    pub fn leave(&mut self, kind: &Kind, side: Side, id: &str) {
        let of = self.0.entry(kind.clone()).or_default();
        match side {
            Side::Left => of.ghl.remove(id),
            Side::Right => of.insightly.remove(id),
        };
    }

    /// How many records of a kind were entered on both sides.
    pub fn records(&self, kind: &Kind) -> usize {
        let of = self.0.get(kind);
        of.map_or(0, |of| of.ghl.len() + of.insightly.len())
    }

    /// How many things they are: each has to be on both sides in the end.
    pub fn things(&self, kind: &Kind) -> usize {
        self.0.get(kind).map_or(0, Entered::things)
    }

    pub(super) fn entered(&self, kind: &Kind) -> Option<&Entered> {
        self.0.get(kind)
    }
}

impl Entered {
    pub(super) fn things(&self) -> usize {
        self.ghl.len() + self.insightly.len() - self.known_to_be_one.len()
    }
}

fn same_people(sandbox: &Sandbox, shown: &Shown) -> Vec<(String, String)> {
    let people = sandbox.same_people().iter();
    let ids = people.map(|person| (person.ghl.clone(), person.insightly.to_string()));
    let known = ids.filter(|(here, there)| {
        let pair = shown.ghl.get(here).zip(shown.insightly.get(there));
        pair.is_some_and(|(here, there)| are_one(here, there))
    });
    known.collect()
}

/// Whether an e-mail, or a phone and the whole name, tells that two records are one person.
fn are_one(ghl: &Value, insightly: &Value) -> bool {
    let (here, there) = (email_of_ghl(ghl), email_of_insightly(insightly));
    if !here.is_empty() || !there.is_empty() {
        return here == there;
    }
    let name = |contact, first, last| {
        format!("{} {}", text(contact, first), text(contact, last)).to_lowercase()
    };
    let phone = digits(&text(ghl, "phone"));
    name(ghl, "firstName", "lastName") == name(insightly, "FIRST_NAME", "LAST_NAME")
        && phones_of_insightly(insightly).contains(&phone)
}

/// Companies are known by their names.
fn same_names(shown: &Shown) -> Vec<(String, String)> {
    let there = shown.insightly.iter();
    let there = there.map(|(id, company)| (company::name_in_insightly(company), id));
    let there: BTreeMap<String, &String> = there.collect();
    let here = shown.ghl.iter();
    let known = here.filter_map(|(id, company)| {
        let other = there.get(&company::name_in_ghl(company))?;
        Some((id.clone(), (*other).clone()))
    });
    known.collect()
}
