//! "This left record and this right record are the same thing."

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    field::FieldKey,
    id::{Kind, LinkId, Locator, RecordId, Ref, Stamp, Target},
    pairing::Pairing,
    reading::Memo,
    record::Record,
    side::{Both, Side},
    store::Observation,
    value::Value,
};

/// A link, with a shadow for each side and the mappers' memos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it links.
    pub kind: Kind,
    /// What is known of each side.
    pub sides: Both<LinkSide>,
    /// The fields that have agreed, with the mapping revisions under which they did.
    /// A field that is not here has no shadow: the first-sync policy applies to it.
    pub agreed: BTreeMap<FieldKey, Both<u32>>,
    /// Conflicts that a rule has answered and that are not yet written everywhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub decided: BTreeMap<FieldKey, Decided>,
    /// What we wrote within the last hour: a field that goes back and forth is held.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub written: BTreeMap<FieldKey, Vec<Written>>,
}

/// A write of a field, as far as it takes to recognise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// When, by our clock.
    pub at: Timestamp,
    /// Where.
    pub side: Side,
    /// A digest of the value.
    pub value: u32,
}

/// What a link knows of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSide {
    /// The record's own id.
    pub id: RecordId,
    /// The parent under which calls find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
    /// The newest stamp seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// The stamp at which it last equalled its shadow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Stamp>,
    /// When our last write to it ended, by our clock: an older read is dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
    /// Since when it is not found by id, if it is not. Nothing is written to a pair then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Absence>,
    /// When it was found again after it had been missing, by our clock: what stood under it may
    /// have gone with it, and not come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Timestamp>,
    /// Whether it is there, but may not be seen. Nothing is written to a pair then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// What the side showed, field by field, when the link last agreed.
    pub shadow: Record,
    /// What the mapper remembers.
    #[serde(default, skip_serializing_if = "Memo::is_empty")]
    pub memo: Memo,
}

/// A record that is not found by id. Missing is not deleted: it is looked for again first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// When it was first not found, by our clock.
    pub first: Timestamp,
    /// When it was last not found, by our clock.
    pub last: Timestamp,
    /// Whether it was not found twice, the index lag apart, nor under its keys.
    pub confirmed: bool,
    /// A linked record that has its key: the two were probably merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
}

/// What is left of a link whose records were deleted or parted. While it sleeps it keeps the
/// shadows: the same record may come back from a recycle bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The link as it was; without shadows and memos once it no longer sleeps.
    pub link: Link,
    /// How it ended.
    pub end: LinkEnd,
    /// When, by our clock.
    pub at: Timestamp,
    /// Until when it sleeps, by our clock.
    pub sleeps_until: Timestamp,
}

/// How a link ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkEnd {
    /// The record of this side was deleted there; ours on the other side was deleted after it.
    Deleted(Side),
    /// The record of this side was deleted there; the other one was kept.
    Kept(Side),
    /// The record of this side was merged into another one, or moved: another took its place.
    Merged(Side),
    /// The record of this side was copied to under another parent. It is still to be deleted, and
    /// the shadow is what the copy was given of it.
    Moved(Side),
    /// Both are gone, and we had no part in it.
    BothGone,
    /// Somebody parted them, or they left the scope.
    Parted,
}

impl LinkEnd {
    /// Whether the record of this side is gone.
    pub(crate) fn leaves_without(self, side: Side) -> bool {
        match self {
            Self::Deleted(_) | Self::BothGone => true,
            Self::Kept(gone) | Self::Merged(gone) => gone == side,
            Self::Moved(_) | Self::Parted => false,
        }
    }
}

/// A rule's answer, kept until both sides have it: the rule is not asked again meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What the rule saw.
    pub seen: Both<Option<Value>>,
    /// What each side is to show.
    pub want: Both<Option<Value>>,
    /// The side on which we blanked the field meanwhile, so that a unique key becomes free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blanked: Option<Side>,
}

/// What both sides of one field show once they agree. Both shadows advance together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The field.
    pub key: FieldKey,
    /// What each side shows.
    pub shown: Both<Option<Value>>,
    /// The mapping revisions.
    pub revisions: Both<u32>,
}

impl LinkSide {
    /// A side of which nothing is agreed yet.
    pub fn new(target: Target, stamp: Option<Stamp>, memo: Memo) -> Self {
        Self {
            id: target.id,
            locator: target.locator,
            stamp,
            settled: None,
            written_at: None,
            absent: None,
            returned: None,
            hidden: false,
            shadow: Record::default(),
            memo,
        }
    }
}

impl Link {
    /// A new link without any agreed field.
    pub fn new(kind: Kind, sides: Both<LinkSide>) -> Self {
        Self {
            id: LinkId::of(&sides.left.id, &sides.right.id),
            kind,
            sides,
            agreed: BTreeMap::new(),
            decided: BTreeMap::new(),
            written: BTreeMap::new(),
        }
    }

    /// The ids of the two.
    pub(crate) fn ids(&self) -> Both<Option<RecordId>> {
        self.sides.as_ref().map(|side| Some(side.id.clone()))
    }

    /// The record to call on a side.
    pub fn target(&self, side: Side) -> Target {
        let of = &self.sides[side];
        Target {
            id: of.id.clone(),
            locator: of.locator.clone(),
        }
    }

    /// What others refer to it by on a side.
    pub(crate) fn reference(&self, side: Side) -> Ref {
        Ref {
            kind: self.kind.clone(),
            id: self.sides[side].id.clone(),
        }
    }

    /// Whether one of its records may not be seen.
    pub(crate) fn is_hidden(&self) -> bool {
        self.sides.left.hidden || self.sides.right.hidden
    }

    /// Keeps a person's answer. What was written before is no sign of a ping-pong then.
    pub(crate) fn answer_by_hand(&mut self, key: FieldKey, decided: Decided) {
        self.written.remove(&key);
        self.decided.insert(key, decided);
    }

    /// Advances both shadows of a field.
    pub fn agree(&mut self, cell: Cell) {
        for side in Side::BOTH {
            let shown = match side {
                Side::Right if planted!("one-shared-base") => &cell.shown.left,
                side => &cell.shown[side],
            };
            self.sides[side].shadow.put(cell.key.clone(), shown.clone());
        }
        self.decided.remove(&cell.key);
        self.agreed.insert(cell.key, cell.revisions);
    }

    /// Whether a side equals its shadow again; then that is remembered with its stamp.
    pub(crate) fn settle(&mut self, pairing: &Pairing, side: Side, seen: &Observation) -> bool {
        let settled = pairing.unchanged(self, side, &seen.reading);
        if settled {
            self.saw(side, seen.stamp);
            self.sides[side].settled = self.sides[side].stamp;
        }
        settled
    }

    /// Remembers the newest stamp.
    pub fn saw(&mut self, side: Side, stamp: Option<Stamp>) {
        let of = &mut self.sides[side];
        of.stamp = of.stamp.max(stamp);
    }
}
