//! Chainable setters of optional texts.

/// One setter for each field, with its docs.
macro_rules! text_setters {
    ($($(#[$doc:meta])* $field:ident),+ $(,)?) => { $(
        $(#[$doc])*
        pub fn $field(mut self, text: impl Into<String>) -> Self {
            self.$field = Some(text.into());
            self
        }
    )+ };
}
pub(crate) use text_setters;
