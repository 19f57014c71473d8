//! HighLevel's token endpoints, as the facts tell of them, without a socket: a refresh token
//! works once, and again for 30 seconds.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use ghl_contacts::{
    Bytes, Fault, HeaderMap, OAuthApp, Request, Response, SecretStore, SendError, Sender,
    StatusCode, async_trait,
};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How long a used refresh token is answered like the first time.
const GRACE: Duration = Duration::from_secs(30);

#[derive(Clone, Default)]
pub(crate) struct TokenServer(Arc<Mutex<State>>);

#[derive(Default)]
pub(crate) struct State {
    /// All requests to the token endpoint, as forms.
    pub(crate) asked: Vec<HashMap<String, String>>,
    /// Requests to other places: path and bearer.
    pub(crate) called: Vec<(String, String)>,
    /// How many answers of the token endpoint are lost after the work is done.
    pub(crate) replies_to_lose: u32,
    /// How many requests to the token endpoint are answered 503.
    pub(crate) busy: u32,
    /// Every call is refused, however fresh its token is, in these words.
    pub(crate) refuses_all: Option<&'static str>,
    /// No refresh token is taken any more.
    pub(crate) withdrawn: bool,
    scope: String,
    /// The answer to a refresh is no JSON of ours this many times.
    pub(crate) garbled: u32,
    valid: HashSet<String>,
    used: HashMap<String, (Instant, Value)>,
    refresh_tokens: HashSet<String>,
    issued: u32,
}

impl TokenServer {
    pub(crate) fn new() -> Self {
        let server = Self::default();
        server.grant("contacts.readonly contacts.write oauth.write");
        server
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Tokens have these scopes from now on.
    pub(crate) fn grant(&self, scopes: &str) {
        scopes.clone_into(&mut self.state().scope);
    }

    /// An app of this server, whose clock is tokio's.
    pub(crate) fn app(&self, store: impl SecretStore) -> OAuthApp {
        let start = Instant::now();
        let began: jiff::Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        OAuthApp::builder("app1-x", "s3cret-c0ffee", store)
            .redirect_uri("https://a.example/back")
            .sender(self.clone())
            .clock(move || began + start.elapsed())
            .build()
            .unwrap()
    }

    /// How often a new pair was asked for by a refresh token.
    pub(crate) fn refreshes(&self) -> usize {
        let state = self.state();
        let refresh = |form: &&HashMap<_, _>| form["grant_type"] == "refresh_token";
        state.asked.iter().filter(refresh).count()
    }

    /// Ends all access tokens that are out.
    pub(crate) fn end_access(&self) {
        self.state().valid.clear();
    }
}

impl State {
    fn pair(&mut self, more: &Value) -> Value {
        self.issued += 1;
        let (access, refresh) = (
            format!("eyJ-c0ffee-access-{}", self.issued),
            format!("c0ffee-refresh-{}", self.issued),
        );
        self.valid.insert(access.clone());
        self.refresh_tokens.insert(refresh.clone());
        let mut pair = json!({
            "access_token": access, "token_type": "Bearer", "expires_in": 86_399,
            "refresh_token": refresh, "scope": self.scope, "userId": "u1", "traceId": "t",
        });
        pair.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        pair
    }

    fn token(&mut self, form: &HashMap<String, String>) -> (u16, Value) {
        if form["client_id"] != "app1-x" || form["client_secret"] != "s3cret-c0ffee" {
            let echo = format!("no client with secret {}", form["client_secret"]);
            return (401, json!({"message": echo}));
        }
        match form["grant_type"].as_str() {
            "authorization_code" if form["code"] == "agency" => {
                let more = json!({"userType": "Company", "companyId": "co",
                    "approvedLocations": ["loc"], "isBulkInstallation": false});
                (200, self.pair(&more))
            }
            "authorization_code" => {
                let more = json!({"userType": "Location", "locationId": "loc", "companyId": "co"});
                (200, self.pair(&more))
            }
            _ => self.refresh(&form["refresh_token"]),
        }
    }

    fn refresh(&mut self, token: &str) -> (u16, Value) {
        let again = self.used.get(token).filter(|(at, _)| at.elapsed() < GRACE);
        if let Some((_, pair)) = again {
            return (200, pair.clone());
        }
        if self.withdrawn || !self.refresh_tokens.remove(token) {
            let echo = format!("Invalid refresh token {token}");
            return (400, json!({"message": echo, "traceId": "t-400"}));
        }
        let pair = self.pair(&json!({"userType": "Location", "locationId": "loc"}));
        self.used
            .insert(token.to_owned(), (Instant::now(), pair.clone()));
        (200, pair)
    }

    fn call(&mut self, path: &str, bearer: &str) -> (u16, Value) {
        self.called.push((path.to_owned(), bearer.to_owned()));
        if let Some(words) = self.refuses_all {
            return (401, json!({"statusCode": 401, "message": words}));
        }
        if !self.valid.contains(bearer) {
            return (401, json!({"statusCode": 401, "message": "Invalid JWT"}));
        }
        match path {
            "/oauth/locationToken" => {
                let mut pair = self.pair(&json!({"locationId": "loc"}));
                pair.as_object_mut().unwrap().remove("refresh_token");
                (200, pair)
            }
            _ => (200, json!({"contact": {"id": "c"}})),
        }
    }
}

#[async_trait]
impl Sender for TokenServer {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        tokio::task::yield_now().await;
        let mut state = self.state();
        let path = request.url.path().to_owned();
        let body = request.body.unwrap_or_default();
        let (status, answer) = if path == "/oauth/token" {
            assert!(!request.headers.contains_key("authorization"));
            let form: HashMap<String, String> =
                url::form_urlencoded::parse(&body).into_owned().collect();
            state.asked.push(form.clone());
            if state.busy > 0 {
                state.busy -= 1;
                (503, Value::Null)
            } else {
                let answer = state.token(&form);
                if state.replies_to_lose > 0 {
                    state.replies_to_lose -= 1;
                    return Err(Fault::Reset("by peer".to_owned()).into());
                }
                if state.garbled > 0 {
                    state.garbled -= 1;
                    (200, json!("eyJ-c0ffee"))
                } else {
                    answer
                }
            }
        } else {
            let bearer = request.headers["authorization"].to_str().unwrap();
            state.call(&path, bearer.trim_start_matches("Bearer "))
        };
        Ok(Response {
            status: StatusCode::from_u16(status).unwrap(),
            reason: None,
            headers: HeaderMap::new(),
            body: Bytes::from(answer.to_string()),
        })
    }
}
