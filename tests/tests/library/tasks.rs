//! Tasks between both systems, edited by hand on either side.

use serde_json::{Value, json};

use crate::story::Story;

/// A contact on both sides, and its ids.
struct Person {
    story: Story,
    ghl: String,
    insightly: i64,
}

impl Person {
    async fn begin() -> Self {
        let mut story = Story::of_all_kinds().await;
        let ada = json!({ "firstName": "Ada", "email": "ada@example.com" });
        story.ghl().create(&ada).unwrap();
        story.settle().await;
        let ghl = story.the_only_one_in_ghl()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let insightly = story.the_only_one_in_insightly()["CONTACT_ID"]
            .as_i64()
            .unwrap();
        Self {
            story,
            ghl,
            insightly,
        }
    }

    /// One task that was made in GHL and is on both sides.
    async fn with_a_task() -> Self {
        let mut person = Self::begin().await;
        person.add_in_ghl(&json!({ "title": "Call Ada", "dueDate": "2026-11-26T05:30:00.000Z" }));
        person.story.settle().await;
        person
    }

    fn add_in_ghl(&self, task: &Value) {
        let mut task = task.clone();
        task["contactId"] = json!(self.ghl);
        let tasks = self.story.world.sandbox.ghl().family("tasks");
        tasks.create(&task).unwrap();
    }

    fn in_ghl(&self) -> Value {
        only(
            self.story
                .world
                .sandbox
                .ghl()
                .family("tasks")
                .all()
                .unwrap(),
        )
    }

    fn in_insightly(&self) -> Value {
        only(
            self.story
                .world
                .sandbox
                .insightly()
                .family("tasks")
                .all()
                .unwrap(),
        )
    }

    fn edit_in_insightly(&self, changes: &Value) {
        let id = self.in_insightly()["TASK_ID"].clone();
        let tasks = self.story.world.sandbox.insightly().family("tasks");
        tasks.edit(id, changes).unwrap();
    }
}

fn only(all: Vec<Value>) -> Value {
    match all.try_into() {
        Ok::<[Value; 1], _>([one]) => one,
        Err(all) => panic!("there is not one task, but {all:?}"),
    }
}

fn due_day(task: &Value) -> &str {
    &task["DUE_DATE"].as_str().unwrap()[..10]
}

#[tokio::test]
async fn a_task_of_ghl_arrives_on_its_day_under_its_contact() {
    let mut person = Person::with_a_task().await;
    let task = person.in_insightly();
    assert_eq!(task["TITLE"], "Call Ada");
    // Half past eleven at night in Chicago.
    assert_eq!(due_day(&task), "2026-11-25");
    assert_eq!(task["LINKS"][0]["LINK_OBJECT_ID"], person.insightly);
    person.story.is_quiet().await;
}

#[tokio::test]
async fn done_in_insightly_is_done_in_ghl() {
    let mut person = Person::with_a_task().await;
    let done = json!({ "COMPLETED": true, "STATUS": "COMPLETED", "PERCENT_COMPLETE": 100 });
    person.edit_in_insightly(&done);
    person.story.settle().await;
    assert_eq!(person.in_ghl()["completed"], true);
    person.story.is_quiet().await;
}
