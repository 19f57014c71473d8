//! All proofs in one program: `cargo run --release -p tests --bin prove -- kills --count 10`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks to people"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;
use sync_core::Both;
use tests::{
    cost::{self, Cost, CostProved, Figure, Part},
    failure::Proved,
    kills::{Kills, KillsProved},
    mutants::{Catch, Mutants, MutantsProved, Tried},
    random::{Histories, HistoriesProved},
    scenarios::{self, Scenarios, ScenariosProved, Under},
    table::{self, TableProved},
};

/// Proves what the README claims, and prints the figures.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    proof: Proof,
    /// The figures as one JSON object.
    #[arg(long, global = true)]
    json: bool,
    /// Draws people and moments; the same seed draws the same ones.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Subcommand)]
enum Proof {
    /// `kill -9` in the middle of a first sync and of what people do after it, again and again:
    /// nothing is lost or doubled.
    Kills {
        /// How often.
        #[arg(long, default_value_t = 10)]
        count: u64,
    },
    /// Every pattern of one field against an oracle in words, and a table of them for people.
    Table,
    /// The stories that must end well, over both sandboxes.
    Scenarios {
        /// Only these, by number.
        #[arg(long, value_delimiter = ',')]
        only: Vec<u8>,
        /// The short ones, under each behaviour of the two APIs that nobody has confirmed.
        #[arg(long)]
        switches: bool,
    },
    /// Random histories: people edit, delete, restore; writes fail; the program dies.
    Histories {
        /// How many of each sort.
        #[arg(long, default_value_t = 20_000)]
        count: u64,
        /// How many steps each has.
        #[arg(long, default_value_t = 50)]
        steps: u32,
    },
    /// Faults that are planted on purpose, each with the test that finds it.
    Mutants {
        /// Only these.
        only: Vec<String>,
    },
    /// What a sync costs: requests, time, memory and disk, against what is wanted.
    Cost {
        /// Only these parts.
        parts: Vec<Part>,
        /// Where requests are counted: how many contacts GHL has; Insightly has six for ten of them.
        #[arg(long, default_value_t = 10_000)]
        contacts: u64,
        /// Where processor time is measured: how many linked contacts are swept.
        #[arg(long, default_value_t = 100_000)]
        swept: u64,
        /// How many linked contacts the larger store has. A million, as the claim is, takes some
        /// ten minutes.
        #[arg(long, default_value_t = 100_000)]
        links: u64,
        /// How many edits are followed from one side to the other.
        #[arg(long, default_value_t = 200)]
        edits: u64,
    },
    /// One sandbox of `cost sandbox`, in a process of its own.
    #[command(hide = true)]
    SandboxOf {
        /// How many contacts each side has.
        contacts: u64,
    },
    /// One store of `cost size`, in a process of its own.
    #[command(hide = true)]
    SizeOf {
        /// How many linked contacts.
        links: u64,
    },
}

/// Figures that people can read.
trait Told: Serialize {
    fn lines(&self) -> Vec<String>;

    /// Whether the figures are good enough.
    fn verdict(&self) -> Proved {
        Ok(())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let proved = match cli.proof {
        Proof::Kills { count } => {
            let seed = cli.seed;
            let proved = Kills { count, seed }.prove().await;
            proved.and_then(|figures| tell(&figures, cli.json))
        }
        Proof::Table => table::prove().and_then(|figures| tell(&figures, cli.json)),
        Proof::Scenarios { only, switches } => {
            let heard = |story: &scenarios::Ended| {
                if !cli.json && story.is_shown() {
                    println!("{}", line(story));
                }
            };
            let under = match switches {
                true => Under::EachBehaviour,
                false => Under::Usual,
            };
            let proved = Scenarios { only, under }.prove(heard).await;
            tell(&proved, cli.json)
        }
        Proof::Histories { count, steps } => {
            let seed = cli.seed;
            let proved = Histories { count, seed, steps }.prove();
            proved.and_then(|figures| tell(&figures, cli.json))
        }
        Proof::Mutants { only } => {
            let heard = |tried: &Tried| {
                if !cli.json {
                    println!("{}", row(tried));
                }
            };
            let proved = Mutants { only }.prove(heard);
            proved.and_then(|figures| tell(&figures, cli.json))
        }
        Proof::Cost {
            parts,
            contacts,
            swept,
            links,
            edits,
        } => {
            let cost = Cost {
                parts,
                contacts,
                swept,
                links,
                edits,
                seed: cli.seed,
            };
            let proved = cost.prove().await;
            proved.and_then(|figures| tell(&figures, cli.json))
        }
        Proof::SandboxOf { contacts } => {
            cost::sandbox_of(contacts).map(|megabytes| println!("{megabytes}"))
        }
        Proof::SizeOf { links } => {
            let measured = cost::measure(links).await;
            let told = measured.and_then(|measured| Ok(serde_json::to_string(&measured)?));
            told.map(|line| println!("{line}"))
        }
    };
    match proved {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("prove: it does not hold (seed {}): {why}", cli.seed);
            ExitCode::FAILURE
        }
    }
}

fn tell(figures: &impl Told, json: bool) -> Proved {
    if json {
        println!("{}", serde_json::to_string(figures)?);
    } else {
        for line in figures.lines() {
            println!("{line}");
        }
    }
    figures.verdict()
}

fn both(requests: Both<u64>) -> String {
    format!("{} to GHL, {} to Insightly", requests.left, requests.right)
}

impl Told for KillsProved {
    fn lines(&self) -> Vec<String> {
        let agreement = &self.agreement;
        let pairs = self.pairs.iter();
        let pairs: Vec<String> = pairs
            .map(|(kind, pairs)| format!("{pairs} {kind}"))
            .collect();
        vec![
            format!(
                "kill -9, {} times, {} of them in the middle of {} first syncs (seed {}):",
                self.kills, self.kills_of_first_syncs, self.worlds, self.seed
            ),
            format!(
                "  {} before a write was done, {} after it was done and before its reply",
                self.kills_before_the_work, self.kills_before_the_reply
            ),
            format!(
                "  between the others people did {} things on both sides; {} records were deleted, of which {} were asked about",
                self.deeds, self.deleted, self.answered
            ),
            format!(
                "  {} writes; {} records created by {} create requests; {} lost creates adopted",
                self.writes, self.creates_done, self.creates_asked, self.adopted
            ),
            format!("  pairs: {}", pairs.join(", ")),
            format!(
                "  {} pairs, {} fields equal, {} held for a person, 0 lost, 0 doubled, 0 open intents",
                agreement.pairs, agreement.equal_fields, agreement.held_fields
            ),
            format!("  requests: {}; {:.1} s", both(self.requests), self.seconds),
        ]
    }
}

impl Told for TableProved {
    fn lines(&self) -> Vec<String> {
        let summary = format!("{} cases agree with the oracle", self.cases);
        self.table().into_iter().chain([summary]).collect()
    }
}

/// One story, as it ends.
fn line(of: &scenarios::Ended) -> String {
    let end = match (&of.failed, of.missing, &of.otherwise) {
        (Some(why), ..) => format!("FAILED: {why}"),
        (None, Some(what), _) => format!("MISSING: {what}"),
        (None, None, Some(how)) => format!("ends well, otherwise than told: {how}"),
        (None, None, None) => format!("ends well, {:.1} s", of.seconds),
    };
    match &of.switch {
        Some(how) => format!("     {how}: {end}"),
        None => format!("{:>2} {end} ({})", of.number, of.title),
    }
}

impl Told for ScenariosProved {
    fn lines(&self) -> Vec<String> {
        let under = self.stories.iter().filter(|of| of.switch.is_some());
        let otherwise = under.clone().filter(|of| of.otherwise.is_some()).count();
        let under = under.count();
        let stories = self.stories.len() - under;
        let seconds: f64 = self.stories.iter().map(|of| of.seconds).sum();
        let mut lines = vec![format!("{stories} stories were told, {seconds:.0} s")];
        if under > 0 {
            lines.push(format!(
                "{under} more times under a switch that an answer depends on; {otherwise} of them ended otherwise than told"
            ));
        }
        lines
    }

    fn verdict(&self) -> Proved {
        Self::verdict(self)
    }
}

impl Told for HistoriesProved {
    fn lines(&self) -> Vec<String> {
        vec![format!(
            "{} histories of edits, {} of births and deaths, {} of references and {} of look-alikes, {} steps each, from seed {}: all end well; {} played twice came out the same; {:.0} s",
            self.edits,
            self.lives,
            self.references,
            self.look_alikes,
            self.steps,
            self.seed,
            self.repeated,
            self.seconds
        )]
    }
}

/// A fault, and who has found it.
fn row(tried: &Tried) -> String {
    let (fault, what, seconds) = (tried.fault, tried.what, tried.seconds);
    let found = match &tried.caught {
        None => "NOBODY".to_owned(),
        Some(Catch { suite, tests }) => match tests.len() {
            1 => format!("{suite}: {}", tests[0]),
            more => format!("{suite}: {} and {} more", tests[0], more - 1),
        },
    };
    format!("| {fault} | {what} | {found} | {seconds:.1} s |")
}

impl Told for MutantsProved {
    fn lines(&self) -> Vec<String> {
        let caught = self.faults.iter().filter(|tried| tried.caught.is_some());
        let summary = format!(
            "{} of {} planted faults are found; all suites pass without one; {:.0} s, {:.0} s of them to build",
            caught.count(),
            self.faults.len(),
            self.seconds,
            self.build_seconds
        );
        vec![summary]
    }

    fn verdict(&self) -> Proved {
        self.is_proof()
    }
}

impl Told for CostProved {
    fn lines(&self) -> Vec<String> {
        self.figures.iter().map(Figure::line).collect()
    }

    fn verdict(&self) -> Proved {
        self.is_proof()
    }
}
