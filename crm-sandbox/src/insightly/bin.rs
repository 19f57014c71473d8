//! The recycle bin: what is deleted can come back with its id for thirty days.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::links::other_end;
use super::packed::{Packed, Stored};
use super::{End, Insightly, moment, switches as on};
use crate::rows::Stamps;

const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What goes with the record that it is on.
const OWNED: [&str; 6] = [
    "notes",
    "file_attachments",
    "comments",
    "milestones",
    "opportunity_line_items",
    "team_members",
];

/// A deleted record with what it took along.
pub(super) struct Binned {
    end: End,
    at: Timestamp,
    row: Arc<Stored>,
    links: Vec<Value>,
    /// Links that tasks, events and e-mails had to it.
    pointing: Vec<(End, Value)>,
    owned: Vec<Binned>,
    parents: Vec<End>,
}

impl Insightly {
    /// Deletes a record; those that a plan counts go to the bin.
    pub(super) fn throw_away(&mut self, end: End) -> bool {
        let Some(binned) = self.take_out(end) else {
            return false;
        };
        if FAMILIES[end.0].is_counted() {
            self.bin.insert(end, binned);
        }
        true
    }

    fn take_out(&mut self, end: End) -> Option<Binned> {
        let row = self.live(end)?.clone();
        let links = self.links_of(end);
        let mut pointing = Vec::new();
        let mut owned = Vec::new();
        for child in self.under.get(&end).cloned().unwrap_or_default() {
            let its_links = self.links_of(child);
            let to_this = |link: &&Value| other_end(link) == Some(end);
            let elsewhere = its_links.iter().any(|link| !to_this(&link));
            if OWNED.contains(&FAMILIES[child.0].key) && !elsewhere {
                owned.extend(self.take_out(child));
                continue;
            }
            for link in its_links.iter().filter(to_this) {
                self.unlink(child, link);
                pointing.push((child, link.clone()));
            }
        }
        for link in &links {
            self.unlink(end, link);
        }
        let parents = self.parents_of(end);
        for parent in &parents {
            self.leave(*parent, end);
        }
        self.under.remove(&end);
        self.shelves[end.0].rows.remove(&end.1, self.now);
        Some(Binned {
            end,
            at: self.now,
            row,
            links,
            pointing,
            owned,
            parents,
        })
    }

    /// The records that a part without links belongs to.
    fn parents_of(&self, end: End) -> Vec<End> {
        if FAMILIES[end.0].key == "file_attachments" {
            let file = self.files.get(&end.1);
            return file.map(|file| file.owner).into_iter().collect();
        }
        let Some(fields) = self.live(end).map(|row| row.fields.open()) else {
            return Vec::new();
        };
        let parent = |(key, name): (&str, &str)| {
            let id = fields.get(name)?.as_i64()?;
            Some((shelf(key), id))
        };
        let known = match FAMILIES[end.0].key {
            "comments" => &[
                ("notes", "NOTE_ID"),
                ("tasks", "TASK_ID"),
                ("emails", "EMAIL_ID"),
            ][..],
            "milestones" => &[("projects", "PROJECT_ID")],
            "opportunity_line_items" => &[("opportunities", "OPPORTUNITY_ID")],
            "team_members" => &[("teams", "TEAM_ID")],
            _ => &[],
        };
        known.iter().filter_map(|known| parent(*known)).collect()
    }

    /// Takes a record out of the bin, if it is not too late.
    pub(super) fn restore(&mut self, end: End) -> bool {
        let in_time = |binned: &Binned| self.now.duration_since(binned.at) <= KEPT;
        if !self.bin.get(&end).is_some_and(in_time) {
            return false;
        }
        let Some(binned) = self.bin.remove(&end) else {
            return false;
        };
        let bump = self.switches.is(&on::RESTORE_BUMP, "yes");
        self.put_back(binned, bump);
        true
    }

    fn put_back(&mut self, binned: Binned, bump: bool) {
        let Binned { end, row, .. } = binned;
        let mut fields = row.fields.open();
        fields.set("LINKS", json!(null));
        let stamps = Stamps {
            created: row.created,
            updated: if bump {
                moment::to_second(self.now).max(row.updated)
            } else {
                row.updated
            },
        };
        let packed = Packed::new(&FAMILIES[end.0], &fields);
        self.shelves[end.0]
            .rows
            .insert(end.1, packed, stamps, self.now);
        for parent in binned.parents {
            self.under.entry(parent).or_default().insert(end);
        }
        let there = |account: &Self, link: &Value| {
            other_end(link).is_some_and(|other| account.live(other).is_some())
        };
        for link in binned.links {
            if there(self, &link) {
                self.put_link(end, &link);
            }
        }
        for (child, link) in binned.pointing {
            if self.live(child).is_some() {
                self.put_link(child, &link);
            }
        }
        for owned in binned.owned {
            self.put_back(owned, bump);
        }
    }

    /// Ids of a family that are in the bin.
    pub(super) fn binned(&self, at: usize) -> Vec<i64> {
        let own = self.bin.range((at, i64::MIN)..=(at, i64::MAX));
        own.map(|(end, _)| end.1).collect()
    }
}
