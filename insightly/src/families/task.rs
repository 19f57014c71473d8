//! Tasks.

use jiff::{Timestamp, civil::Date};

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    ids::{
        CategoryId, EmailId, MilestoneId, OpportunityId, ProjectId, StageId, TaskId, TeamId, UserId,
    },
    link::Link,
    model::record,
    records::Records,
    shape::family,
    shapes::{
        changed, changed_if, commented, created, deleted, followed, image_fields, linked, listed,
        read_by_id, searched,
    },
};

record! {
    /// A task. It names no contact: contacts are attached by links of the task, and an
    /// opportunity or project by its member and a link both.
    #[derive(Hash)]
    Task(id: TaskId = "TASK_ID");

    /// What a task is made of: `NewTask::new("Call Ada")`. Attach a contact afterwards
    /// with `client.tasks().add_link(…)`.
    NewTask;

    /// What is changed of a task. To complete it set `completed`, `status` to `COMPLETED`
    /// and `percent_complete` to 100 together.
    TaskUpdate;

    required {
        /// What is to be done.
        title: String = "TITLE" [500],
    }
    writable {
        /// The category.
        category_id: CategoryId = "CATEGORY_ID",
        /// The day it is due.
        due_date: Date = "DUE_DATE",
        /// Whether it is done.
        completed: bool = "COMPLETED",
        /// More about it; may hold HTML.
        details: String = "DETAILS" [4000],
        /// `NOT STARTED`, `IN PROGRESS`, `COMPLETED`, `DEFERRED` or `WAITING`.
        status: String = "STATUS" [20],
        /// 1 low, 2 normal, 3 high.
        priority: i64 = "PRIORITY",
        /// 0 to 100.
        percent_complete: i64 = "PERCENT_COMPLETE",
        /// The day it starts.
        start_date: Date = "START_DATE",
        /// A milestone of its project.
        milestone_id: MilestoneId = "MILESTONE_ID",
        /// The user who has to do it.
        responsible_user_id: UserId = "RESPONSIBLE_USER_ID",
        /// The user who owns it; the key's user if not set.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The e-mail it is about.
        email_id: EmailId = "EMAIL_ID",
        /// Its project; excludes an opportunity.
        project_id: ProjectId = "PROJECT_ID",
        /// When to remind.
        reminder_date: Timestamp = "REMINDER_DATE_UTC",
        /// Whether the owner sees it.
        owner_visible: bool = "OWNER_VISIBLE",
        /// The task that this one is a part of.
        parent_task_id: TaskId = "PARENT_TASK_ID",
        /// How it recurs; the form is not documented.
        recurrence: String = "RECURRENCE" [20],
        /// Its opportunity; excludes a project.
        opportunity_id: OpportunityId = "OPPORTUNITY_ID",
        /// The team that has to do it.
        assigned_team_id: TeamId = "ASSIGNED_TEAM_ID",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {}
    read {
        /// Links to other records: its contacts are here.
        links: Vec<Link> = "LINKS",
        /// When it was completed.
        completed_date: Timestamp = "COMPLETED_DATE_UTC",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// Whether the reminder went out.
        reminder_sent: bool = "REMINDER_SENT",
        /// The stage of the parent's pipeline.
        stage_id: StageId = "STAGE_ID",
        /// The user who assigned it.
        assigned_by_user_id: UserId = "ASSIGNED_BY_USER_ID",
        /// When it was assigned.
        assigned_date: Timestamp = "ASSIGNED_DATE_UTC",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
        /// Whether everybody sees it.
        publicly_visible: bool = "PUBLICLY_VISIBLE",
    }
}

custom_fields_of!(Task);

family!(
    Task, "tasks", "/Tasks":
    listed, searched, read_by_id,
    created(New = NewTask), changed(Update = TaskUpdate), changed_if, deleted,
    linked, commented, followed, image_fields,
);

impl Client {
    /// The tasks.
    pub fn tasks(&self) -> Records<Task> {
        Records::new(self)
    }
}
