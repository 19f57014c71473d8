//! The sandbox as its callers meet it: mostly in process, sometimes over sockets.

mod desk;
mod faults;
mod ghl_contacts;
mod ghl_search;
mod insightly_contacts;
mod insightly_lists;
mod seeding;
mod sockets;
mod steering;
