//! Something goes wrong on the way, and the end is the same.

use crm_sandbox::{Crm, Fault, FaultRule, Sandbox, When};
use ghl_insightly::agreement::Before;
use serde_json::json;
use tests::world::{Timing, World};

use crate::story::Story;

type Side = fn(&Sandbox) -> &Crm;

const BOTH: [Side; 2] = [Sandbox::ghl, Sandbox::insightly];

/// A first sync and two rounds of edits, with a fault on every third request of one side.
async fn ends_well(side: Side, fault: Fault, times: u64) {
    let people = Sandbox::builder()
        .seed(9)
        .ghl_contacts(8)
        .insightly_contacts(6)
        .shared(4);
    let world = World::start(people, Timing::LAGGING).await.unwrap();
    let before = Before::of(&world.sandbox).unwrap();
    let mut story = Story::within(world).await;
    let crm = side(&story.world.sandbox).clone();
    crm.add_fault(FaultRule::new("contacts.*", When::Every(3), fault).times(times))
        .unwrap();
    story.settle().await;
    let kept = story.kept().await;
    for (n, (left, right)) in kept.pairs().iter().take(2).enumerate() {
        let name = json!(format!("Edited {n}"));
        story.ghl().edit(left, &json!({ "city": name })).unwrap();
        story
            .insightly()
            .edit(right, &json!({ "LAST_NAME": name }))
            .unwrap();
    }
    story.settle().await;
    crm.clear_faults();
    story.settle().await;
    let kept = story.kept().await;
    kept.agrees(&story.world.sandbox, &before).unwrap();
    story.is_quiet().await;
}

async fn ends_well_on_both_sides(fault: Fault, times: u64) {
    let [ghl, insightly] = BOTH.map(|side| Box::pin(ends_well(side, fault.clone(), times)));
    tokio::join!(ghl, insightly);
}

fn status(status: u16, work_done: bool) -> Fault {
    Fault::Status {
        status,
        body: json!({ "message": "sorry" }),
        work_done,
    }
}

#[tokio::test]
async fn lost_replies_end_well() {
    ends_well_on_both_sides(Fault::ResetAfter, 8).await;
}

#[tokio::test]
async fn connections_that_break_before_the_work_end_well() {
    ends_well_on_both_sides(Fault::ResetBefore, 8).await;
}

#[tokio::test]
async fn throttling_ends_well() {
    let fault = Fault::TooManyRequests {
        retry_after: Some(1),
        day_used_up: false,
    };
    ends_well_on_both_sides(fault, 3).await;
}

#[tokio::test]
async fn server_errors_that_did_nothing_end_well() {
    ends_well_on_both_sides(status(503, false), 6).await;
}

#[tokio::test]
async fn server_errors_that_did_the_work_end_well() {
    ends_well_on_both_sides(status(500, true), 6).await;
}

#[tokio::test]
async fn truncated_bodies_end_well() {
    ends_well_on_both_sides(Fault::Truncate, 8).await;
}

#[tokio::test]
async fn html_instead_of_an_answer_ends_well() {
    ends_well_on_both_sides(Fault::Html { status: 200 }, 6).await;
}

#[tokio::test]
async fn html_from_a_gateway_ends_well() {
    ends_well_on_both_sides(Fault::Html { status: 502 }, 6).await;
}

#[tokio::test]
async fn a_create_whose_reply_was_lost_is_adopted_not_repeated() {
    for side in BOTH {
        let world = World::empty(Timing::LAGGING).await.unwrap();
        let mut story = Story::within(world).await;
        story
            .ghl()
            .create(&json!({ "firstName": "Ada", "email": "ada@example.com" }))
            .unwrap();
        let grace = json!({ "FIRST_NAME": "Grace", "EMAIL_ADDRESS": "grace@example.com" });
        story.insightly().create(&grace).unwrap();
        let crm = side(&story.world.sandbox).clone();
        crm.add_fault(FaultRule::new(
            "contacts.create",
            When::Nth(1),
            Fault::ResetAfter,
        ))
        .unwrap();
        let report = story.settle().await;
        assert_eq!(report.adopted, 1, "{report:?}");
        assert_eq!(story.world.counted("contacts.create"), 2);
        assert_eq!(story.ghl().all().unwrap().len(), 2);
        assert_eq!(story.insightly().all().unwrap().len(), 2);
        story.is_quiet().await;
    }
}

#[tokio::test]
async fn a_create_whose_reply_was_lost_is_edited_meanwhile_and_nothing_is_lost() {
    let world = World::empty(Timing::LAGGING).await.unwrap();
    let mut story = Story::within(world).await;
    story
        .ghl()
        .create(&json!({ "firstName": "Ada", "email": "ada@example.com" }))
        .unwrap();
    let crm = story.world.sandbox.insightly().clone();
    crm.add_fault(FaultRule::new(
        "contacts.create",
        When::Nth(1),
        Fault::ResetAfter,
    ))
    .unwrap();
    while story.world.counted("contacts.create") == 0 {
        story.cycle().await;
    }
    story.edit_in_ghl(&json!({ "lastName": "King" }));
    story.edit_in_insightly(&json!({ "PHONE_MOBILE": "+14155550142" }));
    story.settle().await;
    assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "King");
    assert_eq!(story.the_only_one_in_ghl()["phone"], "+14155550142");
    story.is_quiet().await;
}

#[tokio::test]
async fn an_update_whose_reply_was_lost_is_found_done() {
    for side in BOTH {
        let world = World::empty(Timing::LAGGING).await.unwrap();
        let mut story = Story::within(world).await;
        story
            .ghl()
            .create(&json!({ "firstName": "Ada", "email": "ada@example.com" }))
            .unwrap();
        story.settle().await;
        let crm = side(&story.world.sandbox).clone();
        crm.add_fault(FaultRule::new(
            "contacts.update",
            When::Nth(1),
            Fault::ResetAfter,
        ))
        .unwrap();
        crm.forget_requests();
        story.edit_in_ghl(&json!({ "lastName": "King" }));
        story.edit_in_insightly(&json!({ "PHONE_MOBILE": "+14155550142" }));
        story.settle().await;
        // A PUT may be repeated by the client; nothing else repeats it.
        assert!(crm.requests()["contacts.update"] <= 2);
        assert_eq!(story.the_only_one_in_insightly()["LAST_NAME"], "King");
        assert_eq!(story.the_only_one_in_ghl()["phone"], "+14155550142");
        story.is_quiet().await;
    }
}

/// The forms that serde knows, as it names them to whoever has written another one.
fn forms<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let why = serde_json::from_value::<T>(json!("?")).err().unwrap();
    let why = why.to_string();
    why.split('`')
        .skip(3)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_readme_shows_all_forms_of_faults_and_each_is_taken() {
    let readme = include_str!("../../../README.md");
    let (_, shown) = readme.split_once("```json\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let sandbox = Sandbox::builder().build();
    for line in shown.lines() {
        let rule: FaultRule = serde_json::from_str(line).unwrap();
        let known = BOTH.map(|side| side(&sandbox).add_fault(rule.clone()));
        assert!(known.iter().any(Result::is_ok), "{line}");
    }
    for form in [forms::<Fault>(), forms::<When>()].concat() {
        assert!(shown.contains(&format!("\"{form}\"")), "{form}");
    }
}
