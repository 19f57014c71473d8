//! Every example runs without arguments, and prints what `expected/` says.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

macro_rules! examples {
    ($($name:ident,)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            let expected = include_str!(concat!("expected/", stringify!($name), ".txt"));
            prints(stringify!($name), expected);
        })*
    };
}

examples! {
    custom_mapper,
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

fn prints(example: &str, expected: &str) {
    let program = built(example);
    let ran = Command::new(&program).stdin(Stdio::null()).output();
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
