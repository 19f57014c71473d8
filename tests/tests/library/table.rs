//! The planner's table.

use std::{fs, path::Path};

use tests::table;

#[test]
fn every_pattern_of_one_field_is_planned_as_the_words_say() {
    table::oracle().unwrap();
}

#[test]
fn what_is_not_observed_changes_nothing_and_what_cannot_be_read_is_held() {
    table::sights().unwrap();
}

#[test]
fn an_edit_wins_where_it_is_certainly_later() {
    table::evidence().unwrap();
}

#[test]
fn swapped_sides_get_the_mirrored_plan() {
    table::mirror().unwrap();
}

#[test]
fn a_plan_that_is_applied_leaves_nothing_to_plan_also_if_a_side_fails_once() {
    table::termination().unwrap();
}

#[test]
fn a_tag_under_another_name_neither_comes_back_nor_stays_behind() {
    table::renamed_tags().unwrap();
}

#[test]
fn the_table_for_people_fits_on_a_few_pages() {
    let table = table::prove().unwrap();
    assert!(table.rows.len() <= 150, "{} rows", table.rows.len());
}

/// `UPDATE_TABLE=1` writes the page.
#[test]
fn the_guide_shows_the_table_as_it_is() {
    let page = table::prove().unwrap().page();
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sync-core/src/guide");
    let place = guide.join("planner_table.md");
    if std::env::var_os("UPDATE_TABLE").is_some() {
        fs::write(&place, &page).unwrap();
    }
    assert_eq!(fs::read_to_string(&place).unwrap(), page);
}
