//! Runs every client on every wire and prints what it used, beside raw reqwest.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use contest::{Contender, Medians, Result, Server, compete, output, this_program};

use crate::server::ROWS;

const CLIENTS: [&str; 4] = ["raw", "ghl-contacts", "ghl-sdk", "raw, no deadline"];
/// Ours twice: with the largest pages, and with those that it asks for when nobody says how many.
const EXPORTERS: [&str; 4] = ["raw", "ghl-contacts", "ghl-contacts, 100", "ghl-sdk"];
/// Short runs in alternation, so that what disturbs one disturbs its neighbours too.
const CALLS: u64 = 1_000;
const ROUNDS: usize = 25;
const EXPORTS: usize = 3;

struct Wire {
    /// Runs as long as it is held.
    _server: Server,
    url: String,
    /// Where its certificate is, for the clients to trust.
    folder: Option<PathBuf>,
}

impl Wire {
    fn open(folder: Option<PathBuf>) -> Result<Self> {
        let told = folder.as_deref().unwrap_or(Path::new(""));
        let mut program = this_program(&["serve"])?;
        program.arg(told);
        let server = Server::start(program)?;
        let scheme = if folder.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://127.0.0.1:{}", server.at);
        Ok(Self {
            _server: server,
            url,
            folder,
        })
    }

    fn client(
        &self,
        mut program: Command,
        who: &str,
        what: &str,
        count: u64,
        at_once: u64,
    ) -> Command {
        if let Some(folder) = &self.folder {
            program.env("SSL_CERT_FILE", folder.join("cert.pem"));
        }
        let (count, at_once) = (count.to_string(), at_once.to_string());
        program.args(["client", who, &self.url, what, &count, &at_once]);
        program
    }

    fn compete(
        &self,
        clients: &[&'static str],
        what: &str,
        count: u64,
        at_once: u64,
        rounds: usize,
    ) -> Result<Vec<(String, Result<Medians>)>> {
        let contenders = clients.iter().map(|name| {
            Ok(Contender {
                name,
                program: self.client(this_program(&[])?, name, what, count, at_once),
                share: 1,
                rounds,
            })
        });
        Ok(compete(contenders.collect::<Result<_>>()?))
    }

    /// Instructions of one call: the difference of a long and a short run.
    fn instructions(&self, who: &str) -> Result<f64> {
        let counted = |count: u64| -> Result<f64> {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
            valgrind.arg(env::current_exe()?);
            let [_, told] = output(&mut self.client(valgrind, who, "get", count, 1))?;
            let line = told
                .lines()
                .find_map(|line| line.split("Collected :").nth(1));
            Ok(line.ok_or("callgrind counted nothing")?.trim().parse()?)
        };
        Ok((counted(600)? - counted(100)?) / 500.0)
    }
}

/// A certificate for 127.0.0.1, by the `openssl` program.
fn certificate() -> Result<PathBuf> {
    let folder = env::temp_dir().join(format!("peers-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut openssl = Command::new("openssl");
    openssl
        .args(["req", "-x509", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:P-256"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(&folder);
    output(&mut openssl)?;
    Ok(folder)
}

pub(crate) fn print() -> Result<()> {
    println!("reading one contact: medians of {ROUNDS} rounds of {CALLS} calls\n");
    println!("wire   at once  client            CPU µs/call  ratio   calls/s");
    let plain = Wire::open(None)?;
    calls(&plain, "http", &CLIENTS)?;
    match certificate().and_then(|folder| Wire::open(Some(folder))) {
        Ok(wire) => {
            // ghl-sdk trusts built-in roots only.
            calls(&wire, "TLS", &["raw", "ghl-contacts"])?;
            if let Some(folder) = &wire.folder {
                fs::remove_dir_all(folder)?;
            }
        }
        Err(why) => println!("TLS    not measured: {why}"),
    }
    instructions(&plain);
    println!("\nstreaming {ROWS} contacts: medians of {EXPORTS} rounds\n");
    println!("client              CPU s   ratio  peak MB");
    export(&plain)
}

fn calls(wire: &Wire, name: &str, clients: &[&'static str]) -> Result<()> {
    for at_once in [1, 32] {
        for (who, used) in wire.compete(clients, "get", CALLS, at_once, ROUNDS)? {
            let used = used?;
            let cpu = used.cpu.as_secs_f64() * 1e6 / CALLS as f64;
            let (ratio, rate) = (used.ratio, CALLS as f64 / used.wall.as_secs_f64());
            println!("{name:5} {at_once:8}  {who:16} {cpu:12.1} {ratio:6.2} {rate:9.0}");
        }
    }
    Ok(())
}

fn instructions(wire: &Wire) {
    println!("\nclient            instructions/call  ratio");
    let mut raw = None;
    for who in CLIENTS {
        match wire.instructions(who) {
            Ok(count) => {
                let ratio = count / *raw.get_or_insert(count);
                println!("{who:16} {count:18.0} {ratio:6.2}");
            }
            Err(why) => println!("{who:16} not counted: {why}"),
        }
    }
}

fn export(wire: &Wire) -> Result<()> {
    for (who, used) in wire.compete(&EXPORTERS, "export", ROWS, 1, EXPORTS)? {
        match used {
            Ok(used) => {
                let (cpu, peak) = (used.cpu.as_secs_f64(), used.peak_kib as f64 / 1024.0);
                println!("{who:17} {cpu:7.2} {:7.2} {peak:8.1}", used.ratio);
            }
            Err(why) => println!("{who:17} failed: {why}"),
        }
    }
    Ok(())
}
