//! Erasing a person: what stays is a keyed hash of each id.

use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;
use sync_core::{Both, Hold, Intent, Kind, LinkId, RecordId, Side, Staged, StoreError, planted};

use crate::{
    failure::Failure,
    hold::subject_text,
    part::{Part, kept, side_number},
};

impl Part<'_> {
    /// Whether only a hash is kept of each of these records.
    pub(crate) fn erased(
        &self,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Result<Vec<bool>, Failure> {
        let key = self.erase_key()?;
        let is_erased = |id| {
            let found: Option<i64> = self.one(
                "SELECT 1 FROM erased WHERE connection = ?1 AND hash = ?2",
                (self.number, key.hash(kind, side, id)),
            )?;
            Ok(found.is_some())
        };
        ids.iter().map(is_erased).collect()
    }

    /// A tombstone goes, and hashes of its ids stay.
    pub(crate) fn fade(&self, kind: &Kind, link: &LinkId) -> Result<(), Failure> {
        let ids = self.all(
            "SELECT left_id, right_id FROM tombstones
             WHERE connection = ?1 AND kind = ?2 AND id = ?3",
            (self.number, kind.as_str(), link.as_str()),
            |row| {
                let id = |column| Ok::<_, Failure>(RecordId::new(row.get::<_, String>(column)?));
                Ok(Both::new(Some(id(0)?), Some(id(1)?)))
            },
        )?;
        for ids in &ids {
            self.keep_hashes(kind, ids)?;
        }
        self.exhume(kind, link)
    }

    /// All that is kept of these records goes, but for hashes of their ids.
    pub(crate) fn erase(&self, kind: &Kind, ids: &Both<Option<RecordId>>) -> Result<(), Failure> {
        self.keep_hashes(kind, ids)?;
        for side in Side::BOTH {
            if let Some(id) = &ids[side] {
                self.erase_record(kind, side, id)?;
            }
        }
        self.drop_stale_index()
    }

    fn erase_record(&self, kind: &Kind, side: Side, id: &RecordId) -> Result<(), Failure> {
        let own = match side {
            Side::Left => "left_id",
            Side::Right => "right_id",
        };
        let place = (self.number, kind.as_str(), id.as_str());
        let links = self.all(
            &format!(
                "SELECT id FROM links WHERE connection = ?1 AND kind = ?2 AND {own} = ?3
                 UNION SELECT id FROM tombstones WHERE connection = ?1 AND kind = ?2 AND {own} = ?3"
            ),
            place,
            |row| Ok(LinkId::new(row.get::<_, String>(0)?)),
        )?;
        for link in &links {
            self.release_claims_of(kind, link)?;
        }
        for table in ["links", "tombstones", "history"] {
            if table == "history" && planted!("forgetting-leaves-the-history") {
                continue;
            }
            self.run(
                &format!("DELETE FROM {table} WHERE connection = ?1 AND kind = ?2 AND {own} = ?3"),
                place,
            )?;
        }
        self.drop_keys(kind, side, id)?;
        self.drop_imprint(kind, side, id)?;
        for table in ["observations", "dirty"] {
            self.run(
                &format!(
                    "DELETE FROM {table}
                     WHERE connection = ?1 AND kind = ?2 AND id = ?3 AND side = ?4"
                ),
                (self.number, kind.as_str(), id.as_str(), side_number(side)),
            )?;
        }
        self.erase_where("holds", "hold", |hold: &Hold| {
            let about_link = |link: &LinkId| {
                subject_text(&hold.subject) == subject_text(&sync_core::Subject::Link(link.clone()))
            };
            let about_record = hold.subject == sync_core::Subject::Record(side, id.clone());
            let named = hold.ids[side].as_ref() == Some(id);
            hold.kind == *kind && (about_record || named || links.iter().any(about_link))
        })?;
        self.erase_where("intents", "intent", |intent: &Intent| {
            intent.is_about(kind, side, id)
        })?;
        self.erase_where("staged", "staged", |step: &Staged| {
            step.kind == *kind && step.ids()[side] == Some(id)
        })
    }

    /// These tables are short, and have no columns for all that a row is about.
    fn erase_where<T: DeserializeOwned>(
        &self,
        table: &str,
        column: &str,
        goes: impl Fn(&T) -> bool,
    ) -> Result<(), Failure> {
        let rows = self.all(
            &format!("SELECT rowid, {column} FROM {table} WHERE connection = ?1"),
            [self.number],
            |row| Ok((row.get::<_, i64>(0)?, kept::<T>(row, 1)?)),
        )?;
        for (number, _) in rows.iter().filter(|(_, row)| goes(row)) {
            self.run(&format!("DELETE FROM {table} WHERE rowid = ?1"), [number])?;
        }
        Ok(())
    }

    fn keep_hashes(&self, kind: &Kind, ids: &Both<Option<RecordId>>) -> Result<(), Failure> {
        let key = self.erase_key()?;
        for side in Side::BOTH {
            if let Some(id) = &ids[side] {
                self.run(
                    "INSERT OR IGNORE INTO erased (connection, hash) VALUES (?1, ?2)",
                    params![self.number, key.hash(kind, side, id)],
                )?;
            }
        }
        Ok(())
    }
}

/// What was deleted was overwritten with zeros (`secure_delete`); now that is so on the disk,
/// and the log, which still has the older pages, is cut.
pub(crate) fn scrub(db: &Connection) -> Result<(), Failure> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        let why = "another program reads the store, so its log cannot be cut; close that program, and forget the record again";
        return Err(StoreError::Backend(why.to_owned()).into());
    }
    Ok(())
}
