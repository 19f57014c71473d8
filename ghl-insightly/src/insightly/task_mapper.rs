//! Insightly tasks, read and written.

use std::{hash::Hash, sync::Arc};

use insightly::{ContactId, Edit as ClientEdit, NewTask, Task, TaskId, TaskUpdate, UserId};
use jiff::civil::Date;
use sync_core::{
    Change, Coverage, Draft, Edit, Email, Fields, Imprint, Lines, Mapper, Memo, Part, PartialDate,
    Reading, Ref, Unfit,
};

use super::{InsightlyTaskCall, assigned, parent};
use crate::{
    VERSION,
    contact::edit::client_edit,
    limit::{self, cut},
    task::{ASSIGNEE, CONTACT_OF, DETAILS, DONE, DUE, TITLE},
    user::Users,
};

/// The stock mapper of Insightly tasks.
///
/// | field | Insightly |
/// | --- | --- |
/// | title | `TITLE`, cut at 500 characters |
/// | details | `DETAILS`, cut at 4,000 characters |
/// | done | `COMPLETED`, with `STATUS` and `PERCENT_COMPLETE` together. Reopening restores the last open ones; other statuses live here only |
/// | due | `DUE_DATE`, a day |
/// | assignee | `RESPONSIBLE_USER_ID`, by the e-mail address of a paired user; another user or a team is left alone. A new task without one goes to the default user, if there is one |
/// | contact | the links: the contact that the link remembers, else that of the lowest `LINK_ID`. A new task is linked by a call of its own |
///
/// A recurring task is synced instance by instance; its rule is not.
#[derive(Debug, Clone)]
pub struct InsightlyTaskMapper {
    users: Arc<Users>,
    default_user: Option<UserId>,
}

/// The longest title and details.
const TITLE_LIMIT: usize = 500;
const DETAILS_LIMIT: usize = 4_000;

const COMPLETED: &str = "COMPLETED";
const NOT_STARTED: &str = "NOT STARTED";

/// Memo: the last status and progress of the open task.
const STATUS: &str = "open_status";
const PROGRESS: &str = "open_percent";

impl InsightlyTaskMapper {
    /// A mapper for one account. Tasks without an assignee are created for `default_user`, or
    /// for the key's own user.
    pub fn new(users: Arc<Users>, default_user: Option<UserId>) -> Self {
        Self {
            users,
            default_user,
        }
    }
}

impl Mapper for InsightlyTaskMapper {
    type Native = Task;
    type Call = InsightlyTaskCall;

    fn fields(&self) -> Fields {
        let title = limit::held(TITLE_LIMIT);
        let details = |text: Lines| Some(Lines::new(cut(text.as_str(), DETAILS_LIMIT)));
        Fields::new()
            .lossy(&TITLE, title)
            .lossy(&DETAILS, details)
            .exact(&DONE)
            .exact(&DUE)
            .exact(&ASSIGNEE)
            .exact(&CONTACT_OF)
            .required(&TITLE)
            // The status that reopening restores is the one that is there.
            .read_first(&DONE)
            // A team, or somebody without a counterpart, is not replaced.
            .read_first(&ASSIGNEE)
            // Taking a link away needs its id.
            .read_first(&CONTACT_OF)
            .parent(&CONTACT_OF)
            .given(&(VERSION, &self.users))
    }

    fn read(&self, task: &Task, _coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let contact = parent::of(task.links.as_deref(), memo);
        reading
            .set(&TITLE, task.title.clone())
            .set(&DETAILS, task.details.as_deref().map(Lines::new))
            .set(&DONE, is_done(task).then_some(true))
            .set(&DUE, task.due_date.map(PartialDate::whole))
            .set(&CONTACT_OF, contact.map(parent::reference));
        // Answers to writes need not show them; a record without any has an empty list.
        if task.links.is_none() {
            reading.unseen(&CONTACT_OF);
        }
        if task.assigned_team_id.is_some() {
            reading.unseen(&ASSIGNEE);
        } else {
            let user = task.responsible_user_id;
            assigned::read(&self.users, user, &ASSIGNEE, &mut reading);
        }
        reading.memo = Some(open_state(memo.clone(), task));
        reading
    }

    fn imprint(&self, native: &Task, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Task>) -> Result<Draft<InsightlyTaskCall>, Unfit> {
        if change.create {
            self.create(change)
        } else {
            self.update(change)
        }
    }
}

impl InsightlyTaskMapper {
    fn create(&self, change: &Change<'_, Task>) -> Result<Draft<InsightlyTaskCall>, Unfit> {
        let mut part = change.part();
        let title = part.edit(&TITLE).set();
        let title = title.ok_or_else(|| Unfit::new(&TITLE, "a task needs a title"))?;
        let mut task = NewTask::new(title);
        task.details = part
            .edit(&DETAILS)
            .set()
            .map(|text| text.as_str().to_owned());
        let done = part.edit(&DONE).set() == Some(true);
        (task.completed, task.status, task.percent_complete) = if done {
            (Some(true), Some(COMPLETED.to_owned()), Some(100))
        } else {
            (Some(false), Some(NOT_STARTED.to_owned()), None)
        };
        task.due_date = part.edit(&DUE).set().map(day).transpose()?;
        let assignee = part.edit(&ASSIGNEE).set();
        let assignee = assignee.map(|email| self.user(&email)).transpose()?;
        task.responsible_user_id = assignee.or(self.default_user);
        let draft = Draft::new().create(
            "tasks.create",
            part,
            InsightlyTaskCall::Create(Box::new(task)),
        );
        let mut part = change.part();
        let contact = wanted_contact(&mut part)?;
        let Some(contact) = contact else {
            return Ok(draft);
        };
        let memo = parent::remembered(change.memo.clone(), contact);
        let link = InsightlyTaskCall::AddLink(contact);
        Ok(draft.update("tasks.add_link", part, link).remember(memo))
    }

    fn update(&self, change: &Change<'_, Task>) -> Result<Draft<InsightlyTaskCall>, Unfit> {
        let mut part = change.part();
        let mut memo = change.memo.clone();
        // The endpoint puts the id in: a mapper does not know it.
        let mut update = TaskUpdate::of(TaskId(0));
        update.title = match part.edit(&TITLE) {
            Edit::Clear => return Err(Unfit::new(&TITLE, "a task in Insightly needs a title")),
            edit => client_edit(edit),
        };
        update.details = client_edit(part.edit(&DETAILS).map(|text| text.as_str().to_owned()));
        update.due_date = match part.edit(&DUE) {
            Edit::Leave => ClientEdit::Leave,
            Edit::Set(due) => ClientEdit::Set(day(due)?),
            Edit::Clear => ClientEdit::Clear,
        };
        match part.edit(&DONE) {
            Edit::Leave => {}
            Edit::Set(true) => {
                if let Some(task) = change.native {
                    memo = open_state(memo, task);
                }
                complete(&mut update);
            }
            Edit::Set(false) | Edit::Clear => reopen(&mut update, &memo),
        }
        update.responsible_user_id = self.assignee(&mut part, change)?;
        let body = InsightlyTaskCall::Update(Box::new(update));
        let draft = Draft::new().update("tasks.update", part, body);
        let (draft, memo) = relink(change, draft, memo)?;
        Ok(if memo == *change.memo {
            draft
        } else {
            draft.remember(memo)
        })
    }

    fn assignee(
        &self,
        part: &mut Part<'_>,
        change: &Change<'_, Task>,
    ) -> Result<ClientEdit<UserId>, Unfit> {
        let edit = part.edit(&ASSIGNEE);
        if edit != Edit::Leave {
            let now = change.native;
            if now.is_some_and(|task| task.assigned_team_id.is_some()) {
                return Err(Unfit::new(&ASSIGNEE, "in Insightly it belongs to a team"));
            }
            let user = now.and_then(|task| task.responsible_user_id);
            assigned::may_be_replaced(&self.users, user, &ASSIGNEE)?;
        }
        Ok(match edit {
            Edit::Leave => ClientEdit::Leave,
            Edit::Set(email) => ClientEdit::Set(self.user(&email)?),
            Edit::Clear => ClientEdit::Clear,
        })
    }

    fn user(&self, email: &Email) -> Result<UserId, Unfit> {
        assigned::user(&self.users, &ASSIGNEE, email)
    }
}

fn is_done(task: &Task) -> bool {
    let by_status = || task.status.as_deref() == Some(COMPLETED);
    task.completed.unwrap_or_else(by_status)
}

/// Remembers how far an open task is.
fn open_state(memo: Memo, task: &Task) -> Memo {
    let status = task.status.as_deref().filter(|status| *status != COMPLETED);
    match status {
        Some(status) if !is_done(task) => {
            let percent = task.percent_complete.map(|percent| percent.to_string());
            memo.with(STATUS, Some(status))
                .with(PROGRESS, percent.as_deref())
        }
        _ => memo,
    }
}

fn complete(update: &mut TaskUpdate) {
    update.completed = ClientEdit::Set(true);
    update.status = ClientEdit::Set(COMPLETED.to_owned());
    update.percent_complete = ClientEdit::Set(100);
}

fn reopen(update: &mut TaskUpdate, memo: &Memo) {
    update.completed = ClientEdit::Set(false);
    update.status = ClientEdit::Set(memo.get(STATUS).unwrap_or(NOT_STARTED).to_owned());
    let percent = memo.get(PROGRESS).and_then(|percent| percent.parse().ok());
    update.percent_complete = ClientEdit::Set(percent.unwrap_or_default());
}

fn day(due: PartialDate) -> Result<Date, Unfit> {
    let day = due.date();
    day.ok_or_else(|| Unfit::new(&DUE, "a due date needs a year"))
}

fn wanted_contact(part: &mut Part<'_>) -> Result<Option<ContactId>, Unfit> {
    let wanted = part.edit(&CONTACT_OF).set();
    let id = |of: Ref| parent::contact(&of).ok_or_else(|| no_contact(&of));
    wanted.map(id).transpose()
}

fn no_contact(of: &Ref) -> Unfit {
    Unfit::new(
        &CONTACT_OF,
        format!("`{}` is no contact of Insightly", of.id),
    )
}

/// The new contact is linked before the old one is let go, so that the task is never nobody's.
fn relink(
    change: &Change<'_, Task>,
    draft: Draft<InsightlyTaskCall>,
    memo: Memo,
) -> Result<(Draft<InsightlyTaskCall>, Memo), Unfit> {
    let mut part = change.part();
    let Some(contact) = wanted_contact(&mut part)? else {
        if change.changes(&CONTACT_OF) {
            let why = "a task in Insightly stays with its contact";
            return Err(Unfit::new(&CONTACT_OF, why));
        }
        return Ok((draft, memo));
    };
    let draft = draft.update("tasks.add_link", part, InsightlyTaskCall::AddLink(contact));
    let links = change.native.and_then(|task| task.links.as_deref());
    let before = parent::of(links, &memo).filter(|before| *before != contact);
    let old = parent::contacts(links).into_iter();
    let old = old.filter(|(_, linked)| Some(*linked) == before);
    let draft = old.fold(draft, |draft, (link, _)| {
        let mut part = change.part();
        let _ = part.edit(&CONTACT_OF);
        draft.update(
            "tasks.remove_link",
            part,
            InsightlyTaskCall::RemoveLink(link),
        )
    });
    Ok((draft, parent::remembered(memo, contact)))
}
