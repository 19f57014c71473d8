//! insightly
