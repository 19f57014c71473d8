//! Where leads, opportunities and projects stand in a pipeline.

use http::StatusCode;
use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly};
use crate::reply::Reply;

fn id_in(body: &Value, name: &str) -> Result<i64, Refusal> {
    let id = body.get(name).and_then(Value::as_i64);
    id.ok_or_else(|| bad(format!("{name} is required.")))
}

impl Insightly {
    pub(super) fn set_pipeline(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let body = exchange.body()?;
        let pipeline = id_in(&body, "PIPELINE_ID")?;
        if self.live((shelf("pipelines"), pipeline)).is_none() {
            return Err(refusal::missing("Pipeline", pipeline));
        }
        let change = body.get("PIPELINE_STAGE_CHANGE");
        let change = change.filter(|change| !change.is_null());
        let stage = match change {
            Some(change) => Some(self.stage_of(pipeline, id_in(change, "STAGE_ID")?)?),
            None => self.first_stage(pipeline),
        };
        self.place(end, &json!(pipeline), &json!(stage));
        self.assign_with(end, change)?;
        Ok(Reply::ok(&json!([body])))
    }

    pub(super) fn set_stage(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        let body = exchange.body()?;
        let stage = id_in(&body, "STAGE_ID")?;
        let fields = row.fields.open();
        let pipeline = fields.get("PIPELINE_ID").and_then(Value::as_i64);
        // A lead does not show its pipeline, so any stage will do.
        let Some(pipeline) = pipeline.or_else(|| self.pipeline_of(stage)) else {
            return Err(refusal::missing("PipelineStage", stage));
        };
        let stage = self.stage_of(pipeline, stage)?;
        self.place(end, &json!(pipeline), &json!(stage));
        self.assign_with(end, Some(&body))?;
        Ok(Reply::ok(&json!([body])))
    }

    pub(super) fn remove_pipeline(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        self.place(end, &Value::Null, &Value::Null);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    pub(super) fn set_pricebook(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        let id = id_in(&exchange.body()?, "PRICEBOOK_ID")?;
        if self.live((shelf("pricebooks"), id)).is_none() {
            return Err(refusal::missing("Pricebook", id));
        }
        let mut fields = row.fields.open();
        fields.set("PRICEBOOK_ID", json!(id));
        self.store(end, &fields, true);
        Ok(Reply::ok(&json!([self.shown(end)])))
    }

    fn assign_with(&mut self, end: End, change: Option<&Value>) -> Result<(), Refusal> {
        let assignment = change.and_then(|change| change.get("ACTIVITYSET_ASSIGNMENT"));
        match assignment.filter(|assignment| assignment.is_object()) {
            Some(assignment) => self.assign(end, assignment),
            None => Ok(()),
        }
    }

    fn pipeline_of(&self, stage: i64) -> Option<i64> {
        let row = self.live((shelf("pipeline_stages"), stage))?;
        row.fields.open().get("PIPELINE_ID")?.as_i64()
    }

    fn first_stage(&self, pipeline: i64) -> Option<i64> {
        let stages = self.shelves[shelf("pipeline_stages")].rows.live();
        let mut ids = stages.iter().map(|(id, _)| *id);
        ids.find(|id| self.pipeline_of(*id) == Some(pipeline))
    }

    fn stage_of(&self, pipeline: i64, stage: i64) -> Result<i64, Refusal> {
        match self.pipeline_of(stage) {
            Some(its) if its == pipeline => Ok(stage),
            Some(_) => Err(bad("The stage belongs to another pipeline.")),
            None => Err(refusal::missing("PipelineStage", stage)),
        }
    }

    fn place(&mut self, end: End, pipeline: &Value, stage: &Value) {
        let Some(mut fields) = self.live(end).map(|row| row.fields.open()) else {
            return;
        };
        for (name, value) in [("PIPELINE_ID", pipeline), ("STAGE_ID", stage)] {
            if let Some(field) = FAMILIES[end.0].field(name) {
                fields.set(field.name, value.clone());
            }
        }
        self.store(end, &fields, true);
        self.record_written(end, "update");
    }
}
