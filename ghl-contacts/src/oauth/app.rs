//! An app, and what it knows of its installations.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use api_transport::{
    NoCredentials, Pacer, RepeatPolicy, Response, SecretStore, SecretStoreError, SecretString,
    Sender, Transport, TransportBuilder,
};
use jiff::Timestamp;

use crate::{
    connection::{BuildError, Connection},
    dialect::HighLevel,
    error::Error,
    ids::{AppId, CompanyId, LocationId, UserId},
    oauth::{
        authorize::{AuthorizationCode, Authorize},
        error::OAuthError,
        holder::Holder,
        reply::TokenReply,
        token::OAuthToken,
        token_set::TokenSet,
        token_state::TokenState,
    },
    oauth_operations::{EXCHANGE_CODE, REFRESH_TOKEN},
    operation::GhlOperation,
    scopes::Scope,
};

/// An answer to a refresh that was lost can be had again for 30 seconds. Attempts of eight
/// seconds, the last of which begins within twenty, leave room for both.
const ATTEMPT: Duration = Duration::from_secs(8);
const LAST_BEGINS: Duration = Duration::from_secs(20);

/// How many others may be installing the same app at the same moment.
const SWAPS: usize = 16;

/// A marketplace app: its id and secret, and the tokens of all who installed it. Cheap to
/// clone; make one for a program, so that its tokens and pacers are shared.
#[derive(Clone)]
pub struct OAuthApp(Arc<Inner>);

struct Inner {
    client_id: String,
    client_secret: SecretString,
    redirect_uri: String,
    store: Arc<dyn SecretStore>,
    connection: Connection,
    /// For the calls that bring their credential in the body.
    transport: Transport<HighLevel>,
    holders: Mutex<HashMap<Holder, Weak<TokenState>>>,
    clock: Clock,
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Settings of an [`OAuthApp`].
#[must_use]
pub struct OAuthAppBuilder {
    client_id: String,
    client_secret: SecretString,
    redirect_uri: String,
    store: Arc<dyn SecretStore>,
    connection: Connection,
    clock: Clock,
}

/// Whose tokens are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserType {
    /// An agency's.
    Company,
    /// A location's.
    Location,
}

impl UserType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "Company",
            Self::Location => "Location",
        }
    }
}

/// What an installation gave; its tokens are in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installation {
    /// Whose tokens they are.
    pub user_type: UserType,
    /// The agency.
    pub company_id: Option<CompanyId>,
    /// The location, if they are a location's.
    pub location_id: Option<LocationId>,
    /// Who installed the app.
    pub user_id: Option<UserId>,
    /// The plan, in paid apps.
    pub plan_id: Option<String>,
    /// What was granted, as the API names it.
    pub scopes: Vec<String>,
    /// The locations that an agency approved: tokens can be made for them.
    pub approved_locations: Vec<LocationId>,
    /// Whether all locations were approved.
    pub approve_all_locations: Option<bool>,
    /// Whether the app was installed in several locations at once.
    pub is_bulk_installation: Option<bool>,
    /// Whether it will be installed in future locations too.
    pub install_to_future_locations: Option<bool>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

impl OAuthApp {
    /// An app as its page in the marketplace shows it; `store` keeps the tokens.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
        store: impl SecretStore,
    ) -> OAuthAppBuilder {
        OAuthAppBuilder {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            redirect_uri: String::new(),
            store: Arc::new(store),
            connection: Connection::default(),
            clock: Arc::new(Timestamp::now),
        }
    }

    /// The app's id: the part of the client id before its first `-`.
    pub fn app_id(&self) -> AppId {
        let id = self.0.client_id.split('-').next();
        id.unwrap_or_default().into()
    }

    /// Starts a visit of the consent page. [`scopes::needed_for`](crate::scopes::needed_for)
    /// gives the least set for some operations.
    pub fn authorize(&self, scopes: &[Scope]) -> Authorize {
        Authorize::new(&self.0.client_id, &self.0.redirect_uri, scopes)
    }

    /// Exchanges a code for tokens and keeps them. The last installation counts.
    ///
    /// Not repeatable: a code works once.
    pub async fn exchange(&self, code: &AuthorizationCode) -> Result<Installation, OAuthError> {
        let mut plain = vec![("grant_type", "authorization_code")];
        plain.extend(code.user_type.map(|kind| ("user_type", kind.as_str())));
        if !self.0.redirect_uri.is_empty() {
            plain.push(("redirect_uri", &self.0.redirect_uri));
        }
        let mut secret = vec![("code", &code.code)];
        secret.extend(
            code.verifier
                .as_ref()
                .map(|verifier| ("code_verifier", verifier)),
        );
        let reply = self.ask(&EXCHANGE_CODE, plain, secret).await?;
        let installation = Installation::of(&reply);
        let holder = holder_of(&installation).ok_or(OAuthError::NoHolder)?;
        self.keep(&holder, &reply.tokens).await?;
        self.state(holder).hold(Arc::new(reply.tokens));
        Ok(installation)
    }

    /// The token of a location that installed the app.
    pub fn location(&self, id: &LocationId) -> OAuthToken {
        self.token(Holder::Location(id.clone()))
    }

    /// The token of an agency that installed the app.
    pub fn company(&self, id: &CompanyId) -> OAuthToken {
        self.token(Holder::Company(id.clone()))
    }

    /// The token of a location, made from the token of its agency.
    pub fn location_of(&self, company: &CompanyId, id: &LocationId) -> OAuthToken {
        self.token(Holder::LocationOf(company.clone(), id.clone()))
    }

    fn token(&self, holder: Holder) -> OAuthToken {
        OAuthToken::new(self.state(holder))
    }

    /// One state for each holder: all of this program's calls share one refresh.
    fn state(&self, holder: Holder) -> Arc<TokenState> {
        let mut holders = self
            .0
            .holders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = holders.get(&holder).and_then(Weak::upgrade) {
            return state;
        }
        holders.retain(|_, state| state.strong_count() > 0);
        let state = Arc::new(TokenState::new(self.clone(), holder.clone()));
        holders.insert(holder, Arc::downgrade(&state));
        state
    }

    async fn keep(&self, holder: &Holder, tokens: &TokenSet) -> Result<(), OAuthError> {
        let key = holder.key(&self.0.client_id);
        let new = tokens.to_stored()?;
        for _ in 0..SWAPS {
            let old = self.0.store.get(&key).await?;
            let swap = self
                .0
                .store
                .compare_and_swap(&key, old.as_ref(), Some(&new));
            if swap.await? {
                return Ok(());
            }
        }
        Err(SecretStoreError::new("the stored tokens change all the time").into())
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.0.client_id
    }

    pub(crate) fn store(&self) -> &dyn SecretStore {
        &*self.0.store
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// Asks for the next pair of tokens.
    pub(crate) async fn refresh(
        &self,
        refresh_token: &SecretString,
        user_type: UserType,
    ) -> Result<TokenReply, Error> {
        let plain = vec![
            ("grant_type", "refresh_token"),
            ("user_type", user_type.as_str()),
        ];
        let secret = vec![("refresh_token", refresh_token)];
        self.ask(&REFRESH_TOKEN, plain, secret).await
    }

    async fn ask<'a>(
        &'a self,
        operation: &'static GhlOperation,
        mut plain: Vec<(&'a str, &'a str)>,
        mut secret: Vec<(&'a str, &'a SecretString)>,
    ) -> Result<TokenReply, Error> {
        plain.push(("client_id", &self.0.client_id));
        secret.push(("client_secret", &self.0.client_secret));
        let asked_at = self.now();
        let op = operation.of([]).form(&plain, &secret);
        let response: Response = self.0.transport.send_for_json(&op).await?;
        TokenReply::read(operation, &response, asked_at)
    }
}

impl OAuthAppBuilder {
    /// Where HighLevel sends people back to; one of those that the app's page lists.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = uri.into();
        self
    }

    /// Another place, such as a local sandbox. Plain http is accepted for loopback only.
    pub fn base_url(mut self, url: &str) -> Self {
        url.clone_into(&mut self.connection.base_url);
        self
    }

    /// Accepts plain http to any host: tokens cross the network readable.
    pub fn plain_http_allowed(mut self) -> Self {
        self.connection.plain_http = true;
        self
    }

    /// Another way onto the wire, for the app and for the clients of its tokens.
    pub fn sender(mut self, sender: impl Sender) -> Self {
        self.connection.sender = Some(Arc::new(sender));
        self
    }

    /// Another clock than the system's, by which tokens become stale: for tests.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the app. Nothing is sent.
    pub fn build(mut self) -> Result<OAuthApp, BuildError> {
        let (base, sender) = self.connection.open()?;
        self.connection.sender = Some(Arc::clone(&sender));
        let parts = TransportBuilder {
            base,
            credentials: Arc::new(NoCredentials),
            pacer: Pacer::unlimited(),
            sender,
            repeats: RepeatPolicy::default()
                .attempt_timeout(ATTEMPT)
                .within(LAST_BEGINS),
        };
        Ok(OAuthApp(Arc::new(Inner {
            client_id: self.client_id,
            client_secret: self.client_secret,
            redirect_uri: self.redirect_uri,
            store: self.store,
            connection: self.connection,
            transport: parts.build(HighLevel),
            holders: Mutex::default(),
            clock: self.clock,
        })))
    }
}

impl Installation {
    fn of(reply: &TokenReply) -> Self {
        let location_id = reply.text("locationId").map(LocationId::from);
        let company = match reply.text("userType").as_deref() {
            Some("Company") => true,
            Some("Location") => false,
            _ => location_id.is_none(),
        };
        let scopes = reply.tokens.granted();
        Self {
            user_type: if company {
                UserType::Company
            } else {
                UserType::Location
            },
            company_id: reply.text("companyId").map(CompanyId::from),
            location_id: location_id.filter(|_| !company),
            user_id: reply.text("userId").map(UserId::from),
            plan_id: reply.text("planId"),
            scopes: scopes.map_or_else(Vec::new, |scopes| scopes.names().to_vec()),
            approved_locations: reply
                .texts("approvedLocations")
                .into_iter()
                .map(LocationId::from)
                .collect(),
            approve_all_locations: reply.flag("approveAllLocations"),
            is_bulk_installation: reply.flag("isBulkInstallation"),
            install_to_future_locations: reply.flag("installToFutureLocations"),
            expires_at: reply.tokens.expires_at,
        }
    }
}

fn holder_of(installation: &Installation) -> Option<Holder> {
    match installation.user_type {
        UserType::Location => installation.location_id.clone().map(Holder::Location),
        UserType::Company => installation.company_id.clone().map(Holder::Company),
    }
}

impl fmt::Debug for OAuthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp")
            .field("app_id", &self.app_id())
            .field("base_url", &self.0.connection.base_url)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuthAppBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthAppBuilder")
            .field("base_url", &self.connection.base_url)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}
