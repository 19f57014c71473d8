use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::task::Task,
    page::Page,
    query::ChildQuery,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that show their tasks. This is a view: tasks are made and changed in their own family, and attached by links.
    WithTasks as with_tasks {
        /// [`Records::tasks`].
        TASKS: get "tasks" "/{id}/Tasks" [400 401 403 404];
    }
}

impl<R: WithTasks> Records<R> {
    /// The record's tasks.
    pub fn tasks(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Task>> + Send + use<R> {
        self.walk(R::TASKS, &[&id.to_string()], query).stream()
    }

    /// One page of [`tasks`](Self::tasks), for a caller that keeps the cursor.
    pub async fn tasks_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Task>> {
        self.walk(R::TASKS, &[&id.to_string()], query)
            .page(at)
            .await
    }
}
