//! Every operation of the table is sent by a call, and every call is in the table.

use std::collections::BTreeSet;

use futures_util::{Stream, StreamExt};
use insightly::shapes::*;
use insightly::*;
use wiremock::Request;

use crate::server::{Server, status};

async fn first<T>(stream: impl Stream<Item = T>) {
    std::pin::pin!(stream).next().await;
}

async fn listed<R: Listed + Row>(records: &Records<R>) {
    first(records.list(&ListQuery::new())).await;
}

async fn searched<R: Searched + Row>(records: &Records<R>) {
    first(records.search(&SearchQuery::new())).await;
}

async fn searched_by_tag<R: SearchedByTag + Row>(records: &Records<R>) {
    first(records.search_by_tag("x", &ListQuery::new())).await;
}

async fn read_by_id<R: ReadById>(records: &Records<R>, id: R::Id) {
    records.get(id).await.ok();
}

async fn created<R: Created>(records: &Records<R>, new: R::New) {
    records.create(&new).await.ok();
}

async fn changed<R: Changed>(records: &Records<R>, update: R::Update) {
    records.update(&update).await.ok();
}

async fn changed_if<R: Changed + ChangedIf>(records: &Records<R>, update: R::Update) {
    records.update(&update).await.ok();
    records.update_if(&update, &ETag("1".into())).await.ok();
}

async fn deleted<R: Deleted>(records: &Records<R>, id: R::Id) {
    records.delete(id).await.ok();
}

async fn tagged<R: Tagged>(records: &Records<R>, id: R::Id) {
    records.tags(id).await.ok();
    records.add_tag(id, "x").await.ok();
    records.set_tags(id, &[Tag::new("x")]).await.ok();
    records.set_tags_if(id, &[], &ETag("1".into())).await.ok();
    records.remove_tag(id, "x").await.ok();
}

async fn linked<R: Linked>(records: &Records<R>, id: R::Id) {
    records.links(id).await.ok();
    records.add_link(id, &NewLink::new("Contact", 7)).await.ok();
    records.remove_link(id, LinkId(7)).await.ok();
}

async fn relinked<R: Relinked>(records: &Records<R>, id: R::Id) {
    records
        .update_link(id, &LinkUpdate::of(LinkId(7)))
        .await
        .ok();
}

async fn noted<R: Noted>(records: &Records<R>, id: R::Id) {
    first(records.notes(id, &ChildQuery::new())).await;
    records.add_note(id, &NewNote::new("x")).await.ok();
    records
        .update_note(id, &NoteUpdate::of(NoteId(7)))
        .await
        .ok();
}

async fn active<R: WithTasks + WithEvents + WithEmails>(records: &Records<R>, id: R::Id) {
    first(records.tasks(id, &ChildQuery::new())).await;
    first(records.events(id, &ChildQuery::new())).await;
    first(records.emails(id, &ChildQuery::new())).await;
}

async fn dated<R: Dated>(records: &Records<R>, id: R::Id) {
    records.dates(id).await.ok();
    records.set_dates(id, &[]).await.ok();
}

async fn followed<R: Followed>(records: &Records<R>, id: R::Id) {
    records.is_followed(id).await.ok();
    records.follow(id).await.ok();
    records.unfollow(id).await.ok();
}

async fn pictured<R: Pictured>(records: &Records<R>, id: R::Id) {
    records.image(id).await.ok();
    records
        .set_image(id, "a.png", Bytes::from_static(b"x"))
        .await
        .ok();
    records.delete_image(id).await.ok();
}

async fn image_fields<R: ImageFields>(records: &Records<R>, id: R::Id) {
    records.image_field(id, "A__c").await.ok();
    let image = Bytes::from_static(b"x");
    records
        .set_image_field(id, "A__c", "a.png", image)
        .await
        .ok();
    records.delete_image_field(id, "A__c").await.ok();
}

async fn with_files<R: WithFiles>(records: &Records<R>, id: R::Id) {
    first(records.files(id, &ChildQuery::new())).await;
}

async fn takes_files<R: TakesFiles>(records: &Records<R>, id: R::Id) {
    records
        .add_file(id, &Upload::new("a.txt", "text/plain", "x"))
        .await
        .ok();
}

async fn commented<R: Commented>(records: &Records<R>, id: R::Id) {
    first(records.comments(id, &ChildQuery::new())).await;
    records.add_comment(id, &NewComment::new("x")).await.ok();
}

async fn assigned<R: Assigned>(records: &Records<R>, id: R::Id) {
    let assignment = ActivitySetAssignment::of(ActivitySetId(1));
    records.assign_activity_set(id, &assignment).await.ok();
}

async fn staged<R: Staged>(records: &Records<R>, id: R::Id) {
    let stage = StageChange::to(StageId(2));
    records.set_stage(id, &stage).await.ok();
    records
        .set_pipeline(id, &PipelineChange::to(PipelineId(1), stage))
        .await
        .ok();
    records.leave_pipeline(id).await.ok();
}

async fn mailed<R: Mailed>(records: &Records<R>, id: R::Id) {
    records.link_email_address(id).await.ok();
}

async fn merged<R: Merged>(records: &Records<R>, id: R::Id) {
    records.merge_document(id, DocumentTemplateId(1)).await.ok();
}

/// Calls the named shapes of a family.
macro_rules! call {
    ($records:expr, $id:expr; $( $shape:ident $( ( $argument:expr ) )? ),+) => {{
        let (records, _id) = ($records, $id);
        $( call!(@ $shape records _id $( $argument )?); )+
    }};
    (@ listed $r:ident $id:ident) => { listed(&$r).await };
    (@ searched $r:ident $id:ident) => { searched(&$r).await };
    (@ searched_by_tag $r:ident $id:ident) => { searched_by_tag(&$r).await };
    (@ created $r:ident $id:ident $new:expr) => { created(&$r, $new).await };
    (@ changed $r:ident $id:ident $update:expr) => { changed(&$r, $update).await };
    (@ changed_if $r:ident $id:ident $update:expr) => { changed_if(&$r, $update).await };
    (@ $shape:ident $r:ident $id:ident) => { $shape(&$r, $id).await };
}

async fn call_people(client: &Client) {
    call!(client.contacts(), ContactId(1);
        listed, searched, searched_by_tag, read_by_id, created(NewContact::new("Ada")),
        changed_if(ContactUpdate::of(ContactId(1))), deleted, tagged, linked, relinked, noted,
        active, dated, followed, pictured, image_fields, with_files, takes_files, assigned, merged);
    call!(client.organisations(), OrganisationId(1);
        listed, searched, searched_by_tag, read_by_id, created(NewOrganisation::new("Acme")),
        changed_if(OrganisationUpdate::of(OrganisationId(1))), deleted, tagged, linked, relinked,
        noted, active, dated, followed, pictured, image_fields, with_files, takes_files, assigned,
        merged);
    let id = OrganisationId(1);
    client.organisations().email_domains(id).await.ok();
    client
        .organisations()
        .set_email_domains(id, &["a.example".into()])
        .await
        .ok();
    call!(client.leads(), LeadId(1);
        listed, searched, searched_by_tag, read_by_id, created(NewLead::new("Example")),
        changed_if(LeadUpdate::of(LeadId(1))), deleted, tagged, linked, relinked, noted, active,
        followed, pictured, image_fields, with_files, takes_files, assigned, staged, mailed, merged);
    call!(client.lead_sources(), ();
        listed, created(NewLeadSource::new("x")), changed(LeadSourceUpdate::of(LeadSourceId(1))));
    client
        .lead_sources()
        .delete_source(LeadSourceId(1))
        .await
        .ok();
    call!(client.lead_statuses(), ();
        listed, created(NewLeadStatus::new("x")), changed(LeadStatusUpdate::of(LeadStatusId(1))));
    client.lead_statuses().with_converted().await.ok();
    client
        .lead_statuses()
        .delete_status(LeadStatusId(1))
        .await
        .ok();
}

async fn call_work(client: &Client) {
    call!(client.opportunities(), OpportunityId(1);
        listed, searched, searched_by_tag, read_by_id, created(NewOpportunity::new("x")),
        changed_if(OpportunityUpdate::of(OpportunityId(1))), deleted, tagged, linked, relinked,
        noted, active, followed, pictured, image_fields, with_files, takes_files, assigned, staged,
        mailed, merged);
    let id = OpportunityId(1);
    client
        .opportunities()
        .change_state(id, &StateChange::to("LOST"))
        .await
        .ok();
    client.opportunities().state_history(id).await.ok();
    let (deals, item) = (client.opportunities(), LineItemId(2));
    deals.line_items(id).await.ok();
    deals
        .add_line_item(id, &NewOpportunityLineItem::new(9.5, 2.0))
        .await
        .ok();
    deals
        .update_line_item(id, &OpportunityLineItemUpdate::of(item))
        .await
        .ok();
    deals.delete_line_item(id, item).await.ok();
    deals.set_pricebook(id, PricebookId(3)).await.ok();
    first(client.opportunity_state_reasons()).await;
    call!(client.projects(), ProjectId(1);
        listed, searched, searched_by_tag, read_by_id, created(NewProject::new("x", "DEFERRED")),
        changed_if(ProjectUpdate::of(ProjectId(1))), deleted, tagged, linked, relinked, noted,
        active, followed, pictured, image_fields, with_files, takes_files, assigned, staged,
        mailed, merged);
    let (id, milestone) = (ProjectId(1), MilestoneId(2));
    let day = jiff::civil::date(2026, 11, 24);
    client.projects().milestones(id).await.ok();
    client
        .projects()
        .add_milestone(id, &NewMilestone::new(false, day))
        .await
        .ok();
    client
        .projects()
        .update_milestone(id, &MilestoneUpdate::of(milestone))
        .await
        .ok();
    client.projects().delete_milestone(id, milestone).await.ok();
    call!(client.milestones(), milestone; listed, searched, read_by_id);
    call!(client.tasks(), TaskId(1);
        listed, searched, read_by_id, created(NewTask::new("x")),
        changed_if(TaskUpdate::of(TaskId(1))), deleted, linked, commented, followed, image_fields);
    call!(client.notes(), NoteId(1);
        listed, searched, read_by_id, changed_if(NoteUpdate::of(NoteId(1))), deleted, linked,
        commented, followed, with_files, takes_files);
    let (id, comment) = (NoteId(1), CommentId(2));
    let notes = client.notes();
    notes.older_comments(id).await.ok();
    notes
        .add_older_comment(id, &NewComment::new("x"))
        .await
        .ok();
    notes
        .update_older_comment(id, &CommentUpdate::of(comment))
        .await
        .ok();
    notes.delete_older_comment(id, comment).await.ok();
    let now = jiff::Timestamp::UNIX_EPOCH;
    call!(client.events(), EventId(1);
        listed, searched, read_by_id, created(NewEvent::new(now, now)),
        changed_if(EventUpdate::of(EventId(1))), deleted, linked, image_fields);
    call!(client.emails(), EmailId(1);
        listed, searched, searched_by_tag, read_by_id, deleted, tagged, linked, commented, followed,
        with_files);
    call!(client.comments(), CommentId(1);
        changed(CommentUpdate::of(CommentId(1))), deleted, with_files, takes_files);
}

async fn call_account(client: &Client) {
    call!(client.users(), UserId(1); listed, searched, read_by_id);
    client.me().await.ok();
    client.countries().await.ok();
    client.currencies().await.ok();
    client.permissions().await.ok();
    client.instance().await.ok();
    client.custom_fields("Contacts").await.ok();
    client.custom_field("Contacts", "A__c").await.ok();
    client.custom_objects().await.ok();
    client.custom_object("Fruit__c").await.ok();
    call!(client.custom_object_records("Fruit__c").unwrap(), CustomObjectRecordId(1);
        listed, searched, read_by_id, created(NewCustomObjectRecord::new("x")),
        changed_if(CustomObjectRecordUpdate::of(CustomObjectRecordId(1))), deleted, with_files,
        takes_files, merged);
    let (id, language) = (CustomObjectRecordId(1), "de");
    let fruit = client.custom_object_records("Fruit__c").unwrap();
    fruit.translations(id, language).await.ok();
    let new = NewCustomObjectRecord::new("x");
    fruit.add_translation(id, language, &new).await.ok();
    let update = CustomObjectRecordUpdate::of(id);
    fruit.update_translation(id, language, &update).await.ok();
    first(client.tags(TaggedRecords::Leads)).await;
    first(client.follows(Some("contacts"))).await;
    client.file(FileId(1)).await.ok();
    client.file_info(FileId(1)).await.ok();
    client.delete_file(FileId(1)).await.ok();
    call!(client.relationships(), (); listed);
    call!(client.activity_sets(), ActivitySetId(1); listed, read_by_id);
    call!(client.pipelines(), PipelineId(1); listed, read_by_id);
    call!(client.pipeline_stages(), StageId(1); listed, read_by_id);
    call!(client.document_templates(), DocumentTemplateId(1); listed, searched, read_by_id);
    call!(client.teams(), TeamId(1);
        listed, read_by_id, created(NewTeam::new("x")), changed(TeamUpdate::of(TeamId(1))), deleted);
    client.teams().add_member(TeamId(1), UserId(2)).await.ok();
    client
        .teams()
        .remove_member(TeamId(1), TeamMemberId(2))
        .await
        .ok();
    call!(client.team_members(), TeamMemberId(1);
        listed, read_by_id, created(NewTeamMember::new(UserId(1), TeamId(1))), deleted);
}

async fn call_categories(client: &Client) {
    let id = CategoryId(1);
    call!(client.task_categories(), id;
        listed, read_by_id, created(NewTaskCategory::new("x", "FF0000")),
        changed(TaskCategoryUpdate::of(id)), deleted);
    call!(client.project_categories(), id;
        listed, read_by_id, created(NewProjectCategory::new("x", "FF0000")),
        changed(ProjectCategoryUpdate::of(id)), deleted);
    call!(client.opportunity_categories(), id;
        listed, read_by_id, created(NewOpportunityCategory::new("x", "FF0000")),
        changed(OpportunityCategoryUpdate::of(id)), deleted);
    call!(client.file_categories(), id;
        listed, read_by_id, created(NewFileCategory::new("x", "FF0000")),
        changed(FileCategoryUpdate::of(id)), deleted);
}

/// Whether a request can be an operation's.
fn fits(operation: &ApiOperation, request: &Request) -> bool {
    let (template, path) = (operation.path().split('/'), request.url.path());
    let path = path.strip_prefix("/v3.1").unwrap().split('/');
    operation.method().as_str() == request.method.as_str()
        && template.clone().count() == path.clone().count()
        && template.zip(path).all(|(part, given)| match part {
            "{objectName}" => given.ends_with("__c") || given == "Contacts",
            part => part.starts_with('{') || part == given,
        })
}

#[tokio::test]
async fn every_operation_of_the_table_is_called_and_every_call_is_in_the_table() {
    let server = Server::answering(status(400)).await;
    call_people(&server.client).await;
    call_work(&server.client).await;
    call_account(&server.client).await;
    call_categories(&server.client).await;
    let requests = server.requests().await;
    for request in &requests {
        let known = operations().any(|operation| fits(operation, request));
        assert!(
            known,
            "{} {} is not in the table",
            request.method, request.url
        );
    }
    for operation in operations() {
        let called = requests.iter().any(|request| fits(operation, request));
        assert!(called, "{} is never called", operation.name());
    }
}

/// What is known of the operations, written down apart from the code.
struct Known {
    call: String,
    errors: BTreeSet<u16>,
    admin: bool,
}

fn known() -> Vec<Known> {
    let lines = include_str!("operations.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            let call = format!("{} {}", words.next().unwrap(), words.next().unwrap());
            Known {
                call,
                errors: words.clone().filter_map(|word| word.parse().ok()).collect(),
                admin: words.next_back() == Some("admin"),
            }
        })
        .collect()
}

fn call_of(operation: &ApiOperation) -> String {
    format!("{} {}", operation.method(), operation.path())
}

#[test]
fn all_343_operations_are_in_the_table_with_their_errors_and_rights() {
    let known = known();
    assert_eq!(known.len(), 343);
    let missing: Vec<_> = known
        .iter()
        .map(|known| &known.call)
        .filter(|call| operations().all(|operation| call_of(operation) != **call))
        .collect();
    assert_eq!(missing, [] as [&str; 0]);
    for known in &known {
        for operation in operations().filter(|operation| call_of(operation) == known.call) {
            let name = operation.name();
            // What a call under `If-Match` may get besides is written nowhere but in prose.
            let errors = operation.documented_errors().iter().copied();
            let errors: BTreeSet<u16> = errors.filter(|error| *error != 412).collect();
            assert_eq!(errors, known.errors, "{name}");
            assert_eq!(operation.needs_administrator(), known.admin, "{name}");
        }
    }
}

#[test]
fn what_is_in_the_table_beyond_the_343_is_known_by_name() {
    let known: BTreeSet<String> = known().into_iter().map(|known| known.call).collect();
    let beyond: BTreeSet<&str> = operations()
        .filter(|operation| !known.contains(&call_of(operation)))
        .map(ApiOperation::name)
        .collect();
    let expected = [
        "document_templates.get",
        "document_templates.list",
        "document_templates.search",
        "leads.add_link",
        "leads.links",
        "leads.remove_link",
        "leads.update_link",
    ];
    assert_eq!(beyond, BTreeSet::from(expected));
}

#[test]
fn leads_and_custom_objects_are_not_in_every_account() {
    let of = |name| {
        let found = operations().find(|operation| operation.name() == name);
        found.unwrap().availability()
    };
    assert_eq!(of("contacts.get"), Availability::EveryPlan);
    assert_eq!(of("leads.get"), Availability::LeadManagement);
    assert_eq!(of("custom_object_records.get"), Availability::HigherPlans);
    assert_eq!(of("opportunities.line_items"), Availability::HigherPlans);
}

/// The table of `OPERATIONS.md`.
fn table() -> String {
    let mut table = String::from(
        "# Operations\n\nWritten from `insightly::operations()` by a test: `UPDATE_TABLE=1 cargo test -p \
         insightly --all-features --test wire`. *Repeated* is what is sent again after a failure that may \
         have been a success. 405, 429 and 5xx can come from every operation.\n\n\
         | operation | call | repeated | administrator | plans | documented errors |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for operation in operations() {
        let yes = |flag: bool| if flag { "yes" } else { "" };
        let plans = match operation.availability() {
            Availability::LeadManagement => "with lead management",
            Availability::HigherPlans => "higher ones",
            _ => "all",
        };
        let errors: Vec<_> = operation
            .documented_errors()
            .iter()
            .map(u16::to_string)
            .collect();
        table.push_str(&format!(
            "| `{}` | {} `{}` | {} | {} | {plans} | {} |\n",
            operation.name(),
            operation.method(),
            operation.path(),
            yes(operation.is_repeatable()),
            yes(operation.needs_administrator()),
            errors.join(" "),
        ));
    }
    table
}

#[test]
fn the_written_table_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/OPERATIONS.md");
    if std::env::var_os("UPDATE_TABLE").is_some() {
        std::fs::write(path, table()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), table());
}

#[test]
fn names_are_unique_and_say_their_family() {
    let mut names = BTreeSet::new();
    for operation in operations() {
        assert!(names.insert(operation.name()), "{} twice", operation.name());
        let prefix = format!("{}.", operation.family());
        assert!(
            operation.name().starts_with(&prefix),
            "{}",
            operation.name()
        );
    }
}

#[test]
fn only_reads_and_what_can_be_done_twice_are_repeated() {
    for operation in operations() {
        let verb = operation.method().as_str();
        assert_eq!(operation.is_read(), verb == "GET", "{}", operation.name());
        if operation.name().ends_with(".create") || operation.name().ends_with("_if") {
            assert!(!operation.is_repeatable(), "{}", operation.name());
        }
    }
}

#[test]
fn a_record_tells_its_id() {
    fn id_of<R: Record>(record: &R) -> String {
        format!("{} {}", R::ID_NAME, record.id())
    }
    let user: User = serde_json::from_str(r#"{"USER_ID": 3}"#).unwrap();
    assert_eq!(id_of(&user), "USER_ID 3");
}
