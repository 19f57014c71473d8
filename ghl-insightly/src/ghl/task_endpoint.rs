//! The GHL task client as the engine calls it.

use std::{sync::Arc, time::Duration};

use ghl_contacts::{Client, ContactId, LocationId, NewTask, Task, TaskId, TaskSearch, TaskUpdate};
use serde::Serialize;
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, Head, Lane, Locator, NativePage,
    NativeReply, NativeSeen, Reason, RecordId, Ref, Target,
};

use super::{
    failure::{connector_error, record_error},
    open_tasks::{OpenTasks, Poll},
    parent,
    place::{Paged, Place, cursor, stored},
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

    /// The page of a search at a place.
    async fn page(&self, search: TaskSearch, place: &Place) -> Result<Paged<Task>, ConnectorError> {
        let location = self.client.location(&self.location);
        let page = location
            .task_page(&search.page_size(PAGE), place.skip())
            .await;
        let page = page.map_err(|e| connector_error(&e))?;
        Ok(place.take(page, |task| task.id.as_str()))
    }

    /// A page of all tasks.
    async fn walk(&self, place: Place) -> Result<NativePage<Task>, ConnectorError> {
        Ok(match self.page(TaskSearch::new(), &place).await? {
            Paged::Rows(tasks, next) => native_page(tasks, &next, true),
            Paged::Moved(beginning) => native_page(Vec::new(), &beginning, true),
            Paged::End => native_page(Vec::new(), &Place::default(), false),
        })
    }

    /// A page of the open tasks; at the end those that have left them.
    async fn poll(&self, at: Poll) -> Result<NativePage<Task>, ConnectorError> {
        let at = self.open.goes_on(at);
        let search = if self.open.knows(&at) {
            TaskSearch::new().completed(false)
        } else {
            TaskSearch::new()
        };
        let (tasks, place) = match self.page(search, &at.place).await? {
            Paged::Rows(tasks, next) => (tasks, next),
            Paged::Moved(beginning) => (Vec::new(), beginning),
            Paged::End => {
                let mut left = Vec::new();
                for (id, contact) in self.open.gone(&at) {
                    left.extend(self.read(&id, contact.as_ref()).await?);
                }
                return Ok(native_page(left, &self.open.end(&at), false));
            }
        };
        let next = Poll { place, ..at };
        self.open.take(&tasks, next.clone());
        Ok(native_page(tasks, &next, true))
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
        let mut place = Place::default();
        loop {
            let tasks;
            (tasks, place) = match self.page(TaskSearch::new(), &place).await? {
                Paged::Rows(tasks, next) => (tasks, next),
                Paged::Moved(beginning) => (Vec::new(), beginning),
                Paged::End => return Ok(None),
            };
            if let Some(task) = tasks.into_iter().find(|task| task.id == *id) {
                return Ok(Some(task));
            }
        }
    }
}

fn native_page(natives: Vec<Task>, next: &impl Serialize, more: bool) -> NativePage<Task> {
    NativePage {
        coverage: Coverage::WHOLE,
        next: cursor(next),
        more,
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
        match (lane, from) {
            (Lane::Walk, from) => self.walk(stored(from)).await,
            (Lane::Fast, Some(_)) => self.poll(stored(from)).await,
            (Lane::Fast | Lane::Settled, from) => {
                Ok(native_page(Vec::new(), &stored::<Poll>(from), false))
            }
        }
    }

    async fn children(&self, parent: &Ref) -> Result<NativePage<Task>, ConnectorError> {
        let Some(contact) = parent::contact(parent) else {
            return Ok(NativePage::whole(Vec::new()));
        };
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
