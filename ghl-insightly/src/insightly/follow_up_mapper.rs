//! Insightly tasks that follow up appointments, read and written.

use insightly::Task;
use sync_core::{Change, Coverage, Draft, Fields, Imprint, Mapper, Memo, Reading, Unfit};

use super::{InsightlyTaskCall, InsightlyTaskMapper};
use crate::follow_up::{APPOINTMENT, appointment_of, mark};

/// The stock mapper of follow-up tasks: an [`InsightlyTaskMapper`] that writes the appointment's
/// id into the last line of `DETAILS` when it makes the task, and never touches them again.
#[derive(Debug, Clone)]
pub struct InsightlyFollowUpMapper(InsightlyTaskMapper);

impl InsightlyFollowUpMapper {
    /// Like tasks of people.
    pub fn of(tasks: InsightlyTaskMapper) -> Self {
        Self(tasks)
    }
}

impl Mapper for InsightlyFollowUpMapper {
    type Native = Task;
    type Call = InsightlyTaskCall;

    fn fields(&self) -> Fields {
        self.0
            .fields()
            .create_only(&APPOINTMENT)
            .required(&APPOINTMENT)
    }

    fn read(&self, task: &Task, coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = self.0.read(task, coverage, memo);
        match appointment_of(task.details.as_deref()) {
            Some(id) => reading.set(&APPOINTMENT, id.to_owned()),
            // Somebody took the line away.
            None => reading.unseen(&APPOINTMENT),
        };
        reading
    }

    fn imprint(&self, task: &Task, imprint: &mut Imprint) {
        self.0.imprint(task, imprint);
    }

    fn write(&self, change: &Change<'_, Task>) -> Result<Draft<InsightlyTaskCall>, Unfit> {
        let mut draft = self.0.write(change)?;
        let mut part = change.part();
        let appointment = part.edit(&APPOINTMENT).set();
        for call in &mut draft.calls {
            if let (InsightlyTaskCall::Create(task), Some(id)) = (&mut call.body, &appointment) {
                task.details = Some(mark(id));
                call.covers.insert(APPOINTMENT.key().clone());
            }
        }
        Ok(draft)
    }
}
