//! What clients of one API use for the same work, on a machine that others use too.
//!
//! Each contender is a process of its own. They take turns, round after round; what counts is
//! the median of the ratios within a round, since what disturbs a round disturbs all of it.

use std::{
    env,
    error::Error,
    fmt, fs,
    future::Future,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;
use futures_util::{StreamExt, TryStreamExt, stream};

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What a client used. `Display` is what its process tells.
#[derive(Clone, Copy)]
pub struct Used {
    pub cpu: Duration,
    pub wall: Duration,
    /// The most memory that the process ever held.
    pub peak_kib: u64,
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cpu, wall) = (self.cpu.as_nanos(), self.wall.as_nanos());
        write!(f, "{cpu} {wall} {}", self.peak_kib)
    }
}

impl Used {
    fn told(text: &str) -> Result<Self> {
        let numbers = text.split_whitespace().map(str::parse);
        match numbers.collect::<std::result::Result<Vec<u64>, _>>()?[..] {
            [cpu, wall, peak_kib] => Ok(Self {
                cpu: Duration::from_nanos(cpu),
                wall: Duration::from_nanos(wall),
                peak_kib,
            }),
            _ => Err(format!("not three numbers: {text}").into()),
        }
    }
}

/// Measures this process while the work is done.
pub async fn timed(work: impl Future<Output = Result<()>>) -> Result<Used> {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    work.await?;
    Ok(Used {
        cpu: cpu.elapsed(),
        wall: wall.elapsed(),
        peak_kib: peak_kib(),
    })
}

/// Measures calls, some at once; the first ones are not counted.
pub async fn calls<F>(call: impl Fn() -> F, count: u64, at_once: usize) -> Result<Used>
where
    F: Future<Output = Result<()>>,
{
    let many = |count: u64| {
        let each = stream::iter(0..count).map(|_| call());
        each.buffer_unordered(at_once).try_collect::<()>()
    };
    many(at_once as u64 * 4).await?;
    timed(many(count)).await
}

/// 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

/// This program with other arguments.
pub fn this_program(arguments: &[&str]) -> Result<Command> {
    let mut program = Command::new(env::current_exe()?);
    program.args(arguments);
    Ok(program)
}

/// What a program prints on both streams; the error is the last line that it says.
pub fn output(program: &mut Command) -> Result<[String; 2]> {
    let ran = program.output()?;
    let errors = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
    if !ran.status.success() {
        return Err(errors.lines().last().unwrap_or("it failed").into());
    }
    Ok([String::from_utf8(ran.stdout)?, errors])
}

/// A server that runs until this is dropped.
pub struct Server {
    process: Child,
    /// The first line that it printed: where it listens.
    pub at: String,
}

impl Server {
    pub fn start(mut program: Command) -> Result<Self> {
        let mut process = program.stdout(Stdio::piped()).spawn()?;
        let out = process.stdout.take().ok_or("no output")?;
        let mut at = String::new();
        BufReader::new(out).read_line(&mut at)?;
        let at = at.trim().to_owned();
        Ok(Self { process, at })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One client and its way to do the work.
pub struct Contender<'a> {
    pub name: &'a str,
    pub program: Command,
    /// Its work is this many times smaller than that of the others.
    pub share: u32,
    /// How many rounds it takes part in; slow ones in fewer.
    pub rounds: usize,
}

/// Medians of a contender's rounds, for the whole work.
pub struct Medians {
    pub cpu: Duration,
    pub wall: Duration,
    pub peak_kib: u64,
    /// Its CPU beside that of the first contender.
    pub ratio: f64,
}

/// Lets all do their work in turn, as often as the first one does; why one could not is told
/// in its place.
pub fn compete(contenders: Vec<Contender<'_>>) -> Vec<(String, Result<Medians>)> {
    let rounds = contenders.iter().map(|one| one.rounds).max().unwrap_or(0);
    let mut runs: Vec<Vec<Result<Used>>> = contenders.iter().map(|_| Vec::new()).collect();
    let mut contenders = contenders;
    for round in 0..rounds {
        for (contender, runs) in contenders.iter_mut().zip(&mut runs) {
            if round < contender.rounds && runs.last().is_none_or(Result::is_ok) {
                runs.push(run(&mut contender.program, contender.share));
            }
        }
    }
    let first: Vec<Duration> = runs
        .first()
        .into_iter()
        .flatten()
        .flatten()
        .map(|used| used.cpu)
        .collect();
    let names = contenders.iter().map(|one| one.name.to_owned());
    names
        .zip(runs.into_iter().map(|runs| medians(runs, &first)))
        .collect()
}

fn run(program: &mut Command, share: u32) -> Result<Used> {
    let used = Used::told(&output(program)?[0])?;
    Ok(Used {
        cpu: used.cpu * share,
        wall: used.wall * share,
        ..used
    })
}

fn medians(runs: Vec<Result<Used>>, first: &[Duration]) -> Result<Medians> {
    let runs: Vec<Used> = runs.into_iter().collect::<Result<_>>()?;
    let ratios = runs
        .iter()
        .zip(first)
        .map(|(used, first)| used.cpu.as_secs_f64() / first.as_secs_f64());
    Ok(Medians {
        cpu: median(runs.iter().map(|used| used.cpu)).ok_or("it never ran")?,
        wall: median(runs.iter().map(|used| used.wall)).ok_or("it never ran")?,
        peak_kib: median(runs.iter().map(|used| used.peak_kib)).ok_or("it never ran")?,
        ratio: median(ratios).ok_or("the first contender never ran")?,
    })
}

fn median<T: PartialOrd + Copy>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    all.get(all.len() / 2).copied()
}
