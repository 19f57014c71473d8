//! The planner's table.

use tests::table;

#[test]
fn every_pattern_of_one_field_is_planned_as_the_words_say() {
    table::oracle().unwrap();
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
