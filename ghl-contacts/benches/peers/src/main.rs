//! ghl-contacts beside raw reqwest with `serde_json::Value`, and beside ghl-sdk 0.5.2.
//!
//! `cargo run --release` in this folder prints everything as ratios of one run. The server is
//! a process of its own, so that only the client's CPU counts. TLS needs the `openssl` program
//! for a certificate, instructions need `valgrind`; what is missing is named.

mod clients;
mod server;
mod table;

use contest::Result;

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
            println!(
                "{}",
                runtime.block_on(clients::run(who, url, what, count, at_once))?
            );
            Ok(())
        }
        _ => Err("usage: peers".into()),
    }
}
