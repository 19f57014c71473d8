//! ghl-insightly
