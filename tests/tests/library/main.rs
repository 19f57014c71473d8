//! Library pieces.
