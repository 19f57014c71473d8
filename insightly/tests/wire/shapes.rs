//! What the shapes send; which families have them, the table tells.

use futures_util::TryStreamExt;
use insightly::{
    ActivityId, ActivitySetAssignment, ActivitySetId, Bytes, CategoryId, ChildQuery, ContactId,
    DocumentTemplateId, FileId, LinkId, LinkUpdate, NewComment, NewLink, NewNote, NoteId,
    NoteUpdate, Occasion, OpportunityId, PipelineChange, PipelineId, StageChange, StageId, TaskId,
    Upload, UserId,
};
use serde_json::json;

use crate::server::{Server, body, json, query, status};

const ADA: ContactId = ContactId(7);

#[tokio::test]
async fn a_link_names_the_other_record_in_the_singular() {
    let answer = json(
        201,
        json!({"LINK_ID": 3, "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 7}),
    );
    let server = Server::on("POST", "/Tasks/5/Links", answer).await;
    let link = NewLink::new("Contact", ADA.0).role("Caller");
    let link = server
        .client
        .tasks()
        .add_link(TaskId(5), &link)
        .await
        .unwrap();
    assert_eq!(link.id, LinkId(3));
    assert_eq!(
        body(&server.request().await),
        json!({"LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 7, "ROLE": "Caller"})
    );
}

#[tokio::test]
async fn a_link_is_changed_and_removed_by_its_id() {
    let server = Server::on("PUT", "/Contacts/7/Links", json(200, json!({"LINK_ID": 3}))).await;
    let update = LinkUpdate::of(LinkId(3)).role("Friend");
    server
        .client
        .contacts()
        .update_link(ADA, &update)
        .await
        .unwrap();
    assert_eq!(
        body(&server.request().await),
        json!({"LINK_ID": 3, "ROLE": "Friend"})
    );

    let server = Server::on("DELETE", "/Contacts/7/Links/3", status(202)).await;
    server
        .client
        .contacts()
        .remove_link(ADA, LinkId(3))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_note_is_made_below_its_record_and_changed_by_its_own_family() {
    let note = json!({"NOTE_ID": 9, "TITLE": "Call", "LINKS": [{"LINK_ID": 1}]});
    let server = Server::on("POST", "/Contacts/7/Notes", json(201, note.clone())).await;
    let new = NewNote::new("Call").body("<p>hi</p>");
    let made = server
        .client
        .contacts()
        .add_note(ADA, &new)
        .await
        .unwrap()
        .value;
    assert_eq!(made.id, NoteId(9));
    assert_eq!(
        body(&server.request().await),
        json!({"TITLE": "Call", "BODY": "<p>hi</p>"})
    );

    let server = Server::on("PUT", "/Notes", json(200, note)).await;
    let update = NoteUpdate::of(NoteId(9)).body("x");
    server.client.notes().update(&update).await.unwrap();
    assert_eq!(
        body(&server.request().await),
        json!({"NOTE_ID": 9, "BODY": "x"})
    );
}

#[tokio::test]
async fn a_list_below_a_record_can_be_asked_for_what_changed() {
    let answer = json(
        200,
        json!([{"TASK_ID": 5, "DUE_DATE": "2026-11-24 00:00:00"}]),
    );
    let answer = answer.insert_header("x-total-count", "1");
    let server = Server::on("GET", "/Contacts/7/Tasks", answer).await;
    let since = ChildQuery::new().updated_after("2026-11-24T10:00:00Z".parse().unwrap());
    let tasks: Vec<_> = server
        .client
        .contacts()
        .tasks(ADA, &since)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(tasks[0].due_date.unwrap().to_string(), "2026-11-24");
    assert_eq!(
        query(&server.request().await),
        [
            "brief=false",
            "updated_after_utc=2026-11-24T10:00:00Z",
            "top=200",
            "count_total=true"
        ]
    );
}

#[tokio::test]
async fn dates_are_put_as_an_array() {
    let server = Server::on("PUT", "/Contacts/7/Dates", json(200, json!([]))).await;
    let day = Occasion::new("Wedding", "2020-06-01".parse().unwrap());
    server
        .client
        .contacts()
        .set_dates(ADA, &[day])
        .await
        .unwrap();
    assert_eq!(
        body(&server.request().await),
        json!([{"OCCASION_NAME": "Wedding", "OCCASION_DATE": "2020-06-01 00:00:00",
                "REPEAT_YEARLY": false, "CREATE_TASK_YEARLY": false}])
    );
}

#[tokio::test]
async fn a_picture_travels_as_raw_bytes_both_ways() {
    let server = Server::on("PUT", "/Contacts/7/Image/a%20b.png", status(201)).await;
    let picture = Bytes::from_static(&[0x89, b'P', b'N', b'G']);
    server
        .client
        .contacts()
        .set_image(ADA, "a b.png", picture.clone())
        .await
        .unwrap();
    let request = server.request().await;
    assert_eq!(request.headers["content-type"], "application/octet-stream");
    assert_eq!(request.body, picture);

    let answer = status(200).set_body_raw(picture.to_vec(), "image/png");
    let server = Server::on("GET", "/Contacts/7/Image", answer).await;
    let image = server.client.contacts().image(ADA).await.unwrap();
    assert_eq!(image.bytes, picture);
    assert_eq!(image.content_type.as_deref(), Some("image/png"));
    assert_eq!(server.request().await.headers["accept"], "*/*");
}

#[tokio::test]
async fn a_file_travels_as_multipart() {
    let answer = json(
        201,
        json!({"FILE_ID": 4, "FILE_NAME": "a.txt", "FILE_SIZE": 2}),
    );
    let server = Server::on("POST", "/Notes/9/FileAttachments", answer).await;
    let upload = Upload::new("a.txt", "text/plain", "hi").category(CategoryId(6));
    let file = server
        .client
        .notes()
        .add_file(NoteId(9), &upload)
        .await
        .unwrap();
    assert_eq!(file.id, FileId(4));
    let request = server.request().await;
    let content_type = request.headers["content-type"].to_str().unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let text = String::from_utf8(request.body.clone()).unwrap();
    assert_eq!(text.matches(boundary).count(), 5);
    for part in [
        "name=\"file_name\"\r\n\r\na.txt\r\n",
        "name=\"content_type\"\r\n\r\ntext/plain\r\n",
        "name=\"file_category_id\"\r\n\r\n6\r\n",
        "name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[tokio::test]
async fn a_comment_gives_all_comments_whichever_way_it_is_answered() {
    for answer in [json!([{"COMMENT_ID": 1}]), json!({"COMMENT_ID": 1})] {
        let server = Server::on("POST", "/Tasks/5/Comments", json(201, answer)).await;
        let comment = NewComment::new("Done");
        let all = server
            .client
            .tasks()
            .add_comment(TaskId(5), &comment)
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(body(&server.request().await), json!({"BODY": "Done"}));
    }
}

#[tokio::test]
async fn a_move_into_a_pipeline_names_its_stage() {
    let server = Server::on("PUT", "/Opportunities/1/Pipeline", json(200, json!([]))).await;
    let assignment = ActivitySetAssignment::of(ActivitySetId(3))
        .start_date("2026-11-24".parse().unwrap())
        .to_user(ActivityId(4), UserId(5));
    let stage = StageChange::to(StageId(2)).assigning(assignment);
    let change = PipelineChange::to(PipelineId(1), stage);
    server
        .client
        .opportunities()
        .set_pipeline(OpportunityId(1), &change)
        .await
        .unwrap();
    assert_eq!(
        body(&server.request().await),
        json!({"PIPELINE_ID": 1, "PIPELINE_STAGE_CHANGE": {
            "STAGE_ID": 2, "ACTIVITYSET_ASSIGNMENT": {
                "ACTIVITYSET_ID": 3, "START_DATE": "2026-11-24 00:00:00",
                "ACTIVITY_ASSIGNMENTS": [{"ACTIVITY_ID": 4, "RESPONSIBLE_USER_ID": 5}]}}})
    );
}

#[tokio::test]
async fn a_merged_document_is_bytes_or_a_file_as_asked() {
    let path = "/Contacts/7/MergeDocument/2";
    let answer = status(200).set_body_raw(b"%PDF".to_vec(), "application/pdf");
    let server = Server::on("POST", path, answer).await;
    let document = server
        .client
        .contacts()
        .merge_document(ADA, DocumentTemplateId(2))
        .await
        .unwrap();
    assert_eq!(&document.bytes[..], b"%PDF");

    let server = Server::on("POST", path, json(200, json!({"FILE_ID": 4}))).await;
    let contacts = server.client.contacts();
    contacts
        .merge_document_to_file(ADA, DocumentTemplateId(2))
        .await
        .unwrap();
    assert_eq!(query(&server.request().await), ["format=JSON"]);
}

#[tokio::test]
async fn following_is_told_and_changed_without_a_body() {
    let server = Server::on(
        "GET",
        "/Contacts/7/Follow",
        json(200, json!({"FOLLOWING": true})),
    )
    .await;
    assert!(server.client.contacts().is_followed(ADA).await.unwrap());
    let server = Server::on(
        "POST",
        "/Contacts/7/Follow",
        json(201, json!({"FOLLOWING": true})),
    )
    .await;
    server.client.contacts().follow(ADA).await.unwrap();
    assert!(server.request().await.body.is_empty());
}

#[tokio::test]
async fn a_file_streams_out_piece_by_piece_and_its_errors_are_typed() {
    let content = vec![7_u8; 300_000];
    let answer = status(200).set_body_raw(content.clone(), "application/pdf");
    let server = Server::on("GET", "/FileAttachments/9", answer).await;
    let mut file = server.client.file_stream(FileId(9)).await.unwrap();
    assert_eq!(file.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(file.length, Some(300_000));
    let (mut read, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = file.try_next().await.unwrap() {
        pieces += 1;
        read.extend_from_slice(&piece);
    }
    assert_eq!(read, content);
    assert!(pieces > 1, "it came in one piece");

    let refused = json(403, json!("API User does not have access to Record."));
    let server = Server::on("GET", "/FileAttachments/9", refused).await;
    let error = server.client.file_stream(FileId(9)).await.unwrap_err();
    assert_eq!(error.kind(), &insightly::ErrorKind::Forbidden);
    assert!(error.message().contains("does not have access"));
}

#[tokio::test]
async fn a_file_streams_in_and_is_opened_anew_for_each_attempt() {
    use insightly::{BodySource, OrganisationId};
    let server = Server::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(status(429).insert_header("x-ratelimit-remaining", "5"))
        .up_to_n_times(1)
        .mount(&server.http)
        .await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(json(201, json!({"FILE_ID": 9})))
        .mount(&server.http)
        .await;
    let pieces = || futures_util::stream::iter(["one ", "two"].map(|text| Ok(Bytes::from(text))));
    let file = Upload::streamed("a.txt", "text/plain", BodySource::new(pieces));
    let made = server
        .client
        .organisations()
        .add_file(OrganisationId(1), &file)
        .await
        .unwrap();
    assert_eq!(made.id, FileId(9));
    let requests = server.requests().await;
    assert_eq!(requests.len(), 2);
    for request in requests {
        let body = String::from_utf8(request.body.clone()).unwrap();
        let kind = request.headers["content-type"].to_str().unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        assert!(body.contains("\r\n\r\none two\r\n"), "{body}");
        assert!(body.ends_with(&format!("--{boundary}--\r\n")), "{body}");
    }
}
