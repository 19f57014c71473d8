//! ghl-contacts beside raw reqwest with `serde_json::Value`, and beside ghl-sdk 0.5.2.
//!
//! `cargo run --release` in this folder prints everything as ratios of one run. The server is
//! a process of its own, so that only the client's CPU counts. TLS needs the `openssl` program
//! for a certificate, instructions need `valgrind`; what is missing is named.

mod clients;
mod server;
mod table;

use std::{error::Error, time::Duration};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => table::print(),
        ["serve", tls] => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?
            .block_on(server::serve((!tls.is_empty()).then_some(tls))),
        ["client", who, url, what, count, at_once] => {
            let (count, at_once) = (count.parse()?, at_once.parse()?);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let measured = runtime.block_on(clients::run(who, url, what, count, at_once))?;
            println!(
                "{} {} {}",
                measured.cpu.as_nanos(),
                measured.wall.as_nanos(),
                peak_kib()
            );
            Ok(())
        }
        _ => Err("usage: peers".into()),
    }
}

/// What a client used.
struct Measured {
    cpu: Duration,
    wall: Duration,
}

/// The most memory that this process ever held, in KiB; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
