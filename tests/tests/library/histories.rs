//! The random histories, in small numbers; `prove histories` plays any number.

use tests::{histories, lives, random::Histories, references};

const FEW: Histories = Histories {
    count: 2_000,
    seed: 0,
    steps: 40,
};

#[test]
fn histories_of_edits_end_well() {
    FEW.play("edits", histories::run).unwrap();
}

#[test]
fn histories_of_births_and_deaths_end_well() {
    FEW.play("lives", lives::run).unwrap();
}

#[test]
fn histories_of_references_end_well() {
    FEW.play("references", references::run).unwrap();
}
