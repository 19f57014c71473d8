//! Where a secret is kept; never the secret itself.

use std::path::{Path, PathBuf};

use ghl_contacts::SecretString;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::SettingsError;

/// `{ env = "NAME" }` or `{ file = "PATH" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file with nothing else in it.
    File(PathBuf),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    env: Option<String>,
    file: Option<PathBuf>,
}

const HOW: &str = "a secret is given by reference: { env = \"NAME\" } or { file = \"PATH\" }";

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What is written there is not repeated in the error: it may be the secret.
        let table = Table::deserialize(deserializer).map_err(|why| {
            let why = why.to_string();
            match why.trim_end() {
                why if why.starts_with("missing field") => {
                    D::Error::custom(format!("{why}: {HOW}"))
                }
                _ => D::Error::custom(HOW),
            }
        })?;
        match (table.env, table.file) {
            (Some(env), None) => Ok(Self::Env(env)),
            (None, Some(file)) => Ok(Self::File(file)),
            _ => Err(D::Error::custom(HOW)),
        }
    }
}

impl SecretSource {
    /// Reads the secret.
    pub fn read(&self) -> Result<SecretString, SettingsError> {
        let text = match self {
            Self::Env(name) => std::env::var(name).map_err(|_| {
                format!("the environment variable {name} is not set; it has to hold the secret")
            }),
            Self::File(path) => std::fs::read_to_string(path).map_err(|why| {
                format!("the secret's file {} cannot be read: {why}", path.display())
            }),
        };
        let text = text.map_err(SettingsError::Secret)?;
        let secret = text.trim();
        if secret.is_empty() {
            return Err(SettingsError::Secret(format!(
                "{self} holds an empty secret"
            )));
        }
        Ok(SecretString::from(secret))
    }

    pub(super) fn begin_in(&mut self, folder: &Path) {
        if let Self::File(path) = self {
            *path = folder.join(&*path);
        }
    }
}

impl std::fmt::Display for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(f, "the environment variable {name}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}
