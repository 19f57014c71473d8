//! The laws of both stock mappers, on people of many places. What the API does
//! with a draft is done by the sandbox, whose forms are not the clients'.

use std::sync::Arc;

use crm_sandbox::{Crm, Sandbox};
use fastrand::Rng;
use ghl_contacts::{CustomFieldId, LocationId};
use ghl_insightly::{
    contact::{Countries, CustomFieldPair, CustomFieldType, PhoneReader},
    ghl::{GhlCall, GhlContact, GhlContactMapper},
    insightly::{InsightlyCall, InsightlyContactMapper},
};
use serde_json::{Value, json};
use sync_core::{Coverage, Draft, Mapper, Memo, Record, testing::mapper_laws};

pub(crate) const COUNTRIES: [&str; 6] = [
    "United States",
    "Germany",
    "Ukraine",
    "Egypt",
    "China",
    "Australia",
];

/// How many people are read, and how many are written.
const PEOPLE: u64 = 300;

pub(crate) fn phones() -> PhoneReader {
    PhoneReader::of_country(Some("US"))
}

fn custom_fields() -> Arc<[CustomFieldPair]> {
    let pair = |id: &str, name: &str, of| CustomFieldPair::new(CustomFieldId::from(id), name, of);
    Arc::new([
        pair("hB7kQ2mXw9TzLr4NcV1a", "Hobby__c", CustomFieldType::Text),
        pair(
            "iN5tP8sDf3GhJk6LzX2b",
            "Interests__c",
            CustomFieldType::Options,
        ),
    ])
}

fn ghl_mapper() -> GhlContactMapper {
    GhlContactMapper::new(LocationId::from("location"), phones(), custom_fields())
}

fn insightly_mapper() -> InsightlyContactMapper {
    let countries = Arc::new(Countries::named(COUNTRIES));
    InsightlyContactMapper::new(phones(), countries, custom_fields())
}

fn ghl_native(contact: Value) -> GhlContact {
    GhlContact {
        contact: serde_json::from_value(contact).unwrap(),
        email_dnd: None,
    }
}

fn insightly_native(contact: Value) -> insightly::Contact {
    serde_json::from_value(contact).unwrap()
}

/// A request's body as members that a person at the screen would change: all but the one that
/// says where it goes.
pub(crate) fn body(request: &impl serde::Serialize, to: &str) -> Value {
    let mut body = serde_json::to_value(request).unwrap();
    body.as_object_mut().unwrap().remove(to);
    body
}

fn texts(contact: &Value, list: &str, text: impl Fn(&Value) -> &Value) -> Vec<String> {
    let items = contact[list].as_array().into_iter().flatten();
    let texts = items.map(|item| text(item).as_str().unwrap().to_owned());
    texts.collect()
}

fn without(texts: Vec<String>, gone: &[String]) -> Vec<String> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let mut texts = texts;
    texts.retain(|text| !gone.iter().any(|gone| same(gone, text)));
    texts
}

/// What GHL makes of a draft.
fn ghl_server(crm: &Crm, native: Option<&GhlContact>, draft: &Draft<GhlCall>) -> GhlContact {
    let contacts = crm.contacts();
    let mut id = native.map(|native| native.contact.id.to_string());
    for call in &draft.calls {
        let known = id.clone().unwrap_or_default();
        let tags = || texts(&contacts.get(&known).unwrap(), "tags", |tag| tag);
        let done = match &call.body {
            GhlCall::Create(new, _) => contacts.create(&body(new, "locationId")),
            GhlCall::Update(update) => contacts.edit(&known, &body(update, "locationId")),
            GhlCall::AddTags(more) => {
                let all = [tags(), more.clone()].concat();
                contacts.edit(&known, &json!({ "tags": all }))
            }
            GhlCall::SetBusiness(business) => {
                let business = business.as_ref().map(ghl_contacts::BusinessId::as_str);
                contacts.edit(&known, &json!({ "businessId": business }))
            }
            GhlCall::RemoveTags(gone) => {
                let left = without(tags(), gone);
                contacts.edit(&known, &json!({ "tags": left }))
            }
        };
        id = Some(done.unwrap()["id"].as_str().unwrap().to_owned());
    }
    ghl_native(contacts.get(id.unwrap()).unwrap())
}

/// What Insightly makes of a draft.
fn insightly_server(
    crm: &Crm,
    native: Option<&insightly::Contact>,
    draft: &Draft<InsightlyCall>,
) -> insightly::Contact {
    let contacts = crm.contacts();
    let mut id = native.map(|native| native.id.0);
    for call in &draft.calls {
        let known = id.unwrap_or_default();
        let tags = || {
            let contact = contacts.get(known).unwrap();
            texts(&contact, "TAGS", |tag| &tag["TAG_NAME"])
        };
        let set = |tags: Vec<String>| {
            let tags = tags.into_iter().map(|tag| json!({ "TAG_NAME": tag }));
            contacts.edit(known, &json!({ "TAGS": tags.collect::<Vec<_>>() }))
        };
        let done = match &call.body {
            InsightlyCall::Create(new) => contacts.create(&body(new, "CONTACT_ID")),
            InsightlyCall::Update(update) => contacts.edit(known, &body(update, "CONTACT_ID")),
            InsightlyCall::AddTag(tag) => set([tags(), vec![tag.name.clone()]].concat()),
            InsightlyCall::RemoveTag(tag) => set(without(tags(), std::slice::from_ref(&tag.name))),
        };
        id = done.unwrap()["CONTACT_ID"].as_i64();
    }
    insightly_native(contacts.get(id.unwrap()).unwrap())
}

/// Natives as a side reads them, each also with some fields left blank.
pub(crate) fn records<M: Mapper>(mapper: &M, natives: &[M::Native], dice: &mut Rng) -> Vec<Record> {
    let mut all = Vec::new();
    for native in natives {
        let reading = mapper.read(native, &Coverage::WHOLE, &Memo::default());
        let kept = reading.record.iter().filter(|_| dice.u8(..4) > 0);
        let thinned: Record = kept
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        all.extend([reading.record, thinned]);
    }
    all
}

pub(crate) struct People {
    ghl: Vec<GhlContact>,
    insightly: Vec<insightly::Contact>,
    pub(crate) records: Vec<Record>,
}

/// Other people on each side, and all of them as records.
pub(crate) fn people(seed: u64) -> People {
    let sandbox = Sandbox::builder().seed(seed);
    let sandbox = sandbox.ghl_contacts(PEOPLE).insightly_contacts(PEOPLE);
    let sandbox = sandbox.build();
    let ghl = sandbox.ghl().contacts().all().unwrap();
    let insightly = sandbox.insightly().contacts().all().unwrap();
    let ghl: Vec<_> = ghl.into_iter().map(ghl_native).collect();
    let insightly: Vec<_> = insightly.into_iter().map(insightly_native).collect();
    let mut dice = Rng::with_seed(seed);
    let mut records = records(&ghl_mapper(), &ghl, &mut dice);
    records.extend(self::records(&insightly_mapper(), &insightly, &mut dice));
    dice.shuffle(&mut records);
    People {
        ghl,
        insightly,
        records,
    }
}

#[test]
fn the_stock_mapper_of_ghl_keeps_the_laws() {
    let people = people(1);
    let sandbox = Sandbox::builder().build();
    let crm = sandbox.ghl();
    let server =
        |native: Option<&GhlContact>, draft: &Draft<GhlCall>| ghl_server(crm, native, draft);
    let kept = mapper_laws(&ghl_mapper(), &server, people.ghl, people.records);
    assert_eq!(kept, Ok(()));
}

#[test]
fn the_stock_mapper_of_insightly_keeps_the_laws() {
    let people = people(2);
    let sandbox = Sandbox::builder().build();
    let crm = sandbox.insightly();
    let server = |native: Option<&insightly::Contact>, draft: &Draft<InsightlyCall>| {
        insightly_server(crm, native, draft)
    };
    for mapper in [insightly_mapper(), insightly_mapper().tags_after_create()] {
        let (natives, records) = (people.insightly.clone(), people.records.clone());
        let kept = mapper_laws(&mapper, &server, natives, records);
        assert_eq!(kept, Ok(()));
    }
}
