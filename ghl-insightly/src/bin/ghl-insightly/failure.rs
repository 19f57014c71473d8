//! Why the command ends badly, and with which exit code.

use std::{fmt, process::ExitCode};

use ghl_insightly::{ConnectError, Settings, SettingsError, SystemClock};
use sync_core::{Clock, ConnectorError, EngineError, GuardStop, Reason, Side, StoreError};

use crate::told;

/// The exit codes, for `--help` and the README.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    a check failed, or something unexpected
  2    wrong use of the command
  3    the settings file is wrong
  4    a credential, location or pod is refused
  5    a system cannot be reached, or its day is used up
  6    a guard stopped the run: nothing of what it counted was written
  7    the store is in use, damaged, or of a newer version
  8    a port is in use
  130  interrupted; the next run goes on where this one stopped";

/// What went wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    fn new(code: u8, message: impl fmt::Display) -> Self {
        Self {
            code,
            message: told::named(&message.to_string()),
        }
    }

    pub(crate) fn unexpected(message: impl fmt::Display) -> Self {
        Self::new(1, message)
    }

    pub(crate) fn misuse(message: impl fmt::Display) -> Self {
        Self::new(2, message)
    }

    pub(crate) fn check(message: impl fmt::Display) -> Self {
        Self::new(1, message)
    }

    /// `before` is what the run had written until then.
    pub(crate) fn guard(stop: &GuardStop, before: u64) -> Self {
        let nothing = match before {
            0 => "Nothing was written".to_owned(),
            before => format!(
                "Nothing of that was written; the {before} changes before it, told above, were within the limits"
            ),
        };
        let key = told::guard(stop.guard);
        let message = format!(
            "{stop}. {nothing}. Look at `ghl-insightly plan`, then raise `{key}` in [guards] or run with --approve"
        );
        Self::new(6, message)
    }

    pub(crate) fn interrupted() -> Self {
        let message = "interrupted. Nothing half-done stays: what was sent is in the journal, and the next run goes on from there";
        Self::new(130, message)
    }

    /// A side was given up: when it goes on, and what to do.
    pub(crate) fn stopped(settings: &Settings, side: Side, error: &ConnectorError) -> Self {
        let next = match error.reason {
            Reason::DayExhausted => told::day_turns(settings, side, error, SystemClock.now()),
            _ => "The next run goes on where this one stopped".to_owned(),
        };
        let system = told::system(side);
        Self::new(
            code_of(error),
            format!("{system} was given up: {error}. {next}"),
        )
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

fn code_of(error: &ConnectorError) -> u8 {
    match error.reason {
        Reason::Unauthorized | Reason::Forbidden | Reason::NotFound => 4,
        Reason::Transient | Reason::DayExhausted => 5,
        _ => 1,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(3, error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let code = match &error {
            ConnectError::Settings(_)
            | ConnectError::Client { .. }
            | ConnectError::CustomField { .. } => 3,
            ConnectError::Refused { error, .. } => code_of(error),
            _ => 1,
        };
        Self::new(code, error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(7, error)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::WrongAccount { .. } => Self::new(4, error),
            EngineError::Unreachable { error: ref why, .. } => Self::new(code_of(why), &error),
            other => Self::unexpected(other),
        }
    }
}

impl From<crm_sandbox::SandboxError> for Failure {
    fn from(error: crm_sandbox::SandboxError) -> Self {
        let code = match error {
            crm_sandbox::SandboxError::PortInUse { .. } => 8,
            _ => 1,
        };
        Self::new(code, error)
    }
}
