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

    fn add_in_insightly(&self, task: &Value) {
        let mut task = task.clone();
        task["LINKS"] =
            json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": self.insightly }]);
        let tasks = self.story.world.sandbox.insightly().family("tasks");
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

    fn edit_in_ghl(&self, changes: &Value) {
        let id = self.in_ghl()["id"].as_str().unwrap().to_owned();
        let tasks = self.story.world.sandbox.ghl().family("tasks");
        tasks.edit(id, changes).unwrap();
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
async fn another_day_keeps_the_hour_that_ghl_had() {
    let mut person = Person::with_a_task().await;
    person.edit_in_insightly(&json!({ "DUE_DATE": "2026-11-27 00:00:00" }));
    person.story.settle().await;
    let due = person.in_ghl()["dueDate"].as_str().unwrap().to_owned();
    assert!(due.starts_with("2026-11-28T05:30:00"), "{due}");
    person.story.is_quiet().await;
}

#[tokio::test]
async fn a_due_date_that_was_made_never_travels_back() {
    let mut person = Person::begin().await;
    person.add_in_insightly(&json!({ "TITLE": "Some day" }));
    person.story.settle().await;
    assert!(person.in_ghl()["dueDate"].is_string());
    assert!(person.in_insightly()["DUE_DATE"].is_null());
    person.story.is_quiet().await;
    person.edit_in_ghl(&json!({ "dueDate": "2027-01-05T18:00:00.000Z" }));
    person.story.settle().await;
    assert_eq!(due_day(&person.in_insightly()), "2027-01-05");
    person.story.is_quiet().await;
}

#[tokio::test]
async fn done_and_reopened_restores_the_last_open_status() {
    let mut person = Person::with_a_task().await;
    person.edit_in_insightly(&json!({ "STATUS": "WAITING", "PERCENT_COMPLETE": 40 }));
    let written = person.story.world.writes();
    person.story.settle().await;
    assert_eq!(
        person.story.world.writes(),
        written,
        "a status lives in Insightly only"
    );
    person.edit_in_ghl(&json!({ "completed": true }));
    person.story.settle().await;
    let task = person.in_insightly();
    assert_eq!(task["COMPLETED"], true);
    assert_eq!(task["STATUS"], "COMPLETED");
    assert_eq!(task["PERCENT_COMPLETE"], 100);
    person.edit_in_ghl(&json!({ "completed": false }));
    person.story.settle().await;
    let task = person.in_insightly();
    assert_eq!(task["COMPLETED"], false);
    assert_eq!(
        (&task["STATUS"], &task["PERCENT_COMPLETE"]),
        (&json!("WAITING"), &json!(40))
    );
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

#[tokio::test]
async fn a_task_of_several_contacts_belongs_to_the_first_linked() {
    let mut person = Person::begin().await;
    let bob = json!({ "FIRST_NAME": "Bob", "EMAIL_ADDRESS": "bob@example.com" });
    let bob = person.story.insightly().create(&bob).unwrap();
    let links = [json!(person.insightly), bob["CONTACT_ID"].clone()];
    let links = links.map(|id| json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": id }));
    let tasks = person.story.world.sandbox.insightly().family("tasks");
    tasks
        .create(&json!({ "TITLE": "Both", "LINKS": links }))
        .unwrap();
    person.story.settle().await;
    assert_eq!(person.in_ghl()["contactId"], person.ghl.as_str());
    person.story.is_quiet().await;
}

#[tokio::test]
async fn a_lost_link_makes_no_second_task() {
    use crm_sandbox::{Fault, FaultRule, When};
    let mut person = Person::begin().await;
    let insightly = person.story.world.sandbox.insightly();
    insightly.add_fault(FaultRule::new(
        "tasks.add_link",
        When::Nth(1),
        Fault::ResetAfter,
    ));
    insightly.add_fault(FaultRule::new(
        "tasks.create",
        When::Nth(1),
        Fault::ResetAfter,
    ));
    person.add_in_ghl(&json!({ "title": "Call", "dueDate": "2026-11-26T15:00:00.000Z" }));
    person.story.settle().await;
    assert_eq!(person.in_insightly()["LINKS"].as_array().unwrap().len(), 1);
    person.in_ghl();
    person.story.is_quiet().await;
}
