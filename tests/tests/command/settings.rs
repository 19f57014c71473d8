//! A settings file that does not do: exit code 3, with the place and what was meant.

use tests::world::{Timing, World};

use crate::said::{ended_badly, ended_well, run_once, with_variables};

/// A world whose settings file has one thing replaced.
async fn with(from: &str, to: &str) -> World {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    assert!(text.contains(from));
    world.write_settings(&text.replace(from, to)).unwrap();
    world
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    std::fs::remove_file(world.settings_path()).unwrap();
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["ghl-insightly.toml", "cannot be read"]);
}

#[tokio::test]
async fn an_unknown_key_is_told_with_its_line_and_the_nearest_one() {
    let world = with("location =", "locatoin =").await;
    let ended = run_once(&world).await;
    let words = [
        "ghl-insightly.toml, line 6",
        "`locatoin`",
        "did you mean `location`?",
    ];
    ended_badly(&ended, 3, &words);
}

#[tokio::test]
async fn a_missing_key_is_told_with_the_table_that_lacks_it() {
    let world = with("location =", "# location =").await;
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        3,
        &["ghl-insightly.toml, line 4", "`location` is missing"],
    );
    let world = with("token =", "# token =").await;
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        3,
        &["line 4", "`token` is missing: a secret is given by"],
    );
    let world = with("store =", "# store =").await;
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["ghl-insightly.toml", "`store` is missing"]);
}

#[tokio::test]
async fn a_policy_that_is_none_is_told_with_the_nearest_one() {
    let world = with("\"newest\"", "\"newst\"").await;
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["line 18", "`newst`", "did you mean `newest`?"]);
}

#[tokio::test]
async fn a_number_that_is_none_is_told_with_its_line() {
    let world = with("reply_grace_ms = 200", "reply_grace_ms = \"soon\"").await;
    let ended = run_once(&world).await;
    let words = "line 2: `reply_grace_ms`: a whole number from 0 to 3600000 is wanted, and it is `\"soon\"`";
    ended_badly(&ended, 3, &[words]);
}

#[tokio::test]
async fn what_is_far_from_all_that_is_known_is_not_guessed() {
    let world = with("limits = \"off\"", "limits = \"fast\"").await;
    let ended = run_once(&world).await;
    let words = "`ghl.limits`: `fast` is none of `private-integration`, `marketplace-app`, `off`";
    ended_badly(&ended, 3, &["line 9", words]);
    assert!(!ended.stderr.contains("did you mean"), "{}", ended.stderr);
}

#[tokio::test]
async fn the_readme_lists_all_that_limits_may_be() {
    let readme = include_str!("../../../README.md");
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let text = world.settings_text(Timing::PROMPT);
    for (at, table) in ["ghl", "insightly"].into_iter().enumerate() {
        let (at, _) = text.match_indices("limits = \"off\"").nth(at).unwrap();
        let wrong = text[at..].replacen("\"off\"", "\"?\"", 1);
        world
            .write_settings(&format!("{}{wrong}", &text[..at]))
            .unwrap();
        let ended = run_once(&world).await;
        let of = format!("`{table}.limits`: `?` is none of ");
        ended_badly(&ended, 3, &[&of]);
        let (_, names) = ended.stderr.trim_end().split_once(&of).unwrap();
        assert!(readme.contains(names), "{names}");
    }
}

#[tokio::test]
async fn what_is_no_toml_is_told_with_its_line() {
    let world = with("[rules]", "[rules").await;
    ended_badly(&run_once(&world).await, 3, &["line 17"]);
}

#[tokio::test]
async fn a_rule_for_a_field_that_nobody_knows_is_told_with_the_nearest_one() {
    let world = with(
        "[first_sync]",
        "[rules.fields]\nemial = \"hold\"\n[first_sync]",
    )
    .await;
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["emial", "did you mean `email`?"]);
}

#[tokio::test]
async fn a_secret_in_plain_text_is_refused_and_never_repeated() {
    let secret = "pit-0123-plain";
    let world = with("{ file = \"ghl.token\" }", &format!("\"{secret}\"")).await;
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["line 7", "by reference", "env", "file"]);
    assert!(!ended.stderr.contains(secret) && !ended.stdout.contains(secret));
}

#[tokio::test]
async fn an_environment_variable_that_is_not_set_is_named() {
    let world = with("{ file = \"ghl.token\" }", "{ env = \"GHL_TOKEN\" }").await;
    let ended = run_once(&world).await;
    ended_badly(&ended, 3, &["GHL_TOKEN", "is not set"]);
    let token = world.sandbox.ghl_token();
    let ended = with_variables(&world, &["run", "--once"], &[("GHL_TOKEN", token)]).await;
    ended_well(&ended);
}

#[tokio::test]
async fn a_secret_file_that_is_missing_or_empty_is_named() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    std::fs::write(world.path("insightly.key"), " \n").unwrap();
    ended_badly(&run_once(&world).await, 3, &["insightly.key", "empty"]);
    std::fs::remove_file(world.path("insightly.key")).unwrap();
    ended_badly(
        &run_once(&world).await,
        3,
        &["insightly.key", "cannot be read"],
    );
}

#[tokio::test]
async fn a_custom_field_that_is_not_there_is_told_with_the_nearest_one() {
    let world = with("ghl = \"Hobby\"", "ghl = \"Hoby\"").await;
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        3,
        &["GHL has no custom field `Hoby`", "did you mean `Hobby`?"],
    );
}

#[tokio::test]
async fn two_custom_fields_of_two_types_are_no_pair() {
    let world = with("ghl = \"Hobby\"", "ghl = \"Renewal\"").await;
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        3,
        &["`Renewal` is DATE", "`Hobby__c`", "cannot be paired"],
    );
}

#[tokio::test]
async fn a_custom_field_in_two_pairs_or_in_a_pair_and_a_marker_is_told() {
    let pair = "[[custom_field]]\nghl = \"Interests\"\ninsightly = \"Interests__c\"";
    let again = "[[custom_field]]\nghl = \"contact.hobby\"\ninsightly = \"Hobby__c\"";
    let world = with(pair, again).await;
    let ended = run_once(&world).await;
    ended_badly(
        &ended,
        3,
        &["the field `contact.hobby` of GHL is named twice"],
    );
    let marker = "[markers]\ninsightly = \"Hobby__c\"\n[rules]";
    let ended = run_once(&with("[rules]", marker).await).await;
    ended_badly(
        &ended,
        3,
        &["the field `Hobby__c` of Insightly is named twice"],
    );
}

#[tokio::test]
async fn an_option_that_is_none_is_wrong_use() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let ended = with_variables(&world, &["run", "--onse"], &[]).await;
    assert_eq!(ended.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("--once"), "{}", ended.stderr);
}
