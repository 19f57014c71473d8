//! What is measured of the APIs is what the sandbox is switched to.

use std::{future::Future, pin::Pin, time::Duration};

use ghl_insightly::{Answer, Calibration, Connected, Settings};
use jiff::Timestamp;
use serde_json::json;
use sync_core::{Clock, ConnectionId, Side};
use tests::world::{Timing, World};

/// The sandbox's clock; who waits moves it.
struct SandboxClock(crm_sandbox::Clock);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep_until(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wait = Duration::try_from(until.duration_since(self.0.now())).unwrap_or_default();
        self.0.advance(wait);
        Box::pin(std::future::ready(()))
    }
}

async fn measured(world: &World) -> Calibration {
    let settings = Settings::read(&world.settings_path()).unwrap();
    let connected = Connected::new(&settings).await.unwrap();
    let clock = SandboxClock(world.sandbox.clock().clone());
    Calibration::measure(&connected, &clock).await
}

/// A question, its answer in an unswitched sandbox, a switch, and the answer then.
const QUESTIONS: [(&str, &str, Side, &str, &str, &str); 18] = [
    (
        "ghl.tags_move_stamp",
        "yes",
        Side::Left,
        "tag_bump",
        "no",
        "no",
    ),
    (
        "ghl.opt_out_moves_stamp",
        "yes",
        Side::Left,
        "dnd_bump",
        "no",
        "no",
    ),
    (
        "ghl.business_moves_stamp",
        "yes",
        Side::Left,
        "business_bump",
        "no",
        "no",
    ),
    (
        "ghl.company_makes_business",
        "no",
        Side::Left,
        "company_makes_business",
        "yes",
        "yes",
    ),
    (
        "ghl.notes_move_stamp",
        "no",
        Side::Left,
        "note_bump",
        "date_updated",
        "yes",
    ),
    (
        "ghl.tasks_move_stamp",
        "no",
        Side::Left,
        "task_bump",
        "date_updated",
        "yes",
    ),
    (
        "ghl.task_order",
        "newest first",
        Side::Left,
        "task_search_order",
        "due_first",
        "by due date",
    ),
    (
        "ghl.task_order",
        "newest first",
        Side::Left,
        "task_search_order",
        "oldest_first",
        "oldest first",
    ),
    (
        "ghl.task_pages_of_200",
        "yes",
        Side::Left,
        "task_search_limit",
        "refused",
        "no",
    ),
    ("ghl.emoji", "yes", Side::Left, "email_case", "lower", "yes"),
    (
        "insightly.tags_in_post",
        "yes",
        Side::Right,
        "tags_in_parent",
        "ignored",
        "no",
    ),
    (
        "insightly.tags_move_stamp",
        "yes",
        Side::Right,
        "tag_bump",
        "no",
        "no",
    ),
    (
        "insightly.notes_move_stamp",
        "no",
        Side::Right,
        "note_bump",
        "yes",
        "yes",
    ),
    (
        "insightly.tasks_move_stamp",
        "no",
        Side::Right,
        "task_bump",
        "yes",
        "yes",
    ),
    (
        "insightly.note_html",
        "kept",
        Side::Right,
        "html",
        "wrapped",
        "wrapped",
    ),
    ("insightly.etag", "yes", Side::Right, "etag", "off", "no"),
    (
        "insightly.search_is_prompt",
        "yes",
        Side::Right,
        "list_lag",
        "5s",
        "no",
    ),
    (
        "insightly.missing",
        "404",
        Side::Right,
        "no_rights",
        "404",
        "404",
    ),
];

fn answer(calibration: &Calibration, name: &str) -> String {
    calibration.answer(name).unwrap().to_string()
}

#[tokio::test]
async fn a_calibration_finds_what_the_sandbox_is_switched_to_and_leaves_nothing_behind() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let plain = measured(&world).await;
    assert_eq!(plain.left_behind, Vec::<String>::new());
    for crm in [world.sandbox.ghl(), world.sandbox.insightly()] {
        assert!(crm.contacts().all().unwrap().is_empty());
    }
    for finding in &plain.findings {
        let unknown = matches!(finding.answer, Answer::Unknown(_));
        assert!(!unknown, "{finding:?}");
    }
    for (question, expected, side, switch, choice, switched) in QUESTIONS {
        assert_eq!(answer(&plain, question), expected, "{question}");
        let world = World::empty(Timing::PROMPT).await.unwrap();
        world.crms()[side].set_switch(switch, choice).unwrap();
        let found = measured(&world).await;
        assert_eq!(
            answer(&found, question),
            switched,
            "{question} where {switch} is {choice}"
        );
    }
}

/// Ada works for Acme, which is not for the eyes of the key's user.
async fn where_something_is_hidden(no_rights: &str) -> World {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let insightly = world.sandbox.insightly();
    insightly.set_switch("no_rights", no_rights).unwrap();
    let users = insightly.family("users");
    for user in users.all().unwrap() {
        let id = user["USER_ID"].to_string();
        let edit = json!({ "ADMINISTRATOR": false });
        users.edit(&id, &edit).unwrap();
    }
    let acme = json!({ "ORGANISATION_NAME": "Acme" });
    let acme = insightly.family("organisations").create(&acme).unwrap();
    let acme = &acme["ORGANISATION_ID"];
    let ada = json!({ "FIRST_NAME": "Ada", "ORGANISATION_ID": acme });
    insightly.contacts().create(&ada).unwrap();
    let hide = json!({ "family": "organisations", "id": acme });
    insightly.order("hide", &hide).unwrap();
    world
}

#[tokio::test]
async fn how_hidden_records_are_answered_is_found_where_one_is_named() {
    for no_rights in ["403", "404"] {
        let world = where_something_is_hidden(no_rights).await;
        let found = measured(&world).await;
        assert_eq!(answer(&found, "insightly.hidden"), no_rights);
    }
    let nothing = World::empty(Timing::PROMPT).await.unwrap();
    let found = measured(&nothing).await;
    let all = "the key is an administrator's, who sees all";
    assert_eq!(answer(&found, "insightly.hidden"), all);
}

#[tokio::test]
async fn a_store_keeps_it_and_silent_edits_are_looked_for_more_often() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let plain = measured(&world).await;
    assert_eq!(plain.walk_every(), Duration::from_secs(24 * 3600));
    world.sandbox.ghl().set_switch("tag_bump", "no").unwrap();
    let silent = measured(&world).await;
    assert!(silent.has_silent_edits());
    assert_eq!(silent.walk_every(), Duration::from_secs(3600));
    let (store, here) = (world.store().unwrap(), ConnectionId::new("main"));
    assert_eq!(Calibration::kept(&*store, &here).await.unwrap(), None);
    silent.keep(&*store, &here).await.unwrap();
    assert_eq!(
        Calibration::kept(&*store, &here).await.unwrap(),
        Some(silent)
    );
}
