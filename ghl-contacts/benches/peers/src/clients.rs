//! The same work by each client.

use std::time::Duration;

use contest::{Result, Used, calls, timed};
use futures_util::TryStreamExt;
use ghl_contacts::{Client, ContactId, ContactQuery, Pacer, PrivateIntegrationToken};
use serde_json::{Value, json};

const ID: &str = "nmFmQEsNgz6AVpgLVUJ0";
/// Rows of an export's page: the most that each route gives.
const SEARCHED: u32 = 500;
const LISTED: u32 = 100;

pub(crate) async fn run(
    who: &str,
    url: &str,
    what: &str,
    count: u64,
    at_once: usize,
) -> Result<Used> {
    match (who, what) {
        ("ghl-contacts", "get") => {
            let (contacts, id) = (ours(url)?.contacts(), ContactId::from(ID));
            let call = || async { Ok(contacts.get(&id).await.map(|contact| drop(contact))?) };
            calls(call, count, at_once).await
        }
        ("raw" | "raw, no deadline", "get") => {
            let client = raw(url, who == "raw")?;
            let call = || async {
                let target = format!("{url}/contacts/{ID}");
                let answer = client.get(target).header("version", "2021-07-28");
                let answer = answer.bearer_auth("t").send().await?.bytes().await?;
                let value: Value = serde_json::from_slice(&answer)?;
                drop(value);
                Ok(())
            };
            calls(call, count, at_once).await
        }
        ("ghl-sdk", "get") => {
            let contacts = sdk(url)?.contacts();
            let call = || async { Ok(contacts.get(ID).await.map(|contact| drop(contact))?) };
            calls(call, count, at_once).await
        }
        (_, "export") => timed(export(who, url, count)).await,
        _ => Err("no such client or work".into()),
    }
}

async fn export(who: &str, url: &str, count: u64) -> Result<()> {
    let mut seen = 0;
    match who {
        "ghl-contacts" | "ghl-contacts, 100" => {
            let query = match who {
                "ghl-contacts" => ContactQuery::in_location("l").page_size(SEARCHED),
                _ => ContactQuery::in_location("l"),
            };
            let mut rows = std::pin::pin!(ours(url)?.contacts().search(query));
            while rows.try_next().await?.is_some() {
                seen += 1;
            }
        }
        "raw" => {
            let (client, mut after) = (raw(url, true)?, None::<Value>);
            loop {
                let mut body = json!({"locationId": "l", "pageLimit": SEARCHED});
                if let Some(after) = after.take() {
                    body["searchAfter"] = after;
                }
                let request = client.post(format!("{url}/contacts/search"));
                let request = request.header("version", "2021-07-28").bearer_auth("t");
                let request = request.header("content-type", "application/json");
                let answer = request.body(body.to_string()).send().await?.bytes().await?;
                let page: Value = serde_json::from_slice(&answer)?;
                let rows = page["contacts"].as_array().map_or(&[][..], Vec::as_slice);
                let Some(last) = rows.last() else { break };
                after = Some(last["searchAfter"].clone());
                seen += rows.len() as u64;
            }
        }
        _ => {
            let contacts = sdk(url)?.contacts();
            let mut rows = std::pin::pin!(contacts.list("l").limit(LISTED).stream());
            while rows.try_next().await?.is_some() {
                seen += 1;
            }
        }
    }
    if seen != count {
        return Err(format!("{who} saw {seen} of {count} rows").into());
    }
    Ok(())
}

fn ours(url: &str) -> Result<Client> {
    let token = PrivateIntegrationToken::new("t");
    let client = Client::builder(token).base_url(url);
    Ok(client.pacer(Pacer::unlimited()).build()?)
}

/// As ghl-contacts sets it up: rustls with ring, gzip, 10 s to connect and 60 s for a call.
/// Without a deadline a call that is never answered waits for ever.
fn raw(url: &str, deadline: bool) -> Result<reqwest::Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::Client::builder().https_only(url.starts_with("https"));
    if deadline {
        client = client.connect_timeout(Duration::from_secs(10));
        client = client.timeout(Duration::from_secs(60));
    }
    Ok(client.build()?)
}

fn sdk(url: &str) -> Result<ghl_sdk::Ghl> {
    let client = ghl_sdk::Ghl::builder().base_url(url);
    Ok(client.private_integration_token("t").build()?)
}
