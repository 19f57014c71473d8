//! What the examples share: the account that the arguments name, or else a sandbox of their
//! own; the calls of all operations of the Insightly client; and the report of such calls.

pub mod insightly_operations;
pub mod report;

use clap::Parser;
use crm_sandbox::{Sandbox, SandboxError, Servers};
use ghl_contacts::{LocationId, SecretString};

/// A HighLevel location.
#[derive(Debug, Parser)]
pub struct GhlAccount {
    /// Where the API is, e.g. `https://services.leadconnectorhq.com`.
    #[arg(long)]
    pub base_url: String,
    /// A Private Integration Token.
    #[arg(long)]
    pub token: SecretString,
    /// The location's id.
    #[arg(long)]
    pub location: LocationId,
    #[arg(skip)]
    _servers: Option<Servers>,
}

/// An Insightly account.
#[derive(Debug, Parser)]
pub struct InsightlyAccount {
    /// Where the API is, e.g. `https://api.na1.insightly.com/v3.1`.
    #[arg(long)]
    pub base_url: String,
    /// An API key.
    #[arg(long)]
    pub api_key: SecretString,
    #[arg(skip)]
    _servers: Option<Servers>,
}

impl GhlAccount {
    /// The location that the arguments name; without arguments a sandbox's, which lives as long as this.
    pub async fn from_args() -> Result<Self, SandboxError> {
        if has_arguments() {
            return Ok(Self::parse());
        }
        let (sandbox, servers) = start_sandbox().await?;
        Ok(Self {
            base_url: servers.ghl_url(),
            token: sandbox.ghl_token().into(),
            location: sandbox.ghl_location_id().into(),
            _servers: Some(servers),
        })
    }
}

impl InsightlyAccount {
    /// The account that the arguments name; without arguments a sandbox's, which lives as long as this.
    pub async fn from_args() -> Result<Self, SandboxError> {
        if has_arguments() {
            return Ok(Self::parse());
        }
        let (sandbox, servers) = start_sandbox().await?;
        Ok(Self {
            base_url: servers.insightly_url(),
            api_key: sandbox.insightly_api_key().into(),
            _servers: Some(servers),
        })
    }
}

fn has_arguments() -> bool {
    std::env::args_os().len() > 1
}

/// Each side has a few contacts, the same ones each time.
async fn start_sandbox() -> Result<(Sandbox, Servers), SandboxError> {
    let sandbox = Sandbox::builder()
        .seed(7)
        .ghl_contacts(3)
        .insightly_contacts(3)
        .build();
    let servers = sandbox.serve(0, 0).await?;
    Ok((sandbox, servers))
}
