//! Reading 100,000 full contacts, and single calls, by the `insightly` client and by plain
//! reqwest with `serde_json::Value`: processor time and memory, against one local server.
//! `cargo bench -p insightly --bench reading [-- ROUNDS]`
//!
//! Each contender is a process of its own, so that what one needs is not counted for the other.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement that fails should say so loudly"
)]

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use futures_util::TryStreamExt;
use insightly::{Client, ContactId, ListQuery, Pacer, SecretString};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const CONTACTS: u64 = 100_000;
const CALLS: u64 = 4_000;

/// A full contact with three custom fields; `#` stands for its number.
const CONTACT: &str = r##"{"CONTACT_ID":#,"SALUTATION":null,"FIRST_NAME":"Ada #","LAST_NAME":"Example","IMAGE_URL":null,"BACKGROUND":"Met at the fair; wants an offer for the roof before winter comes.","VISIBLE_TO":"EVERYONE","OWNER_USER_ID":2240001,"VISIBLE_TEAM_ID":null,"DATE_CREATED_UTC":"2025-04-19 00:49:32","DATE_UPDATED_UTC":"2025-04-22 20:03:25","SOCIAL_LINKEDIN":null,"SOCIAL_FACEBOOK":null,"SOCIAL_TWITTER":null,"DATE_OF_BIRTH":"1981-02-03 00:00:00","PHONE":"+1 555 0100","PHONE_HOME":null,"PHONE_MOBILE":"+1 555 0101","PHONE_OTHER":null,"PHONE_ASSISTANT":null,"PHONE_FAX":null,"EMAIL_ADDRESS":"ada.#@example.com","ASSISTANT_NAME":null,"ADDRESS_MAIL_STREET":"1 Main Street","ADDRESS_MAIL_CITY":"Springfield","ADDRESS_MAIL_STATE":"IL","ADDRESS_MAIL_POSTCODE":"62701","ADDRESS_MAIL_COUNTRY":"United States","ADDRESS_OTHER_STREET":null,"ADDRESS_OTHER_CITY":null,"ADDRESS_OTHER_STATE":null,"ADDRESS_OTHER_POSTCODE":null,"ADDRESS_OTHER_COUNTRY":null,"LAST_ACTIVITY_DATE_UTC":"2025-04-22 20:03:25","NEXT_ACTIVITY_DATE_UTC":null,"CREATED_USER_ID":2240001,"ORGANISATION_ID":182000001,"TITLE":"Mathematician","EMAIL_OPTED_OUT":false,"CUSTOMFIELDS":[{"FIELD_NAME":"Hobby__c","FIELD_VALUE":"Skiing","CUSTOM_FIELD_ID":"Hobby__c"},{"FIELD_NAME":"Interests__c","FIELD_VALUE":"Music;Travel","CUSTOM_FIELD_ID":"Interests__c"},{"FIELD_NAME":"Newsletter__c","FIELD_VALUE":true,"CUSTOM_FIELD_ID":"Newsletter__c"}],"TAGS":[{"TAG_NAME":"vip"}],"DATES":[],"LINKS":[]}"##;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Cargo adds `--bench`.
    let arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    let arguments: Vec<String> = arguments.collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["serve"] => serve().await,
        ["client", "list", url] => report(client_list(url).await),
        ["raw", "list", url] => report(raw_list(url).await),
        ["client", "call", url] => report(client_calls(url).await),
        ["raw", "call", url] => report(raw_calls(url).await),
        [] => compare(3),
        [rounds] => compare(rounds.parse().unwrap()),
        _ => panic!("one argument at most: how many rounds"),
    }
}

/// The least processor time of the rounds, and the memory of that one.
fn compare(rounds: u32) {
    let mut server = this().arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    println!("| what | raw reqwest + Value | insightly | ratio | memory of insightly |");
    println!("| --- | --- | --- | --- | --- |");
    for (what, name) in [
        ("list", format!("{CONTACTS} full contacts")),
        ("call", format!("{CALLS} calls, one by one")),
    ] {
        let best = |who: &str| {
            let runs = (0..rounds).map(|_| run(who, what, url.trim()));
            runs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
        };
        let (raw, client) = (best("raw"), best("client"));
        println!(
            "| {name} | {:.2} s, {:.1} MB | {:.2} s | {:.2} | {:.1} MB |",
            raw.0,
            raw.1,
            client.0,
            client.0 / raw.0,
            client.1
        );
    }
    stop(&mut server);
}

fn stop(server: &mut Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

fn this() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

/// Seconds of processor time and peak megabytes.
fn run(who: &str, what: &str, url: &str) -> (f64, f64) {
    let ran = this().args([who, what, url]).output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(
        ran.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let mut numbers = said.split_whitespace().map(|word| word.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn report(seen: u64) {
    assert!(seen == CONTACTS || seen == CALLS, "{seen} rows were read");
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // Fields 14 and 15 of the whole line: hundredths of a second.
    let ticks: u32 = after_name[11..13]
        .iter()
        .map(|ticks| ticks.parse::<u32>().unwrap())
        .sum();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kilobytes: f64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{:.2} {:.1}", f64::from(ticks) / 100.0, kilobytes / 1024.0);
}

fn client(url: &str) -> Client {
    Client::builder(SecretString::from("key"))
        .base_url(url)
        .pacer(Pacer::unlimited())
        .build()
        .unwrap()
}

async fn client_list(url: &str) -> u64 {
    let contacts = client(url).contacts().list(&ListQuery::new());
    let count = contacts.try_fold(0, async |count, contact| {
        Ok(count + u64::from(contact.email_address.is_some()))
    });
    count.await.unwrap()
}

async fn client_calls(url: &str) -> u64 {
    let contacts = client(url).contacts();
    for _ in 0..CALLS {
        contacts.get(ContactId(7)).await.unwrap();
    }
    CALLS
}

async fn fetch(http: &reqwest::Client, url: String) -> Value {
    let request = http.get(url).basic_auth("key", Some(""));
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

async fn raw_list(url: &str) -> u64 {
    let (http, mut seen) = (http(), 0);
    loop {
        let page = fetch(&http, format!("{url}/Contacts?top=500&skip={seen}")).await;
        let rows = page.as_array().unwrap();
        let told = rows.iter().filter(|row| row["EMAIL_ADDRESS"].is_string());
        seen += told.count() as u64;
        if rows.len() < 500 {
            return seen;
        }
    }
}

async fn raw_calls(url: &str) -> u64 {
    let http = http();
    for _ in 0..CALLS {
        fetch(&http, format!("{url}/Contacts/7")).await;
    }
    CALLS
}

async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}/v3.1", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(answer_all(stream));
    }
}

/// Just enough HTTP: a request has no body here.
async fn answer_all(mut stream: TcpStream) {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(size @ 1..) = stream.read(&mut buffer).await {
        read.extend_from_slice(&buffer[..size]);
        if !read.ends_with(b"\r\n\r\n") {
            continue;
        }
        let target = String::from_utf8_lossy(&read);
        let body = answer(target.split(' ').nth(1).unwrap_or_default());
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-total-count: {CONTACTS}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        read.clear();
        let whole = [head.as_bytes(), body.as_bytes()].concat();
        if stream.write_all(&whole).await.is_err() {
            return;
        }
    }
}

fn answer(target: &str) -> String {
    let Some((_, query)) = target.split_once('?') else {
        return CONTACT.replace('#', "7");
    };
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        found.map_or(0, |(_, value)| value.parse::<u64>().unwrap_or(0))
    };
    let first = number("skip") + 1;
    let last = (first + number("top") - 1).min(CONTACTS);
    let rows: Vec<String> = (first..=last)
        .map(|id| CONTACT.replace('#', &id.to_string()))
        .collect();
    format!("[{}]", rows.join(","))
}
