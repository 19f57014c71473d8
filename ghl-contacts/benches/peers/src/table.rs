//! Runs every client on every wire and prints what it used, beside raw reqwest.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{Result, server::ROWS};

const CLIENTS: [&str; 3] = ["raw", "ours", "ghl-sdk"];
/// The best of this many runs counts: what disturbs only ever adds.
const RUNS: usize = 3;

struct Server {
    process: Child,
    url: String,
    /// Where its certificate is, for the clients to trust.
    folder: Option<PathBuf>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(folder: Option<PathBuf>) -> Result<Self> {
        let told = folder.as_deref().unwrap_or(Path::new(""));
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .arg(told)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = process.stdout.take().ok_or("no output")?;
        let mut port = String::new();
        BufReader::new(out).read_line(&mut port)?;
        let scheme = if folder.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://127.0.0.1:{}", port.trim());
        Ok(Self {
            process,
            url,
            folder,
        })
    }

    fn client(&self, program: &mut Command, arguments: &[&str]) -> Result<String> {
        if let Some(folder) = &self.folder {
            program.env("SSL_CERT_FILE", folder.join("cert.pem"));
        }
        let ran = program.args(arguments).output()?;
        if !ran.status.success() {
            return Err(String::from_utf8_lossy(&ran.stderr)
                .trim()
                .to_owned()
                .into());
        }
        // Valgrind speaks on the other stream.
        Ok(String::from_utf8(ran.stdout)? + &String::from_utf8_lossy(&ran.stderr))
    }

    /// CPU and wall nanoseconds of one call, peak KiB: the best of some runs.
    fn best(&self, who: &str, what: &str, count: u64, at_once: u64) -> Result<[f64; 3]> {
        let (count, at_once) = (count.to_string(), at_once.to_string());
        let mut best = [f64::MAX; 3];
        for _ in 0..RUNS {
            let mut program = Command::new(env::current_exe()?);
            let arguments = ["client", who, &self.url, what, &count, &at_once];
            let told = self.client(&mut program, &arguments)?;
            for (best, told) in best.iter_mut().zip(told.split_whitespace()) {
                *best = best.min(told.parse()?);
            }
        }
        let count: f64 = count.parse()?;
        Ok([best[0] / count, best[1] / count, best[2]])
    }

    /// Instructions of one call: the difference of a long and a short run.
    fn instructions(&self, who: &str) -> Result<f64> {
        let counted = |count: &str| -> Result<f64> {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
            valgrind.arg(env::current_exe()?);
            let arguments = ["client", who, &self.url, "get", count, "1"];
            let told = self.client(&mut valgrind, &arguments)?;
            let line = told
                .lines()
                .find_map(|line| line.split("Collected :").nth(1));
            Ok(line.ok_or("callgrind counted nothing")?.trim().parse()?)
        };
        Ok((counted("600")? - counted("100")?) / 500.0)
    }
}

/// A certificate for 127.0.0.1, by the `openssl` program.
fn certificate() -> Result<PathBuf> {
    let folder = env::temp_dir().join(format!("peers-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(&folder)
        .output()?;
    if made.status.success() {
        Ok(folder)
    } else {
        Err(String::from_utf8_lossy(&made.stderr).into_owned().into())
    }
}

pub(crate) fn print() -> Result<()> {
    println!("reading one contact\n");
    println!("wire   at once  client       CPU µs/call  ratio   calls/s");
    let plain = Server::start(None)?;
    calls(&plain, "http")?;
    match certificate().and_then(|folder| Server::start(Some(folder))) {
        Ok(server) => {
            calls(&server, "TLS")?;
            if let Some(folder) = &server.folder {
                fs::remove_dir_all(folder)?;
            }
        }
        Err(why) => println!("TLS    not measured: {why}"),
    }
    instructions(&plain);
    println!("\nstreaming {ROWS} contacts\n\nclient       CPU s   ratio  peak MB");
    export(&plain)
}

fn calls(server: &Server, wire: &str) -> Result<()> {
    for at_once in [1, 32] {
        let mut raw = None;
        for who in CLIENTS {
            if wire == "TLS" && who == "ghl-sdk" {
                println!("{wire:5} {at_once:8}  {who:9} not measured: its roots are built in");
                continue;
            }
            let [cpu, wall, _] = server.best(who, "get", 5_000, at_once)?;
            let ratio = cpu / *raw.get_or_insert(cpu);
            let (cpu, rate) = (cpu / 1e3, 1e9 / wall);
            println!("{wire:5} {at_once:8}  {who:9} {cpu:14.1} {ratio:6.2} {rate:9.0}");
        }
    }
    Ok(())
}

fn instructions(server: &Server) {
    println!("\nclient     instructions/call  ratio");
    let mut raw = None;
    for who in CLIENTS {
        match server.instructions(who) {
            Ok(count) => {
                let ratio = count / *raw.get_or_insert(count);
                println!("{who:9} {count:18.0} {ratio:6.2}");
            }
            Err(why) => println!("{who:9} not counted: {why}"),
        }
    }
}

fn export(server: &Server) -> Result<()> {
    let mut raw = None;
    for who in CLIENTS {
        match server.best(who, "export", ROWS, 1) {
            Ok([cpu, _, peak]) => {
                let cpu = cpu * ROWS as f64 / 1e9;
                let ratio = cpu / *raw.get_or_insert(cpu);
                println!("{who:9} {cpu:8.2} {ratio:7.2} {:8.1}", peak / 1024.0);
            }
            Err(why) => println!("{who:9} failed: {why}"),
        }
    }
    Ok(())
}
