//! The tokens of one holder, and the one refresh that everybody shares.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use api_transport::{
    Authorization, CredentialsError, HeaderValue, Pacer, SecretStoreError, SecretString,
};
use jiff::SignedDuration;
use tokio::{sync::Mutex as Gate, time::Instant};

use crate::{
    client::marketplace_app_limits,
    oauth::{app::OAuthApp, holder::Holder, token_set::TokenSet},
};

/// A token that is no older than this is not refreshed because of a 401: it would not help.
const TOO_YOUNG: SignedDuration = SignedDuration::from_secs(60);

pub(crate) struct TokenState {
    pub(crate) app: OAuthApp,
    pub(crate) holder: Holder,
    pub(crate) pacer: Pacer,
    held: RwLock<Option<Held>>,
    /// One at a time looks, refreshes and stores.
    flight: Arc<Gate<()>>,
}

#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) tokens: Arc<TokenSet>,
    /// These could not be stored yet.
    pub(crate) unsaved: Option<Unsaved>,
    /// Something failed; while the token lives, nothing is tried before this.
    rest_until: Option<Instant>,
}

/// Tokens that are in memory only.
#[derive(Clone)]
pub(crate) struct Unsaved {
    /// What the store holds instead.
    pub(crate) over: Option<SecretString>,
}

/// Why tokens are renewed.
pub(crate) enum Why {
    /// They are about to end, or none are held.
    Stale,
    /// The API refused these.
    Refused(Arc<TokenSet>),
}

impl Why {
    /// Whether these tokens are an answer to it.
    pub(crate) fn is_settled_by(&self, tokens: &TokenSet) -> bool {
        match self {
            Self::Stale => true,
            Self::Refused(old) => !tokens.is_same_as(old),
        }
    }
}

impl TokenState {
    pub(crate) fn new(app: OAuthApp, holder: Holder) -> Self {
        Self {
            app,
            holder,
            pacer: Pacer::new(marketplace_app_limits()),
            held: RwLock::new(None),
            flight: Arc::default(),
        }
    }

    /// Where the store keeps the tokens.
    pub(crate) fn key(&self) -> String {
        self.holder.key(self.app.client_id())
    }

    pub(crate) fn held(&self) -> Option<Held> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    fn set(&self, held: Option<Held>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Holds tokens that the store holds too.
    pub(crate) fn hold(&self, tokens: Arc<TokenSet>) -> Arc<TokenSet> {
        self.set(Some(Held {
            tokens: Arc::clone(&tokens),
            unsaved: None,
            rest_until: None,
        }));
        tokens
    }

    /// Holds tokens and tries nothing for a while.
    pub(crate) fn make_do(
        &self,
        tokens: Arc<TokenSet>,
        unsaved: Option<Unsaved>,
        rest: Duration,
    ) -> Arc<TokenSet> {
        self.set(Some(Held {
            tokens: Arc::clone(&tokens),
            unsaved,
            rest_until: Some(Instant::now() + rest),
        }));
        tokens
    }

    pub(crate) fn drop_held(&self) {
        self.set(None);
    }

    /// What a call can be made with at once.
    fn ready(&self) -> Option<Arc<TokenSet>> {
        let held = self.held()?;
        let now = self.app.now();
        let good = held.unsaved.is_none() && held.tokens.is_fresh(now);
        let resting = held.rest_until.is_some_and(|until| until > Instant::now());
        (good || (resting && held.tokens.is_alive(now))).then_some(held.tokens)
    }

    /// Forgets the tokens, here and in the store.
    pub(crate) async fn forget(&self) -> Result<(), SecretStoreError> {
        let _flight = self.flight.lock().await;
        let store = self.app.store();
        let key = self.key();
        while let Some(stored) = store.get(&key).await? {
            if store.compare_and_swap(&key, Some(&stored), None).await? {
                break;
            }
        }
        self.drop_held();
        Ok(())
    }

    /// Tokens to make a call with.
    pub(crate) async fn usable(state: &Arc<Self>) -> Result<Arc<TokenSet>, CredentialsError> {
        match state.ready() {
            Some(tokens) => Ok(tokens),
            None => Self::renewed(state, Why::Stale).await,
        }
    }

    /// True when there is another token now than the one that was refused.
    pub(crate) async fn refused(
        state: &Arc<Self>,
        used: Option<&HeaderValue>,
    ) -> Result<bool, CredentialsError> {
        let Some(held) = state.held() else {
            return Ok(true);
        };
        let current = Authorization::bearer(&held.tokens.access_token)?.header;
        if current.as_ref() != used {
            return Ok(true);
        }
        let now = state.app.now();
        let age = now.duration_since(held.tokens.obtained_at);
        if held.tokens.is_alive(now) && age < TOO_YOUNG {
            return Ok(false);
        }
        let renewed = Self::renewed(state, Why::Refused(Arc::clone(&held.tokens))).await?;
        Ok(!renewed.is_same_as(&held.tokens))
    }

    /// In a task of its own: what was asked for is stored, whoever gives up meanwhile.
    async fn renewed(state: &Arc<Self>, why: Why) -> Result<Arc<TokenSet>, CredentialsError> {
        let flight = Arc::clone(&state.flight).lock_owned().await;
        if let Some(tokens) = state.ready().filter(|tokens| why.is_settled_by(tokens)) {
            return Ok(tokens);
        }
        let state = Arc::clone(state);
        let task = tokio::spawn(async move {
            let renewed = state.renew(&why).await;
            drop(flight);
            renewed
        });
        task.await
            .unwrap_or_else(|_| Err(CredentialsError::transient("the runtime ended")))
    }
}
