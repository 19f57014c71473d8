//! The Insightly lead client as the engine calls it: to read only.

use std::{convert::Infallible, time::Duration};

use insightly::{Client, Lead, LeadId};
use jiff::Timestamp;
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, FeedCursor, Head, Lane, NativePage,
    NativeReply, NativeSeen, Reason, RecordId, Stamp, Target,
};

use crate::birth::born;

use super::record_feed::RecordFeed;

/// Leads of one instance.
#[derive(Debug, Clone)]
pub struct InsightlyLeads(RecordFeed<Lead>);

impl InsightlyLeads {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: &Client, index_lag: Duration) -> Self {
        Self(RecordFeed::new(client.leads(), index_lag))
    }
}

impl Endpoint for InsightlyLeads {
    type Native = Lead;
    type Call = Infallible;

    fn traits(&self) -> EndpointTraits {
        self.0.traits()
    }

    fn head(&self, lead: &Lead) -> Head {
        Head {
            id: RecordId::new(lead.id.0.to_string()),
            locator: None,
            stamp: lead.date_updated.map(Stamp),
            created: born(lead.date_created, lead.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Lead>, ConnectorError> {
        match self.0.changes(lane, from).await {
            // A plan without leads has none that could be in the way.
            Err(error) if error.reason == Reason::Unsupported => {
                let from = from.cloned();
                let begin = || FeedCursor::at(Timestamp::now(), Duration::ZERO).to_cursor();
                Ok(NativePage {
                    next: from.unwrap_or_else(begin),
                    ..NativePage::whole(Vec::new())
                })
            }
            page => page,
        }
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Lead>>, ConnectorError> {
        self.0.fetch(target, LeadId).await
    }

    async fn send(
        &self,
        _target: Option<&Target>,
        call: &Infallible,
    ) -> Result<NativeReply<Lead>, ConnectorError> {
        match *call {}
    }

    async fn delete(&self, _target: &Target) -> Result<(), ConnectorError> {
        Err(ConnectorError::unsupported("leads.delete"))
    }
}
