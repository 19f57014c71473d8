//! Insightly notes, read and written.

use std::{hash::Hash, sync::Arc};

use insightly::{Edit as ClientEdit, NewNote, Note, NoteId, NoteUpdate};
use jiff::tz::TimeZone;
use sync_core::{
    Change, Coverage, Draft, Edit, Fields, Imprint, Lines, Mapper, Memo, PartialDate, Reading,
    Unfit,
};

use super::{InsightlyNoteCall, SHORT_TEXT, parent};
use crate::{
    VERSION,
    limit::{self, cut},
    note::{AUTHOR, NOTE_TITLE, TEXT, WRITTEN, WRITTEN_IN, footer, markup},
    settings::System,
    task::{CONTACT_OF, due},
    user::Users,
};

/// The stock mapper of Insightly notes.
///
/// | field | Insightly |
/// | --- | --- |
/// | text | `BODY`, HTML compared as text: paragraphs, breaks, divisions and lists have a form as text. A copy ends with the footer `[GHL · author · day]`, which is no part of the text |
/// | title | `TITLE`, cut at 255 characters. Insightly wants one: without one it is made of the text's first line, follows the text, and never travels back |
/// | author, day, system | the name of `OWNER_USER_ID` and the day of `DATE_CREATED_UTC`, or what the footer says; told to a new copy only |
/// | contact | the links: the contact that the link remembers, else that of the lowest `LINK_ID`; a change of it is held |
///
/// A note with other HTML is shown in GHL as text and not written over: an edit of the copy is held.
#[derive(Debug, Clone)]
pub struct InsightlyNoteMapper {
    zone: TimeZone,
    users: Arc<Users>,
}

/// The longest title that is made.
const MADE_LIMIT: usize = 80;

/// Memo: the title that was made because there was none. It reads as blank.
const MADE: &str = "made_title";
/// Memo: the footer of a copy.
const FOOTER: &str = "footer";

impl InsightlyNoteMapper {
    /// A mapper for one account; days are those of the GHL location's zone.
    pub fn new(zone: TimeZone, users: Arc<Users>) -> Self {
        Self { zone, users }
    }
}

impl Mapper for InsightlyNoteMapper {
    type Native = Note;
    type Call = InsightlyNoteCall;

    fn fields(&self) -> Fields {
        let title = limit::held(SHORT_TEXT);
        Fields::new()
            .exact(&TEXT)
            .lossy(&NOTE_TITLE, title)
            .create_only(&AUTHOR)
            .create_only(&WRITTEN)
            .create_only(&WRITTEN_IN)
            .exact(&CONTACT_OF)
            // Formatting that is there is not written over.
            .read_first(&TEXT)
            .parent(&CONTACT_OF)
            .given(&(VERSION, self.zone.iana_name(), &self.users))
    }

    fn read(&self, note: &Note, _coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let body = markup::html(note.body.as_deref().unwrap_or_default());
        let (text, footer) = footer::split(body.text.as_str(), System::Ghl.name());
        let line = footer.as_ref().map(|footer| footer.line.clone());
        let (author, written, system) = match footer {
            Some(footer) => (footer.author, Some(footer.written), System::Ghl),
            None => (self.author(note), self.written(note), System::Insightly),
        };
        let written_in = written.map(|_| system.name().to_owned());
        let title = note.title.clone();
        let title = title.filter(|title| memo.get(MADE) != Some(title.trim()));
        let contact = parent::of(note.links.as_deref(), memo);
        reading
            .set(&TEXT, Lines::new(text))
            .set(&NOTE_TITLE, title)
            .set(&AUTHOR, author)
            .set(&WRITTEN, written)
            .set(&WRITTEN_IN, written_in)
            .set(&CONTACT_OF, contact.map(parent::reference));
        // Answers to writes need not show them; a record without any has an empty list.
        if note.links.is_none() {
            reading.unseen(&CONTACT_OF);
        }
        reading.memo = Some(memo.clone().with(FOOTER, line.as_deref()));
        reading
    }

    fn imprint(&self, native: &Note, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Note>) -> Result<Draft<InsightlyNoteCall>, Unfit> {
        if change.create {
            create(change)
        } else {
            update(change)
        }
    }
}

impl InsightlyNoteMapper {
    fn author(&self, note: &Note) -> Option<String> {
        let name = self.users.name_in_insightly(note.owner_user_id?)?;
        Some(name.to_owned())
    }

    fn written(&self, note: &Note) -> Option<PartialDate> {
        let day = due::day(note.date_created?, &self.zone);
        Some(PartialDate::whole(day))
    }
}

fn create(change: &Change<'_, Note>) -> Result<Draft<InsightlyNoteCall>, Unfit> {
    let mut part = change.part();
    let wanted = part.edit(&CONTACT_OF).set();
    let contact = wanted.as_ref().and_then(parent::contact);
    let contact =
        contact.ok_or_else(|| Unfit::new(&CONTACT_OF, "a note needs a contact that is synced"))?;
    let text = part.edit(&TEXT).set().unwrap_or_else(|| Lines::new(""));
    let mut memo = parent::remembered(change.memo.clone(), contact);
    let title = part.edit(&NOTE_TITLE).set().unwrap_or_else(|| {
        let made = made_title(&text);
        memo = memo.clone().with(MADE, Some(&made));
        made
    });
    let (author, written) = (part.edit(&AUTHOR).set(), part.edit(&WRITTEN).set());
    // The footer names this very system.
    part.edit(&WRITTEN_IN);
    let footer = footer::line(System::Ghl.name(), author.as_deref(), written);
    let mut note = NewNote::new(title);
    note.body = Some(body(&text, footer.as_deref())?);
    let call = InsightlyNoteCall::Create {
        contact,
        note: Box::new(note),
    };
    let memo = memo.with(FOOTER, footer.as_deref());
    Ok(Draft::new()
        .create("contacts.add_note", part, call)
        .remember(memo))
}

fn update(change: &Change<'_, Note>) -> Result<Draft<InsightlyNoteCall>, Unfit> {
    if change.changes(&CONTACT_OF) {
        let why = "a note in Insightly stays with its contact";
        return Err(Unfit::new(&CONTACT_OF, why));
    }
    let mut part = change.part();
    let mut memo = change.memo.clone();
    // The endpoint puts the id in: a mapper does not know it.
    let mut note = NoteUpdate::of(NoteId(0));
    let text = match part.edit(&TEXT) {
        Edit::Leave => None,
        Edit::Clear => Some(Lines::new("")),
        Edit::Set(text) => Some(text),
    };
    if let Some(text) = &text {
        if change.native.is_some_and(is_rich) {
            let why = "the note in Insightly has formatting that would be lost; edit it there";
            return Err(Unfit::new(&TEXT, why));
        }
        note.body = ClientEdit::Set(body(text, memo.get(FOOTER))?);
    }
    let title = part.edit(&NOTE_TITLE);
    let follows = text.is_some() && title == Edit::Leave && memo.get(MADE).is_some();
    if title == Edit::Clear || follows {
        let text = text.or_else(|| change.wanted.get(&TEXT));
        let made = made_title(&text.unwrap_or_else(|| Lines::new("")));
        memo = memo.with(MADE, Some(&made));
        note.title = ClientEdit::Set(made);
    } else if let Edit::Set(title) = title {
        memo = memo.with(MADE, None);
        note.title = ClientEdit::Set(title);
    }
    let call = InsightlyNoteCall::Update(Box::new(note));
    let draft = Draft::new().update("notes.update", part, call);
    Ok(if memo == *change.memo {
        draft
    } else {
        draft.remember(memo)
    })
}

fn body(text: &Lines, footer: Option<&str>) -> Result<String, Unfit> {
    let whole = footer::below(text.as_str(), footer, System::Ghl.name())?;
    Ok(markup::markup(&Lines::new(&whole)))
}

fn is_rich(note: &Note) -> bool {
    markup::html(note.body.as_deref().unwrap_or_default()).rich
}

/// The first line of the text.
fn made_title(text: &Lines) -> String {
    let first = text.as_str().lines().next().unwrap_or_default();
    match cut(first, MADE_LIMIT) {
        "" => "Note".to_owned(),
        title => title.to_owned(),
    }
}
