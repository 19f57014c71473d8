//! An app's OAuth against the sandbox's own server, in one program and in several.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails where it is surprised"
)]

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use crm_sandbox::{Clock, Fault, FaultRule, Sandbox, Servers, When};
use ghl_contacts::{
    AuthorizationCode, Client, ErrorKind, ExposeSecret, FileSecretStore, Installation, OAuthApp,
    SecretStore, scopes::Scope,
};
use jiff::Timestamp;
use serde_json::{Value, json};

const REDIRECT: &str = "https://my-app.example/installed";
const DAY: Duration = Duration::from_secs(86_400);

struct World {
    sandbox: Sandbox,
    servers: Servers,
    directory: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let morning = "2026-11-24T09:00:00Z".parse().unwrap();
        let sandbox = Sandbox::builder()
            .clock(Clock::manual(morning))
            .ghl_contacts(1)
            .build();
        Self {
            servers: sandbox.serve(0, 0).await.unwrap(),
            sandbox,
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn app(&self) -> OAuthApp {
        let clock = self.sandbox.clock().clone();
        let app = self.sandbox.ghl_app();
        let secret = app.client_secret.clone();
        OAuthApp::builder(&app.client_id, secret, store(self.directory.path()))
            .base_url(&self.servers.ghl_url())
            .redirect_uri(REDIRECT)
            .clock(move || clock.now())
            .build()
            .unwrap()
    }

    fn page(&self, choose: &str) -> String {
        let url = self.servers.ghl_url();
        format!("{url}/v2/oauth/chooselocation?choose={choose}")
    }

    async fn installed(&self, app: &OAuthApp, choose: &str, scopes: &[Scope]) -> Installation {
        let pending = app.authorize(scopes).page(&self.page(choose));
        let pending = pending.begin().unwrap();
        let callback = examples::consent(pending.url()).await.unwrap();
        let code = pending.code(&callback).unwrap();
        app.exchange(&code).await.unwrap()
    }

    /// What the store holds of the only holder.
    async fn stored(&self) -> Value {
        let location = self.sandbox.ghl_location_id();
        let client_id = &self.sandbox.ghl_app().client_id;
        let key = format!("ghl/{client_id}/location/{location}");
        let stored = store(self.directory.path()).get(&key).await.unwrap();
        serde_json::from_str(stored.unwrap().expose_secret()).unwrap()
    }

    fn tokens_asked(&self) -> u64 {
        self.sandbox.ghl().requests()["oauth.token"]
    }

    fn client(&self, app: &OAuthApp) -> Client {
        let location = self.sandbox.ghl_location_id().into();
        app.location(&location).client().build().unwrap()
    }

    async fn call(&self, client: &Client) -> ghl_contacts::Result<()> {
        let location = self.sandbox.ghl_location_id().into();
        let page = client
            .contacts()
            .list_page(&location, None, 20, None)
            .await?;
        assert_eq!(page.contacts.map(|found| found.len()), Some(1));
        Ok(())
    }
}

fn store(directory: &Path) -> FileSecretStore {
    FileSecretStore::in_directory(directory).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_gives_a_code_the_code_tokens_and_each_refresh_the_next_refresh_token() {
    let world = World::new().await;
    world.sandbox.set_switch("refresh_grace", "none").unwrap();
    let app = world.app();
    let scopes = [Scope::ContactsReadonly];
    let installed = world.installed(&app, "Location", &scopes).await;
    assert_eq!(installed.scopes, ["contacts.readonly"]);
    let location = installed.location_id.unwrap();
    assert_eq!(location.as_str(), world.sandbox.ghl_location_id());
    let client = world.client(&app);
    world.call(&client).await.unwrap();
    let mut seen = vec![world.stored().await["refresh_token"].clone()];
    for day in 1..=3 {
        world.sandbox.clock().advance(DAY);
        world.call(&client).await.unwrap();
        world.call(&client).await.unwrap();
        assert_eq!(world.tokens_asked(), 1 + day, "one refresh a day");
        seen.push(world.stored().await["refresh_token"].clone());
    }
    let fresh = |at: usize| !seen[..at].contains(&seen[at]);
    assert!((1..seen.len()).all(fresh), "each refresh token is another");

    let refused = client.contacts().delete(&"c".into()).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::MissingScope { .. }));
    let uninstalled = world.sandbox.ghl().order("uninstall", &json!({}));
    uninstalled.unwrap();
    world.sandbox.clock().advance(DAY);
    let revoked = world.call(&client).await.unwrap_err();
    assert_eq!(*revoked.kind(), ErrorKind::Credentials);
    assert!(revoked.to_string().contains("installed again"), "{revoked}");
    world.installed(&app, "Location", &scopes).await;
    world.call(&client).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agencys_token_makes_the_locations_with_or_without_a_refresh_token_of_its_own() {
    for switch in ["present", "absent"] {
        let world = World::new().await;
        world
            .sandbox
            .set_switch("location_refresh", switch)
            .unwrap();
        let app = world.app();
        let scopes = [Scope::ContactsReadonly, Scope::OauthWrite];
        let installed = world.installed(&app, "Company", &scopes).await;
        let company = installed.company_id.unwrap();
        let [location] = installed.approved_locations.as_slice() else {
            unreachable!("the sandbox has one location")
        };
        let token = app.location_of(&company, location);
        let client = token.client().build().unwrap();
        for _ in 0..3 {
            world.call(&client).await.unwrap();
            world.sandbox.clock().advance(DAY);
        }
        world.call(&client).await.unwrap();
        let made = world.sandbox.ghl().requests()["oauth.location_token"];
        let expected = if switch == "present" { 1 } else { 4 };
        assert_eq!(made, expected, "{switch}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_with_a_challenge_is_good_only_with_its_verifier() {
    let world = World::new().await;
    world.sandbox.set_switch("pkce", "checked").unwrap();
    let app = world.app();
    let asked = app.authorize(&[Scope::ContactsReadonly]);
    let pending = asked.page(&world.page("Location")).pkce().begin().unwrap();
    let stolen = examples::consent(pending.url()).await.unwrap();
    let query = stolen.split_once('?').unwrap().1;
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
    let code = AuthorizationCode::new(code.unwrap().to_owned());
    let refused = app.exchange(&code).await.unwrap_err();
    assert!(refused.to_string().contains("Invalid authorization code"));
    let callback = examples::consent(pending.url()).await.unwrap();
    app.exchange(&pending.code(&callback).unwrap())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_without_its_state_is_taken_only_where_that_was_said() {
    let world = World::new().await;
    world.sandbox.set_switch("state_echo", "no").unwrap();
    let app = world.app();
    let asked = app.authorize(&[Scope::ContactsReadonly]);
    let pending = asked.page(&world.page("Location")).begin().unwrap();
    let callback = examples::consent(pending.url()).await.unwrap();
    assert!(pending.code(&callback).is_err());
    let pending = pending.accept_missing_state();
    app.exchange(&pending.code(&callback).unwrap())
        .await
        .unwrap();
    world.call(&world.client(&app)).await.unwrap();
}

/// The refresh is slow, so that all programs need it at once, and a refresh token is good
/// once: a second refresh would lock all of them out.
#[tokio::test(flavor = "multi_thread")]
async fn three_processes_on_one_file_store_make_one_refresh() {
    let world = World::new().await;
    world.sandbox.set_switch("refresh_grace", "none").unwrap();
    let app = world.app();
    let scopes = [Scope::ContactsReadonly];
    world.installed(&app, "Location", &scopes).await;
    world.sandbox.clock().advance(DAY);
    let slow = Fault::Delay { ms: 300 };
    let slow = FaultRule::new("oauth.token", When::Always, slow);
    world.sandbox.ghl().add_fault(slow).unwrap();

    let mut programs: Vec<_> = (0..3).map(|_| Program::start(&world)).collect();
    for program in &mut programs {
        program.hears("ready");
    }
    for program in &mut programs {
        program
            .child
            .stdin
            .take()
            .unwrap()
            .write_all(b"go\n")
            .unwrap();
    }
    for program in &mut programs {
        program.hears("done");
        assert!(program.child.wait().unwrap().success());
    }
    assert_eq!(world.tokens_asked(), 2, "one exchange and one refresh");
    world.call(&world.client(&app)).await.unwrap();
    assert_eq!(world.tokens_asked(), 2, "and this program has it too");
}

/// This test program once more, with a token store and a time.
struct Program {
    child: Child,
    says: BufReader<ChildStdout>,
}

impl Program {
    fn start(world: &World) -> Self {
        let app = world.sandbox.ghl_app();
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "a_program_that_calls",
                "--ignored",
                "--nocapture",
            ])
            .env("OAUTH_URL", world.servers.ghl_url())
            .env("OAUTH_STORE", world.directory.path())
            .env("OAUTH_CLIENT", &app.client_id)
            .env("OAUTH_SECRET", &app.client_secret)
            .env("OAUTH_LOCATION", world.sandbox.ghl_location_id())
            .env("OAUTH_NOW", world.sandbox.clock().now().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        Self { child, says }
    }

    fn hears(&mut self, wanted: &str) {
        let mut lines = self.says.by_ref().lines();
        let heard = lines.any(|line| line.unwrap() == wanted);
        assert!(heard, "a program ended before it said {wanted:?}");
    }
}

#[tokio::test]
#[ignore = "it is one of several processes, and started by the test above"]
async fn a_program_that_calls() {
    let told = |name: &str| env::var(name).unwrap();
    let now: Timestamp = told("OAUTH_NOW").parse().unwrap();
    let store = store(Path::new(&told("OAUTH_STORE")));
    let app = OAuthApp::builder(told("OAUTH_CLIENT"), told("OAUTH_SECRET"), store)
        .base_url(&told("OAUTH_URL"))
        .clock(move || now)
        .build()
        .unwrap();
    let location = told("OAUTH_LOCATION").into();
    let client = app.location(&location).client().build().unwrap();
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let page = client.contacts().list_page(&location, None, 20, None).await;
    assert_eq!(page.unwrap().contacts.map(|found| found.len()), Some(1));
    println!("done");
}
