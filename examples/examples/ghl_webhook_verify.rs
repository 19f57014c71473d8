//! Is this delivery from HighLevel? Prints its event, or why it is refused.
//! `cargo run --release -p examples --example ghl_webhook_verify -- --ed25519-key FILE.pem [--rsa-key FILE.pem --accept-rsa] --header 'Name: value' … < body`
//! Exit codes: 0 accepted, 3 refused, 2 misuse.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what happens"
)]

use std::{
    error::Error,
    fs,
    io::{Read, stdin},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use ghl_contacts::{
    HeaderMap, HeaderName, HeaderValue,
    webhooks::{Ed25519Key, Keys, RsaKey, Verifier},
};

#[derive(Parser)]
struct Args {
    /// An Ed25519 public key, PEM; more than one during a rotation.
    #[arg(long, required = true)]
    ed25519_key: Vec<PathBuf>,
    /// A legacy RSA public key, PEM.
    #[arg(long)]
    rsa_key: Vec<PathBuf>,
    /// Believes the RSA header where no X-GHL-Signature is there.
    #[arg(long, requires = "rsa_key")]
    accept_rsa: bool,
    /// A header of the delivery, `Name: value`.
    #[arg(long = "header", value_parser = header)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), Box<dyn Error + Send + Sync>> {
    let (name, value) = text
        .split_once(':')
        .ok_or("not of the form 'Name: value'")?;
    Ok((name.trim().parse()?, value.trim().parse()?))
}

fn verifier(args: &Args) -> Result<Verifier, Box<dyn Error>> {
    let mut keys = Vec::new();
    for file in &args.ed25519_key {
        keys.push(Ed25519Key::from_pem(&fs::read_to_string(file)?)?);
    }
    let mut legacy = Vec::new();
    for file in args.rsa_key.iter().filter(|_| args.accept_rsa) {
        legacy.push(RsaKey::from_pem(&fs::read_to_string(file)?)?);
    }
    Ok(Verifier::new(Keys::ed25519(keys).and_legacy_rsa(legacy)))
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut body = Vec::new();
    let verifier = match verifier(&args) {
        Ok(verifier) => verifier,
        Err(error) => return misuse(&*error),
    };
    let one_too_many = verifier.body_limit() as u64 + 1;
    if let Err(error) = stdin().take(one_too_many).read_to_end(&mut body) {
        return misuse(&error);
    }
    let headers: HeaderMap = args.headers.into_iter().collect();
    match verifier.verify(&headers, body.into()) {
        Ok(told) => {
            println!("{}", told.event().kind());
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            println!("refused: {refusal}");
            ExitCode::from(3)
        }
    }
}

fn misuse(error: &dyn Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(2)
}
