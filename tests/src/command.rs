//! The real `ghl-insightly` command, as a process of ours.

use std::{
    env,
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::failure::{Failure, Proved, ensure};

/// How often a process is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(2);

/// A process that has ended, with what it said.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

/// A process under way. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    said: tempfile::TempDir,
}

/// Where the command is. Builds it once, from the same sources and in the same
/// profile as the program that asks, so that nobody proves an old one.
pub fn path() -> Proved<&'static Path> {
    static PATH: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = PATH.get_or_init(|| found().map_err(|why| why.to_string()));
    found.as_deref().map_err(Failure::new)
}

fn found() -> Proved<PathBuf> {
    let own = env::current_exe()?;
    let folder = own.parent().unwrap_or(Path::new("."));
    let in_test = folder.file_name() == Some(OsStr::new("deps"));
    let folder = if in_test {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    let command = folder.join(format!("ghl-insightly{}", env::consts::EXE_SUFFIX));
    // Set when cargo runs us; without it we can only take what is there.
    if let Some(cargo) = env::var_os("CARGO") {
        build(&cargo, folder, in_test)?;
    }
    ensure(command.is_file(), || {
        let release = folder.ends_with("release");
        format!(
            "there is no {}; run `cargo build{} -p ghl-insightly` first",
            command.display(),
            if release { " --release" } else { "" }
        )
    })?;
    Ok(command)
}

/// Both packages are named so that their dependencies are built with one set of features.
fn build(cargo: &OsStr, folder: &Path, in_test: bool) -> Proved {
    let profile = match folder.file_name().and_then(OsStr::to_str) {
        Some("debug") if in_test => "test",
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let target = folder.parent().unwrap_or(folder);
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "tests"])
        .args(["--package", "ghl-insightly", "--bin", "ghl-insightly"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    ensure(built.status.success(), || {
        let said = String::from_utf8_lossy(&built.stderr);
        format!("the command cannot be built: {said}")
    })
}

impl Running {
    /// Starts the command. Environment variables come from `variables` only.
    pub fn start(arguments: &[&OsStr], variables: &[(&str, &str)], folder: &Path) -> Proved<Self> {
        let said = tempfile::tempdir()?;
        let into = |name: &str| File::create(said.path().join(name));
        let child = Command::new(path()?)
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(into("stdout")?)
            .stderr(into("stderr")?)
            .spawn()?;
        Ok(Self { child, said })
    }

    /// `run --once --approve` over a settings file.
    pub fn approved_run(settings: &Path) -> Proved<Self> {
        let arguments = ["run", "--once", "--approve", "--config"].map(OsStr::new);
        let arguments = [&arguments[..], &[settings.as_os_str()]].concat();
        Self::start(&arguments, &[], settings.parent().unwrap_or(settings))
    }

    /// What it has printed so far.
    pub fn told(&self) -> Proved<String> {
        Ok(std::fs::read_to_string(self.said.path().join("stdout"))?)
    }

    /// Whether it is still under way.
    pub fn is_running(&mut self) -> Proved<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// `kill -9`. Answers how it ended: by the signal, unless it was over before.
    pub fn kill(mut self) -> Proved<Ended> {
        self.child.kill()?;
        let status = self.child.wait()?;
        self.ended(status)
    }

    /// What Ctrl-C sends.
    pub fn interrupt(&self) -> Proved {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", "INT", &pid]).status()?;
        ensure(sent.success(), || format!("{pid} cannot be interrupted"))
    }

    /// Waits for its end, but not for ever.
    pub async fn end(mut self, patience: Duration) -> Proved<Ended> {
        let until = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return self.ended(status);
            }
            if Instant::now() > until {
                self.child.kill()?;
                let status = self.child.wait()?;
                let said = self.ended(status)?.stderr;
                let why = format!("the command did not end within {patience:?}; it said: {said}");
                return Err(Failure::new(why));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    fn ended(&self, status: ExitStatus) -> Proved<Ended> {
        let stderr = std::fs::read_to_string(self.said.path().join("stderr"))?;
        Ok(Ended {
            status,
            stdout: self.told()?,
            stderr,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail for a process that has ended, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Its exit code; none if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }
}
