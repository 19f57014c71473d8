//! Records of which no row can be trusted are read by id, before anything is planned from them.

use crate::{
    engine::{
        EngineError,
        hold::About,
        pass::Pass,
        stage::{InDoubt, PAGE},
    },
    id::Target,
    pairing::Pairing,
    store::{Dirty, HoldReason, Marker, Op},
};

impl Pass<'_> {
    /// Reads every record that is marked only to be looked at. One that cannot be read
    /// keeps its pair out of the plan: what it shows now could be written over.
    pub(super) async fn settle_doubts(
        &mut self,
        pairing: &Pairing,
        in_doubt: &mut InDoubt,
    ) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let here = &self.shared.connection;
            let page = self
                .store
                .dirty(here, &pairing.kind, after.as_ref(), PAGE)
                .await?;
            let Some(last) = page.last() else { break };
            after = Some((last.side, last.id.clone()));
            for dirty in page.iter().filter(|dirty| needs_reading(dirty.by)) {
                let record = (dirty.kind.clone(), dirty.side, dirty.id.clone());
                if !in_doubt.contains(&record) && !self.read_by_id(pairing, dirty).await? {
                    in_doubt.insert(record);
                }
            }
        }
        Ok(())
    }

    /// False when there is nothing to plan from.
    async fn read_by_id(&mut self, pairing: &Pairing, dirty: &Dirty) -> Result<bool, EngineError> {
        let side = dirty.side;
        if self.is_stopped(side) {
            return Ok(false);
        }
        let loaded = self.load(pairing, side, &dirty.id).await?;
        if loaded.link.is_none()
            && !self
                .erased(pairing, side, vec![dirty.id.clone()])
                .await?
                .is_empty()
        {
            self.commit(vec![Op::Clear(dirty.clone())]).await?;
            return Ok(false);
        }
        let target = match &loaded.link {
            Some(link) => link.target(side),
            None => Target::from(dirty.id.clone()),
        };
        let asked = self.now();
        self.report.looks += 1;
        let read = self.connector(side).fetch(&pairing.kind, &target).await;
        let seen = match read {
            Ok(seen) => seen,
            Err(error) => {
                self.report.requests[side] += 1;
                self.failed(side, error);
                return Ok(false);
            }
        };
        self.called(side, asked, seen.as_ref().and_then(|seen| seen.server_time));
        let Some(seen) = seen else {
            let message = "the record is not there any more; nothing is written to either side until it is back or the pair is unlinked".to_owned();
            let about = About::loaded(&loaded, &dirty.kind, side, &dirty.id);
            let hold = self.hold_record(about, HoldReason::Missing, message);
            self.commit(vec![hold, Op::Clear(dirty.clone())]).await?;
            return Ok(false);
        };
        let mut observation = self.observe(pairing, side, &seen.row, loaded.link.as_deref(), asked);
        observation.by_id = true;
        observation.not_before = loaded.seen[side].as_ref().and_then(|seen| seen.not_before);
        let mark = self.mark_because(&dirty.kind, side, &dirty.id, Marker::Feed, dirty.cause);
        self.commit(vec![Op::Observe(observation), mark]).await?;
        Ok(true)
    }
}

/// A row's mark comes with what it showed; all others only say "look".
fn needs_reading(by: Marker) -> bool {
    !matches!(by, Marker::Feed | Marker::Walk)
}
