//! Followers of a contact, and the campaigns and workflows it is in.

use http::StatusCode;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::family::Family;
use super::members::{CAMPAIGN_BODY, FOLLOWERS_BODY, WORKFLOW_BODY};
use super::{Ghl, Id};
use crate::reply::Reply;

/// A contact in a campaign or a workflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Enrolment {
    contact: Id,
    what: &'static str,
    id: String,
}

impl Enrolment {
    pub(super) fn shape(&self) -> Value {
        json!({ "contactId": &*self.contact, "in": self.what, "id": self.id })
    }
}

impl Ghl {
    pub(super) fn add_followers(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (all, added) = self.change_followers(exchange, |all, given| {
            let new: Vec<Value> = given
                .iter()
                .filter(|user| !all.contains(user))
                .cloned()
                .collect();
            all.extend(new.iter().cloned());
            new
        })?;
        let body = json!({ "followers": all, "followersAdded": added });
        Ok(Reply::json(StatusCode::CREATED, &body))
    }

    pub(super) fn remove_followers(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (all, removed) = self.change_followers(exchange, |all, given| {
            let (gone, stay) = all.drain(..).partition(|user| given.contains(user));
            *all = stay;
            gone
        })?;
        let body = json!({ "followers": all, "followersRemoved": removed });
        Ok(Reply::ok(&body))
    }

    /// All followers after the change, and those that came or went.
    fn change_followers(
        &mut self,
        exchange: &Exchange<'_>,
        change: impl FnOnce(&mut Vec<Value>, &[Value]) -> Vec<Value>,
    ) -> Result<(Vec<Value>, Vec<Value>), Reply> {
        let body = exchange.members(FOLLOWERS_BODY, |member| member.create)?;
        let mut fields = self.contact(exchange.id())?.fields.clone();
        let mut all = fields.list("followers").to_vec();
        let given = body["followers"].as_array().cloned().unwrap_or_default();
        let moved = change(&mut all, &given);
        if !moved.is_empty() {
            fields.set("followers", json!(all));
            self.change(
                Family::Contacts,
                &exchange.id().into(),
                fields,
                exchange.now,
            );
        }
        Ok((all, moved))
    }

    pub(super) fn join_campaign(&mut self, exchange: &Exchange<'_>) -> Outcome {
        exchange.members(CAMPAIGN_BODY, |member| member.create)?;
        self.enrol(exchange, "campaign", true)?;
        Ok(exchange.succeeded(StatusCode::CREATED))
    }

    pub(super) fn leave_campaign(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.enrol(exchange, "campaign", false)?;
        Ok(exchange.succeeded(StatusCode::OK))
    }

    pub(super) fn leave_campaigns(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.contact(exchange.id())?;
        let own = |one: &Enrolment| &*one.contact == exchange.id() && one.what == "campaign";
        self.enrolments.retain(|one| !own(one));
        Ok(exchange.succeeded(StatusCode::OK))
    }

    pub(super) fn join_workflow(&mut self, exchange: &Exchange<'_>) -> Outcome {
        exchange.members(WORKFLOW_BODY, |member| member.create)?;
        self.enrol(exchange, "workflow", true)?;
        Ok(exchange.succeeded(StatusCode::OK))
    }

    /// Carries a body, as the deletes of tags and followers do.
    pub(super) fn leave_workflow(&mut self, exchange: &Exchange<'_>) -> Outcome {
        exchange.members(WORKFLOW_BODY, |member| member.create)?;
        self.enrol(exchange, "workflow", false)?;
        Ok(exchange.succeeded(StatusCode::OK))
    }

    fn enrol(
        &mut self,
        exchange: &Exchange<'_>,
        what: &'static str,
        joins: bool,
    ) -> Result<(), Reply> {
        self.contact(exchange.id())?;
        let one = Enrolment {
            contact: exchange.id().into(),
            what,
            id: exchange.part(1).to_owned(),
        };
        if joins {
            self.enrolments.insert(one);
        } else {
            self.enrolments.remove(&one);
        }
        Ok(())
    }
}
