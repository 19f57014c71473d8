//! Tasks of a contact.

use api_transport::Edit;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    contacts::{Contacts, operations},
    error::Result,
    ids::{BusinessId, ContactId, LocationId, TaskId, UserId},
    record::{nested, record},
    succeeded::Succeeded,
};

record! {
    /// A task, from a contact's routes or from the location's search.
    ///
    /// A task knows only done or not done, and always belongs to a contact. The contact's
    /// routes show no stamps; the search does.
    pub struct Task {
        /// The id; `_id` in search rows.
        pub id: TaskId = "id" from ["id", "_id"],
        /// The title.
        pub title: Option<String> = "title",
        /// The text.
        pub body: Option<String> = "body",
        /// The user who shall do it.
        pub assigned_to: Option<UserId> = "assignedTo",
        /// When it is due: an instant, in UTC.
        pub due_date: Option<Timestamp> = "dueDate",
        /// Whether it is done.
        pub completed: Option<bool> = "completed",
        /// The contact.
        pub contact_id: Option<ContactId> = "contactId",
        /// The location, in search rows.
        pub location_id: Option<LocationId> = "locationId",
        /// The business, in search rows.
        pub business_id: Option<BusinessId> = "businessId",
        /// Its status in words, in search rows.
        pub status: Option<String> = "status",
        /// Its group of statuses, in search rows.
        pub status_group: Option<String> = "statusGroup",
        /// Whether it is deleted, in search rows.
        pub deleted: Option<bool> = "deleted",
        /// When it was created, in search rows.
        pub date_added: Option<Timestamp> = "dateAdded" from ["dateAdded", "createdAt"],
        /// When it last changed, in search rows.
        pub date_updated: Option<Timestamp> = "dateUpdated" from ["dateUpdated", "updatedAt"],
        /// The user it is assigned to, as it came, in search rows.
        pub assigned_to_user_details: Option<Value> = "assignedToUserDetails",
        /// The contact, as it came, in search rows.
        pub contact_details: Option<Value> = "contactDetails",
        /// A cursor, in search rows; the search itself goes by skipping.
        pub search_after: Option<Value> = "searchAfter",
    }
}
nested!(Task);

/// A task to create. Title and due date are required by the API.
///
/// ```
/// use ghl_contacts::NewTask;
/// let call = NewTask::due("Call Ada", "2026-11-25T11:00:00Z".parse().unwrap()).body("about the offer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewTask {
    /// The title.
    pub title: String,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it is due.
    pub due_date: Timestamp,
    /// Whether it is done.
    pub completed: bool,
    /// The user who shall do it. Without one, nobody is notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
}

impl NewTask {
    /// An open task.
    pub fn due(title: impl Into<String>, due_date: Timestamp) -> Self {
        Self {
            title: title.into(),
            body: None,
            due_date,
            completed: false,
            assigned_to: None,
        }
    }

    /// Sets the text.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Says whether it is done.
    pub fn completed(mut self, done: bool) -> Self {
        self.completed = done;
        self
    }

    /// Assigns it to a user.
    pub fn assigned_to(mut self, user: impl Into<UserId>) -> Self {
        self.assigned_to = Some(user.into());
        self
    }
}

/// A change of a task; what is not set stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskUpdate {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text; an empty one empties it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Timestamp>,
    /// Whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    /// The user who shall do it. `Clear` is sent as `null`; that this is taken is not confirmed.
    #[serde(skip_serializing_if = "Edit::is_leave")]
    pub assigned_to: Edit<UserId>,
}

impl TaskUpdate {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the text.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets when it is due.
    pub fn due_date(mut self, due: Timestamp) -> Self {
        self.due_date = Some(due);
        self
    }

    /// Says whether it is done.
    pub fn completed(mut self, done: bool) -> Self {
        self.completed = Some(done);
        self
    }

    /// Assigns it to a user, or to nobody.
    pub fn assigned_to(mut self, edit: impl Into<Edit<UserId>>) -> Self {
        self.assigned_to = edit.into();
        self
    }
}

#[derive(Deserialize)]
struct Reply {
    task: Task,
}

#[derive(Deserialize)]
struct ListReply {
    #[serde(default)]
    tasks: Vec<Task>,
}

#[derive(Serialize)]
struct CompletedBody {
    completed: bool,
}

impl Contacts {
    /// All tasks of a contact, in one answer.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn tasks(&self, contact: &ContactId) -> Result<Vec<Task>> {
        let op = operations::TASKS.of([contact.as_str()]);
        Ok(self.client.send::<ListReply>(op).await?.tasks)
    }

    /// Reads a task. A deleted one was seen to stay readable here while the list hid it.
    ///
    /// Scope: `contacts.readonly`.
    pub async fn task(&self, contact: &ContactId, id: &TaskId) -> Result<Task> {
        let op = operations::TASK.of([contact.as_str(), id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.task)
    }

    /// Creates a task.
    ///
    /// Scope: `contacts.write`. Not repeatable.
    pub async fn create_task(&self, contact: &ContactId, task: &NewTask) -> Result<Task> {
        let op = operations::CREATE_TASK.of([contact.as_str()]).json(task);
        Ok(self.client.send::<Reply>(op).await?.task)
    }

    /// Changes a task.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn update_task(
        &self,
        contact: &ContactId,
        id: &TaskId,
        update: &TaskUpdate,
    ) -> Result<Task> {
        let op = operations::UPDATE_TASK
            .of([contact.as_str(), id.as_str()])
            .json(update);
        Ok(self.client.send::<Reply>(op).await?.task)
    }

    /// Marks a task as done, or as open again.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn complete_task(
        &self,
        contact: &ContactId,
        id: &TaskId,
        completed: bool,
    ) -> Result<Task> {
        let op = operations::COMPLETE_TASK
            .of([contact.as_str(), id.as_str()])
            .json(&CompletedBody { completed });
        Ok(self.client.send::<Reply>(op).await?.task)
    }

    /// Deletes a task.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn delete_task(&self, contact: &ContactId, id: &TaskId) -> Result<()> {
        let op = operations::DELETE_TASK.of([contact.as_str(), id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
