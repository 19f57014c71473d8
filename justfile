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

# Each family of the Insightly client alone, and none.
features:
    cargo test -p insightly --lib --no-default-features
    for feature in contacts organisations leads opportunities projects tasks notes events tags \
        emails comments files images milestones pipelines activity-sets categories custom-objects \
        relationships teams follows document-templates webhooks axum; do \
        cargo test -p insightly --lib --no-default-features --features $feature || exit 1; done
