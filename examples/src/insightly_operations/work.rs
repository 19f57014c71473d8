//! Opportunities, projects, and what is done and said about them.

use insightly::{
    Client, CommentUpdate, ContactId, CustomObjectRecordUpdate, EventUpdate, LineItemId,
    MilestoneUpdate, NewComment, NewCustomObjectRecord, NewLink, NoteUpdate,
    OpportunityLineItemUpdate, OpportunityUpdate, OrganisationId, ProjectUpdate, StateChange,
    TaskUpdate,
};

use super::{
    Report,
    account::Place,
    bodies::{self, TaskOf},
    people::{People, main_record},
    shapes,
};

pub(crate) async fn tour(client: &Client, place: &Place, people: &People, report: &mut Report) {
    let contact = people.contact.unwrap_or(ContactId(1));
    opportunity(client, place, people, report).await;
    project(client, place, contact, report).await;
    notes(client, contact, report).await;
    event(client, place, contact, report).await;
    emails(client, contact, report).await;
    custom_object(client, place, report).await;
}

async fn opportunity(client: &Client, place: &Place, people: &People, report: &mut Report) {
    let categories = shapes::list(&client.opportunity_categories(), report).await;
    let category = categories.first().map(|category| category.id);
    let organisation = people.organisation.unwrap_or(OrganisationId(1));
    let contact = people.contact.unwrap_or(ContactId(1));
    let opportunities = client.opportunities();
    let new = shapes::filled(bodies::opportunity(place, organisation, category), place);
    let Some(made) = shapes::create(&opportunities, &new, report).await else {
        return;
    };
    let id = made.id;
    let update = OpportunityUpdate::of(id).probability(60);
    let link = NewLink::new("Contact", contact.0).role("Buyer");
    main_record!(client place report opportunities id update, link);
    shapes::stages(&opportunities, id, place, report).await;
    shapes::mail_address(&opportunities, id, report).await;
    let mut change = StateChange::to("LOST");
    change.reason_id = place.state_reason.filter(|_| !place.minimal);
    let changed = opportunities.change_state(id, &change);
    report.call("opportunities.change_state", changed).await;
    let history = opportunities.state_history(id);
    report.call("opportunities.state_history", history).await;
    let new = shapes::filled(bodies::line_item(place), place);
    let added = opportunities.add_line_item(id, &new);
    let added = report.call("opportunities.add_line_item", added).await;
    let listed = opportunities.line_items(id);
    report.call("opportunities.line_items", listed).await;
    let item = added.and_then(|items| items.first().map(|item| item.id));
    let item = item.unwrap_or(LineItemId(1));
    let update = OpportunityLineItemUpdate::of(item).quantity(3.0);
    let updated = opportunities.update_line_item(id, &update);
    report.call("opportunities.update_line_item", updated).await;
    let deleted = opportunities.delete_line_item(id, item);
    report.call("opportunities.delete_line_item", deleted).await;
    let set = opportunities.set_pricebook(id, place.pricebook);
    report.call("opportunities.set_pricebook", set).await;
    let new = bodies::task_of_opportunity(place, id);
    if let Some(task) = shapes::create(&client.tasks(), &new, report).await {
        shapes::delete(&client.tasks(), task.id, report).await;
    }
    shapes::delete(&opportunities, id, report).await;
}

async fn project(client: &Client, place: &Place, contact: ContactId, report: &mut Report) {
    let categories = shapes::list(&client.project_categories(), report).await;
    let category = categories.first().map(|category| category.id);
    let projects = client.projects();
    let new = shapes::filled(bodies::project(place, category), place);
    let Some(made) = shapes::create(&projects, &new, report).await else {
        return;
    };
    let id = made.id;
    let update = ProjectUpdate::of(id).status("IN PROGRESS");
    let link = NewLink::new("Contact", contact.0).role("Owner");
    main_record!(client place report projects id update, link);
    shapes::stages(&projects, id, place, report).await;
    shapes::mail_address(&projects, id, report).await;
    let new = shapes::filled(bodies::milestone(place), place);
    let added = projects.add_milestone(id, &new);
    report.call("projects.add_milestone", added).await;
    let listed = report
        .call("projects.milestones", projects.milestones(id))
        .await;
    let milestone = listed.and_then(|all| all.first().map(|milestone| milestone.id));
    tasks(client, place, id, milestone, contact, report).await;
    if let Some(milestone) = milestone {
        let update = MilestoneUpdate::of(milestone).completed(true);
        let updated = projects.update_milestone(id, &update);
        report.call("projects.update_milestone", updated).await;
        let milestones = client.milestones();
        shapes::list(&milestones, report).await;
        shapes::search(&milestones, report).await;
        shapes::get(&milestones, milestone, report).await;
        let deleted = projects.delete_milestone(id, milestone);
        report.call("projects.delete_milestone", deleted).await;
    }
    shapes::delete(&projects, id, report).await;
}

async fn tasks(
    client: &Client,
    place: &Place,
    project: insightly::ProjectId,
    milestone: Option<insightly::MilestoneId>,
    contact: ContactId,
    report: &mut Report,
) {
    let categories = shapes::list(&client.task_categories(), report).await;
    let tasks = client.tasks();
    let mut of = TaskOf {
        project,
        milestone,
        parent: None,
        category: categories.first().map(|category| category.id),
    };
    let Some(parent) = shapes::create(&tasks, &bodies::task(place, &of), report).await else {
        return;
    };
    of.parent = Some(parent.id);
    let Some(made) = shapes::create(&tasks, &bodies::task(place, &of), report).await else {
        return;
    };
    let id = made.id;
    let done = TaskUpdate::of(id)
        .completed(true)
        .status("COMPLETED")
        .percent_complete(100);
    shapes::update(&tasks, &done, report).await;
    shapes::update_if(&tasks, id, &done, report).await;
    shapes::get(&tasks, id, report).await;
    shapes::list(&tasks, report).await;
    shapes::search(&tasks, report).await;
    let link = NewLink::new("Contact", contact.0);
    if let Some(link) = shapes::link(&tasks, id, &link, report).await {
        shapes::unlink(&tasks, id, link, report).await;
    }
    shapes::follow(&tasks, id, report).await;
    shapes::image_field(client, &tasks, id, report).await;
    if let Some(comment) = shapes::comment(&tasks, id, report).await {
        let comments = client.comments();
        let update = CommentUpdate::of(comment).body("Changed");
        shapes::update(&comments, &update, report).await;
        shapes::files(client, &comments, comment, report).await;
        shapes::delete(&comments, comment, report).await;
    }
    shapes::delete(&tasks, id, report).await;
    shapes::delete(&tasks, parent.id, report).await;
}

async fn notes(client: &Client, contact: ContactId, report: &mut Report) {
    let notes = client.notes();
    let Some(id) = shapes::notes(&client.contacts(), contact, report).await else {
        return;
    };
    let update = NoteUpdate::of(id).body("<p>Changed</p>");
    shapes::update(&notes, &update, report).await;
    shapes::update_if(&notes, id, &update, report).await;
    shapes::get(&notes, id, report).await;
    shapes::list(&notes, report).await;
    shapes::search(&notes, report).await;
    let me = client.contacts().list(&insightly::ListQuery::new());
    let others = report.list("contacts.list", me).await;
    let other = others.iter().find(|other| other.id != contact);
    let other = other.map_or(contact, |other| other.id);
    let link = NewLink::new("Contact", other.0);
    if let Some(link) = shapes::link(&notes, id, &link, report).await {
        shapes::unlink(&notes, id, link, report).await;
    }
    shapes::follow(&notes, id, report).await;
    shapes::files(client, &notes, id, report).await;
    shapes::comment(&notes, id, report).await;
    let new = NewComment::new("Older");
    let added = notes.add_older_comment(id, &new);
    let added = report.call("notes.add_older_comment", added).await;
    report
        .call("notes.older_comments", notes.older_comments(id))
        .await;
    let comment = added.and_then(|all| all.last().and_then(|comment| comment.id));
    if let Some(comment) = comment {
        let update = CommentUpdate::of(comment).body("Changed");
        let updated = notes.update_older_comment(id, &update);
        report.call("notes.update_older_comment", updated).await;
        let deleted = notes.delete_older_comment(id, comment);
        report.call("notes.delete_older_comment", deleted).await;
    }
    shapes::delete(&notes, id, report).await;
}

async fn event(client: &Client, place: &Place, contact: ContactId, report: &mut Report) {
    let events = client.events();
    let new = shapes::filled(bodies::event(place), place);
    let Some(made) = shapes::create(&events, &new, report).await else {
        return;
    };
    let id = made.id;
    let update = EventUpdate::of(id).location("Here");
    shapes::update(&events, &update, report).await;
    shapes::update_if(&events, id, &update, report).await;
    shapes::get(&events, id, report).await;
    shapes::list(&events, report).await;
    shapes::search(&events, report).await;
    let link = NewLink::new("Contact", contact.0);
    if let Some(link) = shapes::link(&events, id, &link, report).await {
        shapes::unlink(&events, id, link, report).await;
    }
    shapes::image_field(client, &events, id, report).await;
    shapes::delete(&events, id, report).await;
}

async fn emails(client: &Client, contact: ContactId, report: &mut Report) {
    let emails = client.emails();
    let all = shapes::list(&emails, report).await;
    shapes::search(&emails, report).await;
    let Some(id) = all.first().map(|email| email.id) else {
        return report.impossible(
            "emails.get",
            "the account has no e-mail, and none can be made",
        );
    };
    shapes::get(&emails, id, report).await;
    shapes::tags(&emails, id, report).await;
    let link = NewLink::new("Contact", contact.0);
    if let Some(link) = shapes::link(&emails, id, &link, report).await {
        shapes::unlink(&emails, id, link, report).await;
    }
    shapes::follow(&emails, id, report).await;
    shapes::comment(&emails, id, report).await;
    let files = emails.files(id, &insightly::ChildQuery::new());
    report.list("emails.files", files).await;
    shapes::delete(&emails, id, report).await;
}

async fn custom_object(client: &Client, place: &Place, report: &mut Report) {
    let name = place.custom_object.as_deref().unwrap_or("Fruit__c");
    let Ok(records) = client.custom_object_records(name) else {
        return report.impossible(
            "custom_object_records.list",
            "no custom object has such a name",
        );
    };
    let mut new = NewCustomObjectRecord::new("Apple");
    if !place.minimal {
        new = new.owner_user_id(place.user).visible_to("EVERYONE");
    }
    let Some(made) = shapes::create(&records, &new, report).await else {
        return;
    };
    let id = made.id;
    let update = CustomObjectRecordUpdate::of(id).name("Pear");
    shapes::update(&records, &update, report).await;
    shapes::update_if(&records, id, &update, report).await;
    shapes::get(&records, id, report).await;
    shapes::list(&records, report).await;
    shapes::search(&records, report).await;
    shapes::files(client, &records, id, report).await;
    shapes::merge(&records, id, place, report).await;
    let new = NewCustomObjectRecord::new("Apfel");
    let added = records.add_translation(id, "de", &new);
    report
        .call("custom_object_records.add_translation", added)
        .await;
    let update = CustomObjectRecordUpdate::of(id).name("Birne");
    let updated = records.update_translation(id, "de", &update);
    report
        .call("custom_object_records.update_translation", updated)
        .await;
    let read = records.translations(id, "de");
    report
        .call("custom_object_records.translations", read)
        .await;
    shapes::delete(&records, id, report).await;
}
