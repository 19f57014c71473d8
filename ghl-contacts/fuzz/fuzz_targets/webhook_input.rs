//! Any bytes as a delivery: the signature header's value, a line end, the body.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/webhooks/signer.rs"]
mod signer;
#[path = "../../tests/properties/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let signer = signer::Signer::new(9);
    targets::webhook_input(bytes, &signer, &signer.verifier());
});
