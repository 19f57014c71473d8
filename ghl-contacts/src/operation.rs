//! The table of operations: each is defined once; calls, docs and scope checks come from it.

use std::sync::LazyLock;

use api_transport::{Definition, HeaderValue, Method, Operation};

use crate::{
    businesses, contacts, locations, oauth_operations, object_fields, scopes::Scope, users, version,
};

/// One operation of the API, as the table shows it and as calls are sent from it.
#[derive(Debug, PartialEq, Eq)]
pub struct GhlOperation {
    definition: Definition,
    scopes: &'static [Scope],
    docs: &'static str,
    deprecated: bool,
    version: Option<&'static str>,
}

impl GhlOperation {
    pub(crate) const fn new(
        definition: Definition,
        scopes: &'static [Scope],
        docs: &'static str,
    ) -> Self {
        Self {
            definition,
            scopes,
            docs,
            deprecated: false,
            version: None,
        }
    }

    pub(crate) const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    pub(crate) const fn at_version(mut self, version: &'static str) -> Self {
        self.version = Some(version);
        self
    }

    /// The name in errors and logs, e.g. `contacts.add_tags`.
    pub const fn name(&self) -> &'static str {
        self.definition.name()
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        self.definition.method()
    }

    /// The path template, e.g. `/contacts/{contactId}/tags`.
    pub const fn path(&self) -> &'static str {
        self.definition.path()
    }

    /// The scopes it needs. Empty where HighLevel documents none.
    pub const fn scopes(&self) -> &'static [Scope] {
        self.scopes
    }

    /// Whether it only reads.
    pub const fn is_read(&self) -> bool {
        self.definition.is_read()
    }

    /// Whether a transient failure is repeated even when it may have been done.
    pub const fn is_repeatable(&self) -> bool {
        self.definition.is_repeatable()
    }

    /// Whether HighLevel advises against it.
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// HighLevel's own page about it.
    pub const fn docs(&self) -> &'static str {
        self.docs
    }

    /// The value of the `Version` header that it is sent with.
    pub fn version(&self) -> &'static str {
        self.version.unwrap_or(version::DEFAULT)
    }

    /// What the transport sends; the way to fill in a call of your own.
    pub const fn definition(&'static self) -> &'static Definition {
        &self.definition
    }

    /// Fills the placeholders of the path, in order.
    pub(crate) fn of<const N: usize>(&'static self, parts: [&str; N]) -> Operation {
        let op = Operation::of(&self.definition, parts);
        match self.version {
            Some(version) => op.header(version::HEADER.clone(), HeaderValue::from_static(version)),
            None => op,
        }
    }
}

/// Defines an area's operations and its part of the table.
macro_rules! table {
    (
        area $area:literal;
        $( $name:ident = $definition:expr, [$($scope:ident),*], $page:literal $(, $more:ident($($with:expr)?))*; )+
    ) => {
        $(
            pub(crate) static $name: $crate::operation::GhlOperation =
                $crate::operation::GhlOperation::new(
                    $definition,
                    &[$($crate::scopes::Scope::$scope),*],
                    concat!("https://marketplace.gohighlevel.com/docs/ghl/", $area, "/", $page),
                )
                $( .$more($($with)?) )*;
        )+
        /// This area's part of the table.
        pub(crate) static TABLE: &[&$crate::operation::GhlOperation] = &[$(&$name),+];
    };
}
pub(crate) use table;

static ALL: LazyLock<Vec<&'static GhlOperation>> = LazyLock::new(|| {
    [
        contacts::operations::TABLE,
        locations::operations::TABLE,
        businesses::operations::TABLE,
        users::operations::TABLE,
        object_fields::operations::TABLE,
        oauth_operations::TABLE,
    ]
    .concat()
});

/// Every operation of this crate, in the order of its areas.
///
/// ```
/// let table = ghl_contacts::operations();
/// let search = table.iter().find(|op| op.name() == "contacts.search").unwrap();
/// assert_eq!(search.path(), "/contacts/search");
/// assert!(search.is_read() && search.is_repeatable());
/// ```
pub fn operations() -> &'static [&'static GhlOperation] {
    &ALL
}

/// The operation of that name.
pub fn operation(name: &str) -> Option<&'static GhlOperation> {
    operations().iter().copied().find(|op| op.name() == name)
}
