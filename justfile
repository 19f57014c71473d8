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
