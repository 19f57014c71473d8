//! Runs both servers until Ctrl-C.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use crm_sandbox::Sandbox;
use serde_json::json;

/// HighLevel and Insightly on this machine, with faults on demand.
///
/// Once both listen, one line of JSON with their addresses and keys is printed.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Port of the GHL server; 0 takes any free one.
    #[arg(long, default_value_t = 4010)]
    ghl_port: u16,
    /// Port of the Insightly server; 0 takes any free one.
    #[arg(long, default_value_t = 4020)]
    insightly_port: u16,
    /// Contacts on each side to begin with.
    #[arg(long, default_value_t = 1000)]
    contacts: u64,
    /// How many of them are the same people [default: two thirds of them].
    #[arg(long)]
    shared: Option<u64>,
    /// Draws people, ids and keys; the same seed draws the same ones.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Refuses requests above the published limits.
    #[arg(long)]
    rate_limits: bool,
    /// Milliseconds for which writes stay out of lists and searches.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    index_lag: u64,
    /// Sets a switch of the server that has it, for example `put_status=201`; repeatable.
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    switches: Vec<String>,
    /// Prints each server's switches, what they can be set to (the default first), and what they
    /// decide; serves nothing.
    #[arg(long)]
    list_switches: bool,
}

/// As the shell tells of a program that SIGPIPE has ended.
const PIPE_CLOSED: u8 = 141;

/// Whoever reads our words may have had enough of them, as `head` has: that is no fault.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&*error) => ExitCode::from(PIPE_CLOSED),
        Err(error) => {
            let source = error.source().map(|cause| format!(": {cause}"));
            let text = format!("crm-sandbox: {error}{}\n", source.unwrap_or_default());
            // Nobody is left to hear that this failed too.
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if options.list_switches {
        return list_switches(&Sandbox::builder().build());
    }
    let shared = options.shared.unwrap_or(options.contacts * 2 / 3);
    let sandbox = Sandbox::builder()
        .seed(options.seed)
        .ghl_contacts(options.contacts)
        .insightly_contacts(options.contacts)
        .shared(shared)
        .rate_limits(options.rate_limits)
        .index_lag(Duration::from_millis(options.index_lag))
        .build();
    for switch in &options.switches {
        let (name, choice) = switch.split_once('=').unwrap_or((switch, ""));
        sandbox.set_switch(name, choice)?;
    }
    let servers = sandbox
        .serve(options.ghl_port, options.insightly_port)
        .await?;
    let app = sandbox.ghl_app();
    let line = json!({
        "ghl": {
            "base_url": servers.ghl_url(),
            "token": sandbox.ghl_token(),
            "location_id": sandbox.ghl_location_id(),
            "calendar_id": sandbox.ghl_calendar_id(),
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "company_id": app.company_id,
            "webhook_public_key": app.webhook_public_key,
        },
        "insightly": {
            "base_url": servers.insightly_url(),
            "api_key": sandbox.insightly_api_key(),
        },
    });
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    tokio::signal::ctrl_c().await?;
    servers.shutdown().await;
    Ok(())
}

fn list_switches(sandbox: &Sandbox) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    for (server, crm) in [("GHL", sandbox.ghl()), ("Insightly", sandbox.insightly())] {
        writeln!(out, "{server}")?;
        for switch in crm.switch_table() {
            let choices = switch.choices.join("|");
            writeln!(out, "  {}={choices}\n      {}", switch.name, switch.about)?;
        }
    }
    Ok(())
}
