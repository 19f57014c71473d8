use std::collections::HashSet;

use ghl_contacts::{Method, operations};

#[test]
fn names_and_routes_are_each_there_once() {
    let mut names = HashSet::new();
    let mut routes = HashSet::new();
    for op in operations() {
        assert!(names.insert(op.name()), "{}", op.name());
        assert!(routes.insert((op.method(), op.path())), "{}", op.path());
    }
}

#[test]
fn every_get_is_a_read_and_reads_need_no_write_scope() {
    for op in operations() {
        assert!(op.method() != Method::GET || op.is_read(), "{}", op.name());
        if op.is_read() {
            assert!(op.is_repeatable());
            assert!(
                op.scopes().iter().all(|s| s.as_str().ends_with("readonly")),
                "{}",
                op.name()
            );
        }
    }
}
