//! How tokens are renewed: look, ask, store, and only then use.

use std::{sync::Arc, time::Duration};

use api_transport::{CredentialsError, Lease, SecretStoreError, SecretString};
use tokio::time::{sleep, timeout};

use crate::{
    error::{Error, ErrorKind},
    ids::{CompanyId, LocationId},
    oauth::{
        holder::Holder,
        reply::TokenReply,
        token_set::TokenSet,
        token_state::{TokenState, Unsaved, Why},
    },
    oauth_operations::{LOCATION_TOKEN, REFRESH_TOKEN},
};

/// A lease is held for a look, a refresh with its repeats, and a write.
const LEASE: Duration = Duration::from_secs(120);

/// After a refresh that failed, a token that still lives is used this long without a try.
const REST: Duration = Duration::from_secs(15);

/// How often a write into the store is tried before tokens are kept in memory for now.
const WRITES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// What is found in the store.
struct Found {
    raw: SecretString,
    tokens: Arc<TokenSet>,
}

impl TokenState {
    /// Under the flight's lock. Takes tokens that another program has renewed, else asks.
    pub(crate) async fn renew(&self, why: &Why) -> Result<Arc<TokenSet>, CredentialsError> {
        if let Some(held) = self.held()
            && let Some(unsaved) = held.unsaved
            && let Err(error) = self.save_again(&held.tokens, unsaved).await
        {
            let will_do = held.tokens.is_alive(self.app.now()) && why.is_settled_by(&held.tokens);
            return if will_do { Ok(held.tokens) } else { Err(error) };
        }
        let lease = self.lease().await;
        let found = match &lease {
            Ok(_) => self.look().await,
            Err(why) => Err(unavailable(why)),
        };
        let found = match found {
            Ok(found) => found,
            Err(error) => return self.without_renewal(None, why, error),
        };
        let now = self.app.now();
        let stored = found.as_ref().map(|found| Arc::clone(&found.tokens));
        if let Some(tokens) = &stored
            && tokens.is_fresh(now)
            && why.is_settled_by(tokens)
        {
            return Ok(self.hold(Arc::clone(tokens)));
        }
        match self.ask(stored.as_deref()).await {
            Ok(tokens) => self.keep(tokens, found.map(|found| found.raw)).await,
            Err(error) => self.without_renewal(stored, why, error),
        }
    }

    async fn lease(&self) -> Result<Lease, SecretStoreError> {
        timeout(LEASE, self.app.store().lease(&self.key(), LEASE))
            .await
            .unwrap_or_else(|_| {
                Err(SecretStoreError::new(
                    "another program holds the lease of the tokens",
                ))
            })
    }

    async fn look(&self) -> Result<Option<Found>, CredentialsError> {
        let raw = self.app.store().get(&self.key()).await;
        let Some(raw) = raw.map_err(|why| unavailable(&why))? else {
            return Ok(None);
        };
        let tokens =
            TokenSet::of_stored(&raw).map_err(|why| CredentialsError::new(why.to_string()))?;
        Ok(Some(Found {
            raw,
            tokens: Arc::new(tokens),
        }))
    }

    /// The next tokens: by the refresh token, or from the agency's.
    async fn ask(&self, stored: Option<&TokenSet>) -> Result<TokenSet, CredentialsError> {
        let refresh_token = stored.and_then(|tokens| tokens.refresh_token.as_ref());
        let asked = match (&self.holder, refresh_token) {
            (Holder::LocationOf(company, location), None) => self.make(company, location).await,
            (Holder::LocationOf(company, location), Some(token)) => {
                match self.refresh(token).await {
                    Err(error) if is_refusal(&error) => self.make(company, location).await,
                    asked => asked,
                }
            }
            (_, Some(token)) => self.refresh(token).await,
            (_, None) => {
                let why = "no tokens of it are stored: the app has to be installed";
                return Err(CredentialsError::new(format!("{:?}: {why}", self.holder)));
            }
        };
        let mut tokens = asked.map_err(|error| refused(&error))?.tokens;
        if let Some(old) = stored {
            tokens.refresh_token = tokens.refresh_token.or_else(|| old.refresh_token.clone());
            tokens.scope = tokens.scope.or_else(|| old.scope.clone());
        }
        Ok(tokens)
    }

    /// An answer that cannot be read is asked for once more: it is the same one for 30 seconds.
    async fn refresh(&self, token: &SecretString) -> Result<TokenReply, Error> {
        let user_type = self.holder.user_type();
        match self.app.refresh(token, user_type).await {
            Err(error) if matches!(error.kind(), ErrorKind::Decode { .. }) => {
                self.app.refresh(token, user_type).await
            }
            asked => asked,
        }
    }

    async fn make(&self, company: &CompanyId, location: &LocationId) -> Result<TokenReply, Error> {
        let agency = self.app.company(company).client().build();
        let agency =
            agency.map_err(|why| Error::invalid_request(LOCATION_TOKEN.name(), why.to_string()))?;
        let form = [
            ("companyId", company.as_str()),
            ("locationId", location.as_str()),
        ];
        let asked_at = self.app.now();
        let op = LOCATION_TOKEN.of([]).form(&form, &[]);
        let response = agency.send_for_json(&op).await?;
        TokenReply::read(&LOCATION_TOKEN, &response, asked_at)
    }

    /// Stores tokens, then holds them. Somebody who stored meanwhile goes first.
    async fn keep(
        &self,
        tokens: TokenSet,
        mut over: Option<SecretString>,
    ) -> Result<Arc<TokenSet>, CredentialsError> {
        let new = tokens.to_stored().map_err(|why| unavailable(&why))?;
        let (store, key) = (self.app.store(), self.key());
        let tokens = Arc::new(tokens);
        for write in 1..=WRITES {
            match store
                .compare_and_swap(&key, over.as_ref(), Some(&new))
                .await
            {
                Ok(true) => return Ok(self.hold(tokens)),
                Ok(false) => match self.look().await? {
                    Some(found) if found.tokens.is_fresh(self.app.now()) => {
                        return Ok(self.hold(found.tokens));
                    }
                    Some(found) => over = Some(found.raw),
                    None if over.is_none() => {}
                    None => return Err(CredentialsError::new("the tokens were forgotten")),
                },
                Err(why) => {
                    tracing::warn!(%why, write, "new tokens are not stored yet");
                    sleep(FIRST_WAIT * 2_u32.pow(write)).await;
                }
            }
        }
        // The only copy: an access token to go on with, and a refresh token that waits.
        Ok(self.make_do(tokens, Some(Unsaved { over }), REST))
    }

    /// Tokens that could not be stored: no refresh before they are.
    async fn save_again(
        &self,
        tokens: &Arc<TokenSet>,
        unsaved: Unsaved,
    ) -> Result<(), CredentialsError> {
        let new = tokens.to_stored().map_err(|why| unavailable(&why))?;
        let (store, key) = (self.app.store(), self.key());
        let swap = store.compare_and_swap(&key, unsaved.over.as_ref(), Some(&new));
        match swap.await {
            Ok(true) => drop(self.hold(Arc::clone(tokens))),
            Ok(false) => self.drop_held(),
            Err(why) => {
                self.make_do(Arc::clone(tokens), Some(unsaved), REST);
                return Err(unavailable(&why));
            }
        }
        Ok(())
    }

    /// There is nothing new: a token that lives and was not refused will do for a while.
    fn without_renewal(
        &self,
        stored: Option<Arc<TokenSet>>,
        why: &Why,
        error: CredentialsError,
    ) -> Result<Arc<TokenSet>, CredentialsError> {
        let now = self.app.now();
        let known = stored.or_else(|| self.held().map(|held| held.tokens));
        match known.filter(|tokens| tokens.is_alive(now) && why.is_settled_by(tokens)) {
            Some(tokens) => {
                tracing::warn!(%error, "no new token; the old one is used to its end");
                Ok(self.make_do(tokens, None, REST))
            }
            None => Err(error),
        }
    }
}

fn unavailable(why: &SecretStoreError) -> CredentialsError {
    CredentialsError::transient(why.to_string())
}

/// The API looked at it and said no.
fn is_refusal(error: &Error) -> bool {
    let status = error.status().map(|status| status.as_u16());
    !error.is_transient() && matches!(status, Some(400 | 401 | 403 | 404 | 422))
}

fn refused(error: &Error) -> CredentialsError {
    let lasting = matches!(
        error.kind(),
        ErrorKind::Credentials | ErrorKind::InvalidRequest
    ) && !error.is_transient();
    if is_refusal(error) && error.op() == REFRESH_TOKEN.name() {
        CredentialsError::new(format!("{error}; the app has to be installed again"))
    } else if is_refusal(error) || lasting {
        CredentialsError::new(error.to_string())
    } else {
        CredentialsError::transient(error.to_string())
    }
}
