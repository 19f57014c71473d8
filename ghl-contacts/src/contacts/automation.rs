//! Campaigns and workflows that a contact is in.

use jiff::{Timestamp, fmt::temporal};
use serde::Serialize;
use serde_json::json;

use crate::{
    contacts::{Contacts, operations},
    error::Result,
    ids::{CampaignId, ContactId, WorkflowId},
    succeeded::Succeeded,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkflowBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_start_time: Option<String>,
}

/// The examples carry an offset, so one is written: `2021-06-23T03:30:00+00:00`.
fn workflow_body(starts: Option<Timestamp>) -> WorkflowBody {
    let printer = temporal::DateTimePrinter::new();
    let zero = jiff::tz::Offset::UTC;
    WorkflowBody {
        event_start_time: starts.map(|at| printer.timestamp_with_offset_to_string(&at, zero)),
    }
}

impl Contacts {
    /// Puts a contact into a campaign.
    ///
    /// Scope: `contacts.write`. Not repeatable.
    pub async fn add_to_campaign(&self, id: &ContactId, campaign: &CampaignId) -> Result<()> {
        let op = operations::ADD_TO_CAMPAIGN
            .of([id.as_str(), campaign.as_str()])
            .json(&json!({}));
        self.client.send::<Succeeded>(op).await.map(drop)
    }

    /// Takes a contact out of a campaign.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn remove_from_campaign(&self, id: &ContactId, campaign: &CampaignId) -> Result<()> {
        let op = operations::REMOVE_FROM_CAMPAIGN.of([id.as_str(), campaign.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }

    /// Takes a contact out of every campaign.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn remove_from_all_campaigns(&self, id: &ContactId) -> Result<()> {
        let op = operations::REMOVE_FROM_ALL_CAMPAIGNS.of([id.as_str()]);
        self.client.send::<Succeeded>(op).await.map(drop)
    }

    /// Puts a contact into a workflow, for an event at a time if there is one.
    ///
    /// Scope: `contacts.write`. Not repeatable.
    pub async fn add_to_workflow(
        &self,
        id: &ContactId,
        workflow: &WorkflowId,
        starts: Option<Timestamp>,
    ) -> Result<()> {
        let op = operations::ADD_TO_WORKFLOW
            .of([id.as_str(), workflow.as_str()])
            .json(&workflow_body(starts));
        self.client.send::<Succeeded>(op).await.map(drop)
    }

    /// Takes a contact out of a workflow. Sends a body with a DELETE.
    ///
    /// Scope: `contacts.write`. Repeatable.
    pub async fn remove_from_workflow(
        &self,
        id: &ContactId,
        workflow: &WorkflowId,
        starts: Option<Timestamp>,
    ) -> Result<()> {
        let op = operations::REMOVE_FROM_WORKFLOW
            .of([id.as_str(), workflow.as_str()])
            .json(&workflow_body(starts));
        self.client.send::<Succeeded>(op).await.map(drop)
    }
}
