//! A pair of tokens, as it is held and as it is stored.

use api_transport::{ExposeSecret, Granted, SecretStoreError, SecretString};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The form that this release stores.
const VERSION: u32 = 1;

/// A token is refreshed this long before its end, or in the last tenth of a short life.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// An access token, and what makes the next one.
#[derive(Clone)]
pub(crate) struct TokenSet {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) obtained_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) scope: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Form {
    v: u32,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    obtained_at: Timestamp,
    #[serde(default)]
    expires_at: Timestamp,
    #[serde(default)]
    scope: Option<String>,
}

impl TokenSet {
    /// Whether it is not yet time to refresh it.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        let life = self.expires_at.duration_since(self.obtained_at);
        let margin = (life / 10).min(MARGIN);
        self.expires_at.duration_since(now) > margin
    }

    /// Whether the API still takes it, as far as time tells.
    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }

    pub(crate) fn granted(&self) -> Option<Granted> {
        self.scope.as_deref().map(Granted::from_text)
    }

    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.access_token.expose_secret() == other.access_token.expose_secret()
    }

    pub(crate) fn to_stored(&self) -> Result<SecretString, SecretStoreError> {
        let form = Form {
            v: VERSION,
            access_token: self.access_token.expose_secret().to_owned(),
            refresh_token: self
                .refresh_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            scope: self.scope.clone(),
        };
        serde_json::to_string(&form)
            .map(SecretString::from)
            .map_err(|_| SecretStoreError::new("the tokens cannot be written as JSON"))
    }

    /// What cannot be read is not quoted.
    pub(crate) fn of_stored(stored: &SecretString) -> Result<Self, SecretStoreError> {
        let form: Form = serde_json::from_str(stored.expose_secret())
            .map_err(|_| SecretStoreError::new("the stored tokens have another form"))?;
        if form.v > VERSION {
            return Err(SecretStoreError::new(format!(
                "the stored tokens have form {}, which a newer release wrote; this one reads up to {VERSION}",
                form.v
            )));
        }
        Ok(Self {
            access_token: form.access_token.into(),
            refresh_token: form.refresh_token.map(SecretString::from),
            obtained_at: form.obtained_at,
            expires_at: form.expires_at,
            scope: form.scope,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(life: i64) -> TokenSet {
        let now = Timestamp::UNIX_EPOCH;
        TokenSet {
            access_token: "a".to_owned().into(),
            refresh_token: None,
            obtained_at: now,
            expires_at: now + SignedDuration::from_secs(life),
            scope: None,
        }
    }

    #[test]
    fn a_token_is_stale_five_minutes_before_its_end_or_in_its_last_tenth() {
        let at = |second| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second);
        let day = tokens(86_399);
        assert!(day.is_fresh(at(86_098)) && !day.is_fresh(at(86_099)));
        let minute = tokens(60);
        assert!(minute.is_fresh(at(53)) && !minute.is_fresh(at(54)));
        assert!(minute.is_alive(at(59)) && !minute.is_alive(at(60)));
    }

    #[test]
    fn a_newer_form_is_refused_by_name_and_nothing_is_quoted() {
        let refused = |text: &str| {
            let stored = SecretString::from(text.to_owned());
            TokenSet::of_stored(&stored).err().map(|e| e.to_string())
        };
        let newer = refused(r#"{"v":2,"token":"c0ffee"}"#).unwrap();
        assert!(newer.contains("form 2"), "{newer}");
        let other = refused("c0ffee").unwrap();
        assert!(!other.contains("c0ffee"), "{other}");
        let kept = tokens(60).to_stored().unwrap();
        assert!(TokenSet::of_stored(&kept).unwrap().is_same_as(&tokens(1)));
    }
}
