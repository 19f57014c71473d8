use crate::{
    error::Result, families::activity_set::ActivitySetAssignment, records::Records, shape::shape,
};

shape! { $
    /// Records that activity sets can be assigned to.
    Assigned as assigned {
        /// [`Records::assign_activity_set`].
        ASSIGN_ACTIVITY_SET: post "assign_activity_set" "/{id}/ActivitySetAssignment" [400 401 403 404];
    }
}

impl<R: Assigned> Records<R> {
    /// Makes the tasks and events of an activity set for the record.
    pub async fn assign_activity_set(
        &self,
        id: R::Id,
        assignment: &ActivitySetAssignment,
    ) -> Result<()> {
        let op = self.op(R::ASSIGN_ACTIVITY_SET, &[&id.to_string()]);
        self.client()
            .transport()
            .send_unit(op.json(assignment))
            .await
    }
}
