//! `ghl_every_operation` against the official description: `tests/conformance/mock.mjs`.
//!
//! The mock is Prism, which is installed from npm into `target/tmp` at the first run. A machine
//! without node or without npm's registry passes, and says that nothing was proved;
//! `CONFORMANCE=required` makes that a failure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where it is surprised"
)]

mod program;

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use crm_sandbox::Sandbox;
use ghl_contacts::{
    Client, HeaderValue, Operation, PrivateIntegrationToken, RepeatPolicy, Request, ReqwestSender,
    Response, SendError, Sender, StatusCode, async_trait, operation,
};
use serde_json::{Value, json};

const INSTALL: Duration = Duration::from_secs(240);
const START: Duration = Duration::from_secs(60);

/// Runs until its standard input is closed, thus no longer than this test.
struct Mock {
    url: String,
    _stdin: ChildStdin,
}

/// The mock; `None` where it cannot be had.
fn mock() -> Option<&'static Mock> {
    static MOCK: OnceLock<Result<Mock, String>> = OnceLock::new();
    match MOCK.get_or_init(|| install().and_then(|folder| start(&folder))) {
        Ok(mock) => Some(mock),
        Err(why) if env::var("CONFORMANCE").is_ok_and(|wish| wish == "required") => {
            panic!("the conformance mock is required: {why}")
        }
        Err(why) => {
            // Written past the test harness, which hides what a passing test prints.
            let said = format!(
                "\n*** NOT RUN: conformance with the official description. {why}\n*** Nothing was proved about it on this machine.\n\n"
            );
            std::io::stderr().write_all(said.as_bytes()).unwrap();
            None
        }
    }
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance")
}

/// `npm install` of the pinned versions, unless it was done before.
fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
    let wanted = fs::read(sources().join("package.json")).unwrap();
    let done = folder.join("installed.json");
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("package.json"), &wanted).unwrap();
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--fetch-retries=1"]);
    let child = npm
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|why| format!("npm cannot be started: {why}"))?;
    let complaints = read_all(&mut child);
    let complaints = complaints.recv_timeout(INSTALL).map_err(|_| {
        let _ = child.kill();
        format!("npm took more than {} s", INSTALL.as_secs())
    })?;
    if !child.wait().unwrap().success() {
        let first = complaints.lines().next().unwrap_or_default();
        return Err(format!("npm install failed: {first}"));
    }
    fs::write(done, wanted).unwrap();
    Ok(folder)
}

fn read_all(child: &mut Child) -> mpsc::Receiver<String> {
    let mut from = child.stderr.take().unwrap();
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let _ = from.read_to_string(&mut text);
        let _ = said.send(text);
    });
    heard
}

fn start(folder: &Path) -> Result<Mock, String> {
    let child = Command::new("node")
        .arg(sources().join("mock.mjs"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|why| format!("node cannot be started: {why}"))?;
    let stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (said, heard) = mpsc::channel();
    thread::spawn(move || said.send(lines.next()));
    let line = heard.recv_timeout(START).ok().flatten();
    // From here on a failure is one of ours, and no reason to pass.
    let line = line
        .unwrap_or_else(|| panic!("the mock did not start"))
        .unwrap();
    let port = line.strip_prefix("listening ").unwrap();
    Ok(Mock {
        url: format!("http://127.0.0.1:{port}"),
        _stdin: stdin,
    })
}

/// With every field, and with the least.
fn all_succeed(url: &str, token: &str, location: &str) {
    for more in [&[][..], &["--minimal"]] {
        let place = ["--base-url", url, "--token", token, "--location", location];
        let mut tour = program::built("ghl_every_operation");
        let ran = tour.args(place).args(more).output().unwrap();
        let said = String::from_utf8(ran.stdout).unwrap();
        assert!(ran.status.success(), "{more:?}\n{said}");
        assert!(said.ends_with("32 of 32 operations succeeded\n"), "{said}");
    }
}

#[test]
fn all_32_operations_agree_with_the_official_description() {
    let Some(mock) = mock() else { return };
    all_succeed(&mock.url, "t", "l");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_32_operations_succeed_on_the_sandbox() {
    let sandbox = Sandbox::builder().seed(7).ghl_contacts(3).build();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let location = sandbox.ghl_location_id();
    all_succeed(&servers.ghl_url(), sandbox.ghl_token(), location);
}

/// One that fails is named, and the exit code tells.
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_fails_is_told() {
    let sandbox = Sandbox::builder().seed(7).build();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let place = ["--token", "wrong", "--location", sandbox.ghl_location_id()];
    let mut tour = program::built("ghl_every_operation");
    let ran = tour.args(["--base-url", &servers.ghl_url()]).args(place);
    let ran = ran.output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("FAILED 401 contacts.get: "), "{said}");
    assert!(said.ends_with("0 of 32 operations succeeded\n"), "{said}");
}

/// Takes a header away, or spoils it.
struct Spoiled {
    sender: ReqwestSender,
    header: &'static str,
    value: Option<&'static str>,
}

#[async_trait]
impl Sender for Spoiled {
    async fn send(&self, mut request: Request) -> Result<Response, SendError> {
        request.headers.remove(self.header);
        if let Some(value) = self.value {
            let value = HeaderValue::from_static(value);
            request.headers.insert(self.header, value);
        }
        self.sender.send(request).await
    }
}

fn client(mock: &Mock, header: &'static str, value: Option<&'static str>) -> Client {
    let sender = ReqwestSender::new().unwrap();
    Client::builder(PrivateIntegrationToken::new("t"))
        .base_url(&mock.url)
        .repeats(RepeatPolicy::never())
        .sender(Spoiled {
            sender,
            header,
            value,
        })
        .build()
        .unwrap()
}

fn filled<const N: usize>(name: &str, parts: [&str; N]) -> Operation {
    Operation::of(operation(name).unwrap().definition(), parts)
}

async fn status(client: &Client, op: Operation) -> StatusCode {
    match client.send::<Value>(op).await {
        Ok(_) => StatusCode::OK,
        Err(error) => error.status().unwrap_or_else(|| panic!("{error}")),
    }
}

/// Else the test above would prove nothing.
#[tokio::test]
async fn the_mock_refuses_what_is_not_in_the_description() {
    let Some(mock) = mock() else { return };
    let create = |body: Value| filled("contacts.create", []).json(&body);
    let plain = client(mock, "x-none", None);
    let right = create(json!({"locationId": "l", "email": "a@b.c"}));
    assert_eq!(status(&plain, right.clone()).await, 200);
    for (what, op) in [
        (
            "unknown member",
            create(json!({"locationId": "l", "shoe": 42})),
        ),
        (
            "unknown member inside",
            create(json!({"locationId": "l", "dndSettings": {"email": {"status": "active"}}})),
        ),
        ("wrong type", create(json!({"locationId": 7}))),
        ("missing member", create(json!({"email": "a@b.c"}))),
        ("unknown query", filled("contacts.get", ["c"]).query("x", 1)),
        (
            "wrong type in the query",
            filled("contacts.list", [])
                .query("locationId", "l")
                .query("limit", "ten"),
        ),
        ("missing query", filled("contacts.list", [])),
        (
            "literal {type}",
            filled("contacts.bulk_tags", ["{type}"])
                .json(&json!({"contacts": [], "tags": [], "locationId": "l"})),
        ),
        (
            "invented operator",
            filled("contacts.search", []).json(&json!({"locationId": "l", "pageLimit": 1,
                "filters": [{"field": "email", "operator": "gt", "value": 1}]})),
        ),
    ] {
        assert_eq!(status(&plain, op).await, 422, "{what}");
    }
    let no_version = client(mock, "version", None);
    assert_eq!(status(&no_version, right.clone()).await, 422);
    let sdk_default = client(mock, "version", Some("2023-02-21"));
    assert_eq!(status(&sdk_default, right.clone()).await, 422);
    let no_token = client(mock, "authorization", None);
    assert_eq!(status(&no_token, right).await, 401);
}
