//! Leads that became contacts.

use std::time::Duration;

use sync_core::{Archive, Engine, HoldReason, Record, RecordId, Ref, Side, Store};
use tokio::time::sleep;

use crate::{
    running::{BECAME, LEAD, Run},
    world::{CONTACT, connection, person},
};

/// The key of the lead, and of whom it holds.
const OLD: &str = "ada@example.com";

struct Conversion {
    run: Run,
    engine: Engine,
    lead: RecordId,
}

impl Conversion {
    /// A lead, and whom it holds.
    async fn of(run: Run, held: &[Record]) -> Self {
        let lead = run.right.enter_as(&LEAD, &person("ada", OLD));
        for record in held {
            run.left.enter(record);
        }
        let builder = run.builder(run.right.clone());
        let engine = builder.blocks(Side::Right, LEAD, CONTACT).build().unwrap();
        let mut conversion = Self { run, engine, lead };
        conversion.cycles().await;
        assert_eq!(
            conversion.run.right.records().len(),
            0,
            "the lead holds them"
        );
        conversion
    }

    async fn cycles(&mut self) {
        for _ in 0..3 {
            sleep(Duration::from_secs(5)).await;
            self.engine.cycle().await.unwrap();
        }
    }

    /// It becomes a contact, whose address is another one by the next cycle.
    async fn becomes(&mut self, email: &str) -> RecordId {
        let contact = self.is_converted(email);
        self.cycles().await;
        contact
    }

    fn is_converted(&self, email: &str) -> RecordId {
        let contact = self.run.right.enter(&person("ada", email));
        let became = Ref {
            kind: CONTACT,
            id: contact.clone(),
        };
        self.run.right.edit(&self.lead, |lead| {
            lead.set(&BECAME, became);
        });
        contact
    }

    async fn counterpart_of(&self, contact: &RecordId) -> Option<RecordId> {
        let (here, ids) = (connection(), std::slice::from_ref(contact));
        let links = self
            .run
            .store
            .links(&here, &CONTACT, Side::Right, ids)
            .await;
        let link = links.unwrap().pop().flatten()?;
        Some(link.sides.left.id.clone())
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_held_is_linked_with_what_the_lead_became() {
    let mut it = Conversion::of(Run::new(), &[person("ada", OLD)]).await;
    let contact = it.becomes("new@example.com").await;
    assert!(it.counterpart_of(&contact).await.is_some());
    assert_eq!(it.run.right.records().len(), 1, "nobody is doubled");
    assert_eq!(it.run.left.records().len(), 1, "nobody is doubled");
}

#[tokio::test(start_paused = true)]
async fn what_the_lead_became_may_be_late_in_the_index() {
    let run = Run::lagging(Duration::from_secs(60));
    let mut it = Conversion::of(run, &[person("ada", OLD)]).await;
    let contact = it.becomes("new@example.com").await;
    assert!(it.counterpart_of(&contact).await.is_some());
    sleep(Duration::from_secs(120)).await;
    it.cycles().await;
    assert_eq!(it.run.right.records().len(), 1, "nobody is doubled");
    assert_eq!(it.run.left.records().len(), 1, "nobody is doubled");
}

#[tokio::test(start_paused = true)]
async fn of_two_that_were_held_neither_is_guessed() {
    let twins = [person("ada", OLD), person("eve", OLD)];
    let mut it = Conversion::of(Run::new(), &twins).await;
    let held = it.run.left.records();
    let contact = it.becomes("new@example.com").await;
    let linked = it.counterpart_of(&contact).await;
    assert!(linked.is_none_or(|id| !held.contains_key(&id)));
}

#[tokio::test(start_paused = true)]
async fn a_key_of_somebody_else_counts_more() {
    let both = [person("ada", OLD), person("bob", "bob@example.com")];
    let run = Run::new();
    let mut it = Conversion::of(run, &both[..1]).await;
    let bob = it.run.left.enter(&both[1]);
    let contact = it.becomes("bob@example.com").await;
    assert_eq!(it.counterpart_of(&contact).await, Some(bob));
}

#[tokio::test(start_paused = true)]
async fn what_the_lead_became_and_may_not_be_seen_holds_the_create_with_its_reason() {
    let mut it = Conversion::of(Run::new(), &[person("ada", OLD)]).await;
    let contact = it.is_converted("new@example.com");
    it.run.right.hide(&contact, true);
    it.cycles().await;
    let holds = it.run.store.holds(&connection(), 0, 9).await.unwrap();
    let [(_, hold)] = holds.as_slice() else {
        panic!("{holds:?}")
    };
    assert_eq!(hold.reason, HoldReason::Blocked);
    assert!(hold.message.contains(contact.as_str()), "{}", hold.message);
    assert_eq!(it.run.right.records().len(), 1, "nobody is doubled");
    it.run.right.hide(&contact, false);
    sleep(Duration::from_secs(86_400)).await;
    it.cycles().await;
    assert!(it.counterpart_of(&contact).await.is_some());
    assert_eq!(it.run.right.records().len(), 1, "nobody is doubled");
}
