//! Any bytes as an answer of the API.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/webhooks/signer.rs"]
mod signer;
#[path = "../../tests/properties/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::decode(bytes));
