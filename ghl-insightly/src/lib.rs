//! HighLevel (GHL) and Insightly in two-way sync.

pub mod contact;
pub mod ghl;
pub mod insightly;
mod system_clock;

pub use system_clock::SystemClock;
