//! What 100,000 Insightly contacts weigh, and how many reads a second one port answers.
//!
//! `cargo bench -p crm-sandbox --bench weight`

use std::error::Error;
use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crm_sandbox::Sandbox;
use http::Request;
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

const CONTACTS: u64 = 100_000;
const CONNECTIONS: u64 = 8;
const FIRST_ID: u64 = 366_000_001;
const RUN: Duration = Duration::from_secs(3);

type Failure = Box<dyn Error + Send + Sync>;

/// Memory in use by this process, in megabytes; only Linux tells it here.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Processor time of this process; only Linux tells it here, in hundredths of a second.
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields = after_name.split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    Some(Duration::from_millis(ticks * 10))
}

/// Reads contacts by id over one connection; answers how many.
async fn read(address: String, key: String, from: u64) -> Result<u64, Failure> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < RUN {
        let id = FIRST_ID + (from + count * 7919) % CONTACTS;
        let request = Request::get(format!("/v3.1/Contacts/{id}"))
            .header("host", &address)
            .header("authorization", &key)
            .body(Body::empty())?;
        let answer = sender.send_request(request).await?;
        if !answer.status().is_success() {
            return Err(format!("{id}: {}", answer.status()).into());
        }
        answer.into_body().collect().await?;
        count += 1;
    }
    Ok(count)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let before = memory();
    let start = Instant::now();
    let sandbox = Sandbox::builder().insightly_contacts(CONTACTS).build();
    let filled = start.elapsed();
    let weight = memory().zip(before).map(|(after, before)| after - before);
    let weight = weight.map_or("unknown".to_owned(), |mb| format!("{mb:.0} MB"));
    writeln!(out, "{CONTACTS} contacts: {weight}, filled in {filled:.1?}")?;

    let servers = sandbox.serve(0, 0).await?;
    let url = servers.insightly_url();
    let address = url.trim_start_matches("http://").trim_end_matches("/v3.1");
    let key = STANDARD.encode(format!("{}:", sandbox.insightly_api_key()));
    let key = format!("Basic {key}");
    let (start, used) = (Instant::now(), processor_time());
    let readers = (0..CONNECTIONS).map(|number| {
        let from = number * CONTACTS / CONNECTIONS;
        tokio::spawn(read(address.to_owned(), key.clone(), from))
    });
    let mut total = 0;
    for reader in readers.collect::<Vec<_>>() {
        total += reader.await??;
    }
    let milliseconds = u64::try_from(start.elapsed().as_millis())?.max(1);
    let rate = total * 1000 / milliseconds;
    writeln!(
        out,
        "GET /Contacts/{{id}}: {rate} a second over {CONNECTIONS} connections"
    )?;
    if let Some(spent) = processor_time()
        .zip(used)
        .map(|(after, before)| after - before)
    {
        let each = spent / u32::try_from(total)?.max(1);
        writeln!(
            out,
            "processor time for each, its caller's share included: {each:.1?}"
        )?;
    }
    servers.shutdown().await;
    Ok(())
}
