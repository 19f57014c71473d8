//! The same work by each Rust client.

use std::time::Duration;

use contest::{Result, Used, calls, timed};
use futures_util::TryStreamExt;
use insightly::{Client, ContactId, ListQuery, Pacer, SecretString};
use serde_json::Value;

pub(crate) async fn run(who: &str, url: &str, what: &str, count: u64) -> Result<Used> {
    match (who, what) {
        ("insightly", "call") => {
            let contacts = client(url)?.contacts();
            let call = || async { Ok(contacts.get(ContactId(7)).await.map(drop)?) };
            calls(call, count, 1).await
        }
        ("raw", "call") => {
            let http = http()?;
            let call = || async { fetch(&http, format!("{url}/Contacts/7")).await.map(drop) };
            calls(call, count, 1).await
        }
        ("insightly", "list") => timed(async { all(count, list(url).await?) }).await,
        ("raw", "list") => timed(async { all(count, raw_list(url).await?) }).await,
        _ => Err("no such client or work".into()),
    }
}

fn all(count: u64, seen: u64) -> Result<()> {
    if seen == count {
        return Ok(());
    }
    Err(format!("{seen} of {count} rows were read").into())
}

fn client(url: &str) -> Result<Client> {
    let key = SecretString::from("key");
    let client = Client::builder(key).base_url(url);
    Ok(client.pacer(Pacer::unlimited()).build()?)
}

async fn list(url: &str) -> Result<u64> {
    let contacts = client(url)?.contacts().list(&ListQuery::new());
    let count = contacts.try_fold(0, async |count, contact| {
        Ok(count + u64::from(contact.email_address.is_some()))
    });
    Ok(count.await?)
}

/// As insightly sets it up: rustls with ring, gzip, 10 s to connect and 60 s for a call.
fn http() -> Result<reqwest::Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(10));
    Ok(client.timeout(Duration::from_secs(60)).build()?)
}

async fn fetch(http: &reqwest::Client, url: String) -> Result<Value> {
    let request = http.get(url).basic_auth("key", Some(""));
    let bytes = request.send().await?.bytes().await?;
    Ok(serde_json::from_slice(&bytes)?)
}

async fn raw_list(url: &str) -> Result<u64> {
    let (http, mut seen) = (http()?, 0);
    loop {
        let page = fetch(&http, format!("{url}/Contacts?top=500&skip={seen}")).await?;
        let rows = page.as_array().ok_or("no list")?;
        let told = rows.iter().filter(|row| row["EMAIL_ADDRESS"].is_string());
        seen += told.count() as u64;
        if rows.len() < 500 {
            return Ok(seen);
        }
    }
}
