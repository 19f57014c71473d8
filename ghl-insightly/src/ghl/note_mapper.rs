//! GHL notes, read and written.

use std::{hash::Hash, sync::Arc};

use ghl_contacts::{ContactId, Note, NoteEdit};
use jiff::tz::TimeZone;
use sync_core::{
    Change, Coverage, Draft, Edit, Fields, Imprint, Lines, Mapper, Memo, PartialDate, Reading,
    Unfit,
};

use super::{GhlNoteCall, parent};
use crate::{
    VERSION,
    note::{AUTHOR, NOTE_TITLE, TEXT, WRITTEN, WRITTEN_IN, footer, markup},
    settings::System,
    task::{CONTACT_OF, due},
    user::Users,
};

/// The stock mapper of GHL notes.
///
/// | field | GHL |
/// | --- | --- |
/// | text | `body`, compared as text: white space and blank lines are one. A copy ends with the footer `[Insightly · author · day]`, which is no part of the text |
/// | title | `title` |
/// | author, day, system | the name of `userId` and the day of `dateAdded`, or what the footer says; told to a new copy only |
/// | contact | the contact under which it is found. GHL cannot move a note: it is created anew under the other contact, with its author, colour, pin and formatting, and the old one is deleted |
///
/// A note with formatting that text cannot show is not written over: an edit of its copy is held.
#[derive(Debug, Clone)]
pub struct GhlNoteMapper {
    zone: TimeZone,
    users: Arc<Users>,
}

const FORMATTED: &str = "the note in GHL has formatting that would be lost; edit it there";

const WITHOUT_CONTACT: &str = "a note in GHL needs a contact; put it under one in Insightly";

/// Memo: the footer of a copy.
const FOOTER: &str = "footer";

impl GhlNoteMapper {
    /// A mapper for a location in this zone.
    pub fn new(zone: TimeZone, users: Arc<Users>) -> Self {
        Self { zone, users }
    }
}

impl Mapper for GhlNoteMapper {
    type Native = Note;
    type Call = GhlNoteCall;

    fn fields(&self) -> Fields {
        Fields::new()
            // Plain text that looks like markup is read as such.
            .lossy(&TEXT, |text: Lines| Some(markup::plain(text.as_str()).text))
            .exact(&NOTE_TITLE)
            .create_only(&AUTHOR)
            .create_only(&WRITTEN)
            .create_only(&WRITTEN_IN)
            .exact(&CONTACT_OF)
            .required(&TEXT)
            // Formatting that is there is not written over.
            .read_first(&TEXT)
            .stays_under(&CONTACT_OF)
            .given(&(VERSION, self.zone.iana_name(), &self.users))
    }

    fn read(&self, note: &Note, _coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let body = markup::plain(note.body.as_deref().unwrap_or_default());
        let (text, footer) = footer::split(body.text.as_str(), System::Insightly.name());
        let line = footer.as_ref().map(|footer| footer.line.clone());
        let (author, written, system) = match footer {
            Some(footer) => (footer.author, Some(footer.written), System::Insightly),
            None => (self.author(note), self.written(note), System::Ghl),
        };
        let written_in = written.map(|_| system.name().to_owned());
        reading
            .set(&TEXT, Lines::new(text))
            .set(&NOTE_TITLE, note.title.clone())
            .set(&AUTHOR, author)
            .set(&WRITTEN, written)
            .set(&WRITTEN_IN, written_in)
            .set(&CONTACT_OF, note.contact_id.as_ref().map(parent::reference));
        reading.memo = Some(memo.clone().with(FOOTER, line.as_deref()));
        reading
    }

    fn imprint(&self, native: &Note, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Note>) -> Result<Draft<GhlNoteCall>, Unfit> {
        if change.create {
            create(change)
        } else {
            update(change)
        }
    }
}

impl GhlNoteMapper {
    fn author(&self, note: &Note) -> Option<String> {
        let user = note.user_id.as_ref()?;
        self.users.name_in_ghl(user).map(str::to_owned)
    }

    fn written(&self, note: &Note) -> Option<PartialDate> {
        let day = due::day(note.date_added?, &self.zone);
        Some(PartialDate::whole(day))
    }
}

fn create(change: &Change<'_, Note>) -> Result<Draft<GhlNoteCall>, Unfit> {
    let mut part = change.part();
    let contact = part.edit(&CONTACT_OF).set();
    let contact = contact.ok_or_else(|| Unfit::new(&CONTACT_OF, WITHOUT_CONTACT))?;
    let text = part.edit(&TEXT).set();
    let text = text.ok_or_else(|| Unfit::new(&TEXT, "a note in GHL needs a text"))?;
    let (author, written) = (part.edit(&AUTHOR).set(), part.edit(&WRITTEN).set());
    // The footer names this very system.
    part.edit(&WRITTEN_IN);
    let (mut note, footer) = match change.native {
        Some(old) => copy(old, &text, change)?,
        None => {
            let footer = footer::line(System::Insightly.name(), author.as_deref(), written);
            (NoteEdit::body(body(&text, footer.as_deref())?), footer)
        }
    };
    note.title = part.edit(&NOTE_TITLE).set();
    let call = GhlNoteCall::Create {
        contact: ContactId::from(contact.id.as_str()),
        note: Box::new(note),
    };
    let memo = change.memo.clone().with(FOOTER, footer.as_deref());
    Ok(Draft::new()
        .create("contacts.create_note", part, call)
        .remember(memo))
}

/// What another note is made of that takes the place of this one. A text that stays is not written
/// anew: its formatting would be lost.
fn copy(
    old: &Note,
    text: &Lines,
    change: &Change<'_, Note>,
) -> Result<(NoteEdit, Option<String>), Unfit> {
    let footer = change.memo.get(FOOTER).map(str::to_owned);
    let there = old.body.clone().unwrap_or_default();
    let shown = markup::plain(&there).text;
    let stays = footer::split(shown.as_str(), System::Insightly.name()).0 == text.as_str();
    let mut note = NoteEdit::body(if stays {
        there
    } else if is_rich(old) {
        return Err(Unfit::new(&TEXT, FORMATTED));
    } else {
        body(text, footer.as_deref())?
    });
    note.user_id.clone_from(&old.user_id);
    note.color.clone_from(&old.color);
    note.pinned = old.pinned;
    Ok((note, footer))
}

fn update(change: &Change<'_, Note>) -> Result<Draft<GhlNoteCall>, Unfit> {
    if change.changes(&CONTACT_OF) {
        let why = "a note in GHL needs a contact";
        return Err(Unfit::new(&CONTACT_OF, why));
    }
    let mut part = change.part();
    let mut note = NoteEdit::new();
    match part.edit(&TEXT) {
        Edit::Leave => {}
        Edit::Clear => return Err(Unfit::new(&TEXT, "a note in GHL needs a text")),
        Edit::Set(_) if change.native.is_some_and(is_rich) => {
            return Err(Unfit::new(&TEXT, FORMATTED));
        }
        Edit::Set(text) => {
            note.body = Some(body(&text, change.memo.get(FOOTER))?);
        }
    }
    note.title = match part.edit(&NOTE_TITLE) {
        Edit::Leave => None,
        Edit::Set(title) => Some(title),
        Edit::Clear => Some(String::new()),
    };
    let call = GhlNoteCall::Update(Box::new(note));
    Ok(Draft::new().update("contacts.update_note", part, call))
}

fn body(text: &Lines, footer: Option<&str>) -> Result<String, Unfit> {
    footer::below(text.as_str(), footer, System::Insightly.name())
}

fn is_rich(note: &Note) -> bool {
    markup::plain(note.body.as_deref().unwrap_or_default()).rich
}
