//! GHL tasks, read and written.

use std::{hash::Hash, sync::Arc};

use ghl_contacts::{ContactId, NewTask, Task, TaskUpdate};
use jiff::{Timestamp, tz::TimeZone};
use sync_core::{
    Change, Coverage, Draft, Edit, Fields, Imprint, Lines, Mapper, Memo, PartialDate, Reading,
    Unfit,
};

use super::{GhlTaskCall, assigned, parent};
use crate::{
    VERSION,
    task::{ASSIGNEE, CONTACT_OF, DETAILS, DONE, DUE, TITLE, due},
    user::Users,
};

/// The stock mapper of GHL tasks.
///
/// | field | GHL |
/// | --- | --- |
/// | title | `title` |
/// | details | `body` |
/// | done | `completed`, by its own call |
/// | due | `dueDate`: the day in the location's zone. A new day keeps the hour that the task had, 17:00 if it had none. GHL wants a due date: without one it is made, a week from now, and never travels back |
/// | assignee | `assignedTo`, by the e-mail address of a paired user; another user is left alone. GHL cannot take an assignee away (its official description has no `null` there): that is held |
/// | contact | the contact under which it is found. GHL cannot move a task: it is created anew under the other contact, with its hour and with an assignee who has no counterpart, and the old one is deleted |
#[derive(Debug, Clone)]
pub struct GhlTaskMapper {
    zone: TimeZone,
    users: Arc<Users>,
}

/// Memo: the due date that was made because there was none. It reads as blank.
const MADE: &str = "made_due";

const WITHOUT_CONTACT: &str = "a task in GHL needs a contact; put it under one in Insightly";

impl GhlTaskMapper {
    /// A mapper for a location in this zone.
    pub fn new(zone: TimeZone, users: Arc<Users>) -> Self {
        Self { zone, users }
    }
}

impl Mapper for GhlTaskMapper {
    type Native = Task;
    type Call = GhlTaskCall;

    fn fields(&self) -> Fields {
        Fields::new()
            .exact(&TITLE)
            .exact(&DETAILS)
            .exact(&DONE)
            .exact(&DUE)
            .exact(&ASSIGNEE)
            .exact(&CONTACT_OF)
            .required(&TITLE)
            // A new day keeps the hour that is there.
            .read_first(&DUE)
            // Somebody without a counterpart is not replaced.
            .read_first(&ASSIGNEE)
            .stays_under(&CONTACT_OF)
            .given(&(VERSION, self.zone.iana_name(), &self.users))
    }

    fn read(&self, task: &Task, _coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let due = task.due_date.filter(|due| !is_made(memo, *due));
        let due = due.map(|due| PartialDate::whole(due::day(due, &self.zone)));
        reading
            .set(&TITLE, task.title.clone())
            .set(&DETAILS, task.body.as_deref().map(Lines::new))
            .set(&DONE, (task.completed == Some(true)).then_some(true))
            .set(&DUE, due)
            .set(&CONTACT_OF, task.contact_id.as_ref().map(parent::reference));
        assigned::read(
            &self.users,
            task.assigned_to.as_ref(),
            &ASSIGNEE,
            &mut reading,
        );
        reading
    }

    fn imprint(&self, native: &Task, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Task>) -> Result<Draft<GhlTaskCall>, Unfit> {
        if change.create {
            self.create(change)
        } else {
            self.update(change)
        }
    }
}

impl GhlTaskMapper {
    fn create(&self, change: &Change<'_, Task>) -> Result<Draft<GhlTaskCall>, Unfit> {
        let mut part = change.part();
        let contact = part.edit(&CONTACT_OF).set();
        let contact = contact.ok_or_else(|| Unfit::new(&CONTACT_OF, WITHOUT_CONTACT))?;
        let title = part.edit(&TITLE).set();
        let title = title.ok_or_else(|| Unfit::new(&TITLE, "a task needs a title"))?;
        let (due, memo) = self.due(part.edit(&DUE), change)?;
        let mut task = NewTask::due(title, due);
        task.body = part
            .edit(&DETAILS)
            .set()
            .map(|text| text.as_str().to_owned());
        task.completed = part.edit(&DONE).set() == Some(true);
        // The task that is copied, where one is moved.
        let old = change.native.and_then(|task| task.assigned_to.as_ref());
        let assignee = part.edit(&ASSIGNEE);
        task.assigned_to = assigned::of_a_copy(&self.users, old, &ASSIGNEE, assignee)?;
        let call = GhlTaskCall::Create {
            contact: ContactId::from(contact.id.as_str()),
            task: Box::new(task),
        };
        let draft = Draft::new().create("contacts.create_task", part, call);
        let draft = match is_made(&memo, due) {
            true => draft.making(&DUE, PartialDate::whole(due::day(due, &self.zone))),
            false => draft,
        };
        Ok(draft.remember(memo))
    }

    fn update(&self, change: &Change<'_, Task>) -> Result<Draft<GhlTaskCall>, Unfit> {
        if change.changes(&CONTACT_OF) {
            return Err(Unfit::new(&CONTACT_OF, WITHOUT_CONTACT));
        }
        let mut part = change.part();
        let mut memo = None;
        let mut update = TaskUpdate::new();
        update.title = match part.edit(&TITLE) {
            Edit::Clear => return Err(Unfit::new(&TITLE, "a task in GHL needs a title")),
            edit => edit.set(),
        };
        update.body = match part.edit(&DETAILS) {
            Edit::Leave => None,
            Edit::Set(text) => Some(text.as_str().to_owned()),
            Edit::Clear => Some(String::new()),
        };
        match part.edit(&DUE) {
            Edit::Leave => {}
            edit => {
                let (due, made) = self.due(edit, change)?;
                (update.due_date, memo) = (Some(due), Some(made));
            }
        }
        let now = change.native.and_then(|task| task.assigned_to.as_ref());
        let assignee = part.edit(&ASSIGNEE);
        if assignee == Edit::Clear {
            let why = "GHL cannot take the assignee of a task away; give it to another user";
            return Err(Unfit::new(&ASSIGNEE, why));
        }
        update.assigned_to = assigned::edit(&self.users, now, &ASSIGNEE, assignee)?;
        let draft = Draft::new().update("contacts.update_task", part, update.into());
        let mut part = change.part();
        let done = part.edit(&DONE).set() == Some(true);
        let draft = draft.update("contacts.complete_task", part, GhlTaskCall::Complete(done));
        Ok(match memo {
            Some(memo) if memo != *change.memo => draft.remember(memo),
            _ => draft,
        })
    }

    /// When the task is due from now on, and what is to be remembered of that.
    fn due(
        &self,
        edit: Edit<PartialDate>,
        change: &Change<'_, Task>,
    ) -> Result<(Timestamp, Memo), Unfit> {
        let memo = change.memo.clone();
        let no_day = || Unfit::new(&DUE, "it is no day that GHL can hold");
        let Some(day) = edit.set() else {
            let made = due::made(change.now, &self.zone).ok_or_else(no_day)?;
            let memo = memo.with(MADE, Some(&made.to_string()));
            return Ok((made, memo));
        };
        let before = change.native.and_then(|task| task.due_date);
        let before = before.filter(|due| !is_made(&memo, *due));
        let day = day.date().ok_or_else(no_day)?;
        let due = due::instant(day, before, &self.zone).ok_or_else(no_day)?;
        Ok((due, memo.with(MADE, None)))
    }
}

fn is_made(memo: &Memo, due: Timestamp) -> bool {
    memo.get(MADE).and_then(|made| made.parse().ok()) == Some(due)
}

impl From<TaskUpdate> for GhlTaskCall {
    fn from(update: TaskUpdate) -> Self {
        Self::Update(Box::new(update))
    }
}
