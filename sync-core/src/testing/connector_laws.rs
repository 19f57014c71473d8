use std::collections::BTreeSet;

use crate::{
    connector::{Body, Connector, ConnectorError, Cursor, Effect, Feed, Lane, Reason, Row},
    field::{FieldKey, FieldSet},
    fields::Fields,
    id::{Kind, RecordId, Target},
    mapper::{CallKind, Change, Draft},
    reading::Memo,
    record::Record,
    testing::{BrokenLaw, given},
};

/// More pages than any system that a test talks to can have.
const MANY: usize = 10_000;

/// Proves a connector's laws for one kind, by creating these records, changing each into the
/// next, and deleting them again. Give it an account that may be written to, and records that the
/// side can hold.
///
/// 1. The account is the same at every call, and the kind has capabilities.
/// 2. A reply, and a read by id, show the record that was asked for, with what was sent, up to
///    projections; also what only a new record is told.
/// 3. Pages end, cursors move, and no row is without an id.
/// 4. What was written is met by a walk and by the feed, where the index does not lag.
/// 5. A record that is not there is not found, and what is written to it is not applied.
/// 6. A call that was not applied has changed nothing.
/// 7. What was deleted is not found, where records can be deleted.
///
/// # Errors
///
/// The first law that is broken, with the case.
pub async fn connector_laws(
    connector: &dyn Connector,
    kind: &Kind,
    records: impl IntoIterator<Item = Record>,
) -> Result<(), BrokenLaw> {
    let capabilities = connector.capabilities(kind);
    let capabilities =
        capabilities.ok_or_else(|| broken("a kind has capabilities", kind.to_string()))?;
    let laws = Laws {
        connector,
        kind,
        fields: &capabilities.fields,
    };
    laws.account_stays().await?;
    let by_changes = capabilities.feed == Feed::Changes;
    let feed = if by_changes {
        Some(laws.lane(Lane::Fast, None).await?.1)
    } else {
        None
    };
    let mut made: Vec<(Target, Memo)> = Vec::new();
    let records: Vec<Record> = records.into_iter().collect();
    for record in &records {
        made.push(laws.create(record).await?);
    }
    for ((target, memo), record) in made.iter_mut().zip(records.iter().cycle().skip(1)) {
        laws.update(target, memo, record).await?;
    }
    if !matches!(capabilities.feed, Feed::ByParent { .. }) {
        let walked = laws.lane(Lane::Walk, None).await?.0;
        if capabilities.index_lag.is_zero() {
            laws.meets("a walk meets what was written", &made, &walked)?;
            if let Some(feed) = feed {
                let changed = laws.lane(Lane::Fast, Some(feed)).await?.0;
                laws.meets("the feed meets what was written", &made, &changed)?;
            }
        }
    }
    laws.nobody().await?;
    for ((target, memo), record) in made.iter().zip(&records) {
        laws.delete(target, memo, record).await?;
    }
    Ok(())
}

struct Laws<'a> {
    connector: &'a dyn Connector,
    kind: &'a Kind,
    fields: &'a Fields,
}

fn broken(law: &'static str, case: impl Into<String>) -> BrokenLaw {
    let case = case.into();
    BrokenLaw { law, case }
}

fn answered<T>(answer: Result<T, ConnectorError>) -> Result<T, BrokenLaw> {
    answer.map_err(|error| {
        broken(
            "a call that should work does",
            format!("{}: {error}", error.op),
        )
    })
}

impl Laws<'_> {
    async fn account_stays(&self) -> Result<(), BrokenLaw> {
        let first = answered(self.connector.account().await)?;
        let second = answered(self.connector.account().await)?;
        if first == second {
            return Ok(());
        }
        Err(broken(
            "the account stays the same",
            format!("{first}, then {second}"),
        ))
    }

    /// The draft that turns what is shown into a record, and what shows the record then.
    fn draft(
        &self,
        create: bool,
        shown: &Record,
        record: &Record,
        memo: &Memo,
        native: Option<&Row>,
    ) -> Result<(Draft<Body>, Record), BrokenLaw> {
        let written = given::written(self.fields, record, create);
        let wanted = given::holdable(self.fields, record, &written);
        let change = Change {
            create,
            native,
            shown,
            wanted: &wanted,
            changed: &given::changed(&written, shown, &wanted),
            memo,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let draft = self.connector.draft(self.kind, &change);
        let draft = draft.map_err(|unfit| {
            let case = format!("`{}`: {}", unfit.field, unfit.reason);
            broken("what a side can hold can be written", case)
        })?;
        Ok((draft, wanted))
    }

    async fn create(&self, record: &Record) -> Result<(Target, Memo), BrokenLaw> {
        let blank = (Record::default(), Memo::default());
        let (draft, wanted) = self.draft(true, &blank.0, record, &blank.1, None)?;
        let first = draft.calls.first().map(|call| call.kind);
        if first != Some(CallKind::Create) {
            return Err(broken(
                "the first call of a create creates",
                format!("{record:?}"),
            ));
        }
        let target = self.send(None, &draft).await?;
        let target =
            target.ok_or_else(|| broken("a create answers an id", format!("{record:?}")))?;
        let memo = draft.memo.clone().unwrap_or_default();
        self.shows(&target, &memo, &wanted, &draft.covers()).await?;
        Ok((target, memo))
    }

    async fn update(
        &self,
        target: &mut Target,
        memo: &mut Memo,
        record: &Record,
    ) -> Result<(), BrokenLaw> {
        let row = self.row(target).await?;
        let shown = self.connector.read(self.kind, &row, memo).record;
        let (draft, wanted) = self.draft(false, &shown, record, memo, Some(&row))?;
        if let Some(moved) = self.send(Some(target.clone()), &draft).await? {
            *target = moved;
        }
        if let Some(new) = &draft.memo {
            *memo = new.clone();
        }
        self.shows(target, memo, &wanted, &draft.covers()).await
    }

    async fn send(
        &self,
        mut target: Option<Target>,
        draft: &Draft<Body>,
    ) -> Result<Option<Target>, BrokenLaw> {
        for call in &draft.calls {
            let to = target.as_ref().filter(|_| call.kind == CallKind::Update);
            let reply = answered(self.connector.send(self.kind, to, call).await)?;
            let (asked, row) = (to.map(|to| &to.id), reply.row.as_ref());
            let own = asked.is_none_or(|id| *id == reply.target.id);
            if !own || row.is_some_and(|row| row.id != reply.target.id) {
                let case = format!(
                    "{}: asked {asked:?}, answered {}",
                    call.name, reply.target.id
                );
                return Err(broken("a reply shows the record that was written", case));
            }
            target = Some(reply.target);
        }
        Ok(target.filter(|target| !target.id.as_str().is_empty()))
    }

    async fn row(&self, target: &Target) -> Result<Row, BrokenLaw> {
        let law = "a read by id answers the record that was asked for";
        let seen = answered(self.connector.fetch(self.kind, target).await)?;
        let seen = seen.ok_or_else(|| broken(law, format!("{} is not found", target.id)))?;
        if seen.row.id == target.id {
            return Ok(seen.row);
        }
        Err(broken(law, format!("{} for {}", seen.row.id, target.id)))
    }

    async fn shows(
        &self,
        target: &Target,
        memo: &Memo,
        wanted: &Record,
        covered: &FieldSet,
    ) -> Result<(), BrokenLaw> {
        let row = self.row(target).await?;
        let reading = self.connector.read(self.kind, &row, memo);
        let differs =
            |key: &&FieldKey| reading.shows(key) && reading.record.value(key) != wanted.value(key);
        let Some(key) = covered.iter().find(differs) else {
            return Ok(());
        };
        let (sent, found) = (wanted.value(key), reading.record.value(key));
        let case = format!("`{key}`: sent {sent:?}, found {found:?}");
        Err(broken("what was written is shown, up to projections", case))
    }

    /// All ids of a lane from a cursor on, and where it stands then.
    async fn lane(
        &self,
        lane: Lane,
        mut from: Option<Cursor>,
    ) -> Result<(BTreeSet<RecordId>, Cursor), BrokenLaw> {
        let mut ids = BTreeSet::new();
        for _ in 0..MANY {
            let page = self.connector.changes(self.kind, lane, from.as_ref()).await;
            let page = answered(page)?;
            if page.rows.iter().any(|row| row.id.as_str().is_empty()) {
                return Err(broken("no row is without an id", lane.as_str()));
            }
            ids.extend(page.rows.into_iter().map(|row| row.id));
            if !page.more {
                return Ok((ids, page.next));
            }
            if from.as_ref() == Some(&page.next) {
                return Err(broken(
                    "a cursor moves",
                    format!("{}: {}", lane.as_str(), page.next.0),
                ));
            }
            from = Some(page.next);
        }
        Err(broken(
            "pages end",
            format!("{}: {MANY} pages", lane.as_str()),
        ))
    }

    fn meets(
        &self,
        law: &'static str,
        made: &[(Target, Memo)],
        met: &BTreeSet<RecordId>,
    ) -> Result<(), BrokenLaw> {
        let missed = made.iter().find(|(target, _)| !met.contains(&target.id));
        missed.map_or(Ok(()), |(target, _)| {
            Err(broken(law, format!("{} {}", self.kind, target.id)))
        })
    }

    async fn nobody(&self) -> Result<(), BrokenLaw> {
        let nobody = Target::from(RecordId::new("0"));
        match self.connector.fetch(self.kind, &nobody).await {
            Ok(Some(seen)) if seen.row.id != nobody.id => {
                let case = format!("{} for {}", seen.row.id, nobody.id);
                Err(broken(
                    "a read by id answers the record that was asked for",
                    case,
                ))
            }
            _ => Ok(()),
        }
    }

    /// Deletes a record, and writes another over it.
    async fn delete(&self, target: &Target, memo: &Memo, other: &Record) -> Result<(), BrokenLaw> {
        let before = self.row(target).await?;
        let before = self.connector.read(self.kind, &before, memo);
        match self.connector.delete(self.kind, target).await {
            Ok(()) => {}
            Err(error) if error.effect == Effect::NotApplied => {
                let after = self.row(target).await?;
                if self.connector.read(self.kind, &after, memo) != before {
                    let case = format!("{}: {error}", error.op);
                    return Err(broken(
                        "a call that was not applied has changed nothing",
                        case,
                    ));
                }
                return Ok(());
            }
            Err(error) => return answered(Err(error)),
        }
        if let Ok(Some(_)) = self.connector.fetch(self.kind, target).await {
            let case = format!("{} {}", self.kind, target.id);
            return Err(broken("what was deleted is not found", case));
        }
        self.write_to_nobody(target, memo, &before.record, other)
            .await
    }

    async fn write_to_nobody(
        &self,
        gone: &Target,
        memo: &Memo,
        shown: &Record,
        other: &Record,
    ) -> Result<(), BrokenLaw> {
        let law = "what is written to a record that is gone is not applied";
        let (draft, _) = self.draft(false, shown, other, memo, None)?;
        let Some(call) = draft.calls.first() else {
            return Ok(());
        };
        match self.connector.send(self.kind, Some(gone), call).await {
            Ok(_) => Err(broken(law, format!("{} to {}: done", call.name, gone.id))),
            Err(error) if error.effect == Effect::NotApplied => match error.reason {
                Reason::Transient => Err(broken(law, format!("{error}: may work later"))),
                _ => Ok(()),
            },
            Err(error) => Err(broken(law, format!("{error}: may have been done"))),
        }
    }
}
