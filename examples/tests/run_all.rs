//! Every example runs without arguments, and prints what `expected/` says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where it is surprised"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

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
    custom_mapper,
    custom_rule,
    custom_store,
    embed_the_engine,
    ghl_contacts_tour,
    insightly_contacts_tour,
}

#[test]
fn no_example_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().path().with_extension(""));
    let names: BTreeSet<String> = names.map(|path| name(&path)).collect();
    assert_eq!(names, TESTED.iter().copied().map(String::from).collect());
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
    let program = built(example);
    let ran = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    let ran = ran.unwrap_or_else(|why| panic!("{}: {why}", program.display()));
    let complaints = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{}: {complaints}", ran.status);
    assert_eq!(complaints, "");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), expected);
}

/// Cargo tells a test the paths of binaries, but not of examples: they are built beside its `deps`.
fn built(example: &str) -> PathBuf {
    let this = env::current_exe().unwrap();
    let profile = this.ancestors().nth(2).unwrap();
    let program = profile.join("examples").join(example);
    program.with_extension(env::consts::EXE_EXTENSION)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
