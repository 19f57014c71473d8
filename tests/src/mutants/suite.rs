//! The suites that faults are planted under: built once, run as programs.

use std::{
    collections::HashMap,
    env,
    ffi::OsString,
    fmt,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::failure::{Failure, Proved, ensure};

/// Tests that are run together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// The engine over two systems in memory.
    Engine,
    /// Tests at the foot of the engine's files.
    EngineUnits,
    /// The store laws over memory.
    MemoryStore,
    /// The store laws over SQLite, and what is its own.
    Sqlite,
    /// Tests at the foot of the SQLite store's files.
    SqliteUnits,
    /// Every pattern of one field.
    Table,
    /// The library pieces between two local servers.
    Stories,
    /// Random histories.
    Histories,
}

/// How a suite ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Passed,
    /// These tests failed.
    Failed(Vec<String>),
    /// It did not end, and nothing had failed by then.
    Hung,
}

/// The suites as programs.
pub(super) struct Suites(HashMap<Program, Built>);

/// Package, target, and whether it is a test harness.
type Program = (&'static str, &'static str, bool);

struct Built {
    path: PathBuf,
    folder: PathBuf,
}

/// How often a suite is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(10);

impl Suite {
    /// The quick ones first.
    pub const ALL: [Self; 8] = [
        Self::Engine,
        Self::EngineUnits,
        Self::MemoryStore,
        Self::SqliteUnits,
        Self::Table,
        Self::Sqlite,
        Self::Histories,
        Self::Stories,
    ];

    /// How `cargo test` would be asked for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Engine => "sync-core --test engine",
            Self::EngineUnits => "sync-core --lib",
            Self::MemoryStore => "sync-core --test memory_store",
            Self::Sqlite => "sync-sqlite --test store",
            Self::SqliteUnits => "sync-sqlite --lib",
            Self::Table | Self::Stories => "tests --test library",
            Self::Histories => "prove histories",
        }
    }

    const fn program(self) -> Program {
        match self {
            Self::Engine => ("sync-core", "engine", true),
            Self::EngineUnits => ("sync-core", "sync_core", true),
            Self::MemoryStore => ("sync-core", "memory_store", true),
            Self::Sqlite => ("sync-sqlite", "store", true),
            Self::SqliteUnits => ("sync-sqlite", "sync_sqlite", true),
            Self::Table | Self::Stories => ("tests", "library", true),
            Self::Histories => ("tests", "prove", false),
        }
    }

    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["table::"],
            Self::Stories => &[
                "--skip",
                "table::",
                "--skip",
                "histories::",
                "--skip",
                "mutants::",
            ],
            Self::Histories => &["histories", "--count", "400", "--steps", "40"],
            _ => &[],
        }
    }

    /// What failed, by what it printed.
    fn failures(self, stdout: &str, stderr: &str) -> Vec<String> {
        let failed = |line: &str| {
            let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
            Some(name.to_owned())
        };
        let seed = |line: &str| {
            let (seed, _) = line.strip_prefix("seed ")?.split_once(':')?;
            Some(format!("seed {seed}"))
        };
        let mut names: Vec<_> = match self {
            Self::Histories => stderr.lines().filter_map(seed).collect(),
            _ => stdout.lines().filter_map(failed).collect(),
        };
        if self != Self::Histories {
            names.sort();
        }
        names
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Suites {
    /// Builds them with all faults in, beside the program that asks.
    pub(super) fn build() -> Proved<Self> {
        let own = env::current_exe()?;
        let target = own.ancestors().nth(2).unwrap_or(Path::new("target"));
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let built = Command::new(cargo)
            .args(["test", "--no-run", "--lib", "--message-format", "json"])
            .args(["--package", "sync-core", "--package", "sync-sqlite"])
            .args(["--package", "tests", "--test", "engine"])
            .args(["--test", "memory_store", "--test", "store"])
            .args(["--test", "library", "--target-dir"])
            .arg(target.join("planted"))
            .env("RUSTFLAGS", "--cfg planted")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()?;
        ensure(built.status.success(), || {
            "the faults cannot be built".to_owned()
        })?;
        let told = String::from_utf8_lossy(&built.stdout);
        let artifacts = told.lines().filter_map(Artifact::read);
        let built: HashMap<_, _> = artifacts.filter_map(Artifact::built).collect();
        match Suite::ALL
            .iter()
            .find(|s| !built.contains_key(&s.program()))
        {
            Some(missing) => Err(Failure::new(format!("{missing} was not built"))),
            None => Ok(Self(built)),
        }
    }

    /// Runs one of them, with a fault or without.
    pub(super) fn run(
        &self,
        suite: Suite,
        fault: Option<&str>,
        patience: Duration,
    ) -> Proved<Ended> {
        let built = &self.0[&suite.program()];
        let said = tempfile::tempdir()?;
        let (stdout, stderr) = (said.path().join("stdout"), said.path().join("stderr"));
        let mut child = Command::new(&built.path)
            .args(suite.arguments())
            .current_dir(&built.folder)
            .env("PLANTED", fault.unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(File::create(&stdout)?)
            .stderr(File::create(&stderr)?)
            .spawn()?;
        let until = Instant::now() + patience;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break Some(status);
            }
            if Instant::now() > until {
                child.kill()?;
                child.wait()?;
                break None;
            }
            std::thread::sleep(GLANCE);
        };
        let said = |path: &Path| {
            std::fs::read(path).map(|text| String::from_utf8_lossy(&text).into_owned())
        };
        let failed = suite.failures(&said(&stdout)?, &said(&stderr)?);
        Ok(match status {
            Some(status) if status.success() => Ended::Passed,
            _ if !failed.is_empty() => Ended::Failed(failed),
            Some(status) => Ended::Failed(vec![format!("the program ended with {status}")]),
            None => Ended::Hung,
        })
    }
}

/// What cargo tells of something that it built.
#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    profile: Profile,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl Artifact {
    fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    fn built(self) -> Option<(Program, Built)> {
        let folder = self.manifest_path.parent()?.to_owned();
        let package = folder.file_name()?.to_str()?;
        let built = (package, self.target.name.as_str(), self.profile.test);
        let mut programs = Suite::ALL.iter().map(|suite| suite.program());
        let program = programs.find(|program| *program == built)?;
        let path = self.executable?;
        Some((program, Built { path, folder }))
    }
}
