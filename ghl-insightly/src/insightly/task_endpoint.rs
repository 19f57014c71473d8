//! The Insightly task client as the engine calls it.

use std::time::Duration;

use insightly::{
    ChildQuery, Client, ContactId, ErrorKind, LinkId, NewLink, NewTask, Task, TaskId, TaskUpdate,
};
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, NativePage, NativeReply,
    NativeSeen, RecordId, Ref, Stamp, Target,
};

use crate::birth::born;

use super::{
    follow_up_endpoint::is_follow_up,
    parent,
    record_feed::{RecordFeed, done, number, reply},
};

/// One request about a task.
#[derive(Debug, Clone)]
pub enum InsightlyTaskCall {
    /// Makes it; nobody's until it is linked.
    Create(Box<NewTask>),
    /// Changes it; the id is put in by the endpoint.
    Update(Box<TaskUpdate>),
    /// Links it to a contact.
    AddLink(ContactId),
    /// Takes a link away.
    RemoveLink(LinkId),
}

/// Tasks of one instance, but for those that follow up appointments: these are made by rule, and
/// have no counterpart among GHL's tasks.
#[derive(Debug, Clone)]
pub struct InsightlyTasks {
    feed: RecordFeed<Task>,
    client: Client,
}

impl InsightlyTasks {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: &Client, index_lag: Duration) -> Self {
        Self {
            feed: RecordFeed::new(client.tasks(), index_lag),
            client: client.clone(),
        }
    }

    /// A page of all tasks, whatever they are for.
    pub(super) async fn all_changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Task>, ConnectorError> {
        self.feed.changes(lane, from).await
    }

    /// A task by id, whatever it is for.
    pub(super) async fn fetch_any(
        &self,
        target: &Target,
    ) -> Result<Option<NativeSeen<Task>>, ConnectorError> {
        self.feed.fetch(target, TaskId).await
    }

    /// A link that is there already is refused, and is what was wanted.
    async fn add_link(&self, id: TaskId, contact: ContactId) -> Result<(), insightly::Error> {
        let tasks = self.feed.records();
        let link = NewLink::new(parent::OBJECT, contact.0);
        match tasks.add_link(id, &link).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::Invalid) => {
                let links = tasks.links(id).await?;
                let mut linked = parent::contacts(Some(&links)).into_iter();
                let is_linked = linked.any(|(_, known)| known == contact);
                if is_linked { Ok(()) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }
}

impl Endpoint for InsightlyTasks {
    type Native = Task;
    type Call = InsightlyTaskCall;

    fn traits(&self) -> EndpointTraits {
        self.feed.traits()
    }

    fn head(&self, task: &Task) -> Head {
        Head {
            id: RecordId::new(task.id.0.to_string()),
            locator: None,
            stamp: task.date_updated.map(Stamp),
            created: born(task.date_created, task.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Task>, ConnectorError> {
        let mut page = self.all_changes(lane, from).await?;
        page.natives.retain(|task| !is_follow_up(task));
        Ok(page)
    }

    async fn children(&self, parent: &Ref) -> Result<NativePage<Task>, ConnectorError> {
        let Some(contact) = parent::contact(parent) else {
            return Ok(NativePage::whole(Vec::new()));
        };
        let tasks = self.client.contacts().tasks(contact, &ChildQuery::new());
        let mut page = RecordFeed::children(tasks).await?;
        page.natives.retain(|task| !is_follow_up(task));
        Ok(page)
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Task>>, ConnectorError> {
        let found = self.fetch_any(target).await?;
        Ok(found.filter(|seen| !is_follow_up(&seen.native)))
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyTaskCall,
    ) -> Result<NativeReply<Task>, ConnectorError> {
        let tasks = self.feed.records();
        if let InsightlyTaskCall::Create(new) = call {
            return reply(tasks.create(new).await);
        }
        let target = target.ok_or_else(|| ConnectorError::unsupported("tasks.update"))?;
        let id = TaskId(number(target)?);
        match call {
            InsightlyTaskCall::Create(_) => Err(ConnectorError::unsupported("tasks.create")),
            InsightlyTaskCall::Update(update) => {
                let mut update = (**update).clone();
                update.id = id;
                reply(tasks.update(&update).await)
            }
            InsightlyTaskCall::AddLink(contact) => done(self.add_link(id, *contact).await, target),
            InsightlyTaskCall::RemoveLink(link) => done(tasks.remove_link(id, *link).await, target),
        }
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.feed.delete(TaskId(number(target)?)).await
    }
}
