//! A location (sub-account): its data, custom fields, tags, tasks and appointments.

pub(crate) mod operations;

mod custom_fields;
mod events;
mod model;
mod tags;
mod tasks;

pub use custom_fields::{CustomFieldDefinition, CustomFieldEdit, FieldModel, TextBox};
pub use events::EventsOf;
pub use model::LocationDetails;
pub use tags::LocationTag;
pub use tasks::TaskSearch;

use serde::Deserialize;

use crate::{client::Client, error::Result, ids::LocationId};

/// The calls about one location; made by [`Client::location`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Location {
    client: Client,
    id: LocationId,
}

impl Location {
    pub(crate) fn new(client: Client, id: LocationId) -> Self {
        Self { client, id }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The location's id.
    pub fn id(&self) -> &LocationId {
        &self.id
    }

    /// Reads the location: name, country, time zone.
    ///
    /// Scope: `locations.readonly`.
    pub async fn get(&self) -> Result<LocationDetails> {
        #[derive(Deserialize)]
        struct Reply {
            location: LocationDetails,
        }
        let op = operations::GET.of([self.id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.location)
    }
}
