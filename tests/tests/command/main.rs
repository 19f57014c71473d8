//! The real command, run as a process.

#![allow(clippy::unwrap_used, reason = "a broken test ends with a panic")]
