//! The laws of the note mappers, on notes of all forms: plain, with markup, with formatting that
//! text cannot show, and copies with a footer. What the API does with a draft is done by the
//! sandbox, as for contacts.

use std::sync::Arc;

use crm_sandbox::{Crm, Sandbox};
use fastrand::Rng;
use ghl_insightly::{
    contact::CONTACT,
    ghl::{GhlNoteCall, GhlNoteMapper},
    insightly::{InsightlyNoteCall, InsightlyNoteMapper},
    note::{AUTHOR, WRITTEN, WRITTEN_IN},
    task::CONTACT_OF,
    user::Users,
};
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sync_core::{Draft, Record, RecordId, Ref, Side, testing::mapper_laws};

use crate::mapper_laws::{body, records};

const NOTES: usize = 150;

const LINES: [&str; 12] = [
    "Called Ada",
    "  a < b   & c > d ",
    "",
    "",
    "- one",
    "use <p> here",
    "</p>",
    "&lt;p&gt; &nope; &amp;",
    "👩‍👩‍👧 שלום",
    "[GHL · soon]",
    "<b>bold</b>",
    "<div>One</div><div><br></div>",
];

const FOOTERS: [&str; 3] = [
    "[GHL · Ada Byron · 2026-03-08]",
    "[Insightly · Ada Byron · 2026-03-08]",
    "[Insightly · 2026-03-08]",
];

const TITLES: [&str; 4] = ["First call", " ", "Called Ada", "Long 👩‍👩‍👧 "];

fn users() -> Arc<Users> {
    let ghl = json!([{ "id": "g1", "firstName": "Ada", "lastName": "King" }]);
    let insightly = json!([{ "USER_ID": 1, "FIRST_NAME": "Ada", "LAST_NAME": "Byron" }]);
    let ghl: Vec<ghl_contacts::User> = serde_json::from_value(ghl).unwrap();
    let insightly: Vec<insightly::User> = serde_json::from_value(insightly).unwrap();
    Arc::new(Users::paired(&ghl, &insightly))
}

fn zone() -> TimeZone {
    TimeZone::get("America/Chicago").unwrap()
}

fn ghl_mapper() -> GhlNoteMapper {
    GhlNoteMapper::new(zone(), users())
}

fn insightly_mapper() -> InsightlyNoteMapper {
    InsightlyNoteMapper::new(zone(), users())
}

/// A body and a title, of which a piece is repeated so often at most.
fn entered(dice: &mut Rng, most: usize) -> (String, Option<String>) {
    let mut lines: Vec<&str> = Vec::new();
    for _ in 0..dice.usize(..6) {
        lines.push(LINES[dice.usize(..LINES.len())]);
    }
    if dice.u8(..4) == 0 {
        lines.push(FOOTERS[dice.usize(..FOOTERS.len())]);
    }
    let body = match dice.bool() {
        true => lines.join("\n"),
        false => format!("<p>{}</p>", lines.join("<br>")),
    };
    let title = TITLES[dice.usize(..TITLES.len())].repeat(dice.usize(1..=most));
    (body, dice.bool().then_some(title))
}

fn native<T: DeserializeOwned>(note: Value) -> T {
    serde_json::from_value(note).unwrap()
}

/// Notes as people wrote them in GHL.
fn in_ghl(dice: &mut Rng) -> Vec<ghl_contacts::Note> {
    let one = |_| {
        let (body, title) = entered(dice, 90);
        let by = dice.bool().then_some("g1");
        native(json!({
            "id": "n1", "contactId": "c1", "body": body, "title": title, "userId": by,
            "dateAdded": "2026-03-08T08:30:00Z",
        }))
    };
    (0..NOTES).map(one).collect()
}

/// Notes as people wrote them in Insightly.
fn in_insightly(dice: &mut Rng) -> Vec<insightly::Note> {
    let one = |_| {
        let (body, title) = entered(dice, 10);
        let by = dice.bool().then_some(1);
        native(json!({
            "NOTE_ID": 1, "BODY": body, "TITLE": title, "OWNER_USER_ID": by,
            "DATE_CREATED_UTC": "2026-03-08 08:30:00",
            "LINKS": [{ "LINK_ID": 1, "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 7 }],
        }))
    };
    (0..NOTES).map(one).collect()
}

pub(crate) struct Notes {
    ghl: Vec<ghl_contacts::Note>,
    insightly: Vec<insightly::Note>,
    /// All under one contact: both sides hold a note where it is.
    pub(crate) records: Vec<Record>,
}

/// Notes to be given to a side, as copies of what was written on the other one.
pub(crate) fn notes(seed: u64, to: Side, contact: &str) -> Notes {
    let mut dice = Rng::with_seed(seed);
    let (ghl, insightly) = (in_ghl(&mut dice), in_insightly(&mut dice));
    let mut records = records(&ghl_mapper(), &ghl, &mut dice);
    records.extend(self::records(&insightly_mapper(), &insightly, &mut dice));
    for record in &mut records {
        let id = RecordId::new(contact);
        record.set(&CONTACT_OF, Ref { kind: CONTACT, id });
        let written_in = match to {
            Side::Left => "Insightly",
            Side::Right => "GHL",
        };
        record.set(&WRITTEN_IN, written_in.to_owned());
        // A footer that tells no day tells nothing.
        if record.get(&WRITTEN).is_none() {
            record.set(&AUTHOR, None::<String>);
            record.set(&WRITTEN_IN, None::<String>);
        }
    }
    dice.shuffle(&mut records);
    Notes {
        ghl,
        insightly,
        records,
    }
}

/// What GHL makes of a draft.
fn ghl_server(
    crm: &Crm,
    before: Option<&ghl_contacts::Note>,
    draft: &Draft<GhlNoteCall>,
) -> ghl_contacts::Note {
    let notes = crm.family("notes");
    let mut id = before.map(|note| note.id.to_string());
    for call in &draft.calls {
        let done = match &call.body {
            GhlNoteCall::Create { contact, note } => {
                let mut members = body(note, "contactId");
                members["contactId"] = json!(contact);
                notes.create(&members)
            }
            GhlNoteCall::Update(note) => notes.edit(id.unwrap(), &body(note, "contactId")),
        };
        id = Some(done.unwrap()["id"].as_str().unwrap().to_owned());
    }
    native(notes.get(id.unwrap()).unwrap())
}

/// What Insightly makes of a draft.
fn insightly_server(
    crm: &Crm,
    before: Option<&insightly::Note>,
    draft: &Draft<InsightlyNoteCall>,
) -> insightly::Note {
    let notes = crm.family("notes");
    let mut id = before.map(|note| note.id.0);
    for call in &draft.calls {
        let done = match &call.body {
            InsightlyNoteCall::Create { contact, note } => {
                let mut members = body(note, "NOTE_ID");
                let link = json!({ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": contact.0 });
                members["LINKS"] = json!([link]);
                notes.create(&members)
            }
            InsightlyNoteCall::Update(note) => notes.edit(id.unwrap(), &body(note, "NOTE_ID")),
        };
        id = done.unwrap()["NOTE_ID"].as_i64();
    }
    native(notes.get(id.unwrap()).unwrap())
}

#[test]
fn the_note_mapper_of_ghl_keeps_the_laws() {
    let sandbox = Sandbox::builder().build();
    let contact = &sandbox.ghl().seed(7, 0, 1)[0];
    let of = notes(7, Side::Left, contact);
    let server = |before: Option<&ghl_contacts::Note>, draft: &Draft<GhlNoteCall>| {
        ghl_server(sandbox.ghl(), before, draft)
    };
    let kept = mapper_laws(&ghl_mapper(), &server, of.ghl, of.records);
    assert_eq!(kept, Ok(()), "seed 7");
}

#[test]
fn the_note_mapper_of_insightly_keeps_the_laws() {
    let sandbox = Sandbox::builder().build();
    let contact = &sandbox.insightly().seed(8, 0, 1)[0];
    let of = notes(8, Side::Right, contact);
    let server = |before: Option<&insightly::Note>, draft: &Draft<InsightlyNoteCall>| {
        insightly_server(sandbox.insightly(), before, draft)
    };
    let kept = mapper_laws(&insightly_mapper(), &server, of.insightly, of.records);
    assert_eq!(kept, Ok(()), "seed 8");
}
