//! sync-sqlite
