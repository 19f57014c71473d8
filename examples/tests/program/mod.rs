//! Examples as programs.

use std::{env, process::Command};

/// Cargo tells a test the paths of binaries, but not of examples: they are built beside its `deps`.
pub(crate) fn built(example: &str) -> Command {
    let this = env::current_exe().unwrap();
    let profile = this.ancestors().nth(2).unwrap();
    let program = profile.join("examples").join(example);
    Command::new(program.with_extension(env::consts::EXE_EXTENSION))
}
