use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;

use crate::{
    field::FieldKey,
    fields::{Access, Fields},
    imprint::Imprint,
    mapper::{Change, Draft, Mapper},
    reading::{Coverage, Memo, Reading},
    record::Record,
    testing::given,
    value::Value,
};

/// What a system does with a mapper's calls, without a network. Closures implement it.
pub trait Server<M: Mapper> {
    /// The native record after the calls of a draft; `None` creates it.
    fn apply(&self, native: Option<&M::Native>, draft: &Draft<M::Call>) -> M::Native;
}

impl<M: Mapper, F: Fn(Option<&M::Native>, &Draft<M::Call>) -> M::Native> Server<M> for F {
    fn apply(&self, native: Option<&M::Native>, draft: &Draft<M::Call>) -> M::Native {
        self(native, draft)
    }
}

/// A law that a mapper broke, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLaw {
    /// The law.
    pub law: &'static str,
    /// The case.
    pub case: String,
}

impl fmt::Display for BrokenLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.case)
    }
}

impl std::error::Error for BrokenLaw {}

/// Proves a mapper's laws on natives (they are read) and records (they are written).
///
/// 1. What was written reads back as its projection, also what only a new record is told.
/// 2. What was read and written again changes nothing.
/// 3. A projection of a projection is itself.
/// 4. No changed field is left without a call, unless it is named unfit.
/// 5. Natives with one imprint read alike.
///
/// # Errors
///
/// The first law that is broken, with the case.
pub fn mapper_laws<M: Mapper>(
    mapper: &M,
    server: &impl Server<M>,
    natives: impl IntoIterator<Item = M::Native>,
    records: impl IntoIterator<Item = Record>,
) -> Result<(), BrokenLaw> {
    let laws = Laws {
        mapper,
        server,
        fields: mapper.fields(),
    };
    let mut imprints = BTreeMap::new();
    for native in natives {
        laws.reading_is_stable(&native)?;
        laws.imprint_tells_the_reading(&native, &mut imprints)?;
    }
    let records: Vec<Record> = records.into_iter().collect();
    let mut before: Option<(M::Native, Memo)> = None;
    for record in &records {
        laws.writes(None, record)?;
        let written = laws.writes(before.as_ref().map(|(native, memo)| (native, memo)), record)?;
        if let Some((native, _)) = &written {
            laws.imprint_tells_the_reading(native, &mut imprints)?;
        }
        before = written.or(before);
    }
    Ok(())
}

struct Laws<'a, M, S> {
    mapper: &'a M,
    server: &'a S,
    fields: Fields,
}

impl<M: Mapper, S: Server<M>> Laws<'_, M, S> {
    fn read(&self, native: &M::Native, memo: &Memo) -> Reading {
        self.mapper.read(native, &Coverage::WHOLE, memo)
    }

    fn reading_is_stable(&self, native: &M::Native) -> Result<(), BrokenLaw> {
        let reading = self.read(native, &Memo::default());
        let memo = reading.memo.clone().unwrap_or_default();
        let again = self.read(native, &memo);
        check("reading is stable under its own memo", || {
            differing(&reading.record, &again.record)
        })?;
        for field in self.fields.iter().filter(|f| f.access == Access::Write) {
            let shown = reading.record.value(&field.key);
            check("a projection of a projection is itself", || {
                let projected = field.project(shown);
                (projected.as_ref() != shown).then(|| case(&field.key, shown, projected.as_ref()))
            })?;
        }
        Ok(())
    }

    /// Whatever hashed to the same imprint before read the same.
    fn imprint_tells_the_reading(
        &self,
        native: &M::Native,
        imprints: &mut BTreeMap<u64, Reading>,
    ) -> Result<(), BrokenLaw> {
        let hash = |imprint: &mut Imprint| self.mapper.imprint(native, imprint);
        let Some(of) = Imprint::default().of((), hash) else {
            return Ok(());
        };
        let reading = self.read(native, &Memo::default());
        let before = imprints.entry(of).or_insert_with(|| reading.clone());
        check("natives with one imprint read alike", || {
            let differs = || Some(format!("{before:?} and {reading:?}"));
            (*before != reading).then(differs).flatten()
        })
    }

    /// Writes a record over what is there, and reads it back.
    fn writes(
        &self,
        before: Option<(&M::Native, &Memo)>,
        record: &Record,
    ) -> Result<Option<(M::Native, Memo)>, BrokenLaw> {
        let blank = Memo::default();
        let (native, memo) = match before {
            Some((native, memo)) => (Some(native), memo),
            None => (None, &blank),
        };
        let shown = native
            .map(|native| self.read(native, memo).record)
            .unwrap_or_default();
        let written = given::written(&self.fields, record, native.is_none());
        let wanted = given::holdable(&self.fields, record, &written);
        let change = Change {
            create: native.is_none(),
            native,
            shown: &shown,
            wanted: &wanted,
            changed: &given::changed(&written, &shown, &wanted),
            memo,
            now: Timestamp::UNIX_EPOCH,
        };
        let Ok(draft) = self.mapper.write(&change) else {
            return Ok(None);
        };
        let missed = change
            .changed
            .iter()
            .find(|key| !draft.covers().contains(key));
        check("no changed field is left without a call", || {
            missed.map(|key| case(key, shown.value(key), wanted.value(key)))
        })?;
        let memo = draft.memo.clone().unwrap_or_else(|| memo.clone());
        let native = self.server.apply(native, &draft);
        let reading = self.read(&native, &memo);
        check("what was written reads back as its projection", || {
            differing(&wanted, &reading.record.restricted_to(&written))
        })?;
        Ok(Some((native, memo)))
    }
}

fn check(law: &'static str, broken: impl FnOnce() -> Option<String>) -> Result<(), BrokenLaw> {
    broken().map_or(Ok(()), |case| Err(BrokenLaw { law, case }))
}

fn differing(expected: &Record, found: &Record) -> Option<String> {
    let keys = expected.iter().chain(found.iter()).map(|(key, _)| key);
    let key = keys
        .into_iter()
        .find(|key| expected.value(key) != found.value(key))?;
    Some(case(key, expected.value(key), found.value(key)))
}

fn case(key: &FieldKey, expected: Option<&Value>, found: Option<&Value>) -> String {
    format!("`{key}`: expected {expected:?}, found {found:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{field::Field, reading::Unfit};

    const SEATS: Field<i64> = Field::new("seats");

    /// A system that shows at most 500, and a mapper that writes `off` too many.
    struct Capped {
        off: i64,
    }

    impl Mapper for Capped {
        type Native = Option<i64>;
        type Call = Option<i64>;

        fn fields(&self) -> Fields {
            Fields::new().lossy(&SEATS, |seats: i64| Some(seats.min(500)))
        }

        fn read(&self, seats: &Option<i64>, _: &Coverage, _: &Memo) -> Reading {
            let mut reading = Reading::default();
            reading.set(&SEATS, *seats);
            reading
        }

        fn write(&self, change: &Change<'_, Option<i64>>) -> Result<Draft<Option<i64>>, Unfit> {
            let mut part = change.part();
            let seats = part.edit(&SEATS).set().map(|seats| seats + self.off);
            Ok(Draft::new().create("create", part, seats))
        }
    }

    #[test]
    fn a_projection_hides_no_wrong_value() {
        let server = |_: Option<&Option<i64>>, draft: &Draft<Option<i64>>| draft.calls[0].body;
        let mut many = Record::default();
        many.set(&SEATS, 900);
        let proved = |off| mapper_laws(&Capped { off }, &server, [Some(12)], [many.clone()]);
        assert_eq!(proved(0), Ok(()));
        let broken = proved(1).unwrap_err();
        assert_eq!(broken.law, "what was written reads back as its projection");
    }
}
