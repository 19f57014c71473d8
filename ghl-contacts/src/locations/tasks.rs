//! The tasks of a location.

use futures_util::Stream;
use serde::{Deserialize, Serialize};

use crate::{
    contacts::Task,
    error::Result,
    ids::{BusinessId, ContactId, UserId},
    locations::{Location, operations::SEARCH_TASKS},
    skipping::by_skip,
};

/// Which tasks a search finds. It knows no dates.
///
/// ```
/// use ghl_contacts::TaskSearch;
/// let open = TaskSearch::new().completed(false).page_size(100);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaskSearch {
    /// Only tasks of these contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact_id: Vec<ContactId>,
    /// Only done ones, or only open ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    /// Only tasks of these users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigned_to: Vec<UserId>,
    /// Only tasks with this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Rows of a page; 25 if not set. No maximum is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only tasks of this business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_id: Option<BusinessId>,
}

impl TaskSearch {
    /// All tasks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only tasks of this contact, or of one more.
    pub fn contact(mut self, id: impl Into<ContactId>) -> Self {
        self.contact_id.push(id.into());
        self
    }

    /// Only done ones, or only open ones.
    pub fn completed(mut self, done: bool) -> Self {
        self.completed = Some(done);
        self
    }

    /// Only tasks of this user, or of one more.
    pub fn assigned_to(mut self, user: impl Into<UserId>) -> Self {
        self.assigned_to.push(user.into());
        self
    }

    /// Only tasks with this text.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.query = Some(text.into());
        self
    }

    /// Only tasks of this business.
    pub fn business(mut self, id: impl Into<BusinessId>) -> Self {
        self.business_id = Some(id.into());
        self
    }

    /// Rows of a page.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    search: &'a TaskSearch,
    skip: usize,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    tasks: Vec<Task>,
}

impl Location {
    /// Finds tasks, page after page until an empty one. Their order is not documented, so
    /// tasks that appear or vanish meanwhile can be missed or come twice.
    ///
    /// Scope: `locations/tasks.readonly`.
    pub fn search_tasks(&self, search: TaskSearch) -> impl Stream<Item = Result<Task>> + use<> {
        let location = self.clone();
        by_skip(move |skip| {
            let (location, search) = (location.clone(), search.clone());
            async move { location.task_page(&search, skip).await }
        })
    }

    /// One page of a task search, after `skip` rows.
    ///
    /// Scope: `locations/tasks.readonly`.
    pub async fn task_page(&self, search: &TaskSearch, skip: usize) -> Result<Vec<Task>> {
        let op = SEARCH_TASKS
            .of([self.id.as_str()])
            .json(&Body { search, skip });
        Ok(self.client.send::<Reply>(op).await?.tasks)
    }
}
