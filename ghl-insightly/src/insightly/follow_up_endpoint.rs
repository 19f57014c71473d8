//! Those Insightly tasks that follow up appointments, as the engine calls them.

use insightly::Task;
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, NativePage, NativeReply,
    NativeSeen, Target,
};

use super::{InsightlyTaskCall, InsightlyTasks};
use crate::follow_up::appointment_of;

/// The tasks of an instance whose details name an appointment.
#[derive(Debug, Clone)]
pub struct InsightlyFollowUps(InsightlyTasks);

impl InsightlyFollowUps {
    /// Those among all tasks.
    pub fn of(tasks: InsightlyTasks) -> Self {
        Self(tasks)
    }
}

/// Whether a task follows up an appointment.
pub(super) fn is_follow_up(task: &Task) -> bool {
    appointment_of(task.details.as_deref()).is_some()
}

impl Endpoint for InsightlyFollowUps {
    type Native = Task;
    type Call = InsightlyTaskCall;

    fn traits(&self) -> EndpointTraits {
        self.0.traits()
    }

    fn head(&self, task: &Task) -> Head {
        self.0.head(task)
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Task>, ConnectorError> {
        let mut page = self.0.all_changes(lane, from).await?;
        page.natives.retain(is_follow_up);
        Ok(page)
    }

    /// Also one whose line was taken away: it is still the one that was made.
    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Task>>, ConnectorError> {
        self.0.fetch_any(target).await
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyTaskCall,
    ) -> Result<NativeReply<Task>, ConnectorError> {
        self.0.send(target, call).await
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.0.delete(target).await
    }
}
