//! Arrows.
