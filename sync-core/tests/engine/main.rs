//! The engine over two systems in memory.

mod histories;
mod stories;
mod world;
