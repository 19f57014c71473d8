//! What hangs on a contact.

use ghl_contacts::{Client, TagChange};

use crate::{Report, bodies::Bodies, contacts::Ids, place::Place};

pub(crate) async fn tasks(client: &Client, ids: &Ids, bodies: &Bodies, report: &mut Report) {
    let (contacts, ada) = (client.contacts(), &ids.ada);
    let new = bodies.task();
    let made = report.call("contacts.create_task", contacts.create_task(ada, &new));
    let task = made
        .await
        .map_or_else(|| "lJpzYrWdpkC2hX6t2yue".into(), |task| task.id);
    report.call("contacts.tasks", contacts.tasks(ada)).await;
    report
        .call("contacts.task", contacts.task(ada, &task))
        .await;
    let update = bodies.task_update();
    let updated = contacts.update_task(ada, &task, &update);
    report.call("contacts.update_task", updated).await;
    let completed = contacts.complete_task(ada, &task, true);
    report.call("contacts.complete_task", completed).await;
    let deleted = contacts.delete_task(ada, &task);
    report.call("contacts.delete_task", deleted).await;
}

pub(crate) async fn notes(client: &Client, ids: &Ids, bodies: &Bodies, report: &mut Report) {
    let (contacts, ada) = (client.contacts(), &ids.ada);
    let note = bodies.note();
    let made = report.call("contacts.create_note", contacts.create_note(ada, &note));
    let id = made
        .await
        .map_or_else(|| "HGPcayliwcdoUFzvbTok".into(), |note| note.id);
    report.call("contacts.notes", contacts.notes(ada)).await;
    report.call("contacts.note", contacts.note(ada, &id)).await;
    let updated = contacts.update_note(ada, &id, &note);
    report.call("contacts.update_note", updated).await;
    let deleted = contacts.delete_note(ada, &id);
    report.call("contacts.delete_note", deleted).await;
}

pub(crate) async fn others(
    client: &Client,
    ids: &Ids,
    place: &Place,
    bodies: &Bodies,
    report: &mut Report,
) {
    let (contacts, ada, location) = (client.contacts(), &ids.ada, &ids.location);
    let (campaign, workflow) = (&place.campaign, &place.workflow);
    let tags = ["vip", "every"];
    report
        .call("contacts.add_tags", contacts.add_tags(ada, &tags))
        .await;
    let removed = contacts.remove_tags(ada, &tags);
    report.call("contacts.remove_tags", removed).await;
    let change = if bodies.minimal {
        TagChange::add(tags)
    } else {
        TagChange::RemoveAll
    };
    let (some, users) = ([ada.clone()], [place.user.clone()]);
    let bulk = contacts.bulk_tags(location, &some, &change);
    report.call("contacts.bulk_tags", bulk).await;

    let business = &place.business;
    let linked = contacts.set_business(location, &some, Some(business));
    report.call("contacts.set_business", linked).await;
    let page = contacts.in_business_page(location, business, bodies.text(), 25, 0);
    report.call("contacts.in_business", page).await;

    let added = contacts.add_followers(ada, &users);
    report.call("contacts.add_followers", added).await;
    let removed = contacts.remove_followers(ada, &users);
    report.call("contacts.remove_followers", removed).await;
    report
        .call("contacts.appointments", contacts.appointments(ada))
        .await;

    let added = contacts.add_to_campaign(ada, campaign);
    report.call("contacts.add_to_campaign", added).await;
    let removed = contacts.remove_from_campaign(ada, campaign);
    report.call("contacts.remove_from_campaign", removed).await;
    let left = contacts.remove_from_all_campaigns(ada);
    report
        .call("contacts.remove_from_all_campaigns", left)
        .await;
    let added = contacts.add_to_workflow(ada, workflow, bodies.starts());
    report.call("contacts.add_to_workflow", added).await;
    let removed = contacts.remove_from_workflow(ada, workflow, bodies.starts());
    report.call("contacts.remove_from_workflow", removed).await;
}
