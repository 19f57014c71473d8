//! ghl-contacts
