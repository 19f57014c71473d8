//! How the engine works, and what you can rely on, with the tests that hold it.
//!
//! | you want to | read |
//! | --- | --- |
//! | follow one edit from a feed's page to both shadows | [`how_a_change_travels`] |
//! | know what is done in each situation that one field can be in | [`planner_table`] |
//!
//! What always holds, one page each: what it says, why it is hard, how it is kept, what you can
//! set, where it ends, and which tests hold it.
//!
//! | | |
//! | --- | --- |
//! | [`converge`] | both sides come to say the same, and stay so |
//! | [`no_lost_update`] | an edit arrives, or is readable in the history |
//! | [`no_duplicates`] | one record has at most one counterpart |
//! | [`quiet`] | where nothing changed, nothing is written |
//! | [`no_resurrection`] | deleted stays deleted, and missing is not deleted |
//! | [`isolation`] | a bad field or record stops nothing else |
//! | [`restart`] | it can be killed anywhere |
//! | [`any_order`] | hints may come late, twice, or never |
//! | [`cheap`] | requests and memory are bounded |
//! | [`nothing_unasked`] | only what somebody changed is written |
//!
//! Whether those tests would notice is tried, too: `prove mutants` plants faults in the engine, one
//! after the other, and tells which test finds each.

pub mod how_a_change_travels {
    #![doc = include_str!("how_a_change_travels.md")]
}
pub mod planner_table {
    #![doc = include_str!("planner_table.md")]
}
pub mod converge {
    #![doc = include_str!("converge.md")]
}
pub mod no_lost_update {
    #![doc = include_str!("no_lost_update.md")]
}
pub mod no_duplicates {
    #![doc = include_str!("no_duplicates.md")]
}
pub mod quiet {
    #![doc = include_str!("quiet.md")]
}
pub mod no_resurrection {
    #![doc = include_str!("no_resurrection.md")]
}
pub mod isolation {
    #![doc = include_str!("isolation.md")]
}
pub mod restart {
    #![doc = include_str!("restart.md")]
}
pub mod any_order {
    #![doc = include_str!("any_order.md")]
}
pub mod cheap {
    #![doc = include_str!("cheap.md")]
}
pub mod nothing_unasked {
    #![doc = include_str!("nothing_unasked.md")]
}
