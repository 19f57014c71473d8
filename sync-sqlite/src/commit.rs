//! One batch, one transaction.

use rusqlite::{Connection, TransactionBehavior};
use sync_core::{
    AccountId, Batch, ConnectionId, Dirty, Epoch, Op, RecordId, Side, StoreError, planted, stored,
};

use crate::{
    failure::Failure,
    imprint_cache::ImprintCache,
    part::{Part, bound, kept, place, side_number},
};

/// Counts an opening. It is on disk before anyone has the epoch.
pub(crate) fn open(
    db: &mut Connection,
    connection: &ConnectionId,
    imprints: &ImprintCache,
) -> Result<Epoch, Failure> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO connections (name, epoch) VALUES (?1, 1)
         ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1",
        [connection.as_str()],
    )?;
    let epoch = epoch(&Part::of(&transaction, connection, imprints)?)?;
    transaction.commit()?;
    epoch.ok_or_else(|| StoreError::Damaged("an opening was not kept".to_owned()).into())
}

/// Does all of it or nothing.
pub(crate) fn commit(
    db: &mut Connection,
    connection: &ConnectionId,
    imprints: &ImprintCache,
    batch: Batch,
) -> Result<(), Failure> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let part = Part::of(&transaction, connection, imprints)?;
    if epoch(&part)? != Some(batch.epoch) && !planted!("two-writers") {
        return Err(StoreError::Fenced.into());
    }
    for op in batch.ops {
        part.apply(op)?;
    }
    Ok(transaction.commit()?)
}

fn epoch(part: &Part<'_>) -> Result<Option<Epoch>, Failure> {
    let sql = "SELECT epoch FROM connections WHERE number = ?1";
    let epoch: Option<i64> = part.one(sql, [part.number])?;
    Ok(epoch.map(|epoch| Epoch(epoch.cast_unsigned())))
}

impl Part<'_> {
    fn apply(&self, op: Op) -> Result<(), Failure> {
        match op {
            Op::Pin(side, account) => return self.pin_to(side, &account),
            Op::Observe(observation) => return self.observe(&observation),
            Op::Forget(kind, side, id) => return self.forget(&kind, side, &id),
            Op::Mark(dirty) => return self.mark(dirty),
            Op::Link(link) => return self.link(*link),
            Op::Imprint(kind, side, id, imprint) => {
                return self.keep_imprint(&kind, side, &id, imprint);
            }
            Op::Index(kind, id, digests) => return self.index(&kind, &id, &digests),
            Op::Bury(tombstone) => return self.bury(&tombstone),
            Op::Fade(kind, id) => return self.fade(&kind, &id),
            Op::Erase(kind, ids) => return self.erase(&kind, &ids),
            Op::Exhume(kind, id) => return self.exhume(&kind, &id),
            Op::Hold(kind, subject, holds) => return self.hold(&kind, &subject, holds),
            Op::Lane(key, state) => self.run(
                "INSERT INTO lanes (connection, side, kind, lane, state)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET state = excluded.state",
                (
                    self.number,
                    side_number(key.side),
                    key.kind.as_str(),
                    key.lane.as_str(),
                    stored::encode(&state)?,
                ),
            ),
            Op::Clear(read) => self.run(
                "DELETE FROM dirty
                 WHERE connection = ?1 AND kind = ?2 AND side = ?3 AND id = ?4 AND mark = ?5",
                (
                    self.number,
                    read.kind.as_str(),
                    side_number(read.side),
                    read.id.as_str(),
                    read.mark.cast_signed(),
                ),
            ),
            Op::Intend(intent) => self.run(
                "INSERT INTO intents (connection, epoch, number, intent) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET intent = excluded.intent",
                (
                    self.number,
                    place(intent.id.epoch.0)?,
                    place(intent.id.number)?,
                    stored::encode(&intent)?,
                ),
            ),
            Op::Settle(id) => self.run(
                "DELETE FROM intents WHERE connection = ?1 AND epoch = ?2 AND number = ?3",
                (self.number, place(id.epoch.0)?, place(id.number)?),
            ),
            Op::Record(happened) => {
                let ids = happened.ids.as_ref().map(Option::as_ref);
                let ids = ids.map(|id| id.map(RecordId::as_str));
                self.run(
                    "INSERT INTO history (connection, kind, left_id, right_id, run, happened)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    (
                        self.number,
                        happened.kind.as_str(),
                        ids.left,
                        ids.right,
                        happened.run.cast_signed(),
                        stored::encode(&happened)?,
                    ),
                )
            }
            Op::Know(name, Some(fact)) => self.run(
                "INSERT INTO known (connection, name, fact) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET fact = excluded.fact",
                (self.number, name, fact),
            ),
            Op::Know(name, None) => self.run(
                "DELETE FROM known WHERE connection = ?1 AND name = ?2",
                (self.number, name),
            ),
            Op::Stage(staged) => self.run(
                "INSERT INTO staged (connection, sequence, staged) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET staged = excluded.staged",
                (
                    self.number,
                    place(staged.sequence)?,
                    stored::encode(&staged)?,
                ),
            ),
            Op::Unstage(through) => self.run(
                "DELETE FROM staged WHERE connection = ?1 AND sequence <= ?2",
                (self.number, bound(through)),
            ),
            _ => {
                let unknown = "this release of sync-sqlite is older than sync-core; update it";
                return Err(StoreError::Backend(unknown.to_owned()).into());
            }
        }?;
        Ok(())
    }

    fn pin_to(&self, side: Side, account: &AccountId) -> Result<(), Failure> {
        self.run(
            "INSERT OR IGNORE INTO accounts (name) VALUES (?1)",
            [account.as_str()],
        )?;
        self.run(
            "INSERT INTO pins (connection, side, account)
             SELECT ?1, ?2, number FROM accounts WHERE name = ?3
             ON CONFLICT DO UPDATE SET account = excluded.account",
            (self.number, side_number(side), account.as_str()),
        )?;
        Ok(())
    }

    fn mark(&self, mut dirty: Dirty) -> Result<(), Failure> {
        let known = self.all(
            "SELECT dirty FROM dirty
             WHERE connection = ?1 AND kind = ?2 AND side = ?3 AND id = ?4",
            (
                self.number,
                dirty.kind.as_str(),
                side_number(dirty.side),
                dirty.id.as_str(),
            ),
            |row| kept::<Dirty>(row, 0),
        )?;
        if let Some(known) = known.first() {
            dirty = dirty.on_top_of(known);
        }
        self.run(
            "INSERT INTO dirty (connection, kind, side, id, mark, dirty)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET mark = excluded.mark, dirty = excluded.dirty",
            (
                self.number,
                dirty.kind.as_str(),
                side_number(dirty.side),
                dirty.id.as_str(),
                dirty.mark.cast_signed(),
                stored::encode(&dirty)?,
            ),
        )?;
        Ok(())
    }
}
