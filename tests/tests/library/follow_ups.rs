//! Appointments in GHL, each with one task in Insightly; story 28 tells more.

use serde_json::{Value, json};
use tests::world::{Timing, World};

use crate::story::Story;

/// Ada on both sides, with tasks and follow-ups synced.
struct Practice {
    story: Story,
    ada: String,
}

impl Practice {
    async fn open() -> Self {
        let world = World::empty(Timing::PROMPT).await.unwrap();
        let calendar = world.sandbox.ghl_calendar_id();
        let text = world.settings_text(Timing::PROMPT);
        let more = format!(
            "[sync]\nkinds = [\"contacts\", \"tasks\"]\n[follow_ups]\ncalendars = [\"{calendar}\"]\nfrom = \"2026-01-01\"\n"
        );
        world.write_settings(&format!("{text}\n{more}")).unwrap();
        let mut story = Story::within(world).await;
        let ada = json!({ "firstName": "Ada", "email": "ada@example.com" });
        let ada = story.ghl().create(&ada).unwrap();
        story.settle().await;
        let ada = ada["id"].as_str().unwrap().to_owned();
        Self { story, ada }
    }

    fn book(&self, title: &str, at: &str) -> String {
        let appointment = json!({ "contactId": self.ada, "title": title, "startTime": at });
        let ghl = self.story.world.sandbox.ghl();
        let booked = ghl.family("appointments").create(&appointment).unwrap();
        booked["id"].as_str().unwrap().to_owned()
    }

    fn change(&self, appointment: &str, changes: &Value) {
        let ghl = self.story.world.sandbox.ghl();
        ghl.family("appointments")
            .edit(appointment, changes)
            .unwrap();
    }

    fn task(&self) -> Value {
        let all = self.story.world.sandbox.insightly().family("tasks").all();
        match all.unwrap().try_into() {
            Ok::<[Value; 1], _>([one]) => one,
            Err(all) => panic!("there is not one task, but {all:?}"),
        }
    }

    fn edit_task(&self, changes: &Value) {
        let id = self.task()["TASK_ID"].clone();
        let insightly = self.story.world.sandbox.insightly();
        insightly.family("tasks").edit(id, changes).unwrap();
    }
}

fn day(task: &Value) -> &str {
    task["DUE_DATE"].as_str().unwrap().get(..10).unwrap()
}

#[tokio::test]
async fn what_people_do_with_the_task_stays() {
    let mut practice = Practice::open().await;
    let visit = practice.book("First visit", "2026-12-01T16:00:00.000Z");
    practice.story.settle().await;
    practice
        .edit_task(&json!({ "TITLE": "Send the offer", "COMPLETED": true, "STATUS": "COMPLETED" }));
    practice.story.settle().await;
    practice.change(&visit, &json!({ "startTime": "2026-12-02T16:00:00.000Z" }));
    practice.story.settle().await;
    let task = practice.task();
    assert_eq!(task["TITLE"], "Send the offer");
    assert_eq!(task["COMPLETED"], true);
    assert_eq!(day(&task), "2026-12-02");
    practice.story.is_quiet().await;
}

#[tokio::test]
async fn a_lost_store_finds_its_follow_ups_again() {
    let mut practice = Practice::open().await;
    let visit = practice.book("First visit", "2026-12-01T16:00:00.000Z");
    practice.story.settle().await;
    practice.story = practice.story.without_its_store().await;
    practice.story.settle().await;
    practice.change(&visit, &json!({ "startTime": "2026-12-02T16:00:00.000Z" }));
    practice.story.settle().await;
    assert_eq!(day(&practice.task()), "2026-12-02");
}
