//! Projects.

use jiff::{Timestamp, civil::Date};

#[cfg(feature = "milestones")]
use super::milestone::{Milestone, MilestoneUpdate, NewMilestone};
use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    error::Result,
    ids::{CategoryId, MilestoneId, OpportunityId, PipelineId, ProjectId, StageId, TeamId, UserId},
    link::Link,
    model::record,
    one_or_many,
    records::Records,
    shape::{calls, family},
    shapes::{
        assigned, changed, changed_if, created, deleted, followed, image_fields, linked, listed,
        mailed, merged, noted, pictured, read_by_id, relinked, searched, searched_by_tag, staged,
        tagged, takes_files, with_emails, with_events, with_files, with_tasks,
    },
    tag::Tag,
};

record! {
    /// A project.
    Project(id: ProjectId = "PROJECT_ID");

    /// What a project is made of: `NewProject::new("Roof for Ada", "NOT STARTED")`.
    NewProject;

    /// What is changed of a project. Pipeline and stage are moved by `set_pipeline` and
    /// `set_stage`.
    ProjectUpdate;

    required {
        /// The name.
        name: String = "PROJECT_NAME" [255],
        /// `NOT STARTED`, `IN PROGRESS`, `DEFERRED`, `CANCELLED`, `ABANDONED` or `COMPLETED`,
        /// in any case.
        status: String = "STATUS" [20],
    }
    writable {
        /// More about it; may hold HTML.
        details: String = "PROJECT_DETAILS" [4000],
        /// The day it started.
        started_date: Date = "STARTED_DATE",
        /// The day it was completed.
        completed_date: Date = "COMPLETED_DATE",
        /// The category.
        category_id: CategoryId = "CATEGORY_ID",
        /// Where the picture is.
        image_url: String = "IMAGE_URL" [255],
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The user who works on it.
        responsible_user_id: UserId = "RESPONSIBLE_USER_ID",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {
        /// Tags.
        tags: Tag = "TAGS",
    }
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
        /// The opportunity it was.
        opportunity_id: OpportunityId = "OPPORTUNITY_ID",
        /// The pipeline it is in.
        pipeline_id: PipelineId = "PIPELINE_ID",
        /// The stage it is at.
        stage_id: StageId = "STAGE_ID",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The last task, event or e-mail.
        last_activity_date: Timestamp = "LAST_ACTIVITY_DATE_UTC",
        /// The next task or event.
        next_activity_date: Timestamp = "NEXT_ACTIVITY_DATE_UTC",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
        /// The address that files mails with it.
        linked_email_address: String = "LINKED_EMAIL_ADDRESS",
        /// Who sees it: `EVERYONE`, `OWNER`, `TEAM` or `INDIVIDUALS`.
        visible_to: String = "VISIBLE_TO",
        /// The team that sees it.
        visible_team_id: TeamId = "VISIBLE_TEAM_ID",
    }
}

custom_fields_of!(Project);

family!(
    Project, "projects", "/Projects":
    listed, searched, searched_by_tag, read_by_id,
    created(New = NewProject), changed(Update = ProjectUpdate), changed_if, deleted,
    tagged, linked, relinked, noted, with_tasks, with_events, with_emails, followed, pictured, image_fields,
    with_files, takes_files, assigned, staged, mailed, merged,
);

#[cfg(feature = "milestones")]
pub(crate) mod milestones {
    use super::calls;

    calls! { "projects":
        LIST: get "milestones" "/Projects/{id}/Milestones" [400 401 403 404];
        ADD: post "add_milestone" "/Projects/{id}/Milestones" [400 401 403 404];
        UPDATE: put "update_milestone" "/Projects/{id}/Milestones" [400 401 403 404];
        DELETE: delete "delete_milestone" "/Projects/{id}/Milestones/{milestoneId}" [401 403 404 417];
    }

    pub(super) const OF: [&crate::ApiOperation; 4] = [&LIST, &ADD, &UPDATE, &DELETE];
}

#[cfg(feature = "milestones")]
impl Records<Project> {
    /// The project's milestones.
    pub async fn milestones(&self, id: ProjectId) -> Result<Vec<Milestone>> {
        let op = self.op(milestones::OF[0], &[&id.to_string()]);
        self.client().send(op).await
    }

    /// Adds a milestone. Gives what the server answers: documented are all of the project.
    pub async fn add_milestone(
        &self,
        id: ProjectId,
        milestone: &NewMilestone,
    ) -> Result<Vec<Milestone>> {
        let op = self.op_with(milestones::OF[1], &[&id.to_string()], milestone)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }

    /// Changes a milestone. Gives what the server answers: documented are all of the project.
    pub async fn update_milestone(
        &self,
        id: ProjectId,
        update: &MilestoneUpdate,
    ) -> Result<Vec<Milestone>> {
        let op = self.op_with(milestones::OF[2], &[&id.to_string()], update)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }

    /// Deletes a milestone.
    pub async fn delete_milestone(&self, id: ProjectId, milestone: MilestoneId) -> Result<()> {
        let op = self.op(
            milestones::OF[3],
            &[&id.to_string(), &milestone.to_string()],
        );
        self.client().send_unit(op).await
    }
}

impl Client {
    /// The projects.
    pub fn projects(&self) -> Records<Project> {
        Records::new(self)
    }
}
