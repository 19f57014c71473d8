//! Two records made one, as people do it in the web app.

use serde_json::{Value, json};

use super::families::FAMILIES;
use super::links::other_end;
use super::schema::{Kind, Right};
use super::{End, Insightly, switches as on};
use crate::rows::Fields;

impl Insightly {
    /// Fills the master from the source, moves everything that was on the source to the
    /// master, and throws the source away.
    pub(super) fn merge(&mut self, source: End, master: End) -> bool {
        let (Some(from), Some(to)) = (self.live(source), self.live(master)) else {
            return false;
        };
        if source == master || source.0 != master.0 {
            return false;
        }
        let (from, mut fields) = (from.fields.open(), to.fields.open());
        self.fill_from(master.0, &from, &mut fields);
        let bump = self.switches.is(&on::MERGE_BUMP, "yes");
        self.store(master, &fields, bump);
        self.move_links(source, master);
        self.move_parts(source, master);
        self.rename(source, master.1);
        self.throw_away(source);
        self.record_written(master, "update");
        true
    }

    fn fill_from(&self, at: usize, from: &Fields, to: &mut Fields) {
        for field in FAMILIES[at].fields {
            let Some(theirs) = from.get(field.name) else {
                continue;
            };
            match field.kind {
                Kind::Links => {}
                Kind::CustomFields => {
                    for (name, value) in from.pairs("CUSTOMFIELDS") {
                        if to.pair("CUSTOMFIELDS", name).is_none() {
                            to.set_pair("CUSTOMFIELDS", name, Some(value.clone()));
                        }
                    }
                }
                Kind::Tags => to.set(field.name, self.united_names(to, from)),
                Kind::Occasions | Kind::EmailDomains => {
                    let parts = [to.list(field.name), from.list(field.name)].concat();
                    to.set(field.name, json!(parts));
                }
                _ if field.name == "BACKGROUND" => {
                    let own = to.text(field.name).into_iter();
                    let both: Vec<&str> = own.chain(theirs.as_str()).collect();
                    let joined: String = both.join("\n").chars().take(4000).collect();
                    to.set(field.name, json!(joined));
                }
                _ if field.right == Right::Read => {}
                _ => {
                    if to.get(field.name).is_none() {
                        to.set(field.name, theirs.clone());
                    }
                }
            }
        }
    }

    fn united_names(&self, to: &Fields, from: &Fields) -> Value {
        let mut names = to.list("TAGS").to_vec();
        for name in from.list("TAGS") {
            let text = name.as_str().unwrap_or_default();
            if !names.iter().any(|kept| self.is_same_tag(kept, text)) {
                names.push(name.clone());
            }
        }
        json!(names)
    }

    /// Moves links of a record, and those that lead to it, to another record.
    pub(super) fn move_links(&mut self, source: End, target: End) {
        for link in self.links_of(source) {
            self.unlink(source, &link);
            if let Some(other) = other_end(&link).filter(|other| *other != target) {
                self.join(target, other, &link);
            }
        }
        for child in self.under.get(&source).cloned().unwrap_or_default() {
            let links = self.links_of(child);
            for link in links.iter().filter(|link| other_end(link) == Some(source)) {
                self.unlink(child, link);
                let there = links.iter().any(|link| other_end(link) == Some(target));
                if !there {
                    self.join(child, target, link);
                }
            }
        }
    }

    /// Lets every record that names one of a family name another.
    fn rename(&mut self, from: End, to: i64) {
        let key = FAMILIES[from.0].key;
        for (at, family) in FAMILIES.iter().enumerate() {
            let mut fields = family.fields.iter();
            let Some(field) = fields.find(|field| field.kind == Kind::Of(key)) else {
                continue;
            };
            let naming = format!("\"{}\":{}", field.name, from.1);
            let rows = self.shelves[at].rows.live().iter();
            let named = rows.filter(|(_, row)| row.fields.may_hold(&naming));
            let ids: Vec<i64> = named.map(|(id, _)| *id).collect();
            for id in ids {
                let Some(mut fields) = self.live((at, id)).map(|row| row.fields.open()) else {
                    continue;
                };
                fields.set(field.name, json!(to));
                self.store((at, id), &fields, true);
            }
        }
    }

    /// Moves files.
    pub(super) fn move_parts(&mut self, source: End, target: End) {
        for child in self.under.get(&source).cloned().unwrap_or_default() {
            if let Some(file) = self.files.get_mut(&child.1).filter(|f| f.owner == source) {
                file.owner = target;
                self.leave(source, child);
                self.under.entry(target).or_default().insert(child);
            }
        }
    }
}
