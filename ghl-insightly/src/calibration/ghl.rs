//! What is measured of GHL.

use std::time::Duration;

use ghl_contacts::{
    BusinessEdit, Client, ContactId, ContactUpdate, DndEdit, DndStatus, LocationId, NewContact,
    NewTask, NoteEdit, TaskSearch,
};
use jiff::Timestamp;
use sync_core::Clock;

use super::{
    COMPANY_MAKES_BUSINESS, EMOJI, SCRATCH,
    finding::{Answer, Findings, Measured, answered},
};
use crate::connected::Connected;

/// Longer than a stamp's grain.
const MOMENT: Duration = Duration::from_millis(50);

/// What a location does by itself, it does within seconds.
const A_WHILE: Duration = Duration::from_secs(3);

struct Bench<'a> {
    client: &'a Client,
    location: &'a LocationId,
    clock: &'a dyn Clock,
    contact: ContactId,
}

pub(super) async fn measure(connected: &Connected, clock: &dyn Clock, found: &mut Findings) {
    let (client, location) = (&connected.ghl, &connected.location);
    let mut new = NewContact::in_location(location);
    new.first_name = Some(SCRATCH.to_owned());
    new.website = Some("https://example.com".to_owned());
    new.company_name = Some(SCRATCH.to_owned());
    let contact = match client.contacts().create(&new).await {
        Ok(contact) => contact.id,
        Err(why) => {
            let failed = async { Err(why.into()) };
            found.ask("ghl", "Can a contact be made?", failed).await;
            return;
        }
    };
    let bench = Bench {
        client,
        location,
        clock,
        contact,
    };
    bench.questions(found).await;
    let deleted = client.contacts().delete(&bench.contact).await;
    found.cleaned(&format!("contact {} in GHL", bench.contact), deleted);
    let missing = "How is a deleted contact answered?";
    found.ask("ghl.missing", missing, bench.missing()).await;
}

impl Bench<'_> {
    async fn questions(&self, found: &mut Findings) {
        let contacts = self.client.contacts();
        let tags = ["calibration".to_owned()];
        let tagged = async { contacts.add_tags(&self.contact, &tags).await.map(drop) };
        let question = "Does adding a tag move the contact's stamp?";
        let name = "ghl.tags_move_stamp";
        found.ask(name, question, self.moves(tagged)).await;

        let mut dnd = ContactUpdate::new();
        dnd.dnd_settings = Some(DndEdit::new().email(DndStatus::Active));
        let opted_out = async { contacts.update(&self.contact, &dnd).await.map(drop) };
        let question = "Does an opt-out move the contact's stamp?";
        let name = "ghl.opt_out_moves_stamp";
        found.ask(name, question, self.moves(opted_out)).await;

        let note = NoteEdit::body("<p>Calibration <b>scratch</b></p>");
        let noted = async { contacts.create_note(&self.contact, &note).await.map(drop) };
        let question = "Does a new note move the contact's stamp?";
        let name = "ghl.notes_move_stamp";
        found.ask(name, question, self.moves(noted)).await;
        let question = "What becomes of HTML in a note?";
        found.ask("ghl.note_html", question, self.note_html()).await;

        let task = NewTask::due(SCRATCH, self.clock.now());
        let created = async { contacts.create_task(&self.contact, &task).await.map(drop) };
        let question = "Does a new task move the contact's stamp?";
        let name = "ghl.tasks_move_stamp";
        found.ask(name, question, self.moves(created)).await;
        let question = "In which order does the task search answer?";
        found
            .ask("ghl.task_order", question, self.task_order())
            .await;
        let question = "Does the task search take pages of 200?";
        found
            .ask("ghl.task_pages_of_200", question, self.large_page())
            .await;

        let question = "Is a field that is cleared blank afterwards?";
        found.ask("ghl.clears", question, self.clears()).await;
        let question = "Are emoji kept?";
        found.ask("ghl.emoji", question, self.emoji()).await;
        let question = "Does the company name of a new contact make a business of it?";
        let made = self.made_business(found).await;
        found
            .ask(COMPANY_MAKES_BUSINESS, question, async { made })
            .await;
        let question = "Does linking a business move the contact's stamp?";
        let business = self.business(found).await;
        found
            .ask("ghl.business_moves_stamp", question, async { business })
            .await;
    }

    async fn stamp(&self) -> Result<Option<Timestamp>, ghl_contacts::Error> {
        Ok(self
            .client
            .contacts()
            .get(&self.contact)
            .await?
            .date_updated)
    }

    async fn pause(&self) {
        self.clock.sleep_until(self.clock.now() + MOMENT).await;
    }

    async fn moves(&self, act: impl Future<Output = Result<(), ghl_contacts::Error>>) -> Measured {
        let before = self.stamp().await?;
        self.pause().await;
        act.await?;
        Ok(Answer::from(self.stamp().await? > before))
    }

    async fn note_html(&self) -> Measured {
        let notes = self.client.contacts().notes(&self.contact).await?;
        let body = notes.first().and_then(|note| note.body.as_deref());
        Ok(match body {
            Some(body) if body.contains("<b>") => "kept".into(),
            Some(body) if body.contains('<') => "changed".into(),
            Some(_) => "taken away".into(),
            None => "it is not shown".into(),
        })
    }

    async fn task_order(&self) -> Measured {
        let contacts = self.client.contacts();
        let week = Duration::from_secs(7 * 24 * 3600);
        let now = self.clock.now();
        self.pause().await;
        // The first has been made already, and is due now.
        let mut ids = Vec::new();
        for due in [now + week, now - week] {
            let task = NewTask::due(SCRATCH, due);
            ids.push(contacts.create_task(&self.contact, &task).await?.id);
            self.pause().await;
        }
        let search = TaskSearch::new().contact(self.contact.clone());
        let location = self.client.location(self.location);
        let page = location.task_page(&search, 0).await?;
        let place = |id| page.iter().position(|task| task.id == id);
        let [second, third] = [place(ids[0].clone()), place(ids[1].clone())];
        Ok(match (page.len(), second, third) {
            (3, Some(1), Some(0)) => "newest first".into(),
            (3, Some(1), Some(2)) => "oldest first".into(),
            (3, Some(2), Some(0)) => "by due date".into(),
            (3, Some(0), Some(2)) => "by due date, latest first".into(),
            (3, ..) => "in no order that is known".into(),
            _ => "the index does not show them yet".into(),
        })
    }

    async fn large_page(&self) -> Measured {
        let search = TaskSearch::new().page_size(200);
        let location = self.client.location(self.location);
        Ok(Answer::from(location.task_page(&search, 0).await.is_ok()))
    }

    async fn clears(&self) -> Measured {
        let mut cleared = ContactUpdate::new();
        cleared.website = ghl_contacts::Edit::Clear;
        self.client
            .contacts()
            .update(&self.contact, &cleared)
            .await?;
        let contact = self.client.contacts().get(&self.contact).await?;
        Ok(Answer::from(
            contact.website.is_none_or(|site| site.is_empty()),
        ))
    }

    async fn emoji(&self) -> Measured {
        let mut renamed = ContactUpdate::new();
        renamed.last_name = ghl_contacts::Edit::Set(EMOJI.to_owned());
        self.client
            .contacts()
            .update(&self.contact, &renamed)
            .await?;
        let contact = self.client.contacts().get(&self.contact).await?;
        Ok(Answer::from(contact.last_name.as_deref() == Some(EMOJI)))
    }

    async fn made_business(&self, found: &mut Findings) -> Measured {
        self.clock.sleep_until(self.clock.now() + A_WHILE).await;
        let contact = self.client.contacts().get(&self.contact).await?;
        let Some(business) = contact.business_id else {
            return Ok(Answer::No);
        };
        let deleted = self.client.businesses().delete(&business).await;
        found.cleaned(&format!("business {business} in GHL"), deleted);
        Ok(Answer::Yes)
    }

    async fn business(&self, found: &mut Findings) -> Measured {
        let businesses = self.client.businesses();
        let named = BusinessEdit::named(SCRATCH);
        let business = businesses.create(self.location, &named).await?.id;
        let link = async {
            let contact = std::slice::from_ref(&self.contact);
            let contacts = self.client.contacts();
            let linked = contacts.set_business(self.location, contact, Some(&business));
            linked.await.map(drop)
        };
        let moved = self.moves(link).await;
        let deleted = businesses.delete(&business).await;
        found.cleaned(&format!("business {business} in GHL"), deleted);
        moved
    }

    async fn missing(&self) -> Measured {
        match self.client.contacts().get(&self.contact).await {
            Ok(_) => Ok("as if it were there".into()),
            Err(error) => answered(error.status().map(|status| status.as_u16()), error),
        }
    }
}
