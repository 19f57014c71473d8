//! Observations, and the match keys of records without a link.

use sync_core::{Kind, Observation, RecordId, Side, planted, stored};

use crate::{
    failure::Failure,
    part::{Part, side_number},
};

impl Part<'_> {
    pub(crate) fn observe(&self, observation: &Observation) -> Result<(), Failure> {
        let (kind, side, id) = (&observation.kind, observation.side, &observation.id);
        if !planted!("old-keys-stay") {
            self.drop_keys(kind, side, id)?;
        }
        if self.link_of(kind, side, id)?.is_none() {
            for key in &observation.keys {
                self.run(
                    "INSERT OR IGNORE INTO keys (connection, kind, side, form, id)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    (
                        self.number,
                        kind.as_str(),
                        side_number(side),
                        key.index_form().as_str(),
                        id.as_str(),
                    ),
                )?;
            }
        }
        self.run(
            "INSERT INTO observations (connection, kind, side, id, observation)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET observation = excluded.observation",
            (
                self.number,
                kind.as_str(),
                side_number(side),
                id.as_str(),
                stored::encode(observation)?,
            ),
        )?;
        Ok(())
    }

    pub(crate) fn forget(&self, kind: &Kind, side: Side, id: &RecordId) -> Result<(), Failure> {
        self.drop_keys(kind, side, id)?;
        self.run(
            "DELETE FROM observations
             WHERE connection = ?1 AND kind = ?2 AND side = ?3 AND id = ?4",
            (self.number, kind.as_str(), side_number(side), id.as_str()),
        )?;
        Ok(())
    }

    /// A linked record is never matched.
    pub(crate) fn drop_keys(&self, kind: &Kind, side: Side, id: &RecordId) -> Result<(), Failure> {
        self.run(
            "DELETE FROM keys WHERE connection = ?1 AND kind = ?2 AND side = ?3 AND id = ?4",
            (self.number, kind.as_str(), side_number(side), id.as_str()),
        )?;
        Ok(())
    }
}
