use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::event::Event,
    page::Page,
    query::ChildQuery,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that show their events. This is a view: events are made and changed in their own family, and attached by links.
    WithEvents as with_events {
        /// [`Records::events`].
        EVENTS: get "events" "/{id}/Events" [400 401 403 404];
    }
}

impl<R: WithEvents> Records<R> {
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
}
