//! Activity sets: tasks and events that are made together.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    form,
    ids::{ActivityId, ActivitySetId, CategoryId, TeamId, UserId},
    model::record,
    records::Records,
    shape::family,
    shapes::{listed, read_by_id},
};

record! {
    /// Tasks and events that are made together.
    ActivitySet(id: ActivitySetId = "ACTIVITYSET_ID");
    read {
        /// The name.
        name: String = "NAME",
        /// Whether for contacts.
        for_contacts: bool = "FOR_CONTACTS",
        /// Whether for organisations.
        for_organisations: bool = "FOR_ORGANISATIONS",
        /// Whether for opportunities.
        for_opportunities: bool = "FOR_OPPORTUNITIES",
        /// Whether for projects.
        for_projects: bool = "FOR_PROJECTS",
        /// Whether for leads.
        for_leads: bool = "FOR_LEADS",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// What is in it.
        activities: Vec<Activity> = "ACTIVITIES",
    }
}

record! {
    /// One task or event of an activity set.
    Activity(id: ActivityId = "ACTIVITY_ID");
    read {
        /// The activity set.
        activity_set_id: ActivitySetId = "ACTIVITYSET_ID",
        /// The name.
        name: String = "ACTIVITY_NAME",
        /// More about it.
        details: String = "ACTIVITY_DETAILS",
        /// Task or event.
        activity_type: String = "ACTIVITY_TYPE",
        /// The task category.
        category_id: CategoryId = "CATEGORY_ID",
        /// Whether it reminds.
        reminder: bool = "REMINDER",
        /// How many days before.
        reminder_days_before_due: i64 = "REMINDER_DAYS_BEFORE_DUE",
        /// At what time, e.g. `3:04 PM`.
        reminder_time: String = "REMINDER_TIME",
        /// Whether everybody sees it.
        publicly_visible: bool = "PUBLICLY_VISIBLE",
        /// Whether the owner sees it.
        owner_visible: bool = "OWNER_VISIBLE",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The user who has to do it.
        responsible_user_id: UserId = "RESPONSIBLE_USER_ID",
        /// The team that has to do it.
        assigned_team_id: TeamId = "ASSIGNED_TEAM_ID",
        /// Never on a Sunday.
        skip_sun: bool = "SKIP_SUN",
        /// Never on a Monday.
        skip_mon: bool = "SKIP_MON",
        /// Never on a Tuesday.
        skip_tue: bool = "SKIP_TUE",
        /// Never on a Wednesday.
        skip_wed: bool = "SKIP_WED",
        /// Never on a Thursday.
        skip_thu: bool = "SKIP_THU",
        /// Never on a Friday.
        skip_fri: bool = "SKIP_FRI",
        /// Never on a Saturday.
        skip_sat: bool = "SKIP_SAT",
        /// Due so many days after the start.
        due_days_after_start: i64 = "DUE_DAYS_AFTER_START",
        /// Due so many days before the end.
        due_days_before_end: i64 = "DUE_DAYS_BEFORE_END",
        /// An event so many days after the start.
        event_days_after_start: i64 = "EVENT_DAYS_AFTER_START",
        /// An event so many days before the end.
        event_days_before_end: i64 = "EVENT_DAYS_BEFORE_END",
        /// At what time, e.g. `3:04 PM`.
        event_time: String = "EVENT_TIME",
        /// Whether it takes whole days.
        all_day: bool = "ALL_DAY",
        /// How long it takes.
        duration: i64 = "DURATION",
    }
}

/// The assignment of an activity set to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ActivitySetAssignment {
    /// The activity set.
    #[serde(rename = "ACTIVITYSET_ID")]
    pub activity_set_id: ActivitySetId,
    /// The day that it counts from.
    #[serde(
        rename = "START_DATE",
        serialize_with = "form::write_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date: Option<Date>,
    /// The day that it counts back from.
    #[serde(
        rename = "END_DATE",
        serialize_with = "form::write_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_date: Option<Date>,
    /// Who has to do what.
    #[serde(rename = "ACTIVITY_ASSIGNMENTS", skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<ActivityAssignment>,
}

impl ActivitySetAssignment {
    /// Of this activity set.
    pub fn of(activity_set: ActivitySetId) -> Self {
        Self {
            activity_set_id: activity_set,
            start_date: None,
            end_date: None,
            assignments: Vec::new(),
        }
    }

    /// The day that it counts from.
    pub fn start_date(mut self, date: Date) -> Self {
        self.start_date = Some(date);
        self
    }

    /// The day that it counts back from.
    pub fn end_date(mut self, date: Date) -> Self {
        self.end_date = Some(date);
        self
    }

    /// Gives one activity to a user.
    pub fn to_user(mut self, activity: ActivityId, user: UserId) -> Self {
        self.assignments.push(ActivityAssignment {
            activity_id: activity,
            responsible_user_id: Some(user),
            assigned_team_id: None,
        });
        self
    }

    /// Gives one activity to a team.
    pub fn to_team(mut self, activity: ActivityId, team: TeamId) -> Self {
        self.assignments.push(ActivityAssignment {
            activity_id: activity,
            responsible_user_id: None,
            assigned_team_id: Some(team),
        });
        self
    }
}

/// Who has to do one activity of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActivityAssignment {
    /// The activity.
    #[serde(rename = "ACTIVITY_ID")]
    pub activity_id: ActivityId,
    /// The user.
    #[serde(
        rename = "RESPONSIBLE_USER_ID",
        skip_serializing_if = "Option::is_none"
    )]
    pub responsible_user_id: Option<UserId>,
    /// The team.
    #[serde(rename = "ASSIGNED_TEAM_ID", skip_serializing_if = "Option::is_none")]
    pub assigned_team_id: Option<TeamId>,
}

family!(ActivitySet, "activity_sets", "/ActivitySets": listed, read_by_id as errors(&[400, 401, 404]));

impl Client {
    /// The activity sets.
    pub fn activity_sets(&self) -> Records<ActivitySet> {
        Records::new(self)
    }
}
