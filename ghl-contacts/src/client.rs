//! The client: one account, one credential, one pacer.

use std::{sync::Arc, time::Duration};

use api_transport::{
    Base, Budget, Credentials, CredentialsError, HeaderMap, HeaderName, HeaderValue, Limits,
    Observer, Operation, Pacer, Priority, RepeatPolicy, Sender, Transport, TransportBuilder,
    server_time,
};
use serde::de::DeserializeOwned;

use crate::{
    connection::{BuildError, Connection},
    contacts::Contacts,
    dialect::HighLevel,
    error::Result,
    fetched::Fetched,
    ids::LocationId,
    locations::Location,
    operation::GhlOperation,
    scopes::{self, Scope},
};

/// What a Private Integration Token may do: 25 requests in 10 s and 10,000 a day.
///
/// Measured on a trial sub-account, July 2026; paid plans are not confirmed. The rate
/// headers of the first answer correct it. Bulk calls leave 500 a day to interactive ones.
pub fn private_integration_limits() -> Limits {
    Limits {
        burst: 25,
        interval: Duration::from_secs(10),
        in_flight: 5,
        daily: Some(10_000),
        reserve: 500,
    }
}

/// What a marketplace app (OAuth) may do in each location: 100 requests in 10 s and
/// 200,000 a day. Bulk calls leave 2,000 a day to interactive ones.
pub fn marketplace_app_limits() -> Limits {
    Limits {
        burst: 100,
        interval: Duration::from_secs(10),
        in_flight: 10,
        daily: Some(200_000),
        reserve: 2_000,
    }
}

/// Calls the HighLevel API with one credential. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport<HighLevel>,
}

/// Settings of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    credentials: Arc<dyn Credentials>,
    connection: Connection,
    pacer: Option<Pacer>,
    repeats: RepeatPolicy,
    headers: HeaderMap,
    observer: Option<Arc<dyn Observer>>,
}

impl Client {
    /// Starts from the stock settings: the public API, the limits of a Private
    /// Integration Token, five attempts where repeating is safe.
    pub fn builder(credentials: impl Credentials) -> ClientBuilder {
        ClientBuilder {
            credentials: Arc::new(credentials),
            connection: Connection::default(),
            pacer: None,
            repeats: RepeatPolicy::default(),
            headers: HeaderMap::new(),
            observer: None,
        }
    }

    /// The same client for calls that have time: they yield to interactive ones and
    /// leave the day's reserve alone.
    pub fn bulk(&self) -> Self {
        Self {
            transport: self.transport.with_priority(Priority::Bulk),
        }
    }

    /// Contacts, and what hangs on them.
    pub fn contacts(&self) -> Contacts {
        Contacts::new(self.clone())
    }

    /// One location (sub-account).
    pub fn location(&self, id: &LocationId) -> Location {
        Location::new(self.clone(), id.clone())
    }

    /// What is left of the account's day, as the rate headers last said.
    pub fn budget(&self) -> Budget {
        self.pacer().budget()
    }

    /// The scopes that the credential was granted, where it tells: OAuth tokens do, Private
    /// Integration Tokens do not. Sends nothing, unless a token has to be refreshed.
    pub async fn granted_scopes(&self) -> Result<Option<Vec<String>>, CredentialsError> {
        let found = self.transport.credentials().authorization().await?;
        Ok(found.granted.map(|granted| granted.names().to_vec()))
    }

    /// What these operations need and the credential was not granted; nothing where the
    /// credential does not tell. The same calls fail with
    /// [`MissingScope`](crate::ErrorKind::MissingScope) before they are sent.
    pub async fn missing_scopes(
        &self,
        operations: &[&GhlOperation],
    ) -> Result<Vec<Scope>, CredentialsError> {
        let granted = self.granted_scopes().await?;
        Ok(granted.map_or_else(Vec::new, |granted| {
            let granted: Vec<&str> = granted.iter().map(String::as_str).collect();
            scopes::missing_scopes(operations, &granted)
        }))
    }

    /// The account's pacer, to share with another client of the same account.
    pub fn pacer(&self) -> &Pacer {
        self.transport.pacer()
    }

    /// The API's base URL.
    pub fn base(&self) -> &Base {
        self.transport.base()
    }

    /// The way out: sends an operation of your own, when the API has grown since our release.
    ///
    /// ```no_run
    /// # async fn demo(client: ghl_contacts::Client) -> ghl_contacts::Result<()> {
    /// use ghl_contacts::{Definition, Operation};
    /// static PIPELINES: Definition = Definition::get("pipelines.list", "/opportunities/pipelines");
    /// let op = Operation::of(&PIPELINES, []).query("locationId", "ve9EPM428h8vShlRW1KT");
    /// let answer: serde_json::Value = client.send(op).await?;
    /// # Ok(()) }
    /// ```
    pub async fn send<T: DeserializeOwned>(&self, op: Operation) -> Result<T> {
        self.transport.send(op).await
    }

    #[cfg(feature = "oauth")]
    pub(crate) async fn send_for_json(&self, op: &Operation) -> Result<api_transport::Response> {
        self.transport.send_for_json(op).await
    }

    /// Like [`send`](Self::send), with the server's time of the answer.
    pub async fn send_timed<T: DeserializeOwned>(&self, op: Operation) -> Result<Fetched<T>> {
        let (value, headers) = self.transport.send_with_headers(op).await?;
        Ok(Fetched {
            value,
            server_time: server_time(&headers),
        })
    }
}

impl ClientBuilder {
    /// Another place, such as a local sandbox. Plain http is accepted for loopback only.
    pub fn base_url(mut self, url: &str) -> Self {
        url.clone_into(&mut self.connection.base_url);
        self
    }

    /// Accepts plain http to any host: the token crosses the network readable.
    pub fn plain_http_allowed(mut self) -> Self {
        self.connection.plain_http = true;
        self
    }

    #[cfg(feature = "oauth")]
    pub(crate) fn connected(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    /// The account's pacer. Share one between all clients of an account; the default is a
    /// pacer of this client's own with [`private_integration_limits`].
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    /// Another way onto the wire than [`ReqwestSender`](crate::ReqwestSender).
    pub fn sender(mut self, sender: impl Sender) -> Self {
        self.connection.sender = Some(Arc::new(sender));
        self
    }

    /// Adds a header to every request, e.g. for tracing. Credential and version stay ours.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Is told of every attempt: to count, to measure, to log.
    ///
    /// ```
    /// use ghl_contacts::{Attempt, BearerToken, Client};
    /// let client = Client::builder(BearerToken::new("t")).observer(|attempt: &Attempt<'_>| {
    ///     println!("{} {:?} in {:?}", attempt.operation.name(), attempt.status, attempt.took);
    /// });
    /// ```
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// How often and how patiently transient failures are repeated.
    pub fn repeats(mut self, policy: RepeatPolicy) -> Self {
        self.repeats = policy;
        self
    }

    /// Makes the client. Nothing is sent.
    pub fn build(self) -> Result<Client, BuildError> {
        let (base, sender) = self.connection.open()?;
        let parts = TransportBuilder {
            base,
            credentials: self.credentials,
            pacer: self
                .pacer
                .unwrap_or_else(|| Pacer::new(private_integration_limits())),
            sender,
            repeats: self.repeats,
        };
        let mut transport = parts.build(HighLevel);
        if !self.headers.is_empty() {
            transport = transport.with_headers(self.headers);
        }
        if let Some(observer) = self.observer {
            transport = transport.with_observer(observer);
        }
        Ok(Client { transport })
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.connection.base_url)
            .field("plain_http", &self.connection.plain_http)
            .field("repeats", &self.repeats)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BASE_URL, PrivateIntegrationToken};
    use api_transport::BaseError;

    #[test]
    fn plain_http_to_another_machine_is_taken_only_by_name() {
        let builder = || {
            let token = PrivateIntegrationToken::new("pit-1");
            Client::builder(token).base_url("http://ghl.test")
        };
        assert!(matches!(
            builder().build(),
            Err(BuildError::Base(BaseError::PlainHttp(_)))
        ));
        assert!(builder().plain_http_allowed().build().is_ok());
    }

    #[test]
    fn a_client_comes_with_the_limits_of_its_token() {
        let client = Client::builder(PrivateIntegrationToken::new("pit-1"))
            .build()
            .unwrap();
        assert_eq!(client.base().as_str(), BASE_URL);
        assert_eq!(client.budget().daily, Some(10_000));
        assert_eq!(client.bulk().budget(), client.budget());
    }
}
