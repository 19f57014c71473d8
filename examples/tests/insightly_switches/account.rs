//! An account whose switches are set, on a clock that stands still.

use std::{collections::BTreeMap, sync::Arc};

use crm_sandbox::{Clock, Sandbox, Servers, Switch};
use examples::report::Wire;
use insightly::{
    Client, Contact, ContactId, ErrorKind, NewContact, Pacer, RepeatPolicy, ReqwestSender, Result,
    SecretString,
};
use serde_json::{Value, json};

/// The switches that are not in their first position.
pub(crate) type Choices = BTreeMap<&'static str, &'static str>;

pub(crate) struct Account {
    pub(crate) set: Choices,
    pub(crate) sandbox: Sandbox,
    pub(crate) servers: Servers,
    pub(crate) wire: Arc<Wire>,
    pub(crate) client: Client,
}

impl Account {
    pub(crate) fn table() -> &'static [&'static Switch] {
        Sandbox::builder().build().insightly().switch_table()
    }

    pub(crate) async fn open(set: &Choices, sender: &ReqwestSender) -> Self {
        let noon = "2026-04-09T12:00:00Z".parse().unwrap();
        let sandbox = Sandbox::builder()
            .seed(7)
            .clock(Clock::manual(noon))
            .insightly_contacts(3)
            .build();
        let emails = sandbox.insightly().family("emails");
        emails
            .create(&json!({"SUBJECT": "Hello", "BODY": "Hi"}))
            .unwrap();
        for (name, choice) in set {
            sandbox.insightly().set_switch(name, choice).unwrap();
        }
        let servers = sandbox.serve(0, 0).await.unwrap();
        let wire = Wire::over(sender.clone());
        let client = client(&servers, sandbox.insightly_api_key(), wire.clone());
        Self {
            set: set.clone(),
            sandbox,
            servers,
            wire,
            client,
        }
    }

    /// A client with another key.
    pub(crate) fn client_of(&self, key: &str) -> Client {
        client(&self.servers, key, self.wire.clone())
    }

    /// Whether a switch was moved to this choice.
    pub(crate) fn is(&self, switch: &str, choice: &str) -> bool {
        self.set.get(switch) == Some(&choice)
    }

    /// Lets this many seconds pass: every index has caught up then.
    pub(crate) fn wait(&self, seconds: u64) {
        let clock = self.sandbox.clock();
        clock.advance(std::time::Duration::from_secs(seconds));
    }

    pub(crate) fn order(&self, order: &str, body: &Value) -> Value {
        self.sandbox.insightly().order(order, body).unwrap()
    }

    pub(crate) async fn made(&self, new: &NewContact) -> Contact {
        let made = self.client.contacts().create(new).await;
        self.good(made).value
    }

    pub(crate) async fn read(&self, id: ContactId) -> Contact {
        let read = self.client.contacts().get(id).await;
        self.good(read).value
    }

    /// What must succeed.
    #[track_caller]
    pub(crate) fn good<T>(&self, result: Result<T>) -> T {
        result.unwrap_or_else(|error| panic!("{error} under {:?}", self.set))
    }

    /// What is refused in this position of a switch, and succeeds in the others.
    #[track_caller]
    pub(crate) fn refused_if<T>(
        &self,
        refused: bool,
        result: Result<T>,
        kind: &ErrorKind,
    ) -> Option<T> {
        if refused {
            self.refused(result, kind);
            return None;
        }
        Some(self.good(result))
    }

    /// What must fail so.
    #[track_caller]
    pub(crate) fn refused<T>(&self, result: Result<T>, kind: &ErrorKind) {
        let found = result.err().map(|error| error.kind().clone());
        assert_eq!(found.as_ref(), Some(kind), "under {:?}", self.set);
    }
}

fn client(servers: &Servers, key: &str, wire: Arc<Wire>) -> Client {
    Client::builder(SecretString::from(key))
        .base_url(servers.insightly_url())
        .pacer(Pacer::unlimited())
        .repeats(RepeatPolicy::never())
        .sender(wire)
        .build()
        .unwrap()
}
