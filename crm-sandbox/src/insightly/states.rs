//! States of an opportunity, their reasons and their history.

use serde_json::{Map, json};

use super::families::{FAMILIES, shelf};
use super::refusal::bad;
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, moment};
use crate::reply::Reply;
use crate::rows::Fields;

impl Insightly {
    pub(super) fn change_state(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let body = exchange.body()?;
        let state = body.get("FOR_OPPORTUNITY_STATE").cloned();
        let state = state.ok_or_else(|| bad("FOR_OPPORTUNITY_STATE is required."))?;
        let reason = body.get("STATE_REASON_ID").filter(|id| !id.is_null());
        let reason = match reason {
            None => None,
            Some(id) => {
                let id = id.as_i64().unwrap_or_default();
                let row = self.live((shelf("opportunity_state_reasons"), id));
                let row = row.ok_or_else(|| bad("STATE_REASON_ID does not exist."))?;
                let text = row.fields.open().get("STATE_REASON").cloned();
                Some((id, text))
            }
        };
        let members = Map::from_iter([("OPPORTUNITY_STATE".to_owned(), state)]);
        self.alter(exchange, end, &members)?;
        let history = self.states.entry(end.1).or_default();
        let Some(last) = history.last_mut() else {
            return Err(bad("FOR_OPPORTUNITY_STATE is required."));
        };
        if let Some((id, text)) = reason {
            last["STATE_REASON_ID"] = json!(id);
            last["STATE_REASON"] = json!(text);
        }
        Ok(Reply::ok(last))
    }

    pub(super) fn get_state_history(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let history = self.states.get(&end.1);
        Ok(Reply::ok(&json!(history.map_or(&[][..], Vec::as_slice))))
    }

    /// Writes down that an opportunity has come into another state.
    pub(super) fn note_state(&mut self, end: End, before: &Fields, after: &Fields) {
        let state = after.get("OPPORTUNITY_STATE");
        let same = state == before.get("OPPORTUNITY_STATE");
        if FAMILIES[end.0].key != "opportunities" || same {
            return;
        }
        let entry = json!({
            "OPPORTUNITY_ID": end.1,
            "DATE_CHANGED_UTC": moment::written(moment::to_second(self.now)),
            "FOR_OPPORTUNITY_STATE": state,
            "STATE_REASON_ID": null,
            "STATE_REASON": null,
        });
        self.states.entry(end.1).or_default().push(entry);
    }
}
