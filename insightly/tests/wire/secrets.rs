use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use insightly::{ApiKey, ContactId, NewContact, SecretString};

use crate::server::{KEY, Server, status};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_shows_in_debug_display_or_trace() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);

    let server = Server::answering(status(401)).await;
    let key = ApiKey::new(SecretString::from(KEY));
    let builder = insightly::Client::builder(key.clone());
    let read = server
        .client
        .contacts()
        .get(ContactId(7))
        .await
        .unwrap_err();
    let write = server
        .client
        .contacts()
        .create(&NewContact::new("Ada"))
        .await
        .unwrap_err();

    let traced = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let (client, contacts) = (&server.client, server.client.contacts());
    let shown = format!(
        "{key:?} {builder:?} {client:?} {contacts:?} {read} {read:?} {write} {write:?} {traced}"
    );
    assert!(shown.contains("contacts.get"), "the trace was not captured");
    for secret in [KEY, "Y2FuYXJ5LWtleS0wZjllOGQ3Yzo=", "0f9e8d7c"] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}
