//! What families share, called once for each.
#![allow(clippy::wildcard_imports, reason = "it uses every shape there is")]

use insightly::{shapes::*, *};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Report, account::Place};

const PICTURE: Bytes =
    Bytes::from_static(b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;");

pub(crate) async fn list<R: Listed + Row>(records: &Records<R>, report: &mut Report) -> Vec<R> {
    let rows = records.list(&ListQuery::new());
    report.list(R::LIST.name(), rows).await
}

pub(crate) async fn search<R: Searched + Row>(records: &Records<R>, report: &mut Report) {
    let query = SearchQuery::new().updated_after(jiff::Timestamp::UNIX_EPOCH);
    report.list(R::SEARCH.name(), records.search(&query)).await;
}

pub(crate) async fn get<R: ReadById>(records: &Records<R>, id: R::Id, report: &mut Report) {
    report.call(R::GET.name(), records.get(id)).await;
}

/// Reads a record, which must show what was written.
pub(crate) async fn read_back<R: ReadById + Serialize>(
    records: &Records<R>,
    id: R::Id,
    written: &impl Serialize,
    report: &mut Report,
) {
    if let Some(read) = report.call(R::GET.name(), records.get(id)).await {
        report.compare(R::GET.name(), &json(written), &json(&read.value));
    }
}

pub(crate) async fn create<R: Created + Serialize>(
    records: &Records<R>,
    new: &R::New,
    report: &mut Report,
) -> Option<R> {
    let made = report.call(R::CREATE.name(), records.create(new)).await?;
    report.compare(R::CREATE.name(), &json(new), &json(&made.value));
    Some(made.value)
}

pub(crate) async fn update<R: Changed + Serialize>(
    records: &Records<R>,
    update: &R::Update,
    report: &mut Report,
) {
    if let Some(changed) = report.call(R::UPDATE.name(), records.update(update)).await {
        report.compare(R::UPDATE.name(), &json(update), &json(&changed.value));
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Changes the version that was read; where the account tells no versions, any.
pub(crate) async fn update_if<R: ReadById + Changed + ChangedIf>(
    records: &Records<R>,
    id: R::Id,
    update: &R::Update,
    report: &mut Report,
) {
    let changed = async {
        match records.get(id).await?.etag {
            Some(etag) => records.update_if(update, &etag).await,
            None => records.update(update).await,
        }
    };
    report.call(R::UPDATE_IF.name(), changed).await;
}

pub(crate) async fn delete<R: Deleted>(records: &Records<R>, id: R::Id, report: &mut Report) {
    report.call(R::DELETE.name(), records.delete(id)).await;
}

pub(crate) async fn tags<R: ReadById + Tagged + SearchedByTag + Row>(
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) {
    let added = records.add_tag(id, "every-operation");
    report.call(R::ADD_TAG.name(), added).await;
    if let Some(tags) = report.call(R::TAGS.name(), records.tags(id)).await {
        let written = json!({"TAGS": [Tag::new("every-operation")]});
        report.compare(R::TAGS.name(), &written, &json!({ "TAGS": tags }));
    }
    let found = records.search_by_tag("every-operation", &ListQuery::new());
    report.list(R::SEARCH_BY_TAG.name(), found).await;
    let tags = [Tag::new("every-operation"), Tag::new("other")];
    report
        .call(R::SET_TAGS.name(), records.set_tags(id, &tags))
        .await;
    let set = async {
        match records.get(id).await?.etag {
            Some(etag) => records.set_tags_if(id, &tags, &etag).await,
            None => records.set_tags(id, &tags).await,
        }
    };
    report.call(R::SET_TAGS_IF.name(), set).await;
    let removed = records.remove_tag(id, "every-operation");
    report.call(R::REMOVE_TAG.name(), removed).await;
}

pub(crate) async fn link<R: Linked>(
    records: &Records<R>,
    id: R::Id,
    to: &NewLink,
    report: &mut Report,
) -> Option<LinkId> {
    let made = records.add_link(id, to);
    let made = report.call(R::ADD_LINK.name(), made).await;
    let links = report.call(R::LINKS.name(), records.links(id)).await;
    if let Some(links) = links {
        let written = json!({ "LINKS": [to] });
        report.compare(R::LINKS.name(), &written, &json!({ "LINKS": links }));
    }
    made.map(|link| link.id)
}

pub(crate) async fn unlink<R: Linked>(
    records: &Records<R>,
    id: R::Id,
    link: LinkId,
    report: &mut Report,
) {
    let removed = records.remove_link(id, link);
    report.call(R::REMOVE_LINK.name(), removed).await;
}

/// Links, changes the link, and removes it.
pub(crate) async fn links<R: Linked + Relinked>(
    records: &Records<R>,
    id: R::Id,
    to: &NewLink,
    report: &mut Report,
) {
    if let Some(made) = link(records, id, to, report).await {
        let update = LinkUpdate::of(made).role("Friend").details("Since school");
        let changed = records.update_link(id, &update);
        report.call(R::UPDATE_LINK.name(), changed).await;
        unlink(records, id, made, report).await;
    }
}

/// Makes a note, changes it, and leaves it there.
pub(crate) async fn notes<R: Noted>(
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) -> Option<NoteId> {
    let new = NewNote::new("Call").body("<p>Every operation</p>");
    let made = records.add_note(id, &new);
    let made = report.call(R::ADD_NOTE.name(), made).await?.value;
    report.compare(R::ADD_NOTE.name(), &json(&new), &json(&made));
    let made = made.id;
    let update = NoteUpdate::of(made).title("Call back");
    let changed = records.update_note(id, &update);
    report.call(R::UPDATE_NOTE.name(), changed).await;
    let notes = records.notes(id, &ChildQuery::new());
    report.list(R::NOTES.name(), notes).await;
    Some(made)
}

pub(crate) async fn activities<R: WithTasks + WithEvents + WithEmails>(
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) {
    let query = ChildQuery::new().updated_after(jiff::Timestamp::UNIX_EPOCH);
    report
        .list(R::TASKS.name(), records.tasks(id, &query))
        .await;
    report
        .list(R::EVENTS.name(), records.events(id, &query))
        .await;
    report
        .list(R::EMAILS.name(), records.emails(id, &query))
        .await;
}

pub(crate) async fn follow<R: Followed>(records: &Records<R>, id: R::Id, report: &mut Report) {
    report.call(R::FOLLOW.name(), records.follow(id)).await;
    report
        .call(R::IS_FOLLOWED.name(), records.is_followed(id))
        .await;
    report.call(R::UNFOLLOW.name(), records.unfollow(id)).await;
}

pub(crate) async fn picture<R: Pictured>(records: &Records<R>, id: R::Id, report: &mut Report) {
    let set = records.set_image(id, "dot.gif", PICTURE);
    report.call(R::SET_IMAGE.name(), set).await;
    report.call(R::IMAGE.name(), records.image(id)).await;
    report
        .call(R::DELETE_IMAGE.name(), records.delete_image(id))
        .await;
}

/// The picture in the family's first custom field that holds one.
pub(crate) async fn image_field<R: ImageFields>(
    client: &Client,
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) {
    let family = R::IMAGE_FIELD.path().split('/').nth(1).unwrap_or_default();
    let defined = client.custom_fields(family).await.unwrap_or_default();
    let mut images = defined.iter();
    let image = images.find(|field| field.field_type.as_deref() == Some("IMAGE"));
    let field = image.map_or("Picture__c", |field| field.name.as_str());
    let set = records.set_image_field(id, field, "dot.gif", PICTURE);
    report.call(R::SET_IMAGE_FIELD.name(), set).await;
    let image = records.image_field(id, field);
    report.call(R::IMAGE_FIELD.name(), image).await;
    let deleted = records.delete_image_field(id, field);
    report.call(R::DELETE_IMAGE_FIELD.name(), deleted).await;
}

pub(crate) async fn files<R: WithFiles + TakesFiles>(
    client: &Client,
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) {
    let file = Upload::new("offer.txt", "text/plain", "1,200.50");
    let made = report
        .call(R::ADD_FILE.name(), records.add_file(id, &file))
        .await;
    let files = records.files(id, &ChildQuery::new());
    report.list(R::FILES.name(), files).await;
    if let Some(made) = made {
        report
            .call("file_attachments.get", client.file(made.id))
            .await;
        report
            .call("file_attachments.get", client.file_info(made.id))
            .await;
        report
            .call("file_attachments.delete", client.delete_file(made.id))
            .await;
    }
}

pub(crate) async fn assign<R: Assigned>(
    records: &Records<R>,
    id: R::Id,
    place: &Place,
    report: &mut Report,
) {
    let Some(set) = &place.activity_set else {
        return report.impossible(R::ASSIGN_ACTIVITY_SET.name(), "there is no activity set");
    };
    let mut assignment = ActivitySetAssignment::of(set.id);
    if !place.minimal {
        let day = jiff::civil::date(2026, 11, 24);
        assignment = assignment
            .start_date(day)
            .end_date(jiff::civil::date(2026, 12, 24));
        for activity in set.activities.iter().flatten() {
            assignment = assignment.to_user(activity.id, place.user);
        }
    }
    let assigned = records.assign_activity_set(id, &assignment);
    report.call(R::ASSIGN_ACTIVITY_SET.name(), assigned).await;
}

pub(crate) async fn stages<R: Staged>(
    records: &Records<R>,
    id: R::Id,
    place: &Place,
    report: &mut Report,
) {
    let Some((pipeline, stage)) = place.stages else {
        return report.impossible(R::SET_PIPELINE.name(), "there is no pipeline");
    };
    let change = PipelineChange::to(pipeline, StageChange::to(stage));
    let set = records.set_pipeline(id, &change);
    report.call(R::SET_PIPELINE.name(), set).await;
    let moved = StageChange::to(stage);
    let moved = records.set_stage(id, &moved);
    report.call(R::SET_STAGE.name(), moved).await;
    let left = records.leave_pipeline(id);
    report.call(R::LEAVE_PIPELINE.name(), left).await;
}

pub(crate) async fn mail_address<R: Mailed>(records: &Records<R>, id: R::Id, report: &mut Report) {
    let address = records.link_email_address(id);
    report.call(R::LINK_EMAIL_ADDRESS.name(), address).await;
}

pub(crate) async fn merge<R: Merged>(
    records: &Records<R>,
    id: R::Id,
    place: &Place,
    report: &mut Report,
) {
    let template = place.template.unwrap_or(DocumentTemplateId(1));
    let merged = records.merge_document(id, template);
    report.call(R::MERGE_DOCUMENT.name(), merged).await;
}

/// Comments, and gives the comment's id.
pub(crate) async fn comment<R: Commented>(
    records: &Records<R>,
    id: R::Id,
    report: &mut Report,
) -> Option<CommentId> {
    let new = NewComment::new("Every operation");
    let made = records.add_comment(id, &new);
    report.call(R::ADD_COMMENT.name(), made).await;
    let comments = records.comments(id, &ChildQuery::new());
    let comments = report.list(R::COMMENTS.name(), comments).await;
    comments.first().map(|comment| comment.id)
}

/// Whether what is sent has every field that can be: said by the model itself. A family may
/// have no custom field that could be named.
pub(crate) fn filled<M: Model + Payload>(new: M, place: &Place) -> M {
    if !place.minimal {
        let sent = serde_json::to_value(&new).unwrap_or_default();
        let names = M::MEMBERS.iter().map(|member| member.name);
        let left_out: Vec<_> = names
            .filter(|name| *name != "CUSTOMFIELDS" && sent.get(name).is_none())
            .collect();
        assert!(
            left_out.is_empty(),
            "{} is sent without {left_out:?}",
            M::NAME
        );
    }
    new
}
