//! What families have in common: the sets of operations behind [`Records`](crate::Records).
//!
//! Each trait holds its operations as constants, e.g. `Contact::ADD_TAG`. They are
//! implemented by this crate's models; a caller needs them only to write code for
//! any family that, say, has tags: `fn tag_all<R: Tagged>(records: &Records<R>)`.

/// Stands for a shape whose feature is off: a family gets nothing from it.
#[cfg_attr(
    feature = "full",
    expect(unused_macros, reason = "no shape is left out")
)]
macro_rules! absent {
    (impl $($any:tt)*) => {};
    (list $($any:tt)*) => {
        &[]
    };
}

/// Declares the shapes, each with the feature that it comes with.
macro_rules! shapes {
    ($( $module:ident $(if $feature:literal)? { $( $Shape:ident as $shape:ident ),+ } )+) => { $(
        $( #[cfg(feature = $feature)] )?
        mod $module;
        $( #[cfg(feature = $feature)] )?
        pub use $module::{$($Shape),+};
        $( #[cfg(feature = $feature)] )?
        pub(crate) use $module::{$($shape),+};
        shapes!(@absent $($feature)? { $($shape)+ });
    )+ };
    (@absent { $($shape:ident)+ }) => {};
    (@absent $feature:literal { $($shape:ident)+ }) => {
        $(
            #[cfg(not(feature = $feature))]
            pub(crate) use absent as $shape;
        )+
    };
}

shapes! {
    assigned if "activity-sets" { Assigned as assigned }
    changed { Changed as changed, ChangedIf as changed_if }
    commented if "comments" { Commented as commented }
    created { Created as created }
    dated { Dated as dated }
    deleted { Deleted as deleted }
    followed if "follows" { Followed as followed }
    linked { Linked as linked, Relinked as relinked }
    listed { Listed as listed }
    mailed { Mailed as mailed }
    merged if "document-templates" { Merged as merged }
    noted if "notes" { Noted as noted }
    pictured if "images" { Pictured as pictured, ImageFields as image_fields }
    read_by_id { ReadById as read_by_id }
    searched { Searched as searched }
    searched_by_tag if "tags" { SearchedByTag as searched_by_tag }
    staged if "pipelines" { Staged as staged }
    tagged if "tags" { Tagged as tagged }
    with_emails if "emails" { WithEmails as with_emails }
    with_events if "events" { WithEvents as with_events }
    with_files if "files" { WithFiles as with_files, TakesFiles as takes_files }
    with_tasks if "tasks" { WithTasks as with_tasks }
}
