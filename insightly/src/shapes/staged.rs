use crate::{
    error::Result,
    families::pipeline::{PipelineChange, StageChange},
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that move through the stages of a pipeline.
    Staged as staged {
        /// [`Records::set_pipeline`].
        SET_PIPELINE: put_once "set_pipeline" "/{id}/Pipeline" [400 401 403 404];
        /// [`Records::leave_pipeline`].
        LEAVE_PIPELINE: delete "leave_pipeline" "/{id}/Pipeline" [401 403 404 417];
        /// [`Records::set_stage`].
        SET_STAGE: put_once "set_stage" "/{id}/PipelineStage" [400 401 403 404];
    }
}

impl<R: Staged> Records<R> {
    /// Puts the record into a pipeline, at a stage. Not repeatable: it may assign an
    /// activity set, which makes tasks.
    pub async fn set_pipeline(&self, id: R::Id, change: &PipelineChange) -> Result<()> {
        let op = self.op(R::SET_PIPELINE, &[&id.to_string()]);
        self.client().transport().send_unit(op.json(change)).await
    }

    /// Takes the record out of its pipeline.
    pub async fn leave_pipeline(&self, id: R::Id) -> Result<()> {
        let op = self.op(R::LEAVE_PIPELINE, &[&id.to_string()]);
        self.client().transport().send_unit(op).await
    }

    /// Moves the record to another stage of its pipeline. Not repeatable, likewise.
    pub async fn set_stage(&self, id: R::Id, change: &StageChange) -> Result<()> {
        let op = self.op(R::SET_STAGE, &[&id.to_string()]);
        self.client().transport().send_unit(op.json(change)).await
    }
}
