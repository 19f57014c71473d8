//! Why a proof cannot be made, or does not hold.

use std::{error::Error, fmt};

/// One sentence for a person. Every error becomes one, so that proofs use `?`.
pub struct Failure(String);

/// The outcome of a proof's step.
pub type Proved<T = ()> = Result<T, Failure>;

impl Failure {
    /// Says why.
    pub fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string())
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fails with a sentence unless something holds.
pub fn ensure(holds: bool, why: impl FnOnce() -> String) -> Proved {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(why()))
    }
}
