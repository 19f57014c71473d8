//! Notes between both systems, edited by hand on either side.

use crm_sandbox::Records;
use serde_json::{Value, json};

use crate::story::Story;

struct Person {
    story: Story,
    insightly: i64,
}

impl Person {
    async fn begin() -> Self {
        let mut story = Story::of_all_kinds().await;
        let ada = json!({ "firstName": "Ada", "email": "ada@example.com" });
        story.ghl().create(&ada).unwrap();
        story.settle().await;
        let insightly = story.the_only_one_in_insightly()["CONTACT_ID"]
            .as_i64()
            .unwrap();
        Self { story, insightly }
    }

    fn left(&self) -> Records<'_> {
        self.story.world.sandbox.ghl().family("notes")
    }

    fn right(&self) -> Records<'_> {
        self.story.world.sandbox.insightly().family("notes")
    }

    fn add_in_insightly(&self, note: &Value) {
        let mut note = note.clone();
        note["LINKS"] =
            json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": self.insightly }]);
        self.right().create(&note).unwrap();
    }

    /// Notes of GHL have no feed: the contact tells that it is to be visited.
    async fn settle(&mut self) {
        self.story
            .edit_in_ghl(&json!({ "city": format!("City {}", self.story.world.writes()) }));
        self.story.settle().await;
    }

    fn in_ghl(&self) -> Value {
        only(self.left().all().unwrap())
    }

    fn in_insightly(&self) -> Value {
        only(self.right().all().unwrap())
    }
}

fn only(all: Vec<Value>) -> Value {
    match all.try_into() {
        Ok::<[Value; 1], _>([one]) => one,
        Err(all) => panic!("there is not one note, but {all:?}"),
    }
}

#[tokio::test]
async fn a_note_of_insightly_is_text_in_ghl_and_an_edit_there_keeps_its_footer() {
    let mut person = Person::begin().await;
    person.add_in_insightly(&json!({ "TITLE": "Visit", "BODY": "<div>One</div><div>Two</div>" }));
    person.settle().await;
    let copy = person.in_ghl();
    assert_eq!(copy["title"], "Visit");
    let body = copy["body"].as_str().unwrap().to_owned();
    assert!(body.starts_with("One\nTwo\n\n[Insightly · "), "{body}");
    let id = copy["id"].as_str().unwrap();
    person
        .left()
        .edit(id, &json!({ "body": body.replace("Two", "Three") }))
        .unwrap();
    person.settle().await;
    assert_eq!(person.in_insightly()["BODY"], "<p>One<br>Three</p>");
    person.story.is_quiet().await;
}
