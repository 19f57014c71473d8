//! Links, and the claims that keep a record in one of them.

use sync_core::{ConnectionId, Kind, Link, LinkId, RecordId, Side, StoreError, planted};

use crate::{
    failure::Failure,
    link_form,
    part::{Part, side_number},
};

impl Part<'_> {
    pub(crate) fn link(&self, link: Link) -> Result<(), Failure> {
        for side in Side::BOTH {
            self.refuse_second_link(&link, side)?;
            self.claim(&link, side)?;
            self.drop_keys(&link.kind, side, &link.sides[side].id)?;
            if !planted!("an-imprint-outlives-its-link") {
                self.drop_imprint(&link.kind, side, &link.sides[side].id)?;
            }
        }
        let (id, kind) = (link.id.clone(), link.kind.clone());
        let (left, right) = (link.sides.left.id.clone(), link.sides.right.id.clone());
        let parents = link.sides.as_ref().map(|side| side.locator.clone());
        let parents = parents.map(|parent| parent.map(|parent| parent.as_str().to_owned()));
        self.run(
            "INSERT INTO links
             (connection, kind, id, left_id, right_id, left_parent, right_parent, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (connection, kind, id) DO UPDATE SET
             left_id = excluded.left_id, right_id = excluded.right_id,
             left_parent = excluded.left_parent, right_parent = excluded.right_parent,
             link = excluded.link",
            (
                self.number,
                kind.as_str(),
                id.as_str(),
                left.as_str(),
                right.as_str(),
                parents.left,
                parents.right,
                link_form::encode(link)?,
            ),
        )?;
        Ok(())
    }

    /// Adds digests under which a link is found.
    pub(crate) fn index(&self, kind: &Kind, id: &LinkId, digests: &[u64]) -> Result<(), Failure> {
        for digest in digests {
            self.run(
                "INSERT OR IGNORE INTO link_keys (connection, digest, link)
                 SELECT ?1, ?4, row FROM links
                 WHERE connection = ?1 AND kind = ?2 AND id = ?3",
                (
                    self.number,
                    kind.as_str(),
                    id.as_str(),
                    digest.cast_signed(),
                ),
            )?;
        }
        Ok(())
    }

    /// Drops what was indexed for links that are gone. It reads the whole index.
    pub(crate) fn drop_stale_index(&self) -> Result<(), Failure> {
        self.run(
            "DELETE FROM link_keys WHERE connection = ?1 AND link NOT IN (SELECT row FROM links)",
            [self.number],
        )?;
        Ok(())
    }

    /// The id of a record's link.
    pub(crate) fn link_of(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<String>, Failure> {
        let sql = match side {
            Side::Left => {
                "SELECT id FROM links WHERE connection = ?1 AND kind = ?2 AND left_id = ?3"
            }
            Side::Right => {
                "SELECT id FROM links WHERE connection = ?1 AND kind = ?2 AND right_id = ?3"
            }
        };
        self.one(sql, (self.number, kind.as_str(), id.as_str()))
    }

    fn refuse_second_link(&self, link: &Link, side: Side) -> Result<(), Failure> {
        let id = &link.sides[side].id;
        match self.link_of(&link.kind, side, id)? {
            Some(other) if other != link.id.as_str() => Err(StoreError::AlreadyLinked {
                side,
                kind: link.kind.clone(),
                id: id.clone(),
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// A record of a pinned account belongs to the first connection that links it.
    fn claim(&self, link: &Link, side: Side) -> Result<(), Failure> {
        let id = &link.sides[side].id;
        let place = (
            self.number,
            side_number(side),
            link.kind.as_str(),
            id.as_str(),
        );
        let claimed = self.run(
            "INSERT OR IGNORE INTO claims (account, kind, id, connection)
             SELECT account, ?3, ?4, ?1 FROM pins WHERE connection = ?1 AND side = ?2",
            place,
        )?;
        if claimed > 0 {
            return Ok(());
        }
        match self.claimed(&link.kind, side, id)? {
            Some(connection) if !planted!("claims-are-ignored") => Err(StoreError::Claimed {
                kind: link.kind.clone(),
                id: id.clone(),
                connection,
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// The other connection that a record belongs to.
    pub(crate) fn claimed(
        &self,
        kind: &Kind,
        side: Side,
        id: &RecordId,
    ) -> Result<Option<ConnectionId>, Failure> {
        let owner: Option<String> = self.one(
            "SELECT name FROM pins
             JOIN claims ON claims.account = pins.account AND kind = ?3 AND id = ?4
             JOIN connections ON number = claims.connection
             WHERE pins.connection = ?1 AND side = ?2 AND claims.connection <> ?1",
            (self.number, side_number(side), kind.as_str(), id.as_str()),
        )?;
        Ok(owner.map(ConnectionId::new))
    }

    /// The records of a link are free for another, by the link's id.
    pub(crate) fn release_claims_of(&self, kind: &Kind, link: &LinkId) -> Result<(), Failure> {
        let links = self.all(
            "SELECT left_id, right_id FROM links
             WHERE connection = ?1 AND kind = ?2 AND id = ?3",
            (self.number, kind.as_str(), link.as_str()),
            |row| Ok([row.get::<_, String>(0)?, row.get(1)?]),
        )?;
        for (side, id) in links.iter().flat_map(|ids| Side::BOTH.into_iter().zip(ids)) {
            self.release_claim(kind, side, id)?;
        }
        Ok(())
    }

    /// The records of a link that ended are free for another.
    pub(crate) fn release_claims(&self, link: &Link) -> Result<(), Failure> {
        for side in Side::BOTH {
            self.release_claim(&link.kind, side, link.sides[side].id.as_str())?;
        }
        Ok(())
    }

    fn release_claim(&self, kind: &Kind, side: Side, id: &str) -> Result<(), Failure> {
        self.run(
            "DELETE FROM claims WHERE connection = ?1 AND kind = ?3 AND id = ?4
             AND account IN (SELECT account FROM pins WHERE connection = ?1 AND side = ?2)",
            (self.number, side_number(side), kind.as_str(), id),
        )?;
        Ok(())
    }
}
