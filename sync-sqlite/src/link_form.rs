//! How a link is kept: what both sides show and what all fields share is written once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{
    Absence, Both, Decided, FieldKey, Kind, Link, LinkId, LinkSide, Locator, Memo, Record,
    RecordId, Stamp, StoreError, Value, Written, stored,
};

use crate::record_form;

type Revisions = (u32, u32);

/// A link without what has a column: id, kind and the records' ids.
#[derive(Serialize, Deserialize)]
struct LinkForm {
    sides: Both<SideForm>,
    /// Under which the fields with a shadow agreed, but for the exceptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revisions: Option<Revisions>,
    /// Fields that agreed under others, or to be blank; `None` for one that never agreed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    except: BTreeMap<FieldKey, Option<Revisions>>,
    /// What both sides show alike.
    #[serde(with = "record_form")]
    both: Record,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    decided: BTreeMap<FieldKey, Decided>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    written: BTreeMap<FieldKey, Vec<Written>>,
}

#[derive(Serialize, Deserialize)]
struct SideForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locator: Option<Locator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stamp: Option<Stamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled: Option<Stamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<Absence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    returned: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    /// What the other side shows otherwise or not at all.
    #[serde(
        default,
        skip_serializing_if = "Record::is_empty",
        with = "record_form"
    )]
    own: Record,
    #[serde(default, skip_serializing_if = "Memo::is_empty")]
    memo: Memo,
}

/// The form of a link.
pub(crate) fn encode(link: Link) -> Result<Vec<u8>, StoreError> {
    // All members are named: one that is added must not be forgotten here.
    let Link {
        id: _,
        kind: _,
        sides,
        agreed,
        decided,
        written,
    } = link;
    let mut both = Record::default();
    for (key, value) in sides.left.shadow.iter() {
        if let Some(right) = sides.right.shadow.value(key)
            && written_alike(value, right)?
        {
            both.put(key.clone(), Some(value.clone()));
        }
    }
    let usual = most_common(agreed.values());
    let mut except: BTreeMap<_, _> = agreed
        .iter()
        .map(|(key, of)| (key.clone(), Some((of.left, of.right))))
        .collect();
    for key in keys(Both::new(&sides.left.shadow, &sides.right.shadow)) {
        match except.get(key) {
            Some(of) if *of == usual => drop(except.remove(key)),
            None if usual.is_some() => drop(except.insert(key.clone(), None)),
            _ => {}
        }
    }
    stored::encode(&LinkForm {
        sides: sides.map(|side| SideForm::new(side, &both)),
        revisions: usual,
        except,
        both,
        decided,
        written,
    })
}

/// The link of a form.
pub(crate) fn decode(
    id: LinkId,
    kind: Kind,
    ids: Both<RecordId>,
    form: &[u8],
) -> Result<Link, StoreError> {
    let form: LinkForm = stored::decode(form)?;
    let sides = Both {
        left: form.sides.left.into_side(ids.left, &form.both),
        right: form.sides.right.into_side(ids.right, &form.both),
    };
    let mut revisions = BTreeMap::new();
    for key in keys(Both::new(&sides.left.shadow, &sides.right.shadow)) {
        revisions.insert(key.clone(), form.revisions);
    }
    revisions.extend(form.except);
    let agreed = revisions.into_iter().filter_map(|(key, of)| {
        let (left, right) = of?;
        Some((key, Both::new(left, right)))
    });
    Ok(Link {
        id,
        kind,
        agreed: agreed.collect(),
        sides,
        decided: form.decided,
        written: form.written,
    })
}

impl SideForm {
    fn new(side: LinkSide, both: &Record) -> Self {
        let LinkSide {
            id: _,
            locator,
            stamp,
            settled,
            written_at,
            absent,
            returned,
            hidden,
            shadow,
            memo,
        } = side;
        let own = shadow.iter().filter(|(key, _)| both.value(key).is_none());
        Self {
            locator,
            stamp,
            settled,
            written_at,
            absent,
            returned,
            hidden,
            own: owned(own).collect(),
            memo,
        }
    }

    fn into_side(self, id: RecordId, both: &Record) -> LinkSide {
        LinkSide {
            id,
            locator: self.locator,
            stamp: self.stamp,
            settled: self.settled,
            written_at: self.written_at,
            absent: self.absent,
            returned: self.returned,
            hidden: self.hidden,
            shadow: owned(both.iter().chain(self.own.iter())).collect(),
            memo: self.memo,
        }
    }
}

/// Equal tags may be typed differently: only what is written tells.
fn written_alike(left: &Value, right: &Value) -> Result<bool, StoreError> {
    Ok(left == right && stored::encode(left)? == stored::encode(right)?)
}

fn keys(shadows: Both<&Record>) -> BTreeSet<&FieldKey> {
    let both = shadows.left.iter().chain(shadows.right.iter());
    both.map(|(key, _)| key).collect()
}

fn most_common<'a>(agreed: impl Iterator<Item = &'a Both<u32>>) -> Option<Revisions> {
    let mut times: BTreeMap<Revisions, usize> = BTreeMap::new();
    for of in agreed {
        *times.entry((of.left, of.right)).or_default() += 1;
    }
    let most = times.into_iter().max_by_key(|(_, times)| *times)?;
    Some(most.0)
}

fn owned<'a>(
    fields: impl Iterator<Item = (&'a FieldKey, &'a Value)>,
) -> impl Iterator<Item = (FieldKey, Value)> {
    fields.map(|(key, value)| (key.clone(), value.clone()))
}

#[cfg(test)]
mod tests {
    use sync_core::{Cell, FieldType, Tags};

    use super::*;

    fn side(id: &str) -> LinkSide {
        LinkSide {
            id: id.into(),
            locator: Some("parent".into()),
            stamp: Some(Stamp(Timestamp::UNIX_EPOCH)),
            settled: Some(Stamp(jiff::Timestamp::MAX)),
            written_at: Some(Timestamp::UNIX_EPOCH),
            absent: Some(Absence {
                first: Timestamp::UNIX_EPOCH,
                last: Timestamp::MAX,
                confirmed: true,
                merged_into: Some("l9".into()),
            }),
            returned: Some(Timestamp::MAX),
            hidden: true,
            shadow: Record::default(),
            memo: Memo::default().with("slot", Some("PHONE")),
        }
    }

    #[test]
    fn a_link_comes_back_to_the_letter() {
        let mut link = Link::new("contact".into(), Both::new(side("l"), side("r")));
        let text = |text: &str| Some(Value::Text(text.into()));
        let tags = |tag: &str| Tags::new([tag]).into_value();
        for (key, shown, revisions) in [
            ("alike", Both::new(text("Lyon"), text("Lyon")), (1, 1)),
            ("other", Both::new(text("Lyon"), text("LYON")), (1, 1)),
            ("one_side", Both::new(text("Lyon"), None), (1, 1)),
            ("revised", Both::new(text("Lyon"), text("Lyon")), (1, 2)),
            ("blank", Both::new(None, None), (1, 1)),
            ("blank_revised", Both::new(None, None), (3, 1)),
            ("tags", Both::new(tags("VIP"), tags("vip")), (1, 1)),
        ] {
            link.agree(Cell {
                key: FieldKey::new(key),
                shown,
                revisions: Both::new(revisions.0, revisions.1),
            });
        }
        let never_agreed = FieldKey::new("phone");
        link.sides.right.shadow.put(never_agreed.clone(), text("1"));
        let decided = Decided {
            seen: Both::new(text("1"), None),
            want: Both::new(None, text("2")),
            blanked: Some(sync_core::Side::Left),
        };
        link.decided.insert(never_agreed.clone(), decided);
        let written = Written {
            at: Timestamp::UNIX_EPOCH,
            side: sync_core::Side::Right,
            value: 7,
        };
        link.written.insert(never_agreed, vec![written]);
        comes_back(&link);

        link.agreed.clear();
        comes_back(&link);
    }

    fn comes_back(link: &Link) {
        let form = encode(link.clone()).unwrap();
        let ids = link.sides.as_ref().map(|side| side.id.clone());
        let back = decode(link.id.clone(), link.kind.clone(), ids, &form).unwrap();
        assert_eq!(back, *link);
        // Equality of tags does not look at their case; their text does.
        assert_eq!(format!("{back:?}"), format!("{link:?}"));
    }
}
