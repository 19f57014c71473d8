//! The contacts themselves: made, found, changed; in the end deleted.

use ghl_contacts::{Client, ContactId, IfDuplicate, ListPage, LocationId};
use serde_json::json;

use crate::{Report, bodies::Bodies};

pub(crate) struct Ids {
    pub(crate) location: LocationId,
    pub(crate) ada: ContactId,
    second: Option<ContactId>,
}

/// What a failed create leaves the other calls to name.
const NOBODY: &str = "nmFmQEsNgz6AVpgLVUJ0";

pub(crate) async fn begin(client: &Client, bodies: &Bodies, report: &mut Report) -> Ids {
    let contacts = client.contacts();
    let new = bodies.contact("ada", 1);
    let location = new.location_id.clone();
    let ada = report.call("contacts.create", contacts.create(&new)).await;
    let ada = ada.map_or_else(|| NOBODY.into(), |contact| contact.id);

    let other = bodies.contact("bea", 2);
    let if_duplicate = if bodies.minimal {
        IfDuplicate::Update
    } else {
        IfDuplicate::CreateNew
    };
    let upsert = contacts.upsert(&other, if_duplicate);
    let second = report.call("contacts.upsert", upsert).await;
    let second = second.map(|upserted| upserted.contact.id);

    report.call("contacts.get", contacts.get(&ada)).await;
    let duplicate = bodies.duplicate();
    let found = contacts.find_duplicate(&location, &duplicate);
    report.call("contacts.find_duplicate", found).await;
    let update = bodies.update();
    report
        .call("contacts.update", contacts.update(&ada, &update))
        .await;

    let query = bodies.query();
    let after = (!bodies.minimal).then(|| json!([1_736_471_515_514_i64, ada]));
    let after = after.and_then(|after| serde_json::from_value(after).ok());
    let page = contacts.search_page(&query, after.as_ref());
    report.call("contacts.search", page).await;

    let cursor = json!({"contacts": [{"id": ada, "startAfter": [1_736_471_515_514_i64, ada]}]});
    let cursor = serde_json::from_value::<ListPage>(cursor);
    let after = cursor.ok().and_then(|page| page.next());
    let after = after.filter(|_| !bodies.minimal);
    let page = contacts.list_page(&location, bodies.text(), 20, after.as_ref());
    report.call("contacts.list", page).await;
    Ids {
        location,
        ada,
        second,
    }
}

pub(crate) async fn end(client: &Client, ids: &Ids, report: &mut Report) {
    for id in [Some(&ids.ada), ids.second.as_ref()].into_iter().flatten() {
        let contacts = client.contacts();
        report.call("contacts.delete", contacts.delete(id)).await;
    }
}
