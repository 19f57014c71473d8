//! api-transport
