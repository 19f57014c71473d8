//! How-tos by task, where the wire differs from the published files, and how this crate
//! compares.
//!
//! | you want to | read |
//! | --- | --- |
//! | let others install your app | [`oauth`] |
//! | rotate a Private Integration Token without a restart | [`rotation`] |
//! | export everything, for hours | [`exports`] |
//! | test without an account | [`testing`] |
//! | know where the API does what its description does not say | [`wire`] |
//! | choose between this crate and another one | [`comparison`] |

pub mod comparison {
    #![doc = include_str!("comparison.md")]
}
pub mod exports {
    #![doc = include_str!("exports.md")]
}
pub mod oauth {
    #![doc = include_str!("oauth.md")]
}
pub mod rotation {
    #![doc = include_str!("rotation.md")]
}
pub mod testing {
    #![doc = include_str!("testing.md")]
}
pub mod wire {
    #![doc = include_str!("wire.md")]
}
