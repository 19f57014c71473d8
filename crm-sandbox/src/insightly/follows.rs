//! Which records a user follows.

use http::StatusCode;
use serde_json::{Value, json};

use super::Insightly;
use super::families::FAMILIES;
use super::routes::{Exchange, Outcome};
use crate::reply::Reply;

impl Insightly {
    pub(super) fn get_follow(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let following = self.follows.contains(&(self.caller, end));
        Ok(Reply::ok(&json!({ "FOLLOWING": following })))
    }

    pub(super) fn follow(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        self.follows.insert((self.caller, end));
        let shown = json!({ "FOLLOWING": true });
        Ok(Reply::json(StatusCode::CREATED, &shown))
    }

    pub(super) fn unfollow(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        self.follows.remove(&(self.caller, end));
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    pub(super) fn list_follows(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (skip, top) = self.page(exchange)?;
        let wanted = exchange.call.query("record_type");
        let is_wanted = |at: usize| {
            let family = &FAMILIES[at];
            wanted.is_none_or(|wanted| {
                let names = [family.name, family.singular];
                names.iter().any(|name| name.eq_ignore_ascii_case(wanted))
            })
        };
        let own = self.follows.iter().filter(|(user, _)| *user == self.caller);
        let own = own.filter(|(_, end)| is_wanted(end.0));
        let shown = own
            .skip(skip)
            .take(top)
            .map(|(_, end)| json!({ "RECORD_TYPE": FAMILIES[end.0].singular, "RECORD_ID": end.1 }));
        Ok(Reply::ok(&Value::Array(shown.collect())))
    }
}
