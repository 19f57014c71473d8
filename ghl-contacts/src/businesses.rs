//! Businesses: the companies that contacts belong to.

use futures_util::Stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    client::Client,
    error::Result,
    ids::{BusinessId, LocationId},
    record::{nested, record},
    setters::text_setters,
    skipping::by_skip,
    succeeded::Succeeded,
};

pub(crate) mod operations {
    //! The business operations.

    use api_transport::Definition;

    use crate::operation::table;

    table! {
        area "businesses";
        GET = Definition::get("businesses.get", "/businesses/{businessId}"),
            [BusinessesReadonly], "get-business";
        LIST = Definition::get("businesses.list", "/businesses/"),
            [BusinessesReadonly], "get-businesses-by-location";
        CREATE = Definition::post("businesses.create", "/businesses/"),
            [BusinessesWrite], "create-business";
        UPDATE = Definition::put("businesses.update", "/businesses/{businessId}").repeatable(),
            [BusinessesWrite], "update-business";
        DELETE = Definition::delete("businesses.delete", "/businesses/{businessId}"),
            [BusinessesWrite], "delete-business";
    }
}

record! {
    /// A business.
    pub struct Business {
        /// The id.
        pub id: BusinessId = "id" from ["id", "_id"],
        /// The name.
        pub name: Option<String> = "name",
        /// Phone number.
        pub phone: Option<String> = "phone",
        /// E-mail address.
        pub email: Option<String> = "email",
        /// Website.
        pub website: Option<String> = "website",
        /// Street and number.
        pub address: Option<String> = "address",
        /// City.
        pub city: Option<String> = "city",
        /// State or region.
        pub state: Option<String> = "state",
        /// Postal code.
        pub postal_code: Option<String> = "postalCode",
        /// Country.
        pub country: Option<String> = "country",
        /// A description.
        pub description: Option<String> = "description",
        /// The location.
        pub location_id: Option<LocationId> = "locationId",
        /// When it was created.
        pub created_at: Option<Timestamp> = "createdAt",
        /// When it last changed.
        pub updated_at: Option<Timestamp> = "updatedAt",
        /// Who created it, as it came.
        pub created_by: Option<Value> = "createdBy",
        /// Who changed it, as it came.
        pub updated_by: Option<Value> = "updatedBy",
        /// Custom fields: readable in lists, not writable.
        pub custom_fields: Option<Value> = "customFields",
    }
}
nested!(Business);

/// A business to create or to change; what is not set is not sent.
///
/// ```
/// use ghl_contacts::BusinessEdit;
/// let deos = BusinessEdit::named("Deos").city("Dolomite");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BusinessEdit {
    /// The name; required in a new business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl BusinessEdit {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A business of this name.
    pub fn named(name: impl Into<String>) -> Self {
        Self::new().name(name)
    }

    text_setters! {
        /// Sets the name.
        name,
        /// Sets the phone number.
        phone,
        /// Sets the e-mail address.
        email,
        /// Sets the website.
        website,
        /// Sets street and number.
        address,
        /// Sets the city.
        city,
        /// Sets the state or region.
        state,
        /// Sets the postal code.
        postal_code,
        /// Sets the country.
        country,
        /// Sets the description.
        description,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateBody<'a> {
    location_id: &'a LocationId,
    #[serde(flatten)]
    business: &'a BusinessEdit,
}

/// Writes answer under `buiseness` (sic), reads under `business`.
#[derive(Deserialize)]
struct Reply {
    #[serde(alias = "buiseness")]
    business: Business,
}

#[derive(Deserialize)]
struct ListReply {
    #[serde(default)]
    businesses: Vec<Business>,
}

/// Rows of a page; the API's own default.
const PAGE: usize = 100;

/// The calls about businesses; made by [`Client::businesses`]. Cheap to clone.
///
/// Contacts are linked to them by [`Contacts::set_business`](crate::Contacts::set_business).
#[derive(Debug, Clone)]
pub struct Businesses {
    client: Client,
}

impl Client {
    /// Businesses.
    pub fn businesses(&self) -> Businesses {
        Businesses {
            client: self.clone(),
        }
    }
}

impl Businesses {
    /// Reads a business.
    ///
    /// Scope: `businesses.readonly`.
    pub async fn get(&self, id: &BusinessId) -> Result<Business> {
        let op = operations::GET.of([id.as_str()]);
        Ok(self.client.send::<Reply>(op).await?.business)
    }

    /// All businesses of a location, page after page until an empty one.
    ///
    /// Scope: `businesses.readonly`.
    pub fn list(&self, location: &LocationId) -> impl Stream<Item = Result<Business>> + use<> {
        let (businesses, location) = (self.clone(), location.clone());
        by_skip(move |skip| {
            let (businesses, location) = (businesses.clone(), location.clone());
            async move { businesses.page(&location, PAGE, skip).await }
        })
    }

    /// One page of the businesses of a location, after `skip` rows.
    ///
    /// Scope: `businesses.readonly`.
    pub async fn page(
        &self,
        location: &LocationId,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<Business>> {
        let op = operations::LIST
            .of([])
            .query("locationId", location)
            .query("limit", limit)
            .query("skip", skip);
        Ok(self.client.send::<ListReply>(op).await?.businesses)
    }

    /// Creates a business.
    ///
    /// Scope: `businesses.write`. Not repeatable.
    pub async fn create(&self, location: &LocationId, business: &BusinessEdit) -> Result<Business> {
        let body = CreateBody {
            location_id: location,
            business,
        };
        let op = operations::CREATE.of([]).json(&body);
        Ok(self.client.send::<Reply>(op).await?.business)
    }

    /// Changes a business.
    ///
    /// Scope: `businesses.write`. Repeatable.
    pub async fn update(&self, id: &BusinessId, business: &BusinessEdit) -> Result<Business> {
        let op = operations::UPDATE.of([id.as_str()]).json(business);
        Ok(self.client.send::<Reply>(op).await?.business)
    }

    /// Deletes a business.
    ///
    /// Scope: `businesses.write`. Repeatable.
    pub async fn delete(&self, id: &BusinessId) -> Result<()> {
        let op = operations::DELETE.of([id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
