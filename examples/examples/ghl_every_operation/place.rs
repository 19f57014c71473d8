//! What is there in the location to refer to: users, a business, custom fields.

use ghl_contacts::{
    BusinessEdit, BusinessId, CampaignId, Client, CustomFieldWrite, LocationId, UserId, WorkflowId,
};
use serde_json::Value;

pub(crate) struct Place {
    pub(crate) location: LocationId,
    pub(crate) user: UserId,
    pub(crate) business: BusinessId,
    pub(crate) campaign: CampaignId,
    pub(crate) workflow: WorkflowId,
    pub(crate) custom_fields: Vec<CustomFieldWrite>,
}

impl Place {
    /// Takes what the location has. Where a server knows only the contacts API, the ids of
    /// the official examples stand in; campaigns and workflows have no API at all.
    pub(crate) async fn find(client: &Client, location: LocationId) -> Self {
        let there = client.location(&location);
        let users = there.users().await.unwrap_or_default();
        let deos = BusinessEdit::named("Every operation");
        let business = client.businesses().create(&location, &deos).await;
        let user = users.into_iter().next().map(|user| user.id);
        Self {
            user: user.unwrap_or_else(|| "sx6wyHhbFdRXh302Lunr".into()),
            business: business.map_or_else(|_| "63b7ec34ea409a9a8bd2a4ff".into(), |b| b.id),
            campaign: "PX8m5VwxEbcpFlzYEPVG".into(),
            workflow: "PX8m5VwxEbcpFlzYEPVG".into(),
            custom_fields: custom_fields(client, &location).await,
            location,
        }
    }
}

/// One value of each shape, of the fields that are defined.
async fn custom_fields(client: &Client, location: &LocationId) -> Vec<CustomFieldWrite> {
    let Ok(defined) = client.location(location).custom_fields().await else {
        return vec![
            CustomFieldWrite::set("MgobCB14YMVKuE4Ka8p1", "gold"),
            CustomFieldWrite::set("MgobCB14YMVKuE4Ka8p2", 100),
            CustomFieldWrite::set("MgobCB14YMVKuE4Ka8p3", vec!["test".to_owned()]),
        ];
    };
    let write = |field: ghl_contacts::CustomFieldDefinition| {
        let options = Value::Array(field.picklist_options.unwrap_or_default());
        match field.data_type.as_deref()? {
            "TEXT" | "LARGE_TEXT" => Some(CustomFieldWrite::set(field.id, "gold")),
            "NUMERICAL" | "MONETORY" => Some(CustomFieldWrite::set(field.id, 100)),
            "MULTIPLE_OPTIONS" | "CHECKBOX" => Some(CustomFieldWrite::set(field.id, options)),
            _ => None,
        }
    };
    defined.into_iter().filter_map(write).collect()
}
