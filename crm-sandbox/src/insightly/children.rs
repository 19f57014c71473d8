//! Collections below one record: line items, milestones, members of a team.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::families::{FAMILIES, shelf};
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, switches as on};
use crate::reply::Reply;

const ITEMS: &str = "opportunity_line_items";
const MILESTONES: &str = "milestones";
const MEMBERS: &str = "team_members";

impl Insightly {
    pub(super) fn get_line_items(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.get_children(exchange, ITEMS)
    }

    pub(super) fn add_line_item(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.add_child(exchange, ITEMS)
    }

    pub(super) fn update_line_item(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.update_child(exchange, ITEMS)
    }

    pub(super) fn remove_line_item(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.remove_child(exchange, ITEMS)
    }

    pub(super) fn get_milestones(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.get_children(exchange, MILESTONES)
    }

    pub(super) fn add_milestone(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.add_child(exchange, MILESTONES)
    }

    pub(super) fn update_milestone(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.update_child(exchange, MILESTONES)
    }

    pub(super) fn remove_milestone(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.remove_child(exchange, MILESTONES)
    }

    pub(super) fn remove_member(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.remove_child(exchange, MEMBERS)
    }

    /// Unlike the other collections, this one answers the one that was made.
    pub(super) fn add_member(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (team, _) = self.row(exchange)?;
        let member = self.make_child(team, MEMBERS, &exchange.object()?)?;
        Ok(self.record_reply(member, StatusCode::CREATED))
    }

    fn get_children(&mut self, exchange: &Exchange<'_>, key: &str) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let shown = self.children(parent, shelf(key));
        Ok(Reply::json(self.sublist_status(), &shown))
    }

    fn children(&self, parent: End, at: usize) -> Value {
        let ids = self.below(parent, at).into_iter();
        ids.map(|id| self.shown((at, id))).collect()
    }

    /// All children, or the one that was written, as the switch says.
    pub(super) fn children_reply(&self, parent: End, child: End, status: StatusCode) -> Reply {
        let shown = if self.switches.is(&on::CHILD_POST, "one") {
            self.shown(child)
        } else {
            self.children(parent, child.0)
        };
        Reply::json(status, &shown)
    }

    pub(super) fn make_child(
        &mut self,
        parent: End,
        key: &str,
        body: &Map<String, Value>,
    ) -> Result<End, Refusal> {
        let at = shelf(key);
        let id = self.make(at, body, |fields| {
            fields.set(FAMILIES[parent.0].id, json!(parent.1));
        })?;
        self.under.entry(parent).or_default().insert((at, id));
        Ok((at, id))
    }

    fn add_child(&mut self, exchange: &Exchange<'_>, key: &str) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let child = self.make_child(parent, key, &exchange.object()?)?;
        Ok(self.children_reply(parent, child, StatusCode::CREATED))
    }

    fn child(&self, parent: End, key: &str, id: i64) -> Result<End, Refusal> {
        let at = shelf(key);
        if self.below(parent, at).contains(&id) {
            Ok((at, id))
        } else {
            Err(refusal::missing(FAMILIES[at].singular, id))
        }
    }

    fn update_child(&mut self, exchange: &Exchange<'_>, key: &str) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let body = exchange.object()?;
        let id_of = FAMILIES[shelf(key)].id;
        let id = self.member(&body, id_of).and_then(Value::as_i64);
        let id = id.ok_or_else(|| bad(format!("{id_of} is required.")))?;
        let child = self.child(parent, key, id)?;
        self.alter(exchange, child, &body)?;
        Ok(self.children_reply(parent, child, StatusCode::OK))
    }

    fn remove_child(&mut self, exchange: &Exchange<'_>, key: &str) -> Outcome {
        let (parent, _) = self.row(exchange)?;
        let child = self.child(parent, key, exchange.number(2)?)?;
        self.throw_away(child);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// `TEAMMEMBERS`.
    pub(super) fn members_of_team(&self, team: i64) -> Value {
        self.children((shelf("teams"), team), shelf(MEMBERS))
    }

    /// Puts a member into its team, and gives a team the members that a body lists.
    pub(super) fn settle_team(
        &mut self,
        end: End,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let teams = shelf("teams");
        if FAMILIES[end.0].key == MEMBERS {
            let fields = self.live(end).map(|row| row.fields.open());
            let team = fields.and_then(|fields| fields.get("TEAM_ID")?.as_i64());
            let team = team.ok_or_else(|| bad("TEAM_ID is required."))?;
            self.under.entry((teams, team)).or_default().insert(end);
        }
        let given = self.member(body, "TEAMMEMBERS").cloned();
        let Some(given) = given.filter(|_| end.0 == teams) else {
            return Ok(());
        };
        let given = given.as_array();
        let given = given.ok_or_else(|| bad("TEAMMEMBERS must be an array."))?;
        for id in self.below(end, shelf(MEMBERS)) {
            self.throw_away((shelf(MEMBERS), id));
        }
        for member in given.iter().filter_map(Value::as_object) {
            self.make_child(end, MEMBERS, member)?;
        }
        Ok(())
    }
}
