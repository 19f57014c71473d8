//! The Insightly client under each behaviour that nobody has confirmed: the sandbox's switches,
//! each flipped by itself, and random ones at once.
//!
//! `SWITCHES_CASES=500 SWITCHES_SEED=7 cargo test -p examples --test insightly_switches` tries
//! more combinations, or others, and calls all operations under each single switch too; the
//! ordinary run does so under each fourth. What fails is named with its switches.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails where it is surprised"
)]

mod account;
mod every_operation;
mod lists;
mod records;
mod refusals;

use std::env;

use futures_util::{StreamExt, future, stream};
use insightly::ReqwestSender;

use crate::account::{Account, Choices};

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap())
}

/// How many accounts are tried at once.
const AT_ONCE: usize = 2;

/// All positions of all switches but the default ones.
fn flips() -> Vec<(&'static str, &'static str)> {
    let table = Account::table().iter();
    let flips = table.flat_map(|switch| {
        let others = switch.choices.iter().skip(1);
        others.map(|choice| (switch.name, *choice))
    });
    flips.collect()
}

struct Tried {
    set: Choices,
    /// With all operations, and not only what their answers differ in.
    whole: bool,
}

/// What must hold under these choices.
async fn holds(tried: Tried, sender: ReqwestSender) {
    let Tried { set, whole } = tried;
    if whole {
        let account = Account::open(&set, &sender).await;
        every_operation::shows_what_the_switches_are_about(&account).await;
    }
    let account = Account::open(&set, &sender).await;
    refusals::are_told_apart(&account).await;
    records::read_as_they_were_written(&account).await;
    lists::leave_nothing_out(&account).await;
    lists::limits_are_told_apart(&account).await;
}

/// Tries them all, so that one failure does not hide the others.
async fn all_hold(sets: Vec<Tried>) {
    let sender = ReqwestSender::new().unwrap();
    let tried = stream::iter(sets).map(|set| tokio::spawn(holds(set, sender.clone())));
    let tried = tried.buffer_unordered(AT_ONCE);
    let failed = tried.filter(|one| future::ready(one.is_err())).count();
    assert_eq!(failed.await, 0, "sets of switches failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_each_switch_every_operation_ends_well_or_in_a_typed_error() {
    let flips = flips();
    assert!(flips.len() > 60, "{flips:?}");
    let more = number("SWITCHES_CASES").is_some();
    let alone = flips.into_iter().map(|flip| Choices::from([flip]));
    let sets = [Choices::new()].into_iter().chain(alone).enumerate();
    let tried = sets.map(|(place, set)| Tried {
        whole: more || place % 4 == 0 || every_operation::shows(&set),
        set,
    });
    all_hold(tried.collect()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_random_switches_every_operation_ends_well_or_in_a_typed_error() {
    let seed = number("SWITCHES_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    let cases = number("SWITCHES_CASES").unwrap_or(10);
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut draw = || -> Choices {
        let table = Account::table().iter();
        let drawn = table.filter_map(|switch| {
            let choice = dice.usize(..switch.choices.len());
            (choice > 0).then(|| (switch.name, switch.choices[choice]))
        });
        drawn.collect()
    };
    let mut tried = || Tried {
        set: draw(),
        whole: true,
    };
    let sets = (0..cases).map(|_| tried()).collect();
    println!("SWITCHES_SEED={seed} SWITCHES_CASES={cases}");
    all_hold(sets).await;
}
