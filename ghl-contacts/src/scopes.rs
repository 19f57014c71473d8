//! What a credential must be allowed to do.

use std::fmt;

use crate::operation::GhlOperation;

macro_rules! scopes {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)+) => {
        /// A permission that is chosen when a Private Integration or an app is set up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Scope { $( $(#[$meta])* $name, )+ }

        impl Scope {
            /// The scope as HighLevel writes it, e.g. `contacts.readonly`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $text, )+ }
            }

            /// The scope of that name, if an operation of this crate needs it.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( $text => Some(Self::$name), )+ _ => None }
            }
        }
    };
}

scopes! {
    /// All reads below `/contacts`, the search by POST included.
    ContactsReadonly = "contacts.readonly";
    /// All writes below `/contacts`.
    ContactsWrite = "contacts.write";
    /// Reading a location.
    LocationsReadonly = "locations.readonly";
    /// Reading a location's tag definitions.
    LocationTagsReadonly = "locations/tags.readonly";
    /// Changing a location's tag definitions.
    LocationTagsWrite = "locations/tags.write";
    /// Reading custom-field definitions.
    CustomFieldsReadonly = "locations/customFields.readonly";
    /// Changing custom-field definitions.
    CustomFieldsWrite = "locations/customFields.write";
    /// Searching the tasks of a location.
    LocationTasksReadonly = "locations/tasks.readonly";
    /// Reading businesses.
    BusinessesReadonly = "businesses.readonly";
    /// Changing businesses.
    BusinessesWrite = "businesses.write";
    /// Reading users.
    UsersReadonly = "users.readonly";
    /// Reading calendar events.
    CalendarEventsReadonly = "calendars/events.readonly";
    /// Listing the locations that an app is installed in.
    OauthReadonly = "oauth.readonly";
    /// Making a location's token from an agency's.
    OauthWrite = "oauth.write";
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The scopes that these operations need together, sorted, each once.
///
/// ```
/// use ghl_contacts::{operations, scopes};
/// let reads: Vec<_> = operations().iter().copied().filter(|op| op.is_read()).collect();
/// assert!(scopes::needed_for(&reads).iter().all(|s| s.as_str().ends_with("readonly")));
/// ```
pub fn needed_for(operations: &[&GhlOperation]) -> Vec<Scope> {
    let mut needed: Vec<Scope> = operations
        .iter()
        .flat_map(|op| op.scopes())
        .copied()
        .collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// The scopes that these operations need and that `granted` lacks.
///
/// `granted` holds names as a token reply or the settings page shows them; a
/// text of several names, separated by spaces, is taken apart.
///
/// ```
/// use ghl_contacts::{operation, scopes::{self, Scope}};
/// let needed = [operation("contacts.get").unwrap(), operation("contacts.update").unwrap()];
/// let missing = scopes::missing_scopes(&needed, &["contacts.readonly locations.readonly"]);
/// assert_eq!(missing, [Scope::ContactsWrite]);
/// ```
pub fn missing_scopes(operations: &[&GhlOperation], granted: &[&str]) -> Vec<Scope> {
    let granted: Vec<&str> = granted
        .iter()
        .flat_map(|names| names.split_whitespace())
        .collect();
    let mut needed = needed_for(operations);
    needed.retain(|scope| !granted.contains(&scope.as_str()));
    needed
}
