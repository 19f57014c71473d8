//! How each story has to end: nothing lost, nobody doubled, nothing written that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};

use ghl_insightly::agreement::{compared, letters};
use serde_json::Value;
use sync_core::{FieldKey, Happened, HistoryEvent, Hold, Kind, Link, Side};

use crate::{
    deeds::{Done, Place, fields, kind},
    failure::{Proved, ensure},
    scene::Scene,
};

/// The families of the two systems that are the same kind. Tasks of Insightly are of two: those
/// that follow up appointments, and all others.
const FAMILIES: [(&str, &str); 5] = [
    ("businesses", "organisations"),
    ("contacts", "contacts"),
    ("tasks", "tasks"),
    ("notes", "notes"),
    ("appointments", "tasks"),
];

/// What two linked records say, read whole, and what is held.
struct Ending<'s> {
    scene: &'s Scene,
    deeds: BTreeMap<Place, Done>,
    history: Vec<Happened>,
    wrong: Vec<String>,
}

impl Scene {
    /// Everything is read once more, everything is compared, and then nothing happens any more.
    pub async fn ends_well(&mut self) -> Proved {
        self.settle().await?;
        self.a_day_later().await?;
        self.is_well(true).await?;
        self.is_quiet().await
    }

    /// The same where a story was broken off under a behaviour that it does not tell of: it
    /// converges, or holds, or the program says why it cannot go on. Answers what it says.
    pub async fn ends_somehow(&mut self) -> Proved<Option<String>> {
        if let Err(why) = self.restart().await {
            return Ok(Some(why.to_string()));
        }
        for _ in 0..2 {
            if let Err(why) = self.goes_on().await? {
                self.is_well(false).await?;
                return Ok(Some(why.to_string()));
            }
        }
        self.is_well(true).await?;
        self.is_quiet().await?;
        Ok(None)
    }

    /// Nothing is lost, nobody doubled, nothing written that nobody asked for.
    async fn is_well(&mut self, converged: bool) -> Proved {
        let mut ending = Ending {
            deeds: self.deeds.all(),
            history: self.history().await?,
            wrong: Vec::new(),
            scene: self,
        };
        if converged {
            ending.pairs_agree().await?;
        }
        ending.nobody_is_doubled().await?;
        ending.nothing_is_lost();
        ending.everything_was_asked_for();
        let wrong = ending.wrong;
        ensure(wrong.is_empty(), || wrong.join("; "))
    }

    /// A cycle after a converged one writes nothing; nor does a day later, when all is read again.
    /// A refused field is tried again after a day: that is a write.
    pub async fn is_quiet(&mut self) -> Proved {
        let tried_again = self.holds().await?;
        let tried_again = tried_again.iter().any(|hold| hold.retry_at.is_some());
        let written = self.written();
        self.settle().await?;
        if !tried_again {
            self.a_day_later().await?;
        }
        let crms = self.world.crms();
        let last = Side::BOTH.map(|side| crms[side].writes().pop());
        let more = self.written() - written;
        ensure(more == 0, || {
            format!("{more} writes when nobody did anything; the last ones: {last:?}")
        })
    }
}

impl Ending<'_> {
    async fn pairs_agree(&mut self) -> Proved {
        let holds = self.scene.holds().await?;
        let held = |link: &Link, field: &str| {
            holds.iter().any(|hold| {
                let it = hold.ids.left.as_ref() == Some(&link.sides.left.id)
                    || hold.ids.right.as_ref() == Some(&link.sides.right.id);
                let name = hold.field.as_ref().map(FieldKey::name);
                it && hold.kind == link.kind && name.is_none_or(|name| name == field)
            })
        };
        // What stands under a record that is held waits with it.
        let waits = |link: &Link| {
            let contact = link.sides.left.locator.as_ref();
            let is_its = |hold: &Hold| {
                let held = hold.ids.left.as_ref().filter(|_| hold.field.is_none());
                contact.is_some_and(|at| held.is_some_and(|id| id.as_str() == at.as_str()))
            };
            holds.iter().any(is_its)
        };
        for (here, there) in FAMILIES {
            for link in self.scene.links(here).await? {
                let shown = self.records(here, there, &link);
                let Some((left, right)) = shown else {
                    if !held(&link, "") && !waits(&link) {
                        let (left, right) = (&link.sides.left.id, &link.sides.right.id);
                        self.wrong
                            .push(format!("{left} and {right} are not both there"));
                    }
                    continue;
                };
                for field in compared(&link.kind, &left, &right) {
                    if field.ghl != field.insightly && !held(&link, field.field) {
                        self.wrong.push(format!("they differ: {field:?}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn records(
        &self,
        here: &'static str,
        there: &'static str,
        link: &Link,
    ) -> Option<(Value, Value)> {
        let ids = link.sides.as_ref().map(|side| side.id.to_string());
        let left = self.scene.desk(Side::Left, here).get(&ids.left).ok()?;
        let right = self.scene.desk(Side::Right, there).get(&ids.right).ok()?;
        Some((left, right))
    }

    /// What we made is linked, or it is an orphan or a second one.
    async fn nobody_is_doubled(&mut self) -> Proved {
        let mut linked: BTreeMap<(Side, &str), BTreeSet<String>> = BTreeMap::new();
        for (here, there) in FAMILIES {
            for link in self.scene.links(here).await? {
                for (side, family) in [(Side::Left, here), (Side::Right, there)] {
                    let id = link.sides[side].id.to_string();
                    let first = linked.entry((side, family)).or_default().insert(id);
                    ensure(first, || format!("a {family} of {side} is in two links"))?;
                }
            }
        }
        for (here, there) in FAMILIES {
            for (side, family) in [(Side::Left, here), (Side::Right, there)] {
                for record in self.scene.desk(side, family).all()? {
                    let id = crate::scene::id_of(family, &record)?;
                    let by_hand = self.deeds.get(&crate::scene::place(side, family, &id));
                    let entered = by_hand.is_some_and(|done| done.entered);
                    let parted = self.parted(family, side, &id);
                    let linked = linked.get(&(side, family));
                    let linked = linked.is_some_and(|ids| ids.contains(&id));
                    if !entered && !parted && !linked {
                        let what = format!("{side} {family} {id} was made and is nobody's");
                        self.wrong.push(what);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the link of a record was ended.
    fn parted(&self, family: &str, side: Side, id: &str) -> bool {
        self.history.iter().any(|happened| {
            let it = happened.ids[side]
                .as_ref()
                .is_some_and(|of| of.as_str() == id);
            let ended = matches!(happened.event, HistoryEvent::Unlinked { .. });
            it && ended && is_of(&happened.kind, side, family)
        })
    }

    /// Whether another record took the place of this one, under another parent.
    fn was_moved(&self, family: &str, side: Side, id: &str) -> bool {
        self.history.iter().any(|happened| {
            let HistoryEvent::Moved { side: there, from } = &happened.event else {
                return false;
            };
            *there == side && from.as_str() == id && is_of(&happened.kind, side, family)
        })
    }

    /// What somebody typed is shown somewhere, or the history has it.
    fn nothing_is_lost(&mut self) {
        let mut kept = Vec::new();
        for crm in [
            self.scene.world.sandbox.ghl(),
            self.scene.world.sandbox.insightly(),
        ] {
            texts(&crm.state(), &mut kept);
        }
        let history = serde_json::to_value(&self.history).unwrap_or_default();
        texts(&history, &mut kept);
        for (place, done) in &self.deeds {
            if done.deleted && !done.restored {
                continue;
            }
            for (member, value) in &done.typed {
                if matches!(
                    member.as_str(),
                    "dueDate" | "DUE_DATE" | "startTime" | "appointmentStatus" | "LINKS"
                ) {
                    continue;
                }
                let mut typed = Vec::new();
                texts(value, &mut typed);
                for text in typed {
                    if !kept.iter().any(|kept| kept.contains(&text)) {
                        self.wrong
                            .push(format!("{member} `{text}` of {place:?} is lost"));
                    }
                }
            }
        }
    }

    /// Each field that was written is one that somebody changed on the other side; each record
    /// that was made or deleted has a counterpart that somebody made or deleted.
    fn everything_was_asked_for(&mut self) {
        for side in Side::BOTH {
            for written in self.scene.world.crms()[side].writes() {
                let Some((family, call)) = written.operation.split_once('.') else {
                    continue;
                };
                let mut ids = written.parts.as_slice();
                if side == Side::Right {
                    // Insightly's first one is the family.
                    ids = ids.get(1..).unwrap_or_default();
                }
                let (ids, wrote) = target(family, call, ids, &written.body);
                for id in ids {
                    let others = self.counterparts(family, side, &id);
                    let asked = others.iter().filter_map(|other| self.deeds.get(other));
                    let asked: Vec<&Done> = asked.collect();
                    let all = asked.iter().any(|done| done.all);
                    let is_asked = |field: &String| {
                        asked.iter().any(|done| {
                            done.fields.contains(field)
                                // A title that was made follows the text.
                                || (field == "title" && done.fields.contains("text"))
                        })
                    };
                    let fine = match call {
                        "create" | "add_note" => true,
                        "delete" => {
                            let put_elsewhere = |done: &&Done| done.fields.contains("parent");
                            let moved = asked.iter().any(put_elsewhere)
                                && self.was_moved(family, side, &id);
                            moved || asked.iter().any(|done| done.deleted)
                        }
                        _ => all || wrote.iter().all(is_asked),
                    };
                    if !fine {
                        self.wrong.push(format!("nobody asked for {written:?}"));
                    }
                }
            }
        }
        let made = self.history.iter();
        let made = made.filter_map(|of| match &of.event {
            HistoryEvent::Created { side } => Some((of, *side)),
            _ => None,
        });
        let mut unasked = Vec::new();
        for (happened, side) in made {
            let other = facing(side);
            let id = happened.ids[other].as_ref().map(ToString::to_string);
            let place = id.map(|id| Place {
                side: other,
                kind: happened.kind.clone(),
                id,
            });
            let entered = place.as_ref().and_then(|place| self.deeds.get(place));
            if !entered.is_some_and(|done| done.entered) {
                let of_it = |other: &&Happened| {
                    Side::BOTH.into_iter().any(|side| {
                        let id = happened.ids[side].as_ref();
                        id.is_some() && other.ids[side].as_ref() == id
                    })
                };
                let story: Vec<_> = self.history.iter().filter(of_it).collect();
                unasked.push(format!(
                    "nobody entered what was made of {place:?}: {story:?}"
                ));
            }
        }
        self.wrong.extend(unasked);
    }

    /// Whom a record is or was linked with.
    fn counterparts(&self, family: &str, side: Side, id: &str) -> BTreeSet<Place> {
        let met = self.history.iter().filter(|happened| {
            let here = happened.ids[side].as_ref();
            let it = here.is_some_and(|here| here.as_str() == id);
            it && is_of(&happened.kind, side, family)
        });
        let other = facing(side);
        let place = |happened: &Happened| {
            Some(Place {
                side: other,
                kind: happened.kind.clone(),
                id: happened.ids[other].as_ref()?.to_string(),
            })
        };
        met.filter_map(place).collect()
    }
}

/// Whether records of a family are of a kind.
fn is_of(of: &Kind, side: Side, family: &str) -> bool {
    FAMILIES.iter().any(|(here, there)| {
        let named = match side {
            Side::Left => here,
            Side::Right => there,
        };
        *named == family && kind(here) == *of
    })
}

const fn facing(side: Side) -> Side {
    match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
    }
}

/// Which records a write was about, and which of their fields.
fn target(
    family: &str,
    call: &str,
    ids: &[String],
    body: &Value,
) -> (Vec<String>, BTreeSet<String>) {
    let of = |name: &str| BTreeSet::from([name.to_owned()]);
    let wrote = match call {
        "add_tags" | "remove_tags" | "add_tag" | "remove_tag" | "set_tags" => of("tags"),
        "set_business" => of("employer"),
        "complete" => of("done"),
        "add_link" | "remove_link" => of("parent"),
        _ => {
            let mut wrote = fields(body);
            // The name of an organisation's own id.
            if family == "organisations" {
                wrote.remove("employer");
            }
            wrote
        }
    };
    if call == "set_business" {
        let all = body["ids"].as_array().into_iter().flatten();
        let all = all.filter_map(|id| id.as_str().map(str::to_owned));
        return (all.collect(), wrote);
    }
    // GHL names the contact of a task or a note first, Insightly a tag or a link last.
    let nested = ids.len() == 2 && matches!(call, "update" | "delete" | "complete");
    let id = ids.get(usize::from(nested)).cloned();
    let named = ["CONTACT_ID", "TASK_ID", "NOTE_ID", "ORGANISATION_ID"];
    let in_body = named.iter().find_map(|name| body[name].as_i64());
    let id = id.or_else(|| in_body.map(|id| id.to_string()));
    (id.into_iter().collect(), wrote)
}

/// All texts in it, without markup, in small letters and digits only.
fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let text = letters(text.trim_end_matches(" 00:00:00"));
            if !text.is_empty() {
                into.push(text);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
        Value::Object(members) => members.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}
