//! When a record was born, where its server touches it again after saving it.

use std::time::Duration;

use jiff::Timestamp;

/// Insightly stamps a new record up to a second late; of GHL it is not known.
const TOUCHED_AGAIN: Duration = Duration::from_secs(1);

/// When its birth was over: at the second touch, if nothing has changed the record since.
pub(crate) fn born(created: Option<Timestamp>, updated: Option<Timestamp>) -> Option<Timestamp> {
    let created = created?;
    let touched = updated.filter(|at| created < *at && *at <= created + TOUCHED_AGAIN);
    Some(touched.unwrap_or(created))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_touch_is_part_of_the_birth_and_an_edit_is_not() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        assert_eq!(born(at(10), at(10)), at(10));
        assert_eq!(born(at(10), at(11)), at(11));
        assert_eq!(born(at(10), at(12)), at(10));
        assert_eq!(born(at(10), None), at(10));
        assert_eq!(born(None, at(12)), None);
    }
}
