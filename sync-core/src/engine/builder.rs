//! The settings of an engine, and the checks before it starts.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    connector::{Connector, Feed},
    engine::{Allowance, Engine, Shared, staging::blocker::Blocker},
    first_sync::{Backlog, FirstSync},
    guards::Guards,
    id::{ConnectionId, Kind},
    leaving::{Leaving, Scope},
    matching::Matcher,
    observer::Observer,
    one_way::OneWay,
    pairing::{Pairing, ShapeMismatch},
    rules::ConflictRule,
    side::{Both, Side},
    store::Store,
};

/// Settings of an [`Engine`].
pub struct EngineBuilder {
    shared: Shared,
    store: Arc<dyn Store>,
    kinds: Vec<Kind>,
    ways: Vec<(Kind, OneWay)>,
}

/// Why an engine cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A side does not know a kind.
    #[error("the {side} side's connector does not know the kind `{kind}`")]
    UnknownKind {
        /// The side.
        side: Side,
        /// The kind.
        kind: Kind,
    },
    /// A kind that is read under each parent, whose parents are not synced, or only after it.
    #[error(
        "the {side} side reads `{kind}` under each `{parent}`; name the kind `{parent}` before it"
    )]
    NoParent {
        /// The side.
        side: Side,
        /// The kind.
        kind: Kind,
        /// The kind of its parents.
        parent: Kind,
    },
    /// The mappers disagree on a field's type.
    #[error(transparent)]
    Shape(#[from] ShapeMismatch),
}

impl Engine {
    /// Starts with what an engine cannot do without.
    pub fn builder(
        connection: ConnectionId,
        connectors: Both<Arc<dyn Connector>>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        matcher: impl Matcher,
        rule: impl ConflictRule,
    ) -> EngineBuilder {
        EngineBuilder {
            shared: Shared {
                connection,
                connectors,
                clock,
                pairings: Vec::new(),
                matcher: Arc::new(matcher),
                rule: Arc::new(rule),
                observers: Vec::new(),
                first_sync: FirstSync::default(),
                backlog: None,
                guards: Guards::default(),
                leaving: Leaving::default(),
                scope: None,
                settled_every: Duration::from_secs(3600),
                walk_every: Duration::from_secs(24 * 3600),
                sweep_every: Duration::from_secs(24 * 3600),
                visits: 100,
                concurrency: Both::new(4, 4),
                poll_floor: Duration::from_secs(15),
                allowances: Both::default(),
                blockers: Vec::new(),
                retry_refused: Duration::from_secs(24 * 3600),
                reply_grace: Duration::from_secs(60),
            },
            store,
            kinds: Vec::new(),
            ways: Vec::new(),
        }
    }
}

impl std::fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("connection", &self.shared.connection)
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

impl EngineBuilder {
    /// What is synced, in order: references point backwards.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.kinds.extend(kinds);
        self
    }

    /// Another clock than the one that it was begun with.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.shared.clock = Arc::new(clock);
        self
    }

    /// A kind whose changes travel in one direction only: nothing is created, written or deleted
    /// on the side that they come from.
    pub fn one_way(mut self, kind: Kind, way: OneWay) -> Self {
        self.ways.push((kind, way));
        self
    }

    /// What happens to records that meet for the first time.
    pub fn first_sync(mut self, policy: FirstSync) -> Self {
        self.shared.first_sync = policy;
        self
    }

    /// How much of what was there before is created; else all of it.
    pub fn backlog(mut self, backlog: impl Backlog) -> Self {
        self.shared.backlog = Some(Arc::new(backlog));
        self
    }

    /// How much a cycle may do before it asks.
    pub fn guards(mut self, guards: Guards) -> Self {
        self.shared.guards = guards;
        self
    }

    /// What happens to records that are deleted, or that leave the scope.
    pub fn leaving(mut self, policy: Leaving) -> Self {
        self.shared.leaving = policy;
        self
    }

    /// What is synced; everything unless told otherwise.
    pub fn scope(mut self, scope: impl Scope) -> Self {
        self.shared.scope = Some(Arc::new(scope));
        self
    }

    /// Who hears of what happens, besides those named before.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.shared.observers.push(Arc::new(observer));
        self
    }

    /// How often what changed is read again from an hour back, for rows that appear late; an hour
    /// unless told otherwise.
    pub fn settled_every(mut self, interval: Duration) -> Self {
        self.shared.settled_every = interval;
        self
    }

    /// Within what time every parent is visited, where a kind is read under its parents; a day
    /// unless told otherwise. One that moved, or that a hint names, is visited sooner.
    pub fn sweep_every(mut self, interval: Duration) -> Self {
        self.shared.sweep_every = interval;
        self
    }

    /// How many parents a cycle visits at most for each kind and side; 100 unless told otherwise.
    pub fn visits(mut self, parents: usize) -> Self {
        self.shared.visits = parents.max(2);
        self
    }

    /// How many entries of a plan that write to each side are applied side by side; 4 unless told
    /// otherwise. None waits for the other side's limits. With one for each, the calls go out one
    /// by one, always in the order of the plan.
    pub fn concurrency(mut self, entries: Both<usize>) -> Self {
        self.shared.concurrency = entries.map(|entries| entries.max(1));
        self
    }

    /// How many requests a side's account allows. [`Engine::watch`] polls as often as that lets
    /// it, and a cycle ends when the day's share is used.
    pub fn allowance(mut self, side: Side, allowance: Allowance) -> Self {
        self.shared.allowances[side] = Some(allowance);
        self
    }

    /// How long [`Engine::watch`] waits at least between two cycles; 15 seconds unless told
    /// otherwise. A hint does not wait.
    pub fn poll_floor(mut self, interval: Duration) -> Self {
        self.shared.poll_floor = interval;
        self
    }

    /// A kind that is read on one side only and never written: as long as an unlinked record of it
    /// shares a match key, a record of the kind `holds` is not created there. So an open lead
    /// holds a contact. A record for which the matcher gives no keys is in nobody's way.
    ///
    /// One that refers to a record of the kind `holds` has become that record, as a converted lead:
    /// it holds nobody any more, and whoever it held is linked with what it became, whatever key
    /// that has by now, unless either is linked or a key says otherwise.
    pub fn blocks(mut self, side: Side, kind: Kind, holds: Kind) -> Self {
        self.shared.blockers.push(Blocker {
            side,
            pairing: Pairing {
                kind,
                fields: Vec::new(),
                way: None,
                given: 0,
            },
            holds,
        });
        self
    }

    /// How often everything is read by content; a day unless told otherwise.
    pub fn walk_every(mut self, interval: Duration) -> Self {
        self.shared.walk_every = interval;
        self
    }

    /// When a refused field is tried again; a day unless told otherwise.
    pub fn retry_refused_after(mut self, interval: Duration) -> Self {
        self.shared.retry_refused = interval;
        self
    }

    /// How long a request may be on its way after its reply was given up; a minute unless told
    /// otherwise. A lost create is not repeated before that and the index lag have passed.
    pub fn reply_grace(mut self, grace: Duration) -> Self {
        self.shared.reply_grace = grace;
        self
    }

    /// Checks that both sides know the kinds and agree on the fields' types.
    pub fn build(mut self) -> Result<Engine, BuildError> {
        for kind in &self.kinds {
            let mut fields = Vec::new();
            for side in Side::BOTH {
                let capabilities = self.shared.connectors[side].capabilities(kind);
                let known = capabilities.ok_or_else(|| BuildError::UnknownKind {
                    side,
                    kind: kind.clone(),
                })?;
                if let Feed::ByParent { parent } = &known.feed
                    && !self
                        .shared
                        .pairings
                        .iter()
                        .any(|earlier| earlier.kind == *parent)
                {
                    let (kind, parent) = (kind.clone(), parent.clone());
                    return Err(BuildError::NoParent { side, kind, parent });
                }
                fields.push(&known.fields);
            }
            let pairing = Pairing::new(kind.clone(), fields[0], fields[1])?;
            let way = self.ways.iter().rev().find(|(of, _)| of == kind);
            self.shared.pairings.push(match way {
                Some((_, way)) => pairing.one_way(*way),
                None => pairing,
            });
        }
        for Blocker { side, pairing, .. } in &self.shared.blockers {
            let kind = pairing.kind.clone();
            if self.shared.connectors[*side].capabilities(&kind).is_none() {
                return Err(BuildError::UnknownKind { side: *side, kind });
            }
        }
        Ok(Engine {
            shared: self.shared,
            store: self.store,
            epoch: None,
            numbers: Arc::default(),
            skew: Both::default(),
            accounts_checked: false,
            memory: Arc::default(),
            bell: Arc::default(),
        })
    }
}
