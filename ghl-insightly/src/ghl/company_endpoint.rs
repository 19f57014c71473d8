//! The GHL business client as the engine calls it.

use ghl_contacts::{Business, BusinessEdit, BusinessId, Client, LocationId};
use sync_core::{
    ConnectorError, Coverage, Cursor, Endpoint, EndpointTraits, Feed, Head, Lane, NativePage,
    NativeReply, NativeSeen, RecordId, Target,
};

use super::{
    CompanyNames,
    failure::{connector_error, record_error},
    place::{Paged, Place, cursor, stored},
};

/// One request about a business: makes it, or changes it.
#[derive(Debug, Clone)]
pub struct GhlCompanyCall(pub Box<BusinessEdit>);

/// Businesses of one location. They have no feed and no events: each poll reads the list, a
/// request for a hundred of them.
#[derive(Debug, Clone)]
pub struct GhlCompanies {
    client: Client,
    location: LocationId,
    names: CompanyNames,
}

/// Rows of a page; the API's own default.
const PAGE: usize = 100;

impl GhlCompanies {
    /// Businesses that this client may see.
    pub fn new(client: Client, location: LocationId) -> Self {
        Self {
            client,
            location,
            names: CompanyNames::default(),
        }
    }

    /// What they are called is told to whoever shares these.
    pub fn telling(mut self, names: CompanyNames) -> Self {
        self.names = names;
        self
    }
}

impl Endpoint for GhlCompanies {
    type Native = Business;
    type Call = GhlCompanyCall;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits {
            feed: Feed::List,
            ..EndpointTraits::list()
        }
    }

    fn head(&self, business: &Business) -> Head {
        Head {
            id: RecordId::new(business.id.as_str()),
            locator: None,
            stamp: None,
            created: business.created_at,
        }
    }

    async fn changes(
        &self,
        _lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<NativePage<Business>, ConnectorError> {
        let place: Place = stored(from);
        let businesses = self.client.businesses();
        let page = businesses.page(&self.location, PAGE, place.skip()).await;
        let page = page.map_err(|e| connector_error(&e))?;
        self.names.see(&page);
        let (natives, next, more) = match place.take(page, |business| business.id.as_str()) {
            Paged::Rows(businesses, next) => (businesses, next, true),
            Paged::Moved(beginning) => (Vec::new(), beginning, true),
            Paged::End => (Vec::new(), Place::default(), false),
        };
        Ok(NativePage {
            coverage: Coverage::WHOLE,
            next: cursor(&next),
            more,
            natives,
            server_time: None,
        })
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Business>>, ConnectorError> {
        let id = BusinessId::from(target.id.as_str());
        match self.client.businesses().get(&id).await {
            Ok(business) => Ok(Some(business.into())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(record_error(&error)),
        }
    }

    async fn send(
        &self,
        target: Option<&Target>,
        GhlCompanyCall(edit): &GhlCompanyCall,
    ) -> Result<NativeReply<Business>, ConnectorError> {
        let businesses = self.client.businesses();
        let business = match target {
            None => businesses.create(&self.location, edit).await,
            Some(target) => {
                let id = BusinessId::from(target.id.as_str());
                businesses.update(&id, edit).await
            }
        };
        let business = business.map_err(|e| record_error(&e))?;
        self.names.see([&business]);
        Ok(NativeReply::showing(business.id.as_str(), business.clone()))
    }

    async fn delete(&self, target: &Target) -> Result<(), ConnectorError> {
        let id = BusinessId::from(target.id.as_str());
        let deleted = self.client.businesses().delete(&id).await;
        deleted.map_err(|e| record_error(&e))
    }
}
