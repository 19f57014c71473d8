//! What follows when a system does not do what it was asked.

use std::slice;

use crate::{
    connector::{Body, ConnectorError, Reason},
    engine::{
        EngineError,
        applying::{journal::Work, swap::Way},
        pass::Pass,
        reading::look_up::Looked,
        staging::{entry::opposite, reference::reference},
    },
    field::{FieldKey, FieldSet},
    id::RecordId,
    mapper::Call,
    plan::Write,
    side::Side,
    store::{HoldReason, Marker, Op},
};

/// How a write goes on.
pub(in crate::engine) enum Next {
    /// It is over, well or not.
    Over,
    /// Once more: what stood in the way is gone.
    Again,
    /// Once more without these fields.
    Without(FieldSet),
}

impl Work<'_> {
    /// Keeps the whole record back for a person.
    pub(in crate::engine) fn hold_record(&mut self, reason: HoldReason, message: &str) {
        self.record_hold = Some((reason, message.to_owned()));
    }
}

impl Pass<'_> {
    pub(in crate::engine) async fn refused(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        call: &Call<Body>,
        error: ConnectorError,
    ) -> Result<Next, EngineError> {
        match &error.reason {
            Reason::Transient | Reason::DayExhausted | Reason::Unauthorized => {
                work.unfinished = true;
                self.failed(side, error);
            }
            Reason::ChangedMeanwhile => {
                self.doubt(work, side).await?;
            }
            Reason::NotFound if planted!("what-is-not-found-is-asked-for-again") => {
                self.doubt(work, side).await?;
            }
            Reason::NotFound => {
                self.refused_as_missing(work, side, write, call, error)
                    .await?;
            }
            Reason::Forbidden => work.hold_record(HoldReason::Forbidden, &error.message),
            Reason::Duplicate { existing, field } => {
                let (existing, field) = (existing.clone(), field.clone());
                return self
                    .refused_as_duplicate(work, side, write, &existing, field, &error)
                    .await;
            }
            Reason::Refused { fields } => {
                let named = fields.iter().filter(|key| call.covers.contains(key));
                let named: FieldSet = named.cloned().collect();
                if !named.is_empty() && named.len() < write.changed.len() {
                    self.hold_refused(work, side, write, &named, &error.message);
                    return Ok(Next::Without(named));
                }
                self.hold_refused(work, side, write, &call.covers, &error.message);
            }
            Reason::Unsupported | Reason::Other => {
                self.hold_refused(work, side, write, &call.covers, &error.message);
            }
        }
        Ok(Next::Over)
    }

    /// The record is read by id before anything more is done about it.
    pub(in crate::engine) async fn doubt(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
    ) -> Result<(), EngineError> {
        work.unfinished = true;
        if let Some(link) = &work.link {
            let id = link.sides[side].id.clone();
            let mark = self.mark(&work.pairing.kind, side, &id, Marker::Doubt);
            self.commit(vec![mark]).await?;
        }
        Ok(())
    }

    /// The record is gone, or one that it refers to: these are missed from now on. Where all of
    /// them are there, nobody knows what the system misses, and the write is held.
    async fn refused_as_missing(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        call: &Call<Body>,
        error: ConnectorError,
    ) -> Result<(), EngineError> {
        let own = work.link.as_ref().map(|link| {
            let of = link.reference(side);
            (of, link.target(side))
        });
        let given = work.pairing.fields.iter();
        let given = given.filter(|pair| write.changed.contains(&pair.key));
        let given = given.filter_map(|pair| reference(pair, &write.wanted));
        let given: Vec<_> = own
            .into_iter()
            .chain(given.map(|of| (of.clone(), of.id.clone().into())))
            .collect();
        let mut marks = Vec::new();
        for (of, target) in given {
            let Some(pairing) = self.pairing(&of.kind) else {
                continue;
            };
            match self.look_up(pairing, side, &target, None).await {
                Ok(Some(_)) => {}
                Err(error) if error.stops_the_side() => {
                    work.unfinished = true;
                    self.failed(side, error);
                    return Ok(());
                }
                Ok(None) | Err(_) => {
                    marks.push(self.mark(&of.kind, side, &of.id, Marker::Doubt));
                }
            }
        }
        if marks.is_empty() {
            self.hold_refused(work, side, write, &call.covers, &error.message);
        } else {
            work.unfinished = true;
            self.commit(marks).await?;
        }
        Ok(())
    }

    pub(in crate::engine) fn hold_refused(
        &self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        fields: &FieldSet,
        message: &str,
    ) {
        for key in fields {
            let mut hold = write.hold(side, key, HoldReason::Refused, message.to_owned());
            hold.retry_at = Some(self.now() + self.shared.retry_refused);
            work.holds.push(hold);
        }
    }

    /// The system keeps one record for this key. If it is unlinked and matches, the matcher
    /// will link it; families share phones, so otherwise the field is held and the rest goes on.
    async fn refused_as_duplicate(
        &mut self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        existing: &RecordId,
        field: Option<FieldKey>,
        error: &ConnectorError,
    ) -> Result<Next, EngineError> {
        let field = field.filter(|field| write.changed.contains(field));
        let is_forgotten = self.is_erased(work.pairing, side, existing).await?;
        if is_forgotten && !planted!("who-refuses-a-key-is-never-forgotten") {
            let message = format!(
                "{}: by a record that was forgotten and stays out of the sync; delete that one on the {side} side, or change the value here",
                error.message
            );
            return Ok(self.hold_duplicate(work, side, write, field, &message));
        }
        if write.create && self.is_counterpart(work, side, existing).await? != Some(false) {
            work.unfinished = true;
            return Ok(Next::Over);
        }
        if let Some(field) = field.as_ref().filter(|_| !planted!("no-way-is-made")) {
            match self.make_way(work.pairing, side, existing, field).await? {
                Way::Open => return Ok(Next::Again),
                Way::Later => {
                    work.unfinished = true;
                    return Ok(Next::Over);
                }
                Way::Shut => {}
            }
        }
        let message = format!("{} (the other record is {existing})", error.message);
        Ok(self.hold_duplicate(work, side, write, field, &message))
    }

    /// Holds the value that another record has, and goes on without it where there is more.
    fn hold_duplicate(
        &self,
        work: &mut Work<'_>,
        side: Side,
        write: &Write,
        field: Option<FieldKey>,
        message: &str,
    ) -> Next {
        if let Some(field) = field.filter(|_| write.changed.len() > 1) {
            let fields: FieldSet = [field].into_iter().collect();
            self.hold_refused(work, side, write, &fields, message);
            return Next::Without(fields);
        }
        if write.create {
            work.hold_record(HoldReason::Refused, message);
        } else {
            self.hold_refused(work, side, write, &write.changed, message);
        }
        Next::Over
    }

    /// Whether the record that is there is nobody's counterpart yet and would be matched to ours;
    /// `None` where it could not be read now.
    async fn is_counterpart(
        &mut self,
        work: &Work<'_>,
        side: Side,
        existing: &RecordId,
    ) -> Result<Option<bool>, EngineError> {
        let here = &self.shared.connection;
        let kind = &work.pairing.kind;
        let links = self
            .store
            .links(here, kind, side, slice::from_ref(existing))
            .await?;
        if links.iter().flatten().next().is_some() {
            return Ok(Some(false));
        }
        let target = existing.clone().into();
        let observation = match self.look_up(work.pairing, side, &target, None).await {
            Ok(Some(Looked { observation, .. })) => observation,
            Ok(None) => return Ok(Some(false)),
            Err(error) if !error.stops_the_side() => return Ok(Some(false)),
            Err(_) if planted!("an-unread-record-is-a-strangers") => return Ok(Some(false)),
            Err(error) => {
                self.failed(side, error);
                return Ok(None);
            }
        };
        let own = work.loaded.seen[!side].as_ref();
        let shares = |own: &crate::store::Observation| {
            own.keys.iter().any(|key| {
                let records = opposite(own, &observation);
                let agree = || self.records_agree(kind, key, records).unwrap_or(false);
                observation.keys.contains(key) && agree()
            })
        };
        let matches = own.is_some_and(|own| shares(own));
        self.commit(vec![Op::Observe(observation)]).await?;
        Ok(Some(matches))
    }
}
