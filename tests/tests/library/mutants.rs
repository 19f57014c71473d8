//! The list of planted faults; `prove mutants` plants them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tests::mutants::FAULTS;

/// Where faults may be planted.
const CRATES: [&str; 3] = ["sync-core", "sync-sqlite", "ghl-insightly"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The faults that the sources name, and how often.
fn planted() -> BTreeMap<String, usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for name in CRATES {
        sources(&root.join(name).join("src"), &mut files);
    }
    let mut planted = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for place in text.split("planted!(\"").skip(1) {
            let (name, _) = place.split_once('"').unwrap();
            *planted.entry(name.to_owned()).or_default() += 1;
        }
    }
    planted
}

#[test]
fn every_fault_of_the_list_is_planted_once_and_no_other_is() {
    let listed: BTreeMap<_, _> = FAULTS.iter().map(|f| (f.name.to_owned(), 1)).collect();
    assert_eq!(listed.len(), FAULTS.len(), "two faults have one name");
    assert_eq!(planted(), listed);
}
