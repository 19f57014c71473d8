use crate::testing::BrokenLaw;

/// The law, if it does not hold.
pub(super) fn check(
    holds: bool,
    law: &'static str,
    case: impl FnOnce() -> String,
) -> Result<(), BrokenLaw> {
    if holds {
        return Ok(());
    }
    let case = case();
    Err(BrokenLaw { law, case })
}

pub(super) fn panicked(case: &str, why: &str) -> BrokenLaw {
    BrokenLaw {
        law: "it does not panic",
        case: format!("{case}: {why}"),
    }
}
