//! What a cycle reads, of one connection.

use std::sync::Arc;

use rusqlite::Row;
use sync_core::{
    Both, Dirty, Hold, Intent, Kind, LaneKey, LaneState, Link, LinkId, Locator, MatchKey,
    Observation, RecordId, Side, Staged, Subject, Tombstone,
};

use crate::{
    failure::Failure,
    hold::subject_text,
    link_form,
    part::{Part, bound, kept, side_number},
};

/// In the order asked.
type Found<T> = Result<Vec<Option<T>>, Failure>;

impl Part<'_> {
    pub(crate) fn lane(&self, key: &LaneKey) -> Result<Option<LaneState>, Failure> {
        let states = self.all(
            "SELECT state FROM lanes
             WHERE connection = ?1 AND side = ?2 AND kind = ?3 AND lane = ?4",
            (
                self.number,
                side_number(key.side),
                key.kind.as_str(),
                key.lane.as_str(),
            ),
            |row| kept(row, 0),
        )?;
        Ok(states.into_iter().next())
    }

    pub(crate) fn links(&self, kind: &Kind, side: Side, ids: &[RecordId]) -> Found<Arc<Link>> {
        let sql = match side {
            Side::Left => {
                "SELECT id, left_id, right_id, link FROM links
                 WHERE connection = ?1 AND kind = ?2 AND left_id = ?3"
            }
            Side::Right => {
                "SELECT id, left_id, right_id, link FROM links
                 WHERE connection = ?1 AND kind = ?2 AND right_id = ?3"
            }
        };
        self.of_each(sql, kind, ids, |row| read_link(row, kind))
    }

    pub(crate) fn link_page(
        &self,
        kind: &Kind,
        after: Option<&LinkId>,
        limit: usize,
    ) -> Result<Vec<Arc<Link>>, Failure> {
        self.all(
            "SELECT id, left_id, right_id, link FROM links
             WHERE connection = ?1 AND kind = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
            (
                self.number,
                kind.as_str(),
                after.map_or("", LinkId::as_str),
                bound(limit),
            ),
            |row| read_link(row, kind),
        )
    }

    pub(crate) fn linked(
        &self,
        kind: &Kind,
        side: Side,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, Failure> {
        let sql = match side {
            Side::Left => {
                "SELECT left_id FROM links
                 WHERE connection = ?1 AND kind = ?2 AND left_id > ?3 ORDER BY left_id LIMIT ?4"
            }
            Side::Right => {
                "SELECT right_id FROM links
                 WHERE connection = ?1 AND kind = ?2 AND right_id > ?3 ORDER BY right_id LIMIT ?4"
            }
        };
        self.all(
            sql,
            (
                self.number,
                kind.as_str(),
                after.map_or("", RecordId::as_str),
                bound(limit),
            ),
            |row| {
                let id = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                Ok(RecordId::new(id))
            },
        )
    }

    pub(crate) fn links_under(
        &self,
        kind: &Kind,
        side: Side,
        parent: &Locator,
    ) -> Result<Vec<Arc<Link>>, Failure> {
        let sql = match side {
            Side::Left => {
                "SELECT id, left_id, right_id, link FROM links
                 WHERE connection = ?1 AND kind = ?2 AND left_parent = ?3 ORDER BY id"
            }
            Side::Right => {
                "SELECT id, left_id, right_id, link FROM links
                 WHERE connection = ?1 AND kind = ?2 AND right_parent = ?3 ORDER BY id"
            }
        };
        self.all(sql, (self.number, kind.as_str(), parent.as_str()), |row| {
            read_link(row, kind)
        })
    }

    pub(crate) fn links_by_key(&self, kind: &Kind, digest: u64) -> Result<Vec<Arc<Link>>, Failure> {
        self.all(
            "SELECT id, left_id, right_id, links.link FROM link_keys
             JOIN links ON row = link_keys.link AND links.connection = ?1 AND kind = ?2
             WHERE link_keys.connection = ?1 AND digest = ?3 ORDER BY id",
            (self.number, kind.as_str(), digest.cast_signed()),
            |row| read_link(row, kind),
        )
    }

    pub(crate) fn tombstones(
        &self,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Found<Arc<Tombstone>> {
        let sql = match side {
            Side::Left => {
                "SELECT tombstone FROM tombstones
                 WHERE connection = ?1 AND kind = ?2 AND left_id = ?3 ORDER BY rowid DESC"
            }
            Side::Right => {
                "SELECT tombstone FROM tombstones
                 WHERE connection = ?1 AND kind = ?2 AND right_id = ?3 ORDER BY rowid DESC"
            }
        };
        self.of_each(sql, kind, ids, |row| Ok(Arc::new(kept(row, 0)?)))
    }

    pub(crate) fn observations(
        &self,
        kind: &Kind,
        side: Side,
        ids: &[RecordId],
    ) -> Found<Arc<Observation>> {
        let sql = match side {
            Side::Left => {
                "SELECT observation FROM observations
                 WHERE connection = ?1 AND kind = ?2 AND side = 0 AND id = ?3"
            }
            Side::Right => {
                "SELECT observation FROM observations
                 WHERE connection = ?1 AND kind = ?2 AND side = 1 AND id = ?3"
            }
        };
        self.of_each(sql, kind, ids, |row| Ok(Arc::new(kept(row, 0)?)))
    }

    /// The first row that a statement finds for each id.
    fn of_each<T>(
        &self,
        sql: &str,
        kind: &Kind,
        ids: &[RecordId],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Found<T> {
        let mut statement = self.db.prepare_cached(sql)?;
        let find = |id: &RecordId| {
            let mut rows = statement.query((self.number, kind.as_str(), id.as_str()))?;
            rows.next()?.map(&read).transpose()
        };
        ids.iter().map(find).collect()
    }

    pub(crate) fn unlinked(
        &self,
        kind: &Kind,
        side: Side,
        key: &MatchKey,
        limit: usize,
    ) -> Result<Vec<RecordId>, Failure> {
        self.all(
            "SELECT id FROM keys
             WHERE connection = ?1 AND kind = ?2 AND side = ?3 AND form = ?4
             ORDER BY id LIMIT ?5",
            (
                self.number,
                kind.as_str(),
                side_number(side),
                key.index_form().as_str(),
                bound(limit),
            ),
            |row| Ok(RecordId::new(row.get::<_, String>(0)?)),
        )
    }

    pub(crate) fn dirty(
        &self,
        kind: &Kind,
        after: Option<&(Side, RecordId)>,
        limit: usize,
    ) -> Result<Vec<Dirty>, Failure> {
        let (side, id) = after.map_or((-1, ""), |(side, id)| (side_number(*side), id.as_str()));
        self.all(
            "SELECT dirty FROM dirty
             WHERE connection = ?1 AND kind = ?2 AND (side, id) > (?3, ?4)
             ORDER BY side, id LIMIT ?5",
            (self.number, kind.as_str(), side, id, bound(limit)),
            |row| kept(row, 0),
        )
    }

    pub(crate) fn intents(&self) -> Result<Vec<Intent>, Failure> {
        self.all(
            "SELECT intent FROM intents WHERE connection = ?1 ORDER BY epoch, number",
            [self.number],
            |row| kept(row, 0),
        )
    }

    pub(crate) fn holds_of(&self, kind: &Kind, subjects: &[Subject]) -> Result<Vec<Hold>, Failure> {
        let mut found = Vec::new();
        for subject in subjects {
            found.extend(self.numbered_holds(kind, &subject_text(subject))?);
        }
        found.sort_by_key(|(number, _)| *number);
        found.dedup_by_key(|(number, _)| *number);
        Ok(found.into_iter().map(|(_, hold)| hold).collect())
    }

    pub(crate) fn staged(&self, after: u64, limit: usize) -> Result<Vec<Staged>, Failure> {
        self.all(
            "SELECT staged FROM staged
             WHERE connection = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
            (self.number, bound(after), bound(limit)),
            |row| kept(row, 0),
        )
    }
}

fn read_link(row: &Row<'_>, kind: &Kind) -> Result<Arc<Link>, Failure> {
    let text = |column| row.get::<_, String>(column);
    let ids = Both::new(RecordId::new(text(1)?), RecordId::new(text(2)?));
    let form: Vec<u8> = row.get(3)?;
    let link = link_form::decode(LinkId::new(text(0)?), kind.clone(), ids, &form)?;
    Ok(Arc::new(link))
}
