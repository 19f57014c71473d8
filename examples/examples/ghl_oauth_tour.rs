//! An agency installs an app: consent, code, tokens, a location's token, refreshes, the end.
//! `cargo run --release -p examples --example ghl_oauth_tour`: it starts a sandbox of its own.
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{error::Error, time::Duration};

use crm_sandbox::{Clock, Sandbox};
use ghl_contacts::{FileSecretStore, NewContact, OAuthApp, operation, scopes};
use serde_json::json;

const REDIRECT: &str = "https://my-app.example/installed";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::manual("2026-11-24T09:00:00Z".parse()?);
    let sandbox = Sandbox::builder().clock(clock.clone()).build();
    sandbox.set_switch("pkce", "checked")?;
    let servers = sandbox.serve(0, 0).await?;
    let (tokens, known) = (tempfile::tempdir()?, sandbox.ghl_app());
    let store = FileSecretStore::in_directory(tokens.path())?;
    let app = OAuthApp::builder(&known.client_id, known.client_secret.clone(), store)
        .base_url(&servers.ghl_url())
        .redirect_uri(REDIRECT)
        .clock(move || clock.now())
        .build()?;

    let called = ["contacts.create", "contacts.get", "oauth.location_token"];
    let called: Vec<_> = called.iter().filter_map(|name| operation(name)).collect();
    let page = servers.ghl_url() + "/v2/oauth/chooselocation?choose=Company";
    let asked = app.authorize(&scopes::needed_for(&called)).page(&page);
    let pending = asked.pkce().begin()?;
    let callback = examples::consent(pending.url()).await?;
    println!("consented {}", callback.starts_with(REDIRECT));
    let installed = app.exchange(&pending.code(&callback)?).await?;
    println!("installed {:?} {:?}", installed.user_type, installed.scopes);

    let company = installed.company_id.ok_or("an agency has an id")?;
    let location = &installed.approved_locations[0];
    let contacts = app
        .location_of(&company, location)
        .client()
        .build()?
        .contacts();
    let ada = NewContact::in_location(location).first_name("Ada");
    let id = contacts.create(&ada).await?.id;
    let sent = || sandbox.ghl().requests()["oauth.token"];
    println!("created   with {} request for tokens", sent());
    for day in 1..=2 {
        sandbox.clock().advance(Duration::from_secs(86_400));
        contacts.get(&id).await?;
        println!("day {day}     with {} requests for tokens", sent());
    }
    sandbox.ghl().order("uninstall", &json!({}))?;
    sandbox.clock().advance(Duration::from_secs(86_400));
    if let Err(error) = contacts.get(&id).await {
        println!("revoked   {:?}: {}", error.kind(), error.message());
    }
    Ok(())
}
