//! The GHL side: contacts of one location.

mod contact_endpoint;
mod contact_mapper;
mod failure;
mod location;

pub use contact_endpoint::{GhlCall, GhlContact, GhlContacts};
pub use contact_mapper::GhlContactMapper;
pub use failure::connector_error;
pub use location::GhlLocation;
