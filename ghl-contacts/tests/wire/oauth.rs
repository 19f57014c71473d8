//! Apps: the code, the tokens, and what must not happen to them.

use std::{sync::Arc, time::Duration};

use ghl_contacts::{
    AuthorizationCode, Client, ErrorKind, ExposeSecret, FileSecretStore, Lease, MemorySecretStore,
    OAuthApp, OAuthError, OAuthToken, SecretStore, SecretStoreError, SecretString, UserType,
    async_trait, operation, scopes::Scope,
};
use tokio::{task::JoinSet, time::advance};

use crate::{oauth_server::TokenServer, server};

const DAY: Duration = Duration::from_secs(86_400);

/// Installs the app in a location and gives its token.
async fn installed(app: &OAuthApp) -> OAuthToken {
    let code = AuthorizationCode::new("code".to_owned());
    let installation = app.exchange(&code).await.unwrap();
    app.location(&installation.location_id.unwrap())
}

async fn call(client: &Client) -> ghl_contacts::Result<()> {
    client.contacts().get(&"c".into()).await.map(drop)
}

fn client(token: &OAuthToken) -> Client {
    token.client().build().unwrap()
}

async fn stored(store: &impl SecretStore) -> String {
    let stored = store.get("ghl/app1-x/location/loc").await.unwrap();
    stored.map_or_else(String::new, |text| text.expose_secret().to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_code_becomes_stored_tokens_and_a_client() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let app = server.app(store.clone());
    let code = AuthorizationCode::new("code".to_owned()).of(UserType::Location);
    let installation = app.exchange(&code).await.unwrap();
    assert_eq!(installation.user_type, UserType::Location);
    assert_eq!(installation.location_id, Some("loc".into()));
    assert_eq!(installation.user_id, Some("u1".into()));
    assert!(installation.scopes.contains(&"contacts.write".to_owned()));
    call(&client(&app.location(&"loc".into()))).await.unwrap();
    let state = server.state();
    assert_eq!(state.called[0].1, "eyJ-c0ffee-access-1");
    let form = &state.asked[0];
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["redirect_uri"], "https://a.example/back");
    assert_eq!(form["user_type"], "Location");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_starts_again_goes_on_with_the_stored_tokens() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    installed(&server.app(store.clone())).await;
    let later = server.app(store);
    call(&client(&later.location(&"loc".into()))).await.unwrap();
    assert_eq!(server.refreshes(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_an_installation_nothing_is_sent_and_the_error_says_so() {
    let server = TokenServer::new();
    let app = server.app(MemorySecretStore::new());
    let error = call(&client(&app.location(&"loc".into())))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Credentials);
    assert!(error.to_string().contains("has to be installed"), "{error}");
    assert!(server.state().called.is_empty());
}

#[tokio::test(start_paused = true)]
async fn many_tasks_with_a_stale_token_make_one_refresh() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let token = installed(&server.app(store)).await;
    advance(DAY).await;
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client(&token.clone());
        calls.spawn(async move { call(&client).await });
    }
    for done in calls.join_all().await {
        done.unwrap();
    }
    assert_eq!(server.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_401_refreshes_once_for_all_and_each_call_is_repeated() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let token = installed(&server.app(store)).await;
    advance(Duration::from_secs(3_600)).await;
    server.end_access();
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let client = client(&token);
        calls.spawn(async move { call(&client).await });
    }
    for done in calls.join_all().await {
        done.unwrap();
    }
    assert_eq!(server.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_ahead_of_its_end_so_that_no_call_meets_a_401() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    for _ in 0..40 {
        advance(Duration::from_secs(3_600)).await;
        call(&client).await.unwrap();
    }
    assert_eq!(server.refreshes(), 1);
    assert_eq!(server.state().called.len(), 40);
}

#[tokio::test(start_paused = true)]
async fn an_endless_401_stops_after_one_refresh_and_does_not_refresh_with_every_call() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    advance(Duration::from_secs(3_600)).await;
    server.state().refuses_all = Some("Unauthorized");
    for _ in 0..10 {
        let error = call(&client).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Unauthorized);
    }
    assert_eq!(server.refreshes(), 1);
    assert_eq!(server.state().called.len(), 11);
}

#[tokio::test(start_paused = true)]
async fn a_401_that_is_not_about_the_token_does_not_refresh() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    advance(Duration::from_secs(3_600)).await;
    for words in [
        "version header was not found.",
        "version header is invalid",
        "The token is not authorized for this scope.",
        "This token's user type is not yet supported!",
        "Command timed out",
        "This route is not known to the IAM service",
    ] {
        server.state().refuses_all = Some(words);
        call(&client).await.unwrap_err();
    }
    assert_eq!(server.refreshes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_to_a_refresh_is_asked_for_again_and_locks_nobody_out() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store.clone())).await);
    for lost in [1, 2, 3] {
        advance(DAY).await;
        server.state().replies_to_lose = lost;
        call(&client).await.unwrap();
    }
    assert_eq!(server.refreshes(), 2 + 3 + 4);
    assert!(stored(&store).await.contains("c0ffee-refresh-4"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_refresh_that_cannot_be_read_is_asked_for_again() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    advance(DAY).await;
    server.state().garbled = 1;
    call(&client).await.unwrap();
    assert_eq!(server.refreshes(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_in_the_middle_of_a_refresh_loses_no_token() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store.clone())).await);
    advance(DAY).await;
    // The server has taken the old token, and the caller is gone before the answer comes.
    let gone = tokio::time::timeout(Duration::ZERO, call(&client)).await;
    assert!(gone.is_err());
    while !stored(&store).await.contains("c0ffee-refresh-2") {
        tokio::task::yield_now().await;
    }
    advance(Duration::from_secs(60)).await;
    call(&client).await.unwrap();
    assert_eq!(server.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_server_that_is_down_costs_nothing_while_the_access_token_lives() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    advance(Duration::from_secs(86_400 - 240)).await;
    server.state().busy = u32::MAX;
    call(&client).await.unwrap();
    let tried = server.state().asked.len();
    call(&client).await.unwrap();
    assert_eq!(server.state().asked.len(), tried, "it rests");
    advance(Duration::from_secs(300)).await;
    let error = call(&client).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Credentials);
    assert!(error.is_transient(), "{error}");
    server.state().busy = 0;
    call(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_refresh_token_says_that_the_app_has_to_be_installed_again() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let client = client(&installed(&server.app(store)).await);
    advance(DAY).await;
    server.state().withdrawn = true;
    let error = call(&client).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Credentials);
    assert!(!error.is_transient());
    assert!(error.to_string().contains("installed again"), "{error}");
}

#[tokio::test]
async fn two_programs_on_one_file_store_make_one_refresh() {
    let directory = tempfile::tempdir().unwrap();
    let open = || FileSecretStore::in_directory(directory.path()).unwrap();
    let server = TokenServer::new();
    installed(&server.app(open())).await;
    server.end_access();
    assert!(ended(&open()).await);
    let apps = [server.app(open()), server.app(open())];
    let mut calls = JoinSet::new();
    for app in &apps {
        for _ in 0..10 {
            let client = client(&app.location(&"loc".into()));
            calls.spawn(async move { call(&client).await });
        }
    }
    for done in calls.join_all().await {
        done.unwrap();
    }
    assert_eq!(server.refreshes(), 1);
    assert!(stored(&open()).await.contains("c0ffee-refresh-2"));
}

/// Makes the stored tokens a day old.
async fn ended(store: &FileSecretStore) -> bool {
    let key = "ghl/app1-x/location/loc";
    let old = store.get(key).await.unwrap().unwrap();
    let mut form: serde_json::Value = serde_json::from_str(old.expose_secret()).unwrap();
    form["obtained_at"] = "2026-11-23T09:00:00Z".into();
    form["expires_at"] = "2026-11-24T09:00:00Z".into();
    let new = SecretString::from(form.to_string());
    let swap = store.compare_and_swap(key, Some(&old), Some(&new));
    swap.await.unwrap()
}

/// A store that fails to write a given number of times.
#[derive(Clone, Debug, Default)]
struct Failing {
    kept: MemorySecretStore,
    failures: Arc<std::sync::atomic::AtomicU32>,
}

#[async_trait]
impl SecretStore for Failing {
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretStoreError> {
        self.kept.get(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Option<&SecretString>,
        new: Option<&SecretString>,
    ) -> Result<bool, SecretStoreError> {
        use std::sync::atomic::Ordering::SeqCst;
        let left = self.failures.load(SeqCst);
        if left > 0 {
            self.failures.store(left - 1, SeqCst);
            return Err(SecretStoreError::new("the disk is full"));
        }
        self.kept.compare_and_swap(key, expected, new).await
    }

    async fn lease(&self, key: &str, ttl: Duration) -> Result<Lease, SecretStoreError> {
        self.kept.lease(key, ttl).await
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_cannot_be_stored_are_used_but_not_refreshed_until_they_are() {
    let (server, store) = (TokenServer::new(), Failing::default());
    let client = client(&installed(&server.app(store.clone())).await);
    advance(DAY).await;
    store.failures.store(8, std::sync::atomic::Ordering::SeqCst);
    call(&client).await.unwrap();
    assert!(stored(&store).await.contains("c0ffee-refresh-1"));
    for _ in 0..8 {
        advance(Duration::from_secs(20)).await;
        call(&client).await.unwrap();
    }
    assert!(stored(&store).await.contains("c0ffee-refresh-2"));
    assert_eq!(server.refreshes(), 1);
    advance(DAY).await;
    call(&client).await.unwrap();
    assert!(stored(&store).await.contains("c0ffee-refresh-3"));
}

#[tokio::test(start_paused = true)]
async fn an_installation_during_a_refresh_goes_first() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let app = server.app(store.clone());
    let token = installed(&app).await;
    let other = server.app(store.clone());
    advance(DAY).await;
    let client = client(&token);
    let (refreshed, again) = tokio::join!(call(&client), installed(&other));
    refreshed.unwrap();
    drop(again);
    for _ in 0..3 {
        advance(DAY).await;
        call(&client).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_location_token_is_made_from_the_agencys_and_made_anew_when_it_ends() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let app = server.app(store.clone());
    let code = AuthorizationCode::new("agency".to_owned());
    let installation = app.exchange(&code).await.unwrap();
    assert_eq!(installation.user_type, UserType::Company);
    assert_eq!(installation.approved_locations, ["loc".into()]);
    let client = client(&app.location_of(&"co".into(), &"loc".into()));
    call(&client).await.unwrap();
    call(&client).await.unwrap();
    let made = |server: &TokenServer| {
        let state = server.state();
        let made = state.called.iter();
        made.filter(|(path, _)| path == "/oauth/locationToken")
            .count()
    };
    assert_eq!(made(&server), 1);
    advance(DAY).await;
    call(&client).await.unwrap();
    assert_eq!(made(&server), 2);
    assert_eq!(server.refreshes(), 1, "the agency's own token");
}

#[tokio::test(start_paused = true)]
async fn what_a_token_was_not_granted_is_refused_before_it_is_sent() {
    let server = TokenServer::new();
    server.grant("contacts.readonly");
    let client = client(&installed(&server.app(MemorySecretStore::new())).await);
    let error = client.contacts().delete(&"c".into()).await.unwrap_err();
    let kind = ErrorKind::MissingScope {
        operation: "contacts.delete",
        scope: Some(Scope::ContactsWrite),
    };
    assert_eq!(error.kind(), &kind);
    assert!(server.state().called.is_empty());
    call(&client).await.unwrap();
    let granted = client.granted_scopes().await.unwrap();
    assert_eq!(granted, Some(vec!["contacts.readonly".to_owned()]));
    let wanted = ["contacts.get", "contacts.update"].map(|name| operation(name).unwrap());
    let missing = client.missing_scopes(&wanted).await.unwrap();
    assert_eq!(missing, [Scope::ContactsWrite]);
}

#[tokio::test(start_paused = true)]
async fn forgotten_tokens_are_gone_everywhere() {
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let token = installed(&server.app(store.clone())).await;
    token.forget().await.unwrap();
    assert_eq!(stored(&store).await, "");
    let error = call(&client(&token)).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Credentials);
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_location_share_a_pacer_and_other_locations_have_their_own() {
    let server = TokenServer::new();
    let app = server.app(MemorySecretStore::new());
    let token = installed(&app).await;
    let (one, other) = (client(&token), client(&app.location(&"loc".into())));
    call(&one).await.unwrap();
    assert_eq!(other.budget().sent, 1);
    assert_eq!(other.budget().daily, Some(200_000));
    let elsewhere = client(&app.location(&"elsewhere".into()));
    assert_eq!(elsewhere.budget().sent, 0);
}

#[tokio::test(start_paused = true)]
async fn no_token_and_no_secret_of_an_app_is_shown_anywhere() {
    server::log();
    let (server, store) = (TokenServer::new(), MemorySecretStore::new());
    let app = server.app(store.clone());
    let token = installed(&app).await;
    let client = client(&token);
    let code = AuthorizationCode::new("c0ffee-code".to_owned());
    let pending = app
        .authorize(&[Scope::ContactsReadonly])
        .pkce()
        .begin()
        .unwrap();
    let mut shown = vec![format!(
        "{app:?} {token:?} {client:?} {code:?} {pending:?} {store:?}"
    )];
    advance(DAY).await;
    server.state().garbled = 2;
    shown.push(format!("{:?}", call(&client).await.unwrap_err()));
    server.state().withdrawn = true;
    advance(Duration::from_secs(60)).await;
    let error = call(&client).await.unwrap_err();
    shown.push(format!("{error} {error:?}"));
    let wrong = OAuthApp::builder("app1-x", "wr0ng-c0ffee", store)
        .sender(server.clone())
        .build()
        .unwrap();
    let refused = wrong.exchange(&code).await.unwrap_err();
    assert!(matches!(refused, OAuthError::Call(_)));
    shown.push(format!("{refused} {refused:?} {wrong:?}"));
    shown.push(server::logged());
    let shown = shown.concat();
    assert!(shown.contains("oauth.refresh_token"), "{shown}");
    for secret in ["c0ffee", pending.state().expose_secret()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
