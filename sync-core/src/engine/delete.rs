//! Placeholder until the deletes of the main branch are merged.
use crate::{
    engine::{EngineError, pass::Pass},
    link::{Link, LinkEnd, Tombstone},
    pairing::Pairing,
    side::Side,
    store::{Dirty, Observation, Op},
};

impl Pass<'_> {
    pub(super) fn part(&self, link: &Link, end: LinkEnd, _: Vec<Dirty>, ops: &mut Vec<Op>) {
        let at = self.now();
        ops.push(Op::Bury(Box::new(Tombstone {
            link: link.clone(),
            end,
            at,
            sleeps_until: at,
        })));
    }
    #[expect(clippy::unused_async)]
    pub(super) async fn delete(
        &mut self,
        _: &Pairing,
        _: &Link,
        _: Side,
        _: LinkEnd,
        _: Vec<Dirty>,
    ) -> Result<(), EngineError> {
        Ok(())
    }
    #[expect(clippy::unused_async)]
    pub(super) async fn relink(
        &mut self,
        _: &Pairing,
        _: Side,
        _: &Link,
        _: Observation,
        _: &Dirty,
    ) -> Result<(), EngineError> {
        Ok(())
    }
}
