//! What the examples share: the account that the arguments name, or else a sandbox of their
//! own; the calls of all operations of the Insightly client; and the report of such calls.

pub mod insightly_operations;
pub mod report;

use std::error::Error;

use clap::Parser;
use crm_sandbox::{Sandbox, SandboxError, Servers};
use ghl_contacts::{HeaderMap, LocationId, Method, Request, ReqwestSender, SecretString, Sender};

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

/// Goes to a consent page that says yes at once, such as the sandbox's, and gives the address
/// that a person's browser would be sent to.
pub async fn consent(page: &str) -> Result<String, Box<dyn Error>> {
    let request = Request {
        method: Method::GET,
        url: page.parse()?,
        headers: HeaderMap::new(),
        body: None,
        streamed: None,
    };
    let answer = ReqwestSender::new()?.send(request).await?;
    let sent_to = answer.headers.get("location").ok_or("nobody is sent on")?;
    Ok(sent_to.to_str()?.to_owned())
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
