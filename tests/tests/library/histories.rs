//! The random histories, in small numbers; `prove histories` plays any number.

use tests::{histories, lives, look_alikes, random::Histories, references};

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

/// Each of these once ended badly.
#[test]
fn seeds_of_old_errors_end_well() {
    let ends_well = |run: fn(u64, u32) -> Result<String, String>, seeds: &[u64]| {
        for seed in seeds {
            if let Err(why) = run(*seed, 50) {
                panic!("seed {seed}: {why}");
            }
        }
    };
    // A record that was back for a moment, a hold that outlived its link, two links that woke.
    // A doubt that came up while others were staged.
    ends_well(lives::run, &[2_294, 3_033, 9_444, 121_961, 135_819]);
    // Orphans, holds beside a wait, undo without a record, several heirs, what was forgotten.
    let references = [
        4, 13, 14, 495, 498, 525, 937, 3_629, 5_249, 5_264, 6_344, 7_552,
    ];
    ends_well(references::run_without_moves, &references);
    // A note that was deleted with a contact that was never linked.
    ends_well(references::run, &[4_890]);
}

#[test]
fn histories_of_references_end_well() {
    FEW.play("references", references::run).unwrap();
}

#[test]
fn histories_of_look_alikes_end_well() {
    FEW.play("look-alikes", look_alikes::run).unwrap();
}
