//! Pipelines and their stages.

use serde::Serialize;

use super::activity_set::ActivitySetAssignment;
use crate::{
    client::Client,
    ids::{ActivitySetId, PipelineId, StageId, UserId},
    model::record,
    records::Records,
};

record! {
    /// A row of stages that opportunities, projects or leads move through.
    Pipeline(id: PipelineId = "PIPELINE_ID");
    read {
        /// The name.
        name: String = "PIPELINE_NAME",
        /// Whether for opportunities.
        for_opportunities: bool = "FOR_OPPORTUNITIES",
        /// Whether for projects.
        for_projects: bool = "FOR_PROJECTS",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
    }
}

record! {
    /// A stage of a pipeline.
    PipelineStage(id: StageId = "STAGE_ID");
    read {
        /// The pipeline.
        pipeline_id: PipelineId = "PIPELINE_ID",
        /// The name.
        name: String = "STAGE_NAME",
        /// Its place in the pipeline.
        order: i64 = "STAGE_ORDER",
        /// The activity set that is proposed at this stage.
        activity_set_id: ActivitySetId = "ACTIVITYSET_ID",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
    }
}

/// A move to a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageChange {
    /// The stage.
    #[serde(rename = "STAGE_ID")]
    pub stage_id: StageId,
    /// An activity set to be assigned with it.
    #[serde(
        rename = "ACTIVITYSET_ASSIGNMENT",
        skip_serializing_if = "Option::is_none"
    )]
    pub assignment: Option<ActivitySetAssignment>,
}

impl StageChange {
    /// To this stage.
    pub fn to(stage: StageId) -> Self {
        Self {
            stage_id: stage,
            assignment: None,
        }
    }

    /// Assigns an activity set with it.
    pub fn assigning(mut self, assignment: ActivitySetAssignment) -> Self {
        self.assignment = Some(assignment);
        self
    }
}

/// A move into a pipeline, at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PipelineChange {
    /// The pipeline.
    #[serde(rename = "PIPELINE_ID")]
    pub pipeline_id: PipelineId,
    /// The stage.
    #[serde(rename = "PIPELINE_STAGE_CHANGE")]
    pub stage: StageChange,
}

impl PipelineChange {
    /// Into this pipeline, at this stage.
    pub fn to(pipeline: PipelineId, stage: StageChange) -> Self {
        Self {
            pipeline_id: pipeline,
            stage,
        }
    }
}

pub(crate) mod pipelines {
    use super::Pipeline;
    use crate::{
        shape::family,
        shapes::{listed, read_by_id},
    };

    family!(Pipeline, "pipelines", "/Pipelines": listed, read_by_id as errors(&[400, 401, 404]));
}

pub(crate) mod stages {
    use super::PipelineStage;
    use crate::{
        shape::family,
        shapes::{listed, read_by_id},
    };

    family!(PipelineStage, "pipeline_stages", "/PipelineStages": listed, read_by_id as errors(&[400, 401, 404]));
}

impl Client {
    /// The pipelines.
    pub fn pipelines(&self) -> Records<Pipeline> {
        Records::new(self)
    }

    /// The stages of all pipelines.
    pub fn pipeline_stages(&self) -> Records<PipelineStage> {
        Records::new(self)
    }
}
