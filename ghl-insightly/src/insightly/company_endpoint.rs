//! The Insightly organisation client as the engine calls it.

use std::time::Duration;

use insightly::{Client, NewOrganisation, Organisation, OrganisationId, OrganisationUpdate};
use sync_core::{
    ConnectorError, Cursor, Endpoint, EndpointTraits, Head, Lane, MatchKey, NativePage,
    NativeReply, NativeSeen, NativesFound, RecordId, Stamp, Target,
};

use crate::birth::born;

use super::record_feed::{RecordFeed, number, reply};

/// One request about an organisation.
#[derive(Debug, Clone)]
pub enum InsightlyCompanyCall {
    /// Makes it.
    Create(Box<NewOrganisation>),
    /// Changes it; the id is put in by the endpoint.
    Update(Box<OrganisationUpdate>),
}

/// Organisations of one instance.
#[derive(Debug, Clone)]
pub struct InsightlyCompanies(RecordFeed<Organisation>);

impl InsightlyCompanies {
    /// `index_lag` is how far lists and searches may be behind the records.
    pub fn new(client: &Client, index_lag: Duration) -> Self {
        Self(RecordFeed::new(client.organisations(), index_lag))
    }
}

impl Endpoint for InsightlyCompanies {
    type Native = Organisation;
    type Call = InsightlyCompanyCall;

    fn traits(&self) -> EndpointTraits {
        self.0.traits().finds()
    }

    fn head(&self, organisation: &Organisation) -> Head {
        Head {
            id: RecordId::new(organisation.id.0.to_string()),
            locator: None,
            stamp: organisation.date_updated.map(Stamp),
            created: born(organisation.date_created, organisation.date_updated),
        }
    }

    async fn changes(
        &self,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Organisation>, ConnectorError> {
        self.0.changes(lane, from).await
    }

    async fn fetch(
        &self,
        target: &Target,
    ) -> Result<Option<NativeSeen<Organisation>>, ConnectorError> {
        self.0.fetch(target, OrganisationId).await
    }

    async fn find(&self, key: &MatchKey) -> Result<NativesFound<Organisation>, ConnectorError> {
        self.0.find("ORGANISATION_NAME", &key.value).await
    }

    async fn send(
        &self,
        target: Option<&Target>,
        call: &InsightlyCompanyCall,
    ) -> Result<NativeReply<Organisation>, ConnectorError> {
        let organisations = self.0.records();
        match (call, target) {
            (InsightlyCompanyCall::Create(new), _) => reply(organisations.create(new).await),
            (InsightlyCompanyCall::Update(update), Some(target)) => {
                let mut update = (**update).clone();
                update.id = OrganisationId(number(target)?);
                reply(organisations.update(&update).await)
            }
            (InsightlyCompanyCall::Update(_), None) => {
                Err(ConnectorError::unsupported("organisations.update"))
            }
        }
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        self.0.delete(OrganisationId(number(target)?)).await
    }
}
