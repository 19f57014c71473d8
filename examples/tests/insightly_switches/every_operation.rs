//! All operations, with every field set.

use std::collections::BTreeSet;

use examples::{
    insightly_operations::{self, Report},
    report::Came,
};

use crate::account::{Account, Choices};

/// What the calls show of a switch: operations that fail or, because nothing was found, are
/// not called; and members that read otherwise. `*` is any family.
const SHOWN: &[(&str, &str, &[&str])] = &[
    (
        "list_lag",
        "5s",
        &[
            "comments.update is not called",
            "comments.delete is not called",
            "comments.files is not called",
            "comments.add_file is not called",
        ],
    ),
    ("part_lag", "1s", &["*.links reads LINKS otherwise"]),
    (
        "tags_in_parent",
        "ignored",
        &["*.create reads TAGS otherwise"],
    ),
    (
        "html",
        "wrapped",
        &[
            "tasks.create reads DETAILS otherwise",
            "events.create reads DETAILS otherwise",
            "comments.update reads BODY otherwise",
        ],
    ),
    (
        "lead_links",
        "404",
        &[
            "leads.links fails: NotFound",
            "leads.add_link fails: NotFound",
            "leads.update_link is not called",
            "leads.remove_link is not called",
        ],
    ),
];

/// Whether the calls show one of these switches.
pub(crate) fn shows(set: &Choices) -> bool {
    let mut shown = SHOWN.iter();
    shown.any(|(switch, choice, _)| set.get(switch) == Some(choice))
}

/// What is shown is what the switches say, nothing more, and of one switch nothing less.
pub(crate) async fn shows_what_the_switches_are_about(account: &Account) {
    let mut report = Report::new(
        account.wire.clone(),
        insightly_operations::is_absent,
        |_| (),
    );
    let price_book = 1001.into();
    insightly_operations::call_all(&account.client, false, price_book, &mut report).await;
    let found = found(&report);
    let expected: Vec<_> = SHOWN
        .iter()
        .filter(|(switch, choice, _)| account.is(switch, choice))
        .flat_map(|(_, _, shown)| *shown)
        .collect();
    let set = &account.set;
    for one in &found {
        let explained = expected.iter().any(|pattern| matches(pattern, one));
        assert!(explained, "{one}, under {set:?}");
    }
    for pattern in expected.iter().filter(|_| set.len() == 1) {
        let seen = found.iter().any(|one| matches(pattern, one));
        assert!(seen, "not seen: {pattern}, under {set:?}");
    }
}

fn matches(pattern: &str, found: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => found.ends_with(end),
        None => found == pattern,
    }
}

fn found(report: &Report) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    let mut found = BTreeSet::new();
    for (name, came) in report.calls() {
        called.insert(*name);
        match came {
            Came::Good => {}
            Came::Absent(error) | Came::Failed(error) => {
                found.insert(format!("{name} fails: {:?}", error.kind()));
            }
            Came::Impossible(why) => {
                found.insert(format!("{name} is impossible: {why}"));
            }
        }
    }
    for difference in report.differences() {
        let (operation, member) = (difference.operation, &difference.member);
        found.insert(format!("{operation} reads {member} otherwise"));
    }
    for operation in insightly::operations() {
        if !called.contains(operation.name()) {
            found.insert(format!("{} is not called", operation.name()));
        }
    }
    found
}
