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

    /// Which accounts have the family. Others answer
    /// [`FamilyNotAvailable`](crate::ErrorKind::FamilyNotAvailable).
    pub fn availability(&self) -> Availability {
        match self.family {
            _ if ["OpportunityLineItem", "Pricebook"]
                .iter()
                .any(|part| self.path().contains(part)) =>
            {
                Availability::HigherPlans
            }
            "custom_objects" | "custom_object_records" => Availability::HigherPlans,
            "leads" | "lead_sources" | "lead_statuses" => Availability::LeadManagement,
            _ => Availability::EveryPlan,
        }
    }

    /// The error statuses that Insightly documents for it. 405, 429 and 5xx can
    /// come from every operation and are not listed.
    pub const fn documented_errors(&self) -> &'static [u16] {
        self.errors
    }
}

/// Which accounts have a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Availability {
    /// Every plan, as far as is known.
    EveryPlan,
    /// Every plan, but an administrator can switch lead management off.
    LeadManagement,
    /// Enterprise by most sources. A Professional account was seen to have custom objects
    /// too, and to answer 404 for line items and price books.
    HigherPlans,
}
