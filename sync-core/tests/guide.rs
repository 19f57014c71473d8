//! The guide names the tests that hold what it says: each of them has to exist.
#![allow(
    clippy::unwrap_used,
    reason = "a page that cannot be read fails the test"
)]

use std::{fs, path::Path};

/// The lines of a page's last section, with what goes on in the next line joined.
fn held_by(page: &str) -> Vec<String> {
    let (_, section) = page.split_once("# Held by\n").unwrap_or_default();
    let mut items: Vec<String> = Vec::new();
    for line in section
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        match (line.strip_prefix("- "), items.last_mut()) {
            (None, Some(item)) => item.push_str(line),
            (item, _) => items.push(item.unwrap_or(line).to_owned()),
        }
    }
    items
}

/// What stands between backticks.
fn names(item: &str) -> Vec<&str> {
    item.split('`').skip(1).step_by(2).collect()
}

/// Whether a line begins with the name, alone or as that of a function.
fn declares(source: &str, name: &str) -> bool {
    let words = ["pub ", "async ", "fn "];
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    source.lines().any(|line| {
        let bare = words
            .iter()
            .fold(line.trim(), |line, word| line.trim_start_matches(word));
        bare.strip_prefix(name).is_some_and(ends)
    })
}

/// Why an item does not hold, for each of its names that nothing is called by.
fn wrong(workspace: &Path, item: &str) -> Vec<String> {
    let names = names(item);
    if names.iter().all(|name| name.starts_with("prove ")) && !names.is_empty() {
        let proofs = fs::read_to_string(workspace.join("tests/src/bin/prove.rs")).unwrap();
        let is_there = |name: &str| {
            let (first, rest) = name.trim_start_matches("prove ").split_at(1);
            declares(&proofs, &format!("{}{rest}", first.to_uppercase()))
        };
        let missing = names.iter().filter(|name| !is_there(name));
        return missing
            .map(|name| format!("there is no `{name}`"))
            .collect();
    }
    let [file, tests @ ..] = names.as_slice() else {
        return vec![format!("`{item}` names nothing")];
    };
    let Ok(source) = fs::read_to_string(workspace.join(file)) else {
        return vec![format!("there is no file {file}")];
    };
    let missing = tests.iter().filter(|test| !declares(&source, test));
    let missing = missing.map(|test| format!("{file} has no {test}"));
    let empty = tests
        .is_empty()
        .then(|| format!("no test of {file} is named"));
    missing.chain(empty).collect()
}

#[test]
fn each_test_that_the_guide_names_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.parent().unwrap();
    let mut pages = 0;
    let mut mistakes = Vec::new();
    for entry in fs::read_dir(here.join("src/guide")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        let items = held_by(&page);
        if items.is_empty() {
            continue;
        }
        pages += 1;
        let of_page = items.iter().flat_map(|item| wrong(workspace, item));
        let name = path.file_name().unwrap().display().to_string();
        mistakes.extend(of_page.map(|why| format!("{name}: {why}")));
    }
    assert_eq!(mistakes, Vec::<String>::new());
    assert_eq!(
        pages, 10,
        "each thing that always holds has a page that says by what"
    );
}

#[test]
fn a_test_that_is_not_there_is_found_out() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = "# Held by\n\n- `sync-core/tests/guide.rs`: `each_test_that_the_guide_names_is_there`,\n  `each_test_that`\n- `prove nothing`\n- `nowhere.rs`: `x`\n";
    let items = held_by(page);
    let mistakes: Vec<String> = items
        .iter()
        .flat_map(|item| wrong(workspace, item))
        .collect();
    assert_eq!(
        mistakes,
        [
            "sync-core/tests/guide.rs has no each_test_that",
            "there is no `prove nothing`",
            "there is no file nowhere.rs",
        ]
    );
}
