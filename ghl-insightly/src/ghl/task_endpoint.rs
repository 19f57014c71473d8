//! The GHL task client as the engine calls it.

use std::{sync::Arc, time::Duration};

use ghl_contacts::{Client, ContactId, LocationId, NewTask, Task, TaskId, TaskSearch, TaskUpdate};
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, Head, Lane, Locator, NativePage,
    NativeReply, NativeSeen, Reason, RecordId, Ref, Target,
};

use super::{
    failure::{connector_error, record_error},
    open_tasks::{OpenTasks, Place},
};

/// One request about a task.
#[derive(Debug, Clone)]
pub enum GhlTaskCall {
    /// Makes it.
    Create {
        /// Whose task it is.
        contact: ContactId,
        /// The task.
        task: Box<NewTask>,
    },
    /// Changes it.
    Update(Box<TaskUpdate>),
    /// Marks it as done, or as open again.
    Complete(bool),
}

/// Tasks of one location.
///
/// The search knows no time of change. A poll reads all open tasks; one that is no longer among
/// them was done or deleted, and is read by id. Edits of done tasks are met by the walk.
#[derive(Debug, Clone)]
pub struct GhlTasks {
    client: Client,
    location: LocationId,
    open: Arc<OpenTasks>,
    index_lag: Duration,
}

/// Rows of a page. No maximum is published.
const PAGE: u32 = 100;

impl GhlTasks {
    /// `index_lag` is how far the search may be behind the records.
    pub fn new(client: Client, location: LocationId, index_lag: Duration) -> Self {
        Self {
            client,
            location,
            open: Arc::default(),
            index_lag,
        }
    }

    async fn page(&self, search: TaskSearch, skip: usize) -> Result<Vec<Task>, ConnectorError> {
        let location = self.client.location(&self.location);
        let page = location.task_page(&search.page_size(PAGE), skip).await;
        page.map_err(|e| connector_error(&e))
    }

    /// All tasks, page after page until an empty one.
    async fn walk(&self, place: Place) -> Result<NativePage<Task>, ConnectorError> {
        let tasks = self.page(TaskSearch::new(), place.skip).await?;
        let skip = place.skip + tasks.len();
        Ok(native_page(tasks, Place { skip, ..place }))
    }

    /// A page of the open tasks; at the end those that have left them.
    async fn poll(&self, at: Place) -> Result<NativePage<Task>, ConnectorError> {
        let at = self.open.goes_on(at);
        let search = if self.open.knows(at) {
            TaskSearch::new().completed(false)
        } else {
            TaskSearch::new()
        };
        let tasks = self.page(search, at.skip).await?;
        if !tasks.is_empty() {
            let next = self.open.take(at, &tasks);
            return Ok(native_page(tasks, next));
        }
        let mut left = Vec::new();
        for (id, contact) in self.open.gone(at) {
            left.extend(self.read(&id, contact.as_ref()).await?);
        }
        Ok(NativePage {
            more: false,
            ..native_page(left, self.open.end(at))
        })
    }

    async fn read(
        &self,
        id: &TaskId,
        contact: Option<&ContactId>,
    ) -> Result<Option<Task>, ConnectorError> {
        let Some(contact) = contact else {
            return self.look_for(id).await;
        };
        match self.client.contacts().task(contact, id).await {
            Ok(task) if task.deleted == Some(true) => Ok(None),
            Ok(task) => Ok(Some(under(task, contact))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(record_error(&error)),
        }
    }

    /// A task whose contact nobody knows is looked for among all.
    async fn look_for(&self, id: &TaskId) -> Result<Option<Task>, ConnectorError> {
        let mut skip = 0;
        loop {
            let tasks = self.page(TaskSearch::new(), skip).await?;
            if tasks.is_empty() {
                return Ok(None);
            }
            skip += tasks.len();
            if let Some(task) = tasks.into_iter().find(|task| task.id == *id) {
                return Ok(Some(task));
            }
        }
    }
}

fn native_page(natives: Vec<Task>, place: Place) -> NativePage<Task> {
    NativePage {
        coverage: Coverage::WHOLE,
        next: Cursor(serde_json::to_string(&place).unwrap_or_default()),
        more: !natives.is_empty(),
        natives: natives
            .into_iter()
            .filter(|task| task.deleted != Some(true))
            .collect(),
        server_time: None,
    }
}

/// The contact's routes need not say whose task it is.
fn under(mut task: Task, contact: &ContactId) -> Task {
    task.contact_id.get_or_insert_with(|| contact.clone());
    task
}

fn place(cursor: &Cursor) -> Result<Place, ConnectorError> {
    serde_json::from_str(&cursor.0).map_err(|why| {
        let message = format!("the stored place among the tasks cannot be read: {why}");
        ConnectorError::not_applied("locations.search_tasks", Reason::Other, message)
    })
}

impl Endpoint for GhlTasks {
    type Native = Task;
    type Call = GhlTaskCall;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits {
            stamps: false,
            ..EndpointTraits::changes(self.index_lag)
        }
    }

    fn head(&self, task: &Task) -> Head {
        let contact = task.contact_id.as_ref();
        Head {
            id: RecordId::new(task.id.as_str()),
            locator: contact.map(|contact| Locator::new(contact.as_str())),
            stamp: None,
            created: task.date_added,
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Task>, ConnectorError> {
        let at = from.map(place).transpose()?;
        match (lane, at) {
            (Lane::Walk, at) => self.walk(at.unwrap_or_default()).await,
            (Lane::Fast, Some(at)) => self.poll(at).await,
            (Lane::Fast | Lane::Settled, at) => Ok(NativePage {
                more: false,
                ..native_page(Vec::new(), at.unwrap_or_default())
            }),
        }
    }

    async fn children(&self, parent: &Ref) -> Result<NativePage<Task>, ConnectorError> {
        let contact = ContactId::from(parent.id.as_str());
        let tasks = self.client.contacts().tasks(&contact).await;
        let tasks = tasks.map_err(|e| record_error(&e))?.into_iter();
        Ok(NativePage::whole(
            tasks.map(|task| under(task, &contact)).collect(),
        ))
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Task>>, ConnectorError> {
        let contact = target
            .locator
            .as_ref()
            .map(|at| ContactId::from(at.as_str()));
        let id = TaskId::from(target.id.as_str());
        let task = self.read(&id, contact.as_ref()).await?;
        Ok(task.map(NativeSeen::from))
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &GhlTaskCall,
    ) -> Result<NativeReply<Task>, ConnectorError> {
        let contacts = self.client.contacts();
        let (contact, task) = if let GhlTaskCall::Create { contact, task } = call {
            (contact.clone(), contacts.create_task(contact, task).await)
        } else {
            let (contact, id) = addressed(target)?;
            let task = match call {
                GhlTaskCall::Complete(done) => contacts.complete_task(&contact, &id, *done).await,
                GhlTaskCall::Update(update) => contacts.update_task(&contact, &id, update).await,
                GhlTaskCall::Create { .. } => return Err(ConnectorError::unsupported("tasks")),
            };
            (contact, task)
        };
        let task = under(task.map_err(|e| record_error(&e))?, &contact);
        Ok(NativeReply {
            target: Target {
                id: RecordId::new(task.id.as_str()),
                locator: Some(Locator::new(contact.as_str())),
            },
            native: Some(task),
            server_time: None,
        })
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        let (contact, id) = addressed(Some(target))?;
        let deleted = self.client.contacts().delete_task(&contact, &id).await;
        deleted.map_err(|e| record_error(&e))
    }
}

fn addressed(target: Option<&Target>) -> Result<(ContactId, TaskId), ConnectorError> {
    let known = target.and_then(|target| Some((target.locator.as_ref()?, &target.id)));
    let Some((contact, id)) = known else {
        let message = "the contact of the task is not known";
        return Err(ConnectorError::not_applied(
            "tasks",
            Reason::NotFound,
            message,
        ));
    };
    Ok((ContactId::from(contact.as_str()), TaskId::from(id.as_str())))
}
