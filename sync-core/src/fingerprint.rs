//! By what a sweep knows a row that tells nothing new, without reading the whole link.

use std::hash::{Hash, Hasher};

use twox_hash::XxHash3_64;

use crate::{
    connector::Row,
    field::FieldKey,
    id::{Locator, Stamp},
    link::Link,
    pairing::Pairing,
    reading::{Memo, Reading},
    side::{Both, Side},
    value::Value,
};

/// What a store keeps of one side of a link beside the link: nearly every row of a sweep equals
/// its shadow, and is dropped after a look at this.
///
/// It can only save work. Where it does not match, the link itself is read and compared, so a
/// store may lose it, and another release may compute it in another way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// What the mapper remembers, which it takes to read a row.
    pub memo: Memo,
    /// A hash of what the record showed when the link last agreed: XXH3 with 64 bits.
    /// `None` where no row may be dropped, because the record is missing or may not be seen.
    pub shown: Option<u64>,
}

impl Link {
    /// The fingerprint of a side.
    pub fn fingerprint(&self, side: Side) -> Fingerprint {
        let of = &self.sides[side];
        let mut printer = Printer::of(self.agreed.iter().map(|(key, of)| (key, *of)));
        let values = self.agreed.keys().map(|key| of.shadow.value(key));
        let comparable = of.absent.is_none() && !of.hidden;
        Fingerprint {
            memo: of.memo.clone(),
            shown: comparable
                .then(|| printer.hash(of.stamp, of.locator.as_ref(), &of.memo, values)),
        }
    }
}

impl Pairing {
    /// Makes fingerprints of the fields of today.
    pub(crate) fn printer(&self) -> Printer {
        let fields = self.fields.iter();
        Printer::of(fields.map(|pair| (&pair.key, pair.revisions())))
    }

    /// The fingerprint that a link has if a row tells nothing new of it; `None` for a row that
    /// does not show every field.
    pub(crate) fn fingerprint(
        &self,
        printer: &mut Printer,
        row: &Row,
        reading: &Reading,
        memo: &Memo,
    ) -> Option<u64> {
        let mut unseen = reading.unseen.iter();
        let is_synced = |key: &FieldKey| self.fields.iter().any(|pair| pair.key == *key);
        if !reading.unfit.is_empty() || unseen.any(is_synced) {
            return None;
        }
        let mut shown = reading.record.iter().peekable();
        let values = self.fields.iter().map(|pair| {
            // Names are hashed by their digests, so it is enough to compare these.
            let digest = pair.key.digest();
            while shown.next_if(|(key, _)| key.digest() < digest).is_some() {}
            let value = shown.next_if(|(key, _)| key.digest() == digest);
            value.map(|(_, value)| value)
        });
        let memo = reading.memo.as_ref().unwrap_or(memo);
        Some(printer.hash(row.stamp, row.locator.as_ref(), memo, values))
    }
}

/// Hashes the values of certain fields, one record after the other.
pub(crate) struct Printer {
    /// A number for the fields and the mapping revisions under which they are read.
    layout: u64,
    shown: Written,
}

impl Printer {
    /// Fields come in the order of their keys.
    fn of<'f>(fields: impl Iterator<Item = (&'f FieldKey, Both<u32>)>) -> Self {
        let mut shown = Written::default();
        for (key, Both { left, right }) in fields {
            (key.digest(), left, right).hash(&mut shown);
        }
        Self {
            layout: shown.digest(),
            shown,
        }
    }

    /// Values come in the order of the fields.
    fn hash<'v>(
        &mut self,
        stamp: Option<Stamp>,
        locator: Option<&Locator>,
        memo: &Memo,
        values: impl Iterator<Item = Option<&'v Value>>,
    ) -> u64 {
        let shown = &mut self.shown;
        shown.0.clear();
        (self.layout, stamp, locator, memo).hash(shown);
        for value in values {
            match value {
                Some(value) => value.hash(shown),
                None => shown.write_u8(BLANK),
            }
        }
        shown.digest()
    }
}

/// What no value begins with.
const BLANK: u8 = u8::MAX;

/// Bytes that are hashed at once, which is faster than one by one.
#[derive(Default)]
struct Written(Vec<u8>);

impl Written {
    fn digest(&self) -> u64 {
        XxHash3_64::oneshot(&self.0)
    }
}

impl Hasher for Written {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Nobody asks before all is written.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{Cell, Field, Fields, Kind, LinkSide, Record, RecordId, Tags, Target};

    const NAME: Field<String> = Field::new("name");
    const CITY: Field<String> = Field::new("city");
    const TAGS: Field<Tags> = Field::new("tags");

    fn pairing() -> Pairing {
        let fields = Fields::new().exact(&NAME).exact(&CITY).exact(&TAGS);
        Pairing::new(Kind::new("contact"), &fields, &fields).unwrap()
    }

    fn reading(tag: &str) -> Reading {
        let mut record = Record::default();
        let tags = Tags::new([tag]);
        record.set(&NAME, "Ada".to_owned()).set(&TAGS, tags);
        Reading {
            record,
            ..Reading::default()
        }
    }

    fn stamp(second: i64) -> Option<Stamp> {
        Timestamp::from_second(second).ok().map(Stamp)
    }

    fn row() -> Row {
        Row {
            stamp: stamp(1),
            ..Row::new("l1".into(), ())
        }
    }

    fn link() -> Link {
        let side = |id: &str| LinkSide::new(Target::from(RecordId::new(id)), stamp(1), memo());
        let mut link = Link::new("contact".into(), Both::new(side("l1"), side("r1")));
        for pair in &pairing().fields {
            let shown = reading("VIP").record.value(&pair.key).cloned();
            link.agree(Cell {
                key: pair.key.clone(),
                shown: Both::new(shown.clone(), shown),
                revisions: pair.revisions(),
            });
        }
        link
    }

    fn of(row: &Row, reading: &Reading) -> Option<u64> {
        let pairing = pairing();
        pairing.fingerprint(&mut pairing.printer(), row, reading, &memo())
    }

    fn memo() -> Memo {
        Memo::default().with("slot", Some("MOBILE"))
    }

    #[test]
    fn a_row_fits_that_tells_nothing_new() {
        let kept = link().fingerprint(Side::Left);
        assert_eq!(kept.memo, memo());
        for tag in ["VIP", "vip"] {
            let of_row = of(&row(), &reading(tag));
            assert_eq!(of_row, kept.shown, "tags are equal in any case");
        }
    }

    #[test]
    fn whatever_is_new_in_a_row_does_not_fit() {
        let kept = link().fingerprint(Side::Left);
        let fits = |row: &Row, reading: &Reading| of(row, reading) == kept.shown;
        let change = |change: &dyn Fn(&mut Row, &mut Reading)| {
            let (mut row, mut reading) = (row(), reading("VIP"));
            change(&mut row, &mut reading);
            fits(&row, &reading)
        };
        assert!(change(&|_, _| {}));
        assert!(!change(&|row, _| row.stamp = stamp(2)));
        assert!(!change(&|row, _| row.stamp = None));
        assert!(!change(&|row, _| row.locator = Some("parent".into())));
        assert!(!change(&|_, reading| reading.memo = Some(Memo::default())));
        assert!(!change(&|_, reading| {
            reading.set(&NAME, None);
        }));
        assert!(!change(&|_, reading| {
            reading.set(&CITY, "Ada".to_owned());
        }));
        assert!(!change(&|_, reading| {
            reading.unseen(&CITY);
        }));
        assert!(!change(&|_, reading| {
            reading.try_set(&CITY, Err("no city".to_owned()));
        }));
    }

    #[test]
    fn a_row_of_a_record_that_was_away_never_fits() {
        let mut link = link();
        link.sides.left.hidden = true;
        assert_eq!(link.fingerprint(Side::Left).shown, None);
        assert!(link.fingerprint(Side::Right).shown.is_some());
    }
}
