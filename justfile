# What CI runs. `.ci/run` calls the same script.
check:
    bash .ci/run

fmt:
    cargo fmt --all

test:
    cargo test --workspace

# Licences, sources and bans; needs cargo-deny.
deny:
    cargo deny check

demo:
    cargo run --release -p ghl-insightly -- demo

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Each feature of the clients alone, and none. The keyring is compiled only, because its laws
# need a keyring of the system's: `cargo test -p api-transport --features keyring`.
features:
    bash tests/features.sh
