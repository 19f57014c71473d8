//! Every operation of this crate, as data: the calls are sent from these entries.

use api_transport::{Definition, Method};

/// One operation: what is called, and what the documentation says about it.
///
/// ```
/// let add_tag = insightly::operations()
///     .find(|op| op.name() == "contacts.add_tag")
///     .unwrap();
/// assert_eq!(add_tag.path(), "/Contacts/{id}/Tags");
/// assert!(add_tag.is_repeatable());
/// ```
#[derive(Debug)]
pub struct ApiOperation {
    definition: Definition,
    family: &'static str,
    admin: bool,
    errors: &'static [u16],
}

impl ApiOperation {
    const fn new(definition: Definition, family: &'static str, errors: &'static [u16]) -> Self {
        Self {
            definition,
            family,
            admin: false,
            errors,
        }
    }

    pub(crate) const fn get(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::get(name, path), family, errors)
    }

    pub(crate) const fn post(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::post(name, path), family, errors)
    }

    /// A PUT sets what it names, so doing it twice is doing it once.
    pub(crate) const fn put(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::put(name, path).repeatable(), family, errors)
    }

    /// A PUT that must not be repeated: its first try may have moved what the
    /// second would be compared with, or have added something.
    pub(crate) const fn put_once(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::put(name, path), family, errors)
    }

    pub(crate) const fn delete(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::delete(name, path), family, errors)
    }

    /// A POST that adds what is there already without harm.
    pub(crate) const fn post_again(
        family: &'static str,
        name: &'static str,
        path: &'static str,
        errors: &'static [u16],
    ) -> Self {
        Self::new(Definition::post(name, path).repeatable(), family, errors)
    }

    pub(crate) const fn admin_only(mut self) -> Self {
        self.admin = true;
        self
    }

    /// Where a family's documented errors differ from its shape's.
    pub(crate) const fn errors(mut self, errors: &'static [u16]) -> Self {
        self.errors = errors;
        self
    }

    /// What is sent, for [`Operation::of`](crate::Operation::of).
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The name in errors and logs, e.g. `contacts.get`.
    pub const fn name(&self) -> &'static str {
        self.definition.name()
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        self.definition.method()
    }

    /// The path template below `/v3.1`, e.g. `/Contacts/{id}`.
    pub const fn path(&self) -> &'static str {
        self.definition.path()
    }

    /// Whether a transient failure is repeated even when it may have been done.
    pub const fn is_repeatable(&self) -> bool {
        self.definition.is_repeatable()
    }

    /// Whether it only reads.
    pub const fn is_read(&self) -> bool {
        self.definition.is_read()
    }

    /// The family it belongs to, e.g. `contacts`.
    pub const fn family(&self) -> &'static str {
        self.family
    }

    /// Whether only an administrator's key may call it.
    pub const fn needs_administrator(&self) -> bool {
        self.admin
    }

    /// Whether only some plans have the family: others answer
    /// [`FamilyNotAvailable`](crate::ErrorKind::FamilyNotAvailable).
    pub fn depends_on_plan(&self) -> bool {
        DEPENDS_ON_PLAN.contains(&self.family)
    }

    /// The error statuses that Insightly documents for it. 405, 429 and 5xx can
    /// come from every operation and are not listed.
    pub const fn documented_errors(&self) -> &'static [u16] {
        self.errors
    }
}

/// Custom objects are an Enterprise feature by most sources; leads can be switched off.
const DEPENDS_ON_PLAN: &[&str] = &[
    "custom_objects",
    "custom_object_records",
    "leads",
    "lead_sources",
    "lead_statuses",
];
