//! The command that people get has no planted faults.

use std::fs;

use tests::{command, mutants::FAULTS};

#[test]
fn the_command_has_no_planted_fault_and_does_not_ask_for_one() {
    let program = fs::read(command::path().unwrap()).unwrap();
    let program = String::from_utf8_lossy(&program);
    let names = FAULTS.iter().map(|fault| fault.name);
    let found: Vec<_> = names
        .chain(["PLANTED"])
        .filter(|name| program.contains(name))
        .collect();
    assert!(found.is_empty(), "{found:?} can be planted in it");
}
