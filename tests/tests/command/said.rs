//! What a run of the command said, and how it ended.

use std::{ffi::OsStr, time::Duration};

use tests::{
    command::{Ended, Running},
    world::World,
};

/// No run of these tests takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command with arguments and the settings file.
pub(crate) async fn with_variables(
    world: &World,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Ended {
    let path = world.settings_path();
    let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    all.extend([OsStr::new("--config"), path.as_os_str()]);
    let run = Running::start(&all, variables, world.folder()).unwrap();
    run.end(PATIENCE).await.unwrap()
}

/// `run --once`.
pub(crate) async fn run_once(world: &World) -> Ended {
    with_variables(world, &["run", "--once"], &[]).await
}

/// It ended with this code, said all of this on stderr, and did not panic.
#[track_caller]
pub(crate) fn ended_badly(ended: &Ended, code: i32, words: &[&str]) {
    let said = &ended.stderr;
    assert_eq!(ended.code(), Some(code), "{said}{}", ended.stdout);
    let mut lines = said.lines();
    assert!(
        lines.any(|line| line.starts_with("ghl-insightly: ")),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

/// It ended well.
#[track_caller]
pub(crate) fn ended_well(ended: &Ended) {
    assert_eq!(ended.code(), Some(0), "{}{}", ended.stderr, ended.stdout);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}
