//! The check: the raw states of both servers, read whole and compared.

use std::collections::{BTreeMap, BTreeSet};

use crm_sandbox::Sandbox;
use ghl_insightly::contact::CONTACT;
use serde_json::Value;
use sync_core::{ConnectionId, Counts, HistoryEvent, Store, Subject};

use crate::{
    contact_json::{compared, digits, email_of_ghl, email_of_insightly, phones_of_insightly, text},
    failure::{Proved, ensure},
};

/// Everything in one page.
const ALL: usize = usize::MAX >> 1;

/// How many mistakes are told.
const TOLD: usize = 8;

type Contacts = BTreeMap<String, Value>;

/// Who was there before the first sync.
#[derive(Debug, Clone)]
pub struct Before {
    ghl: BTreeSet<String>,
    insightly: BTreeSet<String>,
    known_to_be_one: Vec<(String, String)>,
}

/// What the store says of a connection once nothing runs.
#[derive(Debug)]
pub struct Kept {
    /// The linked ids, GHL's first.
    pub pairs: BTreeMap<String, String>,
    /// Fields that wait for a person, by GHL id.
    pub held: BTreeSet<(String, String)>,
    /// How many lost creates were found again and adopted.
    pub adopted: u64,
    /// How much of everything there is.
    pub counts: Counts,
}

/// What the check found to be right.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Agreement {
    /// Pairs of records.
    pub pairs: u64,
    /// Fields that are equal.
    pub equal_fields: u64,
    /// Fields that wait for a person.
    pub held_fields: u64,
}

impl Before {
    /// Reads both servers.
    pub fn of(sandbox: &Sandbox) -> Proved<Self> {
        let (ghl, insightly) = contacts(sandbox)?;
        let mut known_to_be_one = Vec::new();
        for person in sandbox.same_people() {
            let there = person.insightly.to_string();
            if are_one(&ghl[&person.ghl], &insightly[&there]) {
                known_to_be_one.push((person.ghl.clone(), there));
            }
        }
        Ok(Self {
            ghl: ghl.into_keys().collect(),
            insightly: insightly.into_keys().collect(),
            known_to_be_one,
        })
    }

    /// How many records there were on both sides.
    pub fn records(&self) -> u64 {
        (self.ghl.len() + self.insightly.len()) as u64
    }

    /// How many people there are: each has to be on both sides in the end.
    pub fn people(&self) -> usize {
        self.ghl.len() + self.insightly.len() - self.known_to_be_one.len()
    }
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

impl Kept {
    /// Reads a store.
    pub async fn of(store: &dyn Store) -> Proved<Self> {
        let connection = ConnectionId::new("main");
        let links = store.link_page(&connection, &CONTACT, None, ALL).await?;
        let ids = links.iter().map(|link| {
            let ids = link.sides.as_ref().map(|side| side.id.to_string());
            (ids.left, ids.right)
        });
        let holds = store.holds(&connection, 0, ALL).await?;
        let held = holds.iter().filter_map(|(_, hold)| {
            let Subject::Link(link) = &hold.subject else {
                return None;
            };
            let (left, _) = link.as_str().split_once('~')?;
            Some((left.to_owned(), hold.field.as_ref()?.name().to_owned()))
        });
        let history = store.history(&connection, 0, ALL).await?;
        let is_adoption = |event: &HistoryEvent| matches!(event, HistoryEvent::Adopted { .. });
        let adopted = history
            .iter()
            .filter(|(_, happened)| is_adoption(&happened.event))
            .count();
        Ok(Self {
            pairs: ids.collect(),
            held: held.collect(),
            adopted: adopted as u64,
            counts: store.counts(&connection).await?,
        })
    }
}

impl Agreement {
    /// Everybody has exactly one counterpart, and the two say the same.
    pub fn check(sandbox: &Sandbox, before: &Before, kept: &Kept) -> Proved<Self> {
        let (ghl, insightly) = contacts(sandbox)?;
        let mut agreement = Self {
            pairs: kept.pairs.len() as u64,
            ..Self::default()
        };
        let mut wrong = who_is_lost_or_doubled(&ghl, &insightly, before);
        wrong.extend(who_is_not_paired(&ghl, &insightly, before, kept));
        for (left, right) in &kept.pairs {
            let (Some(here), Some(there)) = (ghl.get(left), insightly.get(right)) else {
                wrong.push(format!("the pair {left} and {right} is not on both sides"));
                continue;
            };
            wrong.extend(agreement.compare(left, here, there, kept));
        }
        ensure(kept.counts.intents == 0, || {
            format!("{} intents are open", kept.counts.intents)
        })?;
        ensure(wrong.is_empty(), || {
            let told = wrong.iter().take(TOLD).map(String::as_str);
            let told: Vec<&str> = told.collect();
            format!("{} things are wrong: {}", wrong.len(), told.join("; "))
        })?;
        Ok(agreement)
    }

    fn compare(&mut self, id: &str, ghl: &Value, insightly: &Value, kept: &Kept) -> Vec<String> {
        let mut wrong = Vec::new();
        for field in compared(ghl, insightly) {
            if kept.held.contains(&(id.to_owned(), field.field.to_owned())) {
                self.held_fields += 1;
            } else if field.ghl == field.insightly {
                self.equal_fields += 1;
            } else {
                wrong.push(format!(
                    "{} of {id}: `{}` in GHL, `{}` in Insightly",
                    field.field, field.ghl, field.insightly
                ));
            }
        }
        wrong
    }
}

/// By id, as a read by id shows them.
fn contacts(sandbox: &Sandbox) -> Proved<(Contacts, Contacts)> {
    let keyed = |all: Vec<Value>, id: &str| -> Contacts {
        let keyed = all.into_iter().map(|contact| (text(&contact, id), contact));
        keyed.collect()
    };
    let ghl = keyed(sandbox.ghl().contacts().all()?, "id");
    let insightly = keyed(sandbox.insightly().contacts().all()?, "CONTACT_ID");
    Ok((ghl, insightly))
}

fn who_is_lost_or_doubled(ghl: &Contacts, insightly: &Contacts, before: &Before) -> Vec<String> {
    let mut wrong = Vec::new();
    for (system, now, then) in [
        ("GHL", ghl, &before.ghl),
        ("Insightly", insightly, &before.insightly),
    ] {
        let lost = then.iter().filter(|id| !now.contains_key(*id));
        wrong.extend(lost.map(|id| format!("{system} lost {id}")));
        if now.len() != before.people() {
            let (here, people) = (now.len(), before.people());
            wrong.push(format!("{system} has {here} contacts for {people} people"));
        }
    }
    let mut emails = BTreeSet::new();
    let doubled = ghl.values().map(email_of_ghl).filter(|e| !e.is_empty());
    let doubled = doubled.filter(|email| !emails.insert(email.clone()));
    wrong.extend(doubled.map(|email| format!("{email} is in GHL twice")));
    let mut emails = BTreeSet::new();
    let doubled = insightly.values().map(email_of_insightly);
    let doubled = doubled.filter(|email| !email.is_empty() && !emails.insert(email.clone()));
    wrong.extend(doubled.map(|email| format!("{email} is in Insightly twice")));
    wrong
}

fn who_is_not_paired(
    ghl: &Contacts,
    insightly: &Contacts,
    before: &Before,
    kept: &Kept,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let met: BTreeSet<&String> = kept.pairs.values().collect();
    if met.len() != kept.pairs.len() {
        wrong.push("an Insightly contact is in two pairs".to_owned());
    }
    let lone = ghl.keys().filter(|id| !kept.pairs.contains_key(*id));
    wrong.extend(lone.map(|id| format!("GHL {id} has no counterpart")));
    let lone = insightly.keys().filter(|id| !met.contains(id));
    wrong.extend(lone.map(|id| format!("Insightly {id} has no counterpart")));
    for (left, right) in &before.known_to_be_one {
        if kept.pairs.get(left) != Some(right) {
            wrong.push(format!(
                "GHL {left} and Insightly {right} are one person, but no pair"
            ));
        }
    }
    wrong
}
