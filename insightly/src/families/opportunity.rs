//! Opportunities.

use futures_util::Stream;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    custom_field::{CustomField, custom_fields_of},
    error::Result,
    form,
    ids::{
        CategoryId, OpportunityId, OrganisationId, PipelineId, PricebookId, StageId, StateReasonId,
        TeamId, UserId,
    },
    link::Link,
    model::record,
    query::ListQuery,
    records::Records,
    shape::{calls, family},
    shapes::{
        assigned, changed, changed_if, created, deleted, followed, image_fields, linked, listed,
        mailed, merged, noted, pictured, read_by_id, relinked, searched, searched_by_tag, staged,
        tagged, takes_files, with_emails, with_events, with_files, with_tasks,
    },
    tag::Tag,
    walk::Walk,
};

record! {
    /// A possible sale.
    Opportunity(id: OpportunityId = "OPPORTUNITY_ID");

    /// What an opportunity is made of: `NewOpportunity::new("Roof for Ada")`.
    NewOpportunity;

    /// What is changed of an opportunity. Pipeline and stage are moved by `set_pipeline`
    /// and `set_stage`.
    OpportunityUpdate;

    required {
        /// The name.
        name: String = "OPPORTUNITY_NAME" [255],
    }
    writable {
        /// More about it; may hold HTML.
        details: String = "OPPORTUNITY_DETAILS" [4000],
        /// `OPEN`, `WON`, `LOST`, `ABANDONED` or `SUSPENDED`, in any case. With a reason
        /// it is set by `change_state`.
        state: String = "OPPORTUNITY_STATE" [20],
        /// The user who works on it.
        responsible_user_id: UserId = "RESPONSIBLE_USER_ID",
        /// The category.
        category_id: CategoryId = "CATEGORY_ID",
        /// Where the picture is.
        image_url: String = "IMAGE_URL" [255],
        /// The currency, e.g. `USD`.
        bid_currency: String = "BID_CURRENCY" [20],
        /// The amount, by `bid_type`.
        bid_amount: f64 = "BID_AMOUNT",
        /// `Fixed Bid`, `Per Hour`, `Per Day`, `Per Week`, `Per Month` or `Per Year`.
        bid_type: String = "BID_TYPE" [20],
        /// For how many hours, days, … the amount is.
        bid_duration: i64 = "BID_DURATION",
        /// The day it was closed.
        actual_close_date: Date = "ACTUAL_CLOSE_DATE",
        /// 0 to 100.
        probability: i64 = "PROBABILITY",
        /// The day it may close.
        forecast_close_date: Date = "FORECAST_CLOSE_DATE",
        /// The user who owns the record; must be an active one.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// The organisation.
        organisation_id: OrganisationId = "ORGANISATION_ID",
    }
    lists {
        /// Custom fields.
        custom_fields: CustomField = "CUSTOMFIELDS",
    }
    on_create {
        /// Tags.
        tags: Tag = "TAGS",
    }
    read {
        /// Links to other records.
        links: Vec<Link> = "LINKS",
        /// What it is worth: computed from the bid.
        value: f64 = "OPPORTUNITY_VALUE",
        /// The pipeline it is in.
        pipeline_id: PipelineId = "PIPELINE_ID",
        /// The stage it is at.
        stage_id: StageId = "STAGE_ID",
        /// The price book.
        pricebook_id: PricebookId = "PRICEBOOK_ID",
        /// When it was made.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it was last changed, to the second.
        date_updated: Timestamp = "DATE_UPDATED_UTC",
        /// The last task, event or e-mail.
        last_activity_date: Timestamp = "LAST_ACTIVITY_DATE_UTC",
        /// The next task or event.
        next_activity_date: Timestamp = "NEXT_ACTIVITY_DATE_UTC",
        /// The user who made it.
        created_user_id: UserId = "CREATED_USER_ID",
        /// The address that files mails with it.
        linked_email_address: String = "LINKED_EMAIL_ADDRESS",
        /// Who sees it: `EVERYONE`, `OWNER`, `TEAM` or `INDIVIDUALS`.
        visible_to: String = "VISIBLE_TO",
        /// The team that sees it.
        visible_team_id: TeamId = "VISIBLE_TEAM_ID",
    }
}

record! {
    /// A reason that can be given for an opportunity's state.
    StateReason(id: StateReasonId = "STATE_REASON_ID");
    read {
        /// The reason.
        reason: String = "STATE_REASON",
        /// The state that it is for, e.g. `LOST`.
        for_state: String = "FOR_OPPORTUNITY_STATE",
    }
}

/// A change of an opportunity's state, done or to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StateChange {
    /// The new state, e.g. `LOST`.
    #[serde(rename = "FOR_OPPORTUNITY_STATE")]
    pub state: String,
    /// Why, by id.
    #[serde(
        rename = "STATE_REASON_ID",
        default,
        deserialize_with = "form::read",
        skip_serializing_if = "Option::is_none"
    )]
    pub reason_id: Option<StateReasonId>,
    /// Why, in words; read only.
    #[serde(rename = "STATE_REASON", default, skip_serializing)]
    pub reason: Option<String>,
    /// When; read only.
    #[serde(
        rename = "DATE_CHANGED_UTC",
        default,
        deserialize_with = "form::read",
        skip_serializing
    )]
    pub changed: Option<Timestamp>,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten, skip_serializing)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl StateChange {
    /// To this state, without a reason.
    pub fn to(state: impl Into<String>) -> Self {
        Self {
            state: state.into(),
            reason_id: None,
            reason: None,
            changed: None,
            extra: serde_json::Map::new(),
        }
    }

    /// For this reason.
    pub fn because(mut self, reason: StateReasonId) -> Self {
        self.reason_id = Some(reason);
        self
    }
}

custom_fields_of!(Opportunity);

family!(
    Opportunity, "opportunities", "/Opportunities":
    listed, searched, searched_by_tag, read_by_id,
    created(New = NewOpportunity), changed(Update = OpportunityUpdate), changed_if, deleted,
    tagged, linked, relinked, noted, with_tasks, with_events, with_emails, followed, pictured, image_fields,
    with_files, takes_files, assigned, staged, mailed, merged,
);

pub(crate) mod states {
    use super::calls;

    calls! { "opportunities":
        CHANGE: put_once "change_state" "/Opportunities/{id}/StateChange" [400 401 403 404];
        HISTORY: get "state_history" "/Opportunities/{id}/StateHistory" [400 401 403 404];
    }

    pub(super) const OF: (&crate::ApiOperation, &crate::ApiOperation) = (&CHANGE, &HISTORY);
}

pub(crate) mod reasons {
    use super::calls;

    calls! { "opportunity_state_reasons":
        LIST: get "list" "/OpportunityStateReasons" [400 401];
    }

    pub(super) const OF: &crate::ApiOperation = &LIST;
}

impl Records<Opportunity> {
    /// Changes the state, with a reason. Not repeatable: each change is kept.
    pub async fn change_state(&self, id: OpportunityId, change: &StateChange) -> Result<()> {
        let op = self.op(states::OF.0, &[&id.to_string()]);
        self.client().send_unit(op.json(change)).await
    }

    /// All changes of the state.
    pub async fn state_history(&self, id: OpportunityId) -> Result<Vec<StateChange>> {
        let op = self.op(states::OF.1, &[&id.to_string()]);
        self.client().send(op).await
    }
}

impl Client {
    /// The opportunities.
    pub fn opportunities(&self) -> Records<Opportunity> {
        Records::new(self)
    }

    /// The reasons that can be given for an opportunity's state.
    pub fn opportunity_state_reasons(
        &self,
    ) -> impl Stream<Item = Result<StateReason>> + Send + use<> {
        Walk::new(self.clone(), reasons::OF, Vec::new(), &ListQuery::new()).stream()
    }
}
