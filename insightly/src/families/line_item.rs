//! Line items of opportunities.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::opportunity::Opportunity;
use crate::{
    custom_field::{CustomField, custom_fields_of},
    error::Result,
    ids::{LineItemId, OpportunityId, PricebookEntryId, PricebookId},
    model::record,
    one_or_many,
    records::Records,
    shape::calls,
};

record! {
    /// A product on an opportunity. Plans below Enterprise may not have them.
    OpportunityLineItem(id: LineItemId = "OPPORTUNITY_ITEM_ID");

    /// What a line item is made of: its unit price and how many.
    NewOpportunityLineItem;

    /// What is changed of a line item.
    OpportunityLineItemUpdate;

    required {
        /// What one costs.
        unit_price: f64 = "UNIT_PRICE",
        /// How many.
        quantity: f64 = "QUANTITY",
    }
    writable {
        /// The currency, e.g. `USD`.
        currency_code: String = "CURRENCY_CODE" [3],
        /// What it is.
        description: String = "DESCRIPTION" [255],
        /// The day of the service.
        service_date: Date = "SERVICE_DATE",
        /// What one costs by the price book.
        list_price: f64 = "LIST_PRICE",
        /// The discount.
        discount: f64 = "DISCOUNT",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {}
    read {
        /// The opportunity.
        opportunity_id: OpportunityId = "OPPORTUNITY_ID",
        /// The entry of the price book. How one is chosen is not documented: the
        /// description has it as read only.
        pricebook_entry_id: PricebookEntryId = "PRICEBOOK_ENTRY_ID",
        /// Before the discount.
        subtotal: f64 = "SUBTOTAL",
        /// After it.
        total_price: f64 = "TOTAL_PRICE",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
    }
}

custom_fields_of!(OpportunityLineItem);

#[derive(Serialize)]
struct PricebookChange {
    #[serde(rename = "PRICEBOOK_ID")]
    pricebook_id: PricebookId,
}

calls! { "opportunities":
    LIST: get "line_items" "/Opportunities/{id}/OpportunityLineItem" [400 401 403 404];
    ADD: post "add_line_item" "/Opportunities/{id}/OpportunityLineItem" [400 401 403 404];
    UPDATE: put "update_line_item" "/Opportunities/{id}/OpportunityLineItem" [400 401 403 404];
    DELETE: delete "delete_line_item" "/Opportunities/{id}/OpportunityLineItem/{childEntityId}" [401 403 404 417];
    SET_PRICEBOOK: put "set_pricebook" "/Opportunities/{id}/Pricebook" [400 401 403 404];
}

impl Records<Opportunity> {
    /// The opportunity's line items.
    pub async fn line_items(&self, id: OpportunityId) -> Result<Vec<OpportunityLineItem>> {
        let op = self.op(&LIST, &[&id.to_string()]);
        self.client().send(op).await
    }

    /// Adds a line item. Gives what the server answers: documented are all of the
    /// opportunity.
    pub async fn add_line_item(
        &self,
        id: OpportunityId,
        item: &NewOpportunityLineItem,
    ) -> Result<Vec<OpportunityLineItem>> {
        let op = self.op_with(&ADD, &[&id.to_string()], item)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }

    /// Changes a line item. Gives what the server answers: documented are all of the
    /// opportunity.
    pub async fn update_line_item(
        &self,
        id: OpportunityId,
        update: &OpportunityLineItemUpdate,
    ) -> Result<Vec<OpportunityLineItem>> {
        let op = self.op_with(&UPDATE, &[&id.to_string()], update)?;
        self.client().send(op).await.map(one_or_many::into_vec)
    }

    /// Deletes a line item.
    pub async fn delete_line_item(&self, id: OpportunityId, item: LineItemId) -> Result<()> {
        let op = self.op(&DELETE, &[&id.to_string(), &item.to_string()]);
        self.client().send_unit(op).await
    }

    /// Gives the opportunity another price book. Gives what the server answers.
    pub async fn set_pricebook(
        &self,
        id: OpportunityId,
        pricebook: PricebookId,
    ) -> Result<Vec<Opportunity>> {
        let op = self.op(&SET_PRICEBOOK, &[&id.to_string()]);
        let change = PricebookChange {
            pricebook_id: pricebook,
        };
        self.client()
            .send(op.json(&change))
            .await
            .map(one_or_many::into_vec)
    }
}
