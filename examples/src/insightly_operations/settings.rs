//! What only an administrator changes: categories, lead settings, teams.

use insightly::{
    Client, FileCategoryUpdate, LeadSourceUpdate, LeadStatusUpdate, NewFileCategory, NewLeadSource,
    NewLeadStatus, NewOpportunityCategory, NewProjectCategory, NewTaskCategory, NewTeam,
    NewTeamMember, OpportunityCategoryUpdate, ProjectCategoryUpdate, TaskCategoryUpdate,
    TeamUpdate,
};

use super::{Report, shapes};

/// A category is made, changed, read, and deleted again.
macro_rules! category {
    ($client:ident $report:ident $of:ident $New:ident $Update:ident) => {{
        let categories = $client.$of();
        shapes::list(&categories, $report).await;
        let new = $New::new("Every operation", "FF8800").active(true);
        if let Some(made) = shapes::create(&categories, &new, $report).await {
            let update = $Update::of(made.id).name("Every operation, changed");
            shapes::update(&categories, &update, $report).await;
            shapes::get(&categories, made.id, $report).await;
            shapes::delete(&categories, made.id, $report).await;
        }
    }};
}

pub(crate) async fn tour(client: &Client, report: &mut Report) {
    category!(client report task_categories NewTaskCategory TaskCategoryUpdate);
    category!(client report project_categories NewProjectCategory ProjectCategoryUpdate);
    category!(client report opportunity_categories NewOpportunityCategory OpportunityCategoryUpdate);
    category!(client report file_categories NewFileCategory FileCategoryUpdate);
    lead_settings(client, report).await;
    teams(client, report).await;
}

async fn lead_settings(client: &Client, report: &mut Report) {
    let sources = client.lead_sources();
    shapes::list(&sources, report).await;
    let new = NewLeadSource::new("Every operation")
        .is_default(false)
        .order(9);
    if let Some(made) = shapes::create(&sources, &new, report).await {
        let update = LeadSourceUpdate::of(made.id).name("Every operation, changed");
        shapes::update(&sources, &update, report).await;
        let deleted = sources.delete_source(made.id);
        report.call("lead_sources.delete", deleted).await;
    }
    let statuses = client.lead_statuses();
    shapes::list(&statuses, report).await;
    let all = statuses.with_converted();
    report.call("lead_statuses.list", all).await;
    let new = NewLeadStatus::new("Every operation")
        .is_default(false)
        .status_type(0)
        .order(9);
    if let Some(made) = shapes::create(&statuses, &new, report).await {
        let update = LeadStatusUpdate::of(made.id).name("Every operation, changed");
        shapes::update(&statuses, &update, report).await;
        let deleted = statuses.delete_status(made.id);
        report.call("lead_statuses.delete", deleted).await;
    }
}

async fn teams(client: &Client, report: &mut Report) {
    let Some(me) = report.call("users.me", client.me()).await else {
        return;
    };
    let (teams, members) = (client.teams(), client.team_members());
    shapes::list(&teams, report).await;
    shapes::list(&members, report).await;
    let new = NewTeam::new("Every operation");
    let Some(team) = shapes::create(&teams, &new, report).await else {
        return;
    };
    let update = TeamUpdate::of(team.id).name("Every operation, changed");
    shapes::update(&teams, &update, report).await;
    shapes::get(&teams, team.id, report).await;
    let added = teams.add_member(team.id, me.id);
    if let Some(member) = report.call("teams.add_member", added).await {
        shapes::get(&members, member.id, report).await;
        let removed = teams.remove_member(team.id, member.id);
        report.call("teams.remove_member", removed).await;
    }
    let new = NewTeamMember::new(me.id, team.id);
    if let Some(member) = shapes::create(&members, &new, report).await {
        shapes::delete(&members, member.id, report).await;
    }
    shapes::delete(&teams, team.id, report).await;
}
