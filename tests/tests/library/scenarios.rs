//! The stories that must end well, with few records; `prove scenarios` tells them in full.

use std::collections::BTreeMap;

use sync_core::{Both, Side};
use tests::{
    scenarios::{Scenarios, Under, stories, switches, tell},
    scene::Stage,
};

macro_rules! told {
    ($($name:ident $number:literal)*) => {
        $(#[tokio::test]
        async fn $name() {
            tell($number, Stage::default()).await.unwrap();
        })*

        #[test]
        fn each_story_is_told_here() {
            let here = [$($number),*];
            let all: Vec<u8> = stories().map(|story| story.number).collect();
            assert_eq!(here.as_slice(), all);
        }
    };
}

told! {
    a_first_sync_costs_what_the_plan_foretold 1
    a_first_sync_takes_the_days_that_it_takes 2
    edits_during_a_first_sync_arrive 3
    a_first_sync_survives_being_killed 4
    blanks_are_filled_and_differences_held 5
    who_is_entered_twice_is_one_person 6
    nobody_guesses_who_is_who 7
    a_lead_is_in_the_way_and_never_deleted_for 8
    a_phone_of_somebody_else_is_held 9
    edits_of_both_sides_meet 10
    an_email_that_moves_arrives 11
    phones_in_any_form_are_one_phone 12
    two_halves_make_no_third_address 13
    companies_are_linked_and_not_doubled 14
    tags_are_a_set_without_case 15
    an_opt_out_is_law 16
    a_birthday_is_a_day 17
    text_arrives_as_it_was_or_is_held 18
    an_option_that_nobody_knows_is_held 19
    workflows_and_we_do_not_fight 20
    an_old_row_is_no_edit 21
    a_status_lives_on_its_own_side 22
    a_due_day_is_that_of_the_location 23
    a_thousand_tasks_stay_a_thousand 24
    a_task_of_two_contacts_is_one_task 25
    a_note_is_text_here_and_markup_there 26
    a_lost_link_makes_no_second_task 27
    an_appointment_has_one_task 28
    a_delete_is_followed_or_asked_about_and_never_guessed 29
    a_merge_deletes_nothing 30
    what_may_not_be_seen_is_not_gone 31
    what_leaves_comes_back_and_a_changed_file_blanks_nothing 32
    an_accident_is_asked_about 33
    who_is_forgotten_stays_forgotten 34
    an_import_is_read_once 35
    an_outage_loses_nothing 36
    a_record_belongs_to_one_connection 37
    a_stray_edit_is_kept_reverted_or_held 38
    a_lost_store_is_rebuilt 39
    an_older_store_is_opened_and_a_newer_one_refused 40
    a_second_tool_is_not_fought 41
    hints_are_hints 42
    whatever_people_do_arrives 43
}

/// Short ones that ask for many switches.
const UNDER_SWITCHES: [u8; 7] = [5, 9, 14, 15, 20, 26, 28];

/// What no answer to these stories depends on: `prove scenarios --switches` has what other stories
/// ask for. A new switch is flipped here, or named.
const NOT_ASKED: Both<&[&str]> = Both {
    left: &[
        "appointment_zone",
        "bad_phone",
        "bulk_business_limit",
        "business_count",
        "client_credentials",
        "company_makes_business",
        "custom_field_event",
        "deleted_business",
        "deleted_contact",
        "deleted_task",
        "dnd_bump",
        "empty_write",
        "expired_token",
        "list_order",
        "location_refresh",
        "missing_location",
        "missing_status",
        "null_write",
        "pkce",
        "refresh_grace",
        "restored_contact",
        "spent_refresh",
        "state_echo",
        "task_create_event",
        "task_search_limit",
        "upsert_secondary",
    ],
    right: &[
        "bad_email",
        "child_post",
        "custom_fields_put",
        "date_only",
        "email_body",
        "empty_write",
        "error_body",
        "image_bump",
        "iso_dates",
        "large_top",
        "lead_links",
        "link_twice",
        "long_text",
        "merge_bump",
        "no_rights",
        "part_lag",
        "parts_put",
        "pipeline_in_body",
        "put_two_ids",
        "put_unknown_id",
        "rate_scope",
        "restore_bump",
        "retry_after",
        "stale_if_match",
        "sublist_status",
        "tag_bump",
        "tag_case",
        "two_filters",
        "unauthorized_body",
        "unknown_country",
        "unknown_custom_field",
        "unknown_option",
    ],
};

#[tokio::test]
async fn short_stories_end_well_under_each_switch_that_they_ask_for() {
    let only = UNDER_SWITCHES.to_vec();
    let under = Under::EachSwitch;
    let proved = Scenarios { only, under }.prove(|_| ()).await;
    let failed = proved.stories.iter().filter_map(|of| {
        let why = of.failed.as_ref()?;
        Some(((of.number, of.switch.clone()), why.clone()))
    });
    assert_eq!(failed.collect::<BTreeMap<_, _>>(), BTreeMap::new());
    let asked = |side| proved.flipped.iter().filter(move |(of, _)| *of == side);
    for side in Side::BOTH {
        assert!(asked(side).count() > 10, "{side}");
    }
    let never: Vec<_> = switches().difference(&proved.flipped).copied().collect();
    let named = Side::BOTH
        .into_iter()
        .flat_map(|side| NOT_ASKED[side].iter().map(move |name| (side, *name)));
    assert_eq!(never, named.collect::<Vec<_>>());
}
