use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::{email::Email, event::Event, task::Task},
    page::Page,
    query::ChildQuery,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that show their tasks, events and e-mails. These are views: what is in
    /// them is made and changed in its own family, and attached by links.
    Active as active {
        /// [`Records::tasks`].
        TASKS: get "tasks" "/{id}/Tasks" [400 401 403 404];
        /// [`Records::events`].
        EVENTS: get "events" "/{id}/Events" [400 401 403 404];
        /// [`Records::emails`].
        EMAILS: get "emails" "/{id}/Emails" [400 401 403 404];
    }
}

impl<R: Active> Records<R> {
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

    /// The record's events.
    pub fn events(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Event>> + Send + use<R> {
        self.walk(R::EVENTS, &[&id.to_string()], query).stream()
    }

    /// One page of [`events`](Self::events), for a caller that keeps the cursor.
    pub async fn events_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Event>> {
        self.walk(R::EVENTS, &[&id.to_string()], query)
            .page(at)
            .await
    }

    /// The record's e-mails.
    pub fn emails(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Email>> + Send + use<R> {
        self.walk(R::EMAILS, &[&id.to_string()], query).stream()
    }

    /// One page of [`emails`](Self::emails), for a caller that keeps the cursor.
    pub async fn emails_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Email>> {
        self.walk(R::EMAILS, &[&id.to_string()], query)
            .page(at)
            .await
    }
}
