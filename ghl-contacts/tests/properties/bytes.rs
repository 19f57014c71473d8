//! The fuzz targets, for a bounded time: spoiled copies of real answers and deliveries.

use proptest::{collection::vec, prelude::*};

use crate::{any, signer::Signer, targets};

const ANSWERS: &str = include_str!("../wire/schemas_2021_07_28.json");
const DELIVERY: &str = include_str!("../webhooks/vectors/right.json");

/// Changes some bytes, cuts some out, doubles some.
fn spoiled(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (
        0..4u8,
        any::<prop::sample::Index>(),
        any::<u8>(),
        0..16usize,
    );
    (prop::sample::select(seeds), vec(change, 0..6)).prop_map(|(mut bytes, changes)| {
        for (kind, at, byte, more) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + more).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.drain(at..end)),
                _ => {
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        bytes
    })
}

fn answers() -> Vec<Vec<u8>> {
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(ANSWERS).unwrap();
    all.values()
        .map(|one| one.to_string().into_bytes())
        .collect()
}

#[test]
fn no_answer_makes_decoding_panic_or_forget() {
    any::check(400, &spoiled(answers()), |bytes| {
        targets::decode(&bytes);
        Ok(())
    });
}

#[test]
fn no_delivery_is_believed_that_was_not_signed_so() {
    let signer = Signer::new(9);
    let verifier = signer.verifier();
    let signature = signer.headers(DELIVERY.as_bytes());
    let signature = signature["x-ghl-signature"].to_str().unwrap();
    let seeds = [
        format!("{signature}\n{DELIVERY}"),
        format!("N/A\n{DELIVERY}"),
        format!("\n{DELIVERY}"),
        format!("{signature}\n[]"),
    ];
    let seeds = seeds.map(String::into_bytes).to_vec();
    any::check(400, &spoiled(seeds), |bytes| {
        targets::webhook_input(&bytes, &signer, &verifier);
        Ok(())
    });
}
