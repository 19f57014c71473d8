//! The client, and how it is built.

use std::{sync::Arc, time::Duration};

use api_transport::{
    Base, BaseError, Budget, Limits, Operation, Pacer, Priority, RepeatPolicy, ReqwestSender,
    Sender, SenderBuildError, Transport, TransportBuilder,
};
use serde::de::DeserializeOwned;

use crate::{
    api_key::ApiKey,
    dialect::Insightly,
    error::Result,
    operation_table::ApiOperation,
    pod::{Pod, PodError},
};

/// A client of one Insightly account. Cheap to clone; clones share pace and connections.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use insightly::{ApiKey, Client, SecretString};
/// let key = ApiKey::new(SecretString::from(std::env::var("INSIGHTLY_KEY")?));
/// let client = Client::builder(key).pod("na1").build()?;
/// println!("{}", client.contacts().count().await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport<Insightly>,
    pod: Option<Pod>,
}

/// Settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    key: ApiKey,
    place: Option<Place>,
    pacer: Pacer,
    sender: Option<Arc<dyn Sender>>,
    repeats: RepeatPolicy,
}

#[derive(Clone)]
enum Place {
    Pod(String),
    BaseUrl(String),
}

/// Why no client could be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Neither a pod nor a base URL was given.
    #[error("say where the account is: its pod, e.g. `na1`, or a base URL")]
    NoPlace,
    /// The pod is none.
    #[error(transparent)]
    Pod(#[from] PodError),
    /// The base URL is none.
    #[error(transparent)]
    BaseUrl(#[from] BaseError),
    /// The stock sender cannot be made.
    #[error(transparent)]
    Sender(#[from] SenderBuildError),
}

/// Insightly's limits: 10 requests a second, at most 6 under way (found safe in
/// practice), and the day's allowance as its headers tell, of which bulk calls
/// leave 100.
///
/// All keys of an account share them: give one pacer to all its clients.
pub fn limits() -> Limits {
    Limits {
        burst: 10,
        interval: Duration::from_secs(1),
        in_flight: 6,
        daily: None,
        reserve: 100,
    }
}

impl Client {
    /// Starts building a client that calls with this key.
    pub fn builder(key: impl Into<ApiKey>) -> ClientBuilder {
        ClientBuilder {
            key: key.into(),
            place: None,
            pacer: Pacer::new(limits()),
            sender: None,
            // A burst's 429 often comes without `Retry-After`; a second is what it lasts.
            repeats: RepeatPolicy::default().first_wait(Duration::from_secs(1)),
        }
    }

    /// The same client for work that has time: its calls let all others go first and
    /// leave the day's reserve alone.
    pub fn bulk(&self) -> Self {
        Self {
            transport: self.transport.with_priority(Priority::Bulk),
            pod: self.pod.clone(),
        }
    }

    /// Sends an operation of your own, where Insightly has grown since this release.
    ///
    /// ```no_run
    /// # async fn run(client: insightly::Client) -> insightly::Result<()> {
    /// use insightly::{Definition, Operation};
    /// static GET: Definition = Definition::get("gadgets.get", "/Gadgets/{id}");
    /// let gadget: serde_json::Value = client.send(Operation::of(&GET, ["7"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send<T: DeserializeOwned>(&self, op: Operation) -> Result<T> {
        self.transport.send(op).await
    }

    /// Like [`send`](Self::send), for an answer without a body of interest.
    pub async fn send_unit(&self, op: Operation) -> Result<()> {
        self.transport.send_unit(op).await
    }

    /// The account's pacer, to be given to further clients of the same account.
    pub fn pacer(&self) -> &Pacer {
        self.transport.pacer()
    }

    /// What is left of the account's day, as far as answers have told.
    pub fn budget(&self) -> Budget {
        self.pacer().budget()
    }

    /// The account's pod, unless the base URL is of another server.
    pub fn pod(&self) -> Option<&Pod> {
        self.pod.as_ref()
    }

    pub(crate) fn transport(&self) -> &Transport<Insightly> {
        &self.transport
    }

    /// A plain read: path parts in, JSON out.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static ApiOperation,
        parts: &[&str],
    ) -> Result<T> {
        let parts = parts.iter().copied();
        self.send(Operation::of(operation.definition(), parts))
            .await
    }
}

impl ClientBuilder {
    /// The account's pod, e.g. `na1`, or the API URL as User Settings show it.
    pub fn pod(mut self, pod: impl Into<String>) -> Self {
        self.place = Some(Place::Pod(pod.into()));
        self
    }

    /// Any base URL that ends in `/v3.1`, for a test server. The key goes there;
    /// plain http is accepted for this machine only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.place = Some(Place::BaseUrl(url.into()));
        self
    }

    /// The account's pacer; without it each built client has one of its own,
    /// with [`limits`].
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = pacer;
        self
    }

    /// The wire; without it reqwest over rustls.
    pub fn sender(mut self, sender: impl Sender) -> Self {
        self.sender = Some(Arc::new(sender));
        self
    }

    /// When a call is sent again.
    pub fn repeats(mut self, repeats: RepeatPolicy) -> Self {
        self.repeats = repeats;
        self
    }

    /// Builds the client. Nothing is sent; [`Client::check`] proves the key.
    pub fn build(self) -> Result<Client, BuildError> {
        let (base, pod) = match self.place.ok_or(BuildError::NoPlace)? {
            Place::Pod(text) => {
                let pod: Pod = text.parse()?;
                (Base::parse(&pod.base_url())?, Some(pod))
            }
            Place::BaseUrl(url) => (Base::parse(&url)?, url.parse().ok()),
        };
        let sender = match self.sender {
            Some(sender) => sender,
            None => Arc::new(ReqwestSender::new()?),
        };
        let transport = TransportBuilder {
            base,
            credentials: Arc::new(self.key),
            pacer: self.pacer,
            sender,
            repeats: self.repeats,
        }
        .build(Insightly);
        Ok(Client { transport, pod })
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not even the place: it may be a key in the wrong place.
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}
