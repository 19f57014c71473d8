//! The arrows of the design: who may depend on whom, and what must never be in the tree.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken test ends with a panic"
)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

/// Crates that others can use.
const LIBRARIES: [&str; 7] = [
    "api-transport",
    "ghl-contacts",
    "insightly",
    "sync-core",
    "sync-sqlite",
    "ghl-insightly",
    "crm-sandbox",
];

const ALL_OF_OURS: [&str; 9] = [
    "api-transport",
    "ghl-contacts",
    "insightly",
    "sync-core",
    "sync-sqlite",
    "ghl-insightly",
    "crm-sandbox",
    "examples",
    "tests",
];

/// The workspace with everything that any feature or platform of it can pull in.
struct Tree {
    metadata: Metadata,
    arrows: BTreeMap<PackageId, Vec<PackageId>>,
}

impl Tree {
    fn read() -> Self {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let mut command = MetadataCommand::new();
        let metadata = command.manifest_path(manifest).exec().unwrap();
        let resolve = metadata.resolve.as_ref().unwrap();
        let arrows = resolve.nodes.iter().map(|node| {
            let used = node.deps.iter().filter(|dependency| {
                let mut kinds = dependency.dep_kinds.iter();
                kinds.any(|kind| kind.kind == DependencyKind::Normal)
            });
            let used = used.map(|dependency| dependency.pkg.clone());
            (node.id.clone(), used.collect())
        });
        let arrows = arrows.collect();
        Self { metadata, arrows }
    }

    fn package(&self, name: &str) -> &Package {
        let mut packages = self.metadata.workspace_packages().into_iter();
        let found = packages.find(|package| package.name.as_str() == name);
        found.unwrap_or_else(|| panic!("{name} is no member of the workspace"))
    }

    /// The names of everything that a crate needs to be built and used, dev-dependencies apart.
    fn below(&self, name: &str) -> BTreeSet<&str> {
        let mut met = BTreeSet::new();
        let mut open = vec![&self.package(name).id];
        while let Some(id) = open.pop() {
            for used in &self.arrows[id] {
                if met.insert(used) {
                    open.push(used);
                }
            }
        }
        met.into_iter()
            .map(|id| self.metadata[id].name.as_str())
            .collect()
    }

    fn ours_below(&self, name: &str) -> Vec<&str> {
        let below = self.below(name);
        let ours = below.iter().copied();
        ours.filter(|name| ALL_OF_OURS.contains(name)).collect()
    }

    fn versions(&self, name: &str) -> Vec<String> {
        let packages = self.metadata.packages.iter();
        let found = packages.filter(|package| package.name.as_str() == name);
        found.map(|package| package.version.to_string()).collect()
    }
}

#[test]
fn the_engine_knows_no_crm_no_http_and_no_sql() {
    let tree = Tree::read();
    let below = tree.below("sync-core");
    for name in ["reqwest", "hyper", "rusqlite", "http", "tokio", "url"] {
        assert!(!below.contains(name), "sync-core pulls {name}");
    }
    assert_eq!(tree.ours_below("sync-core"), [""; 0]);
}

#[test]
fn the_sandbox_is_written_without_any_crate_of_ours() {
    assert_eq!(Tree::read().ours_below("crm-sandbox"), [""; 0]);
}

#[test]
fn a_client_is_useful_alone() {
    let tree = Tree::read();
    assert_eq!(tree.ours_below("api-transport"), [""; 0]);
    for client in ["ghl-contacts", "insightly"] {
        assert_eq!(tree.ours_below(client), ["api-transport"]);
    }
}

#[test]
fn the_store_knows_the_engine_only() {
    assert_eq!(Tree::read().ours_below("sync-sqlite"), ["sync-core"]);
}

#[test]
fn our_crates_meet_in_one_place() {
    let tree = Tree::read();
    let all: Vec<&str> = LIBRARIES
        .into_iter()
        .filter(|name| *name != "ghl-insightly")
        .collect();
    let mut sorted = all.clone();
    sorted.sort_unstable();
    let mut below = tree.ours_below("ghl-insightly");
    below.sort_unstable();
    assert_eq!(below, sorted);
}

#[test]
fn there_is_one_version_of_what_is_large() {
    let tree = Tree::read();
    for name in [
        "reqwest", "rustls", "tokio", "jiff", "hyper", "http", "serde",
    ] {
        let versions = tree.versions(name);
        assert_eq!(versions.len(), 1, "{name}: {versions:?}");
    }
}

#[test]
fn no_other_crypto_than_ring_is_in_the_tree() {
    let tree = Tree::read();
    for name in [
        "openssl",
        "openssl-sys",
        "native-tls",
        "aws-lc-rs",
        "aws-lc-sys",
    ] {
        let users: Vec<&str> = LIBRARIES
            .into_iter()
            .filter(|library| tree.below(library).contains(name))
            .collect();
        assert_eq!(users, [""; 0], "{name}");
    }
}

#[test]
fn no_crate_of_ours_may_use_unsafe_code() {
    let tree = Tree::read();
    let root = tree.metadata.workspace_root.join("Cargo.toml");
    let root = std::fs::read_to_string(root).unwrap();
    assert!(root.contains("unsafe_code = \"forbid\""));
    for name in ALL_OF_OURS {
        let manifest = std::fs::read_to_string(&tree.package(name).manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name}");
    }
}

#[test]
fn every_crate_of_ours_has_one_version() {
    let tree = Tree::read();
    let versions: BTreeSet<String> = ALL_OF_OURS
        .into_iter()
        .map(|name| tree.package(name).version.to_string())
        .collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
    assert_eq!(tree.metadata.workspace_members.len(), ALL_OF_OURS.len());
}
