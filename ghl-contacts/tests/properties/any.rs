//! Random values, and a run that can be repeated.

use std::env;

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Map, Value};

/// Any JSON value.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000i32..1_000_000).prop_map(|n| Value::from(f64::from(n) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-zA-Z_]{0,8}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Texts that look like something, and any others.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just(String::new()),
        Just("2026-11-25T10:00:00.000Z".to_owned()),
        Just("1990-09-25".to_owned()),
        Just("true".to_owned()),
        "[0-9]{1,15}",
    ]
}

/// A part of `members`, some of them spoiled, and members that nobody knows.
pub(crate) fn variant_of(members: Map<String, Value>) -> impl Strategy<Value = Map<String, Value>> {
    let known: Vec<(String, Value)> = members.into_iter().collect();
    let fates = vec((0..4u8, json()), known.len());
    let unknown = btree_map("x_[a-z]{1,8}", json(), 0..4);
    (fates, unknown).prop_map(move |(fates, unknown)| {
        let mut all: Map<String, Value> = unknown.into_iter().collect();
        for ((name, good), (fate, odd)) in known.iter().zip(fates) {
            match fate {
                0 => {}
                1 => drop(all.insert(name.clone(), odd)),
                _ => drop(all.insert(name.clone(), good.clone())),
            }
        }
        all
    })
}

/// Runs a property, `cases` times unless `PROPERTIES_CASES` says otherwise.
pub(crate) fn check<S: Strategy>(
    cases: u32,
    of: &S,
    holds: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let told = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    let seed: u64 = told("PROPERTIES_SEED").unwrap_or_else(rand_seed);
    let cases = told("PROPERTIES_CASES").map_or(cases, |cases| u32::try_from(cases).unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let run = TestRunner::new_with_rng(config, rng).run(of, holds);
    assert!(run.is_ok(), "PROPERTIES_SEED={seed}: {}", run.unwrap_err());
}

fn rand_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0)
}
