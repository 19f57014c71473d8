//! Faults that are planted to prove that the tests find them: `prove mutants` has the list.
//!
//! A fault is named where it would be made. Only a build with `--cfg planted` has any, and shows
//! the one that the environment names; in all others [`planted!`] is `false`, and no trace is left.

/// Whether this fault is to show itself.
#[cfg(not(planted))]
#[doc(hidden)]
#[macro_export]
macro_rules! planted {
    ($fault:literal) => {
        false
    };
}

/// Whether this fault is to show itself.
#[cfg(planted)]
#[doc(hidden)]
#[macro_export]
macro_rules! planted {
    ($fault:literal) => {
        $crate::is_planted($fault)
    };
}

/// Whether the environment names this fault.
#[cfg(planted)]
#[doc(hidden)]
pub fn is_planted(fault: &str) -> bool {
    use std::{env, sync::OnceLock};
    static PLANTED: OnceLock<Option<String>> = OnceLock::new();
    let named = PLANTED.get_or_init(|| env::var("PLANTED").ok());
    named.as_deref() == Some(fault)
}
