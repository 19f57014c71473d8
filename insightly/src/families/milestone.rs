//! Milestones of projects.

use jiff::{Timestamp, civil::Date};

use crate::{
    client::Client,
    ids::{MilestoneId, ProjectId, UserId},
    model::record,
    records::Records,
    shape::family,
    shapes::{listed, read_by_id, searched},
};

record! {
    /// A milestone of a project.
    Milestone(id: MilestoneId = "MILESTONE_ID");

    /// What a milestone is made of; see `client.projects().add_milestone(…)`.
    NewMilestone;

    /// What is changed of a milestone; see `client.projects().update_milestone(…)`.
    MilestoneUpdate;

    required {
        /// Whether it is reached.
        completed: bool = "COMPLETED",
        /// The day it is due.
        due_date: Date = "DUE_DATE",
    }
    writable {
        /// What it is.
        title: String = "TITLE" [500],
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The user who works on it.
        responsible_user: UserId = "RESPONSIBLE_USER",
    }
    lists {}
    on_create {}
    read {
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// When it was reached.
        completed_date: Timestamp = "COMPLETED_DATE_UTC",
        /// The project.
        project_id: ProjectId = "PROJECT_ID",
    }
}

family!(Milestone, "milestones", "/Milestones": listed, searched, read_by_id);

impl Client {
    /// The milestones of all projects; one is changed below its project.
    pub fn milestones(&self) -> Records<Milestone> {
        Records::new(self)
    }
}
