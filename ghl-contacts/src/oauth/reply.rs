//! What the token endpoints answer.

use api_transport::{Response, SecretString};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{error::Error, oauth::token_set::TokenSet, operation::GhlOperation};

/// How long an access token lives where the answer does not tell.
const LIFETIME_S: i64 = 86_399;

/// A token answer, in the names of either API version.
pub(crate) struct TokenReply {
    pub(crate) tokens: TokenSet,
    pub(crate) members: Map<String, Value>,
}

impl TokenReply {
    /// Reads an answer to what was sent at `asked_at`. What cannot be read is not quoted: it
    /// may be a token.
    pub(crate) fn read(
        operation: &'static GhlOperation,
        response: &Response,
        asked_at: Timestamp,
    ) -> Result<Self, Error> {
        let unreadable = |path: &str, what: &str| {
            Error::unreadable(operation.definition(), path, format!("there is no {what}"))
        };
        let read: Option<Value> = serde_json::from_slice(&response.body).ok();
        let Some(Value::Object(mut members)) = read else {
            return Err(unreadable(".", "object"));
        };
        let access_token = take(&mut members, ["access_token", "accessToken"])
            .ok_or_else(|| unreadable("access_token", "access token"))?;
        let lives = ["expires_in", "expiresIn"].iter().find_map(|name| {
            let value = members.get(*name)?;
            value.as_i64().or_else(|| value.as_str()?.parse().ok())
        });
        let lives =
            SignedDuration::from_secs(lives.unwrap_or(LIFETIME_S).clamp(0, 10 * LIFETIME_S));
        let tokens = TokenSet {
            access_token: access_token.into(),
            refresh_token: take(&mut members, ["refresh_token", "refreshToken"])
                .map(SecretString::from),
            obtained_at: asked_at,
            expires_at: asked_at.saturating_add(lives).unwrap_or(asked_at),
            scope: take(&mut members, ["scope", "scope"]),
        };
        Ok(Self { tokens, members })
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = self.members.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.members.get(name)?.as_bool()
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let items = self.members.get(name).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }
}

/// The first of two names that holds a text.
fn take(members: &mut Map<String, Value>, names: [&str; 2]) -> Option<String> {
    names.iter().find_map(|name| match members.remove(*name)? {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    })
}
