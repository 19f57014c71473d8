//! Every example runs without arguments, and prints what `expected/` says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where it is surprised"
)]

mod program;

use std::{collections::BTreeSet, fs, path::Path, process::Stdio};

use crm_sandbox::Sandbox;

macro_rules! examples {
    ($($name:ident,)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            let expected = include_str!(concat!("expected/", stringify!($name), ".txt"));
            prints(stringify!($name), &[], expected);
        })*
    };
}

examples! {
    custom_connector,
    custom_kind,
    custom_mapper,
    custom_matcher,
    custom_rule,
    custom_store,
    embed_the_engine,
    ghl_contacts_tour,
    ghl_oauth_tour,
    insightly_contacts_tour,
    one_way,
}

/// These want arguments, and have tests of their own.
const TESTED_ELSEWHERE: [&str; 3] = [
    "ghl_every_operation",
    "ghl_webhook_verify",
    "insightly_every_operation",
];

#[test]
fn no_example_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().path().with_extension(""));
    let names: BTreeSet<String> = names.map(|path| name(&path)).collect();
    let tested = TESTED.iter().chain(&TESTED_ELSEWHERE);
    assert_eq!(names, tested.copied().map(String::from).collect());
}

/// The same people in the same place: only who started the sandbox differs.
#[tokio::test(flavor = "multi_thread")]
async fn a_tour_goes_to_the_account_that_is_named() {
    let sandbox = Sandbox::builder().seed(7).insightly_contacts(3).build();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let (url, key) = (servers.insightly_url(), sandbox.insightly_api_key());
    let expected = include_str!("expected/insightly_contacts_tour.txt");
    let arguments = ["--base-url", &url, "--api-key", key];
    prints("insightly_contacts_tour", &arguments, expected);
    assert_eq!(sandbox.insightly().requests()["contacts.create"], 1);
}

fn prints(example: &str, arguments: &[&str], expected: &str) {
    let mut program = program::built(example);
    let ran = program.args(arguments).stdin(Stdio::null()).output();
    let ran = ran.unwrap_or_else(|why| panic!("{program:?}: {why}"));
    let complaints = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{}: {complaints}", ran.status);
    assert_eq!(complaints, "");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), expected);
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
