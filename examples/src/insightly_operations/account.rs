//! What is there in the account to refer to, found by the operations that read it.

use insightly::{
    ActivitySet, Client, CustomFieldDefinition, DocumentTemplateId, Following, ListQuery,
    PipelineId, PricebookId, SearchQuery, StageId, StateReasonId, TaggedRecords, UserId,
};

use super::{Report, shapes};

/// What records can refer to.
pub(crate) struct Place {
    pub(crate) minimal: bool,
    pub(crate) pricebook: PricebookId,
    pub(crate) user: UserId,
    pub(crate) country: String,
    pub(crate) currency: String,
    pub(crate) stages: Option<(PipelineId, StageId)>,
    pub(crate) activity_set: Option<ActivitySet>,
    pub(crate) template: Option<DocumentTemplateId>,
    pub(crate) state_reason: Option<StateReasonId>,
    pub(crate) custom_fields: Vec<CustomFieldDefinition>,
    pub(crate) custom_object: Option<String>,
}

pub(crate) async fn find(
    client: &Client,
    minimal: bool,
    pricebook: PricebookId,
    report: &mut Report,
) -> Place {
    let me = report.call("users.me", client.me()).await;
    let user = me.map_or(UserId(1), |me| me.id);
    let users = client.users();
    report
        .list("users.list", users.list(&ListQuery::new()))
        .await;
    let search = users.search(&SearchQuery::new());
    report.list("users.search", search).await;
    report.call("users.get", users.get(user)).await;
    report.call("instance.get", client.instance()).await;
    report.call("permissions.get", client.permissions()).await;
    let countries = report.call("countries.list", client.countries()).await;
    let currencies = report.call("currencies.list", client.currencies()).await;
    let tags = client.tags(TaggedRecords::Contacts);
    report.list("tags.list", tags).await;
    let follows = client.follows(None);
    let _: Vec<Following> = report.list("follows.list", follows).await;
    let relationships = client.relationships();
    let relationships = relationships.list(&ListQuery::new());
    report.list("relationships.list", relationships).await;
    let reasons = client.opportunity_state_reasons();
    let reasons = report.list("opportunity_state_reasons.list", reasons).await;
    let first = |names: Option<Vec<String>>| names.and_then(|names| names.into_iter().next());
    let country = first(countries.map(|all| all.into_iter().map(|one| one.name).collect()));
    let currency = first(currencies.map(|all| all.into_iter().map(|one| one.code).collect()));
    Place {
        minimal,
        pricebook,
        user,
        country: country.unwrap_or_else(|| "United States".to_owned()),
        currency: currency.unwrap_or_else(|| "USD".to_owned()),
        stages: stages(client, report).await,
        activity_set: activity_set(client, report).await,
        template: template(client, report).await,
        state_reason: reasons
            .iter()
            .find(|reason| reason.for_state.as_deref() == Some("LOST"))
            .map(|reason| reason.id),
        custom_fields: custom_fields(client, report).await,
        custom_object: custom_object(client, report).await,
    }
}

async fn stages(client: &Client, report: &mut Report) -> Option<(PipelineId, StageId)> {
    let pipelines = client.pipelines();
    let all = shapes::list(&pipelines, report).await;
    let pipeline = all.first().map(|pipeline| pipeline.id);
    shapes::get(&pipelines, pipeline.unwrap_or(PipelineId(1)), report).await;
    let stages = client.pipeline_stages();
    let all = shapes::list(&stages, report).await;
    let stage = all.iter().find(|stage| stage.pipeline_id == pipeline);
    let stage = stage.map(|stage| stage.id);
    shapes::get(&stages, stage.unwrap_or(StageId(1)), report).await;
    Some((pipeline?, stage?))
}

async fn activity_set(client: &Client, report: &mut Report) -> Option<ActivitySet> {
    let sets = client.activity_sets();
    let set = shapes::list(&sets, report).await.into_iter().next()?;
    shapes::get(&sets, set.id, report).await;
    Some(set)
}

async fn template(client: &Client, report: &mut Report) -> Option<DocumentTemplateId> {
    let templates = client.document_templates();
    let all = shapes::list(&templates, report).await;
    shapes::search(&templates, report).await;
    let first = all.first().map(|template| template.id);
    shapes::get(&templates, first.unwrap_or(DocumentTemplateId(1)), report).await;
    first
}

async fn custom_fields(client: &Client, report: &mut Report) -> Vec<CustomFieldDefinition> {
    let fields = client.custom_fields("Contacts");
    let fields = report.call("custom_fields.list", fields).await;
    let fields = fields.unwrap_or_default();
    match fields.first() {
        Some(field) => {
            let found = client.custom_field("Contacts", &field.name);
            report.call("custom_fields.find", found).await;
        }
        None => report.impossible("custom_fields.find", "contacts have no custom field"),
    }
    fields
}

async fn custom_object(client: &Client, report: &mut Report) -> Option<String> {
    let objects = client.custom_objects();
    let objects = report.call("custom_objects.list", objects).await?;
    let name = objects.into_iter().next()?.name;
    let object = client.custom_object(&name);
    report.call("custom_objects.get", object).await;
    Some(name)
}
