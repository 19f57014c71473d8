//! What a family of records is: its members, their limits and rights, and the shapes it has.

/// Text without a limit that is known.
pub(super) const UNLIMITED: usize = usize::MAX;

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// At most so many characters.
    Text(usize),
    /// Text in which a browser would show HTML.
    Html(usize),
    Email(usize),
    Country(usize),
    /// One of these, in any case.
    Choice(&'static [&'static str]),
    Integer,
    /// A whole number from the first to the second.
    Range(i64, i64),
    Decimal,
    Flag,
    /// A time of day on a day, in UTC.
    Moment,
    /// A day without a zone.
    Day,
    /// One of the stamps that the server keeps beside the record.
    Stamp,
    /// Computed from tasks, events and e-mails when it is read.
    Activity,
    /// The id of a record of the family with this key.
    Of(&'static str),
    /// The id of an active user.
    User,
    CustomFields,
    Tags,
    Occasions,
    EmailDomains,
    Links,
    /// The members of a team.
    Members,
    /// Any JSON, stored as it is.
    Any,
}

/// Who may write a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Right {
    Required,
    Written,
    /// Read only: in a body it is passed over.
    Read,
}

/// One member.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) right: Right,
}

/// A group of operations that several families have, served once for all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    List,
    Create,
    Update,
    Search,
    TagSearch,
    Read,
    Delete,
    /// A DELETE that only deactivates.
    Retire,
    /// The same with the id in the query.
    RetireByQuery,
    ActivitySet,
    /// Tasks, events and e-mails of a record, to read.
    Activities,
    Address,
    Comments,
    /// `Comment`, in the singular.
    NoteComment,
    Document,
    Download,
    EmailDomains,
    Files,
    Follow,
    Image,
    ImageField,
    LineItems,
    LinkUpdate,
    Links,
    Members,
    Milestones,
    Notes,
    Occasions,
    Pipeline,
    Pricebook,
    State,
    Tags,
    Translations,
    Upload,
}

/// What the server puts into a member that a create leaves out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    Text(&'static str),
    Number(i64),
    Flag(bool),
}

/// One family.
#[derive(Debug)]
pub(super) struct Family {
    /// As in paths.
    pub(super) name: &'static str,
    /// Another spelling that paths may use.
    pub(super) alias: &'static str,
    /// As in operations and in `/_sandbox`.
    pub(super) key: &'static str,
    /// As in links.
    pub(super) singular: &'static str,
    /// Name of the member that holds the id.
    pub(super) id: &'static str,
    pub(super) first_id: i64,
    /// Fields that searches ask for most.
    pub(super) lookups: &'static [&'static str],
    pub(super) fields: &'static [Field],
    pub(super) shapes: &'static [&'static [Shape]],
    pub(super) starts: &'static [(&'static str, Start)],
    /// Whether only an administrator may write.
    pub(super) guarded: bool,
}

impl Kind {
    /// Left out of brief answers.
    pub(super) fn is_list(self) -> bool {
        matches!(
            self,
            Self::CustomFields
                | Self::Tags
                | Self::Occasions
                | Self::EmailDomains
                | Self::Links
                | Self::Members
        )
    }
}

impl Family {
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn has(&self, shape: Shape) -> bool {
        self.shapes.iter().any(|group| group.contains(&shape))
    }

    /// Tasks, events, notes and e-mails keep their links to themselves.
    pub(super) fn is_activity(&self) -> bool {
        matches!(self.key, "tasks" | "events" | "notes" | "emails")
    }

    /// Whether a link can lead to its records.
    pub(super) fn is_linkable(&self) -> bool {
        self.has(Shape::ActivitySet) || self.key == "notes"
    }

    /// Whether it is one of the kinds of records that a plan counts, and that carry an `ETag`.
    pub(super) fn is_counted(&self) -> bool {
        self.has(Shape::Search)
    }

    /// Whether its PUT is papered with 201 and without 404.
    pub(super) fn has_soft_put(&self) -> bool {
        !self.guarded
    }

    pub(super) fn is_custom_object(&self) -> bool {
        self.has(Shape::Translations)
    }
}

pub(super) const fn field(name: &'static str, kind: Kind, right: Right) -> Field {
    Field { name, kind, right }
}
