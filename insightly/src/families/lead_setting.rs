//! Lead sources and lead statuses.

use api_transport::Operation;

use crate::{
    client::Client,
    error::Result,
    ids::{LeadSourceId, LeadStatusId},
    model::record,
    query::ListQuery,
    records::Records,
    shape::calls,
};

record! {
    /// Where leads come from.
    LeadSource(id: LeadSourceId = "LEAD_SOURCE_ID");

    /// What a lead source is made of.
    NewLeadSource;

    /// What is changed of a lead source.
    LeadSourceUpdate;

    required {
        /// The name.
        name: String = "LEAD_SOURCE" [255],
    }
    writable {
        /// Whether new leads get it.
        is_default: bool = "DEFAULT_VALUE",
        /// Its place in lists.
        order: i64 = "FIELD_ORDER",
    }
    lists {}
    on_create {}
    read {}
}

record! {
    /// How far leads are.
    LeadStatus(id: LeadStatusId = "LEAD_STATUS_ID");

    /// What a lead status is made of.
    NewLeadStatus;

    /// What is changed of a lead status.
    LeadStatusUpdate;

    required {
        /// The name.
        name: String = "LEAD_STATUS" [255],
    }
    writable {
        /// Whether new leads get it.
        is_default: bool = "DEFAULT_STATUS",
        /// Open or closed; the codes are not documented.
        status_type: i64 = "STATUS_TYPE",
        /// Its place in lists.
        order: i64 = "FIELD_ORDER",
    }
    lists {}
    on_create {}
    read {}
}

pub(crate) mod sources {
    use super::{LeadSource, LeadSourceUpdate, NewLeadSource};
    use crate::{
        shape::family,
        shapes::{changed, created, listed},
    };

    family!(
        LeadSource, "lead_sources", "/LeadSources":
        listed as errors(&[400, 401, 403]),
        created(New = NewLeadSource) as admin_only() as errors(&[400, 401, 403]),
        changed(Update = LeadSourceUpdate) as admin_only() as errors(&[400, 401, 403, 404]),
    );
}

pub(crate) mod statuses {
    use super::{LeadStatus, LeadStatusUpdate, NewLeadStatus};
    use crate::{
        shape::family,
        shapes::{changed, created, listed},
    };

    family!(
        LeadStatus, "lead_statuses", "/LeadStatuses":
        listed as errors(&[400, 401, 403]),
        created(New = NewLeadStatus) as admin_only() as errors(&[400, 401, 403]),
        changed(Update = LeadStatusUpdate) as admin_only() as errors(&[400, 401, 403, 404]),
    );
}

pub(crate) mod source_deletion {
    use super::calls;

    calls! { "lead_sources":
        DELETE: delete "delete" "/LeadSources" admin_only [401 403 404 409 417];
    }

    pub(super) const OF: &crate::ApiOperation = &DELETE;
}

pub(crate) mod status_deletion {
    use super::calls;

    calls! { "lead_statuses":
        DELETE: delete "delete" "/LeadStatuses" admin_only [401 403 404 409 417];
    }

    pub(super) const OF: &crate::ApiOperation = &DELETE;
}

impl Records<LeadSource> {
    /// Deletes a lead source. One in use is [`InUse`](crate::ErrorKind::InUse).
    pub async fn delete_source(&self, id: LeadSourceId) -> Result<()> {
        let op = Operation::of(source_deletion::OF.definition(), []);
        self.client().send_unit(op.query("id", id)).await
    }
}

impl Records<LeadStatus> {
    /// All statuses, also that of converted leads, which the plain list leaves out.
    pub async fn with_converted(&self) -> Result<Vec<LeadStatus>> {
        use crate::shapes::Listed;
        use futures_util::TryStreamExt;
        let walk = self.walk(LeadStatus::LIST, &[], &ListQuery::new());
        walk.with("include_converted", "true")
            .stream()
            .try_collect()
            .await
    }

    /// Deletes a lead status. One in use is [`InUse`](crate::ErrorKind::InUse).
    pub async fn delete_status(&self, id: LeadStatusId) -> Result<()> {
        let op = Operation::of(status_deletion::OF.definition(), []);
        self.client().send_unit(op.query("id", id)).await
    }
}

impl Client {
    /// Where leads come from. Changing it takes an administrator's key.
    pub fn lead_sources(&self) -> Records<LeadSource> {
        Records::new(self)
    }

    /// How far leads are. Changing it takes an administrator's key.
    pub fn lead_statuses(&self) -> Records<LeadStatus> {
        Records::new(self)
    }
}
