//! What is measured of Insightly.

use std::{collections::BTreeSet, time::Duration};

use futures_util::TryStreamExt;
use insightly::{
    Client, ContactId, ContactUpdate, Cursor, Edit, ListQuery, NewContact, NewLink, NewNote,
    NewTask, NoteId, OrganisationId, Tag, TaskId,
};
use jiff::Timestamp;
use sync_core::Clock;

use super::{
    EMOJI, SCRATCH, TAGS_IN_POST,
    finding::{Answer, Findings, Measured, answered},
};
use crate::connected::Connected;

/// Stamps are whole seconds, and a new record is touched once more in the second after.
const SECONDS: Duration = Duration::from_millis(2_100);

/// As many organisations are looked for, among those that contacts name.
const NAMED: usize = 20;

/// Formatting that an editor makes.
const HTML: &str = "Calibration <b>scratch</b>";

struct Bench<'a> {
    client: &'a Client,
    clock: &'a dyn Clock,
    contact: ContactId,
    began: Timestamp,
}

/// Scratch records besides the contact.
#[derive(Default)]
struct Scratch {
    note: Option<NoteId>,
    task: Option<TaskId>,
}

pub(super) async fn measure(connected: &Connected, clock: &dyn Clock, found: &mut Findings) {
    let client = &connected.insightly;
    let began = clock.now();
    let mut new = NewContact::new(SCRATCH);
    new.title = Some("Scratch".to_owned());
    new.tags = vec![Tag::new("calibration")];
    let created = match client.contacts().create(&new).await {
        Ok(created) => created,
        Err(why) => {
            let failed = async { Err(why.into()) };
            found
                .ask("insightly", "Can a contact be made?", failed)
                .await;
            return;
        }
    };
    let bench = Bench {
        client,
        clock,
        contact: created.value.id,
        began,
    };
    let question = "Do records carry an ETag?";
    let etag = async { Ok(Answer::from(created.etag.is_some())) };
    found.ask("insightly.etag", question, etag).await;
    let mut scratch = Scratch::default();
    bench.questions(found, &mut scratch).await;
    if let Some(task) = scratch.task {
        let deleted = client.tasks().delete(task).await;
        found.cleaned(&format!("task {task} in Insightly"), deleted);
    }
    if let Some(note) = scratch.note {
        let deleted = client.notes().delete(note).await;
        found.cleaned(&format!("note {note} in Insightly"), deleted);
    }
    let contact = bench.contact;
    let deleted = client.contacts().delete(contact).await;
    found.cleaned(&format!("contact {contact} in Insightly"), deleted);
    let question = "How is a deleted contact answered?";
    found
        .ask("insightly.missing", question, bench.missing())
        .await;
}

impl Bench<'_> {
    async fn questions(&self, found: &mut Findings, scratch: &mut Scratch) {
        let contacts = self.client.contacts();
        let question = "Are tags in the body of a new contact kept?";
        found.ask(TAGS_IN_POST, question, self.tags_in_post()).await;
        self.pause().await;
        let tagged = async { contacts.add_tag(self.contact, "calibration-2").await };
        let question = "Does adding a tag move the contact's stamp?";
        let name = "insightly.tags_move_stamp";
        found.ask(name, question, self.moves(tagged)).await;

        let note = NewNote::new(SCRATCH).body(HTML);
        let noted = async {
            let note = contacts.add_note(self.contact, &note).await?;
            scratch.note = Some(note.value.id);
            Ok(())
        };
        let question = "Does a new note move the contact's stamp?";
        let name = "insightly.notes_move_stamp";
        found.ask(name, question, self.moves(noted)).await;
        let question = "What becomes of HTML in a note?";
        let html = self.note_html(scratch.note);
        found.ask("insightly.note_html", question, html).await;

        let task = self.client.tasks().create(&NewTask::new(SCRATCH)).await;
        scratch.task = task.as_ref().ok().map(|task| task.value.id);
        let linked = async {
            let task = task?.value.id;
            let link = NewLink::to_contact(self.contact);
            self.client.tasks().add_link(task, &link).await.map(drop)
        };
        let question = "Does a task that is linked to it move the contact's stamp?";
        let name = "insightly.tasks_move_stamp";
        found.ask(name, question, self.moves(linked)).await;

        let question = "Is a field that is cleared blank afterwards?";
        found.ask("insightly.clears", question, self.clears()).await;
        let question = "Are emoji kept?";
        found.ask("insightly.emoji", question, self.emoji()).await;
        let question = "Does a search show a write at once?";
        found
            .ask("insightly.search_is_prompt", question, self.is_found())
            .await;
        let question = "How is a record answered that the key's user may not see?";
        found.ask("insightly.hidden", question, self.hidden()).await;
    }

    async fn stamp(&self) -> Result<Option<Timestamp>, insightly::Error> {
        Ok(self
            .client
            .contacts()
            .get(self.contact)
            .await?
            .value
            .date_updated)
    }

    async fn pause(&self) {
        self.clock.sleep_until(self.clock.now() + SECONDS).await;
    }

    async fn moves(&self, act: impl Future<Output = Result<(), insightly::Error>>) -> Measured {
        let before = self.stamp().await?;
        self.pause().await;
        act.await?;
        Ok(Answer::from(self.stamp().await? > before))
    }

    async fn tags_in_post(&self) -> Measured {
        let tags = self.client.contacts().tags(self.contact).await?;
        Ok(Answer::from(!tags.is_empty()))
    }

    async fn note_html(&self, note: Option<NoteId>) -> Measured {
        let Some(note) = note else {
            return Ok(Answer::Unknown("there is no note".to_owned()));
        };
        let body = self.client.notes().get(note).await?.value.body;
        Ok(match body.as_deref() {
            Some(HTML) => "kept".into(),
            Some(body) if body.contains("<b>") => "wrapped".into(),
            Some(body) if body.contains('<') => "changed".into(),
            Some(_) => "taken away".into(),
            None => "it is not shown".into(),
        })
    }

    async fn clears(&self) -> Measured {
        let mut update = ContactUpdate::of(self.contact);
        update.title = Edit::Clear;
        self.client.contacts().update(&update).await?;
        let contact = self.client.contacts().get(self.contact).await?.value;
        Ok(Answer::from(
            contact.title.is_none_or(|title| title.is_empty()),
        ))
    }

    async fn emoji(&self) -> Measured {
        let mut update = ContactUpdate::of(self.contact);
        update.last_name = Edit::Set(EMOJI.to_owned());
        self.client.contacts().update(&update).await?;
        let contact = self.client.contacts().get(self.contact).await?.value;
        Ok(Answer::from(contact.last_name.as_deref() == Some(EMOJI)))
    }

    async fn is_found(&self) -> Measured {
        let contacts = self.client.contacts();
        let mut found = std::pin::pin!(contacts.since(self.began));
        while let Some(contact) = found.try_next().await? {
            if contact.id == self.contact {
                return Ok(Answer::from(contact.last_name.as_deref() == Some(EMOJI)));
            }
        }
        Ok(Answer::No)
    }

    /// No scratch record can be hidden from the key that has to delete it again. But contacts name
    /// their organisations to people who may not see these. It tells of these alone: other kinds may
    /// be answered otherwise, so that no delete is followed for it.
    async fn hidden(&self) -> Measured {
        if self.client.check().await?.is_administrator() {
            return Ok("the key is an administrator's, who sees all".into());
        }
        let contacts = self.client.contacts();
        let (all, start) = (ListQuery::new(), Cursor::start());
        let page = contacts.list_page(&all, &start).await?;
        let named = page.items.into_iter();
        let named: BTreeSet<OrganisationId> = named.filter_map(|of| of.organisation_id).collect();
        let mut hidden = Answer::Unknown("nothing that is hidden was met".to_owned());
        for id in named.into_iter().take(NAMED) {
            let Err(error) = self.client.organisations().get(id).await else {
                continue;
            };
            hidden = answered(error.status().map(|status| status.as_u16()), error)?;
            if hidden == Answer::from("403") {
                break;
            }
        }
        Ok(hidden)
    }

    async fn missing(&self) -> Measured {
        match self.client.contacts().get(self.contact).await {
            Ok(_) => Ok("as if it were there".into()),
            Err(error) => answered(error.status().map(|status| status.as_u16()), error),
        }
    }
}
