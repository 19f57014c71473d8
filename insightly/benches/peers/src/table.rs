//! Runs every client and prints what it used, beside raw reqwest.

use std::{env, path::Path, process::Command};

use contest::{Contender, Medians, Result, Server, compete, this_program};

const CONTACTS: u64 = 100_000;
/// The Python clients read so many times fewer; their time is multiplied, their memory is not.
const PYTHON_SHARE: u32 = 10;
const PYTHON_ROUNDS: usize = 2;
const CALLS: u64 = 1_000;
/// Calls are short: each round of reading takes as long as some of them.
const ROUNDS_OF_CALLS: usize = 5;

pub(crate) fn print(rounds: usize) -> Result<()> {
    let server = Server::start(this_program(&["serve"])?)?;
    println!("| work | client | CPU | ratio | most memory |");
    println!("| --- | --- | --- | --- | --- |");
    let mut reading = Vec::new();
    for name in ["raw", "insightly"] {
        reading.push(rust(&server, name, "list", CONTACTS, rounds)?);
    }
    for name in ["hpx-insightly", "airbyte"] {
        reading.push(python(&server, name, rounds.min(PYTHON_ROUNDS)));
    }
    rows(&format!("{CONTACTS} full contacts"), reading);
    let mut calling = Vec::new();
    for name in ["raw", "insightly"] {
        calling.push(rust(
            &server,
            name,
            "call",
            CALLS,
            rounds * ROUNDS_OF_CALLS,
        )?);
    }
    rows(&format!("{CALLS} calls, one by one"), calling);
    println!(
        "\nhpx-insightly and airbyte read {PYTHON_SHARE} times fewer; their CPU is multiplied."
    );
    Ok(())
}

fn account(server: &Server, contacts: u64) -> String {
    format!("{}/{contacts}/v3.1", server.at)
}

fn rust(
    server: &Server,
    name: &'static str,
    what: &str,
    count: u64,
    rounds: usize,
) -> Result<Contender<'static>> {
    let (url, count) = (account(server, CONTACTS), count.to_string());
    Ok(Contender {
        name,
        program: this_program(&["client", name, &url, what, &count])?,
        share: 1,
        rounds,
    })
}

fn python(server: &Server, name: &'static str, rounds: usize) -> Contender<'static> {
    let count = CONTACTS / u64::from(PYTHON_SHARE);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python_clients.py");
    let mut program = Command::new(env::var_os("PYTHON").unwrap_or("python3".into()));
    program.arg(script);
    program.args([name, &account(server, count), &count.to_string()]);
    Contender {
        name,
        program,
        share: PYTHON_SHARE,
        rounds,
    }
}

fn rows(work: &str, contenders: Vec<Contender<'_>>) {
    for (name, used) in compete(contenders) {
        match used {
            Ok(used) => row(work, &name, &used),
            Err(why) => println!("| {work} | {name} | did not run: {why} | | |"),
        }
    }
}

fn row(work: &str, name: &str, used: &Medians) {
    let (cpu, peak) = (used.cpu.as_secs_f64(), used.peak_kib as f64 / 1024.0);
    println!(
        "| {work} | {name} | {cpu:.2} s | {:.2} | {peak:.1} MB |",
        used.ratio
    );
}
