use std::collections::{HashMap, HashSet};

use ghl_contacts::{GhlOperation, Method, Operation, operations};

/// Routes of the official files; multipart is not spoken here.
const NOT_OURS: [&str; 1] = ["POST /locations/{locationId}/customFields/upload"];

struct Row {
    id: &'static str,
    scopes: &'static str,
    deprecated: bool,
}

/// `METHOD path` → what the official files say.
fn official() -> HashMap<String, Row> {
    let lines = include_str!("spec_2021_07_28.txt").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let row = Row {
            id: words[2],
            scopes: words[3],
            deprecated: words[4] == "deprecated",
        };
        (format!("{} {}", words[0], words[1]), row)
    });
    rows.collect()
}

fn route(op: &GhlOperation) -> String {
    format!("{} {}", op.method(), op.path())
}

#[test]
fn names_and_routes_are_each_there_once() {
    let mut names = HashSet::new();
    let mut routes = HashSet::new();
    for op in operations() {
        assert!(names.insert(op.name()), "{}", op.name());
        // One route makes the first pair of tokens and all later ones: only the latter repeats.
        let twice = op.name() == "oauth.refresh_token";
        assert!(routes.insert(route(op)) || twice, "{}", op.path());
    }
}

#[test]
fn the_table_holds_every_official_route_and_no_other() {
    let official = official();
    let ours: HashSet<String> = operations().iter().map(|op| route(op)).collect();
    let in_contacts = official.keys().filter(|r| r.contains(" /contacts")).count();
    assert_eq!(in_contacts, 32);
    for route in official.keys().filter(|r| !NOT_OURS.contains(&r.as_str())) {
        assert!(ours.contains(route), "missing: {route}");
    }
    for route in &ours {
        assert!(official.contains_key(route), "not official: {route}");
    }
}

#[test]
fn scopes_deprecation_and_pages_agree_with_the_official_files() {
    let official = official();
    for op in operations() {
        let row = &official[&route(op)];
        let scopes: Vec<&str> = op.scopes().iter().map(|s| s.as_str()).collect();
        // Routes by id of tags and custom fields have an empty list there; the scopes table fills it.
        if row.scopes != "-" {
            assert_eq!(scopes.join(","), row.scopes, "{}", op.name());
        }
        assert_eq!(op.is_deprecated(), row.deprecated, "{}", op.name());
        let bare = |id: &str| id.replace('-', "").to_lowercase();
        let page = op.docs().rsplit('/').next().unwrap();
        assert_eq!(bare(page), bare(row.id), "{}", op.name());
    }
}

#[test]
fn every_get_is_a_read_and_reads_need_no_write_scope() {
    for op in operations() {
        assert!(op.method() != Method::GET || op.is_read(), "{}", op.name());
        if op.is_read() {
            assert!(op.is_repeatable());
            let scopes = op.scopes();
            assert!(
                scopes.iter().all(|s| s.as_str().ends_with("readonly")),
                "{}",
                op.name()
            );
        }
    }
}

#[test]
fn every_operation_builds_a_request_once_its_placeholders_are_filled() {
    for op in operations() {
        let built = match op.path().matches('{').count() {
            0 => Operation::of(op.definition(), []),
            1 => Operation::of(op.definition(), ["a"]),
            _ => Operation::of(op.definition(), ["a", "b"]),
        };
        let filled = format!("/{}", built.segments().unwrap().join("/"));
        assert!(!filled.contains(['{', '}']), "{filled}");
        assert_eq!(filled.ends_with('/'), op.path().ends_with('/'), "{filled}");
    }
}
