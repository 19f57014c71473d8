//! A connector with something wrong about it.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use sync_core::{
    AccountId, Body, Call, CallKind, Capabilities, Change, Connector, ConnectorError, Cursor,
    Draft, FieldSet, Hint, Kind, Lane, MatchKey, Memo, Page, Reading, Reason, RecordId, Ref, Reply,
    Row, Seen, Stamp, Target, Unfit, testing::Model,
};

use crate::world::{CITY, CONTACT, NAME};

/// What is wrong with a connector.
#[derive(Clone, PartialEq)]
pub(crate) enum Lie {
    /// The cursor never moves.
    Stuck,
    /// Every page is the first one, under another cursor.
    Repeats,
    /// A read by id answers with another record.
    AnotherRecord,
    /// No walk goes on after so many pages.
    WalksOnly(u32),
    /// Every write of this record fails.
    Fails(RecordId),
    /// Every create answers with the id of the first record.
    AnotherCreated,
    /// Every page has its cursor, and there is always one more.
    Endless,
    /// Every write takes so long.
    Slow(Duration),
    /// No row shows the city.
    Hides,
    /// Every update puts the name in capitals, and the reply says so.
    Shouts,
    /// Every update is answered as done, and the city stays.
    Keeps,
    /// The mapper panics over a name.
    Panics(&'static str),
    /// The mapper panics when it is to write a name.
    PanicsInWrite(&'static str),
    /// The drafts of the mapper are not what was asked for.
    Drafts(Drafted),
    /// Rows of the feed have no stamps, though the kind is said to have them.
    NoStamps,
    /// No row and no reply has a stamp.
    NeverStamps,
    /// All rows have one stamp.
    OneStamp,
    /// The feed says that it shows changes, and shows none; a walk shows all.
    Mute,
    /// It says that it finds records by key, and finds none.
    FindsNothing,
    /// Whoever has no name is created as [`NOBODY`], which the memo says, and the city
    /// follows in a call of its own.
    MakesNames,
}

/// The name that is made where there is none.
pub(crate) const NOBODY: &str = "Nobody";

/// What is wrong with a draft.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Drafted {
    /// It moves people to Nowhere, too, and does not say so.
    More,
    /// It writes the name with another one after it.
    Other,
    /// It says that it carries the city, which was not asked for.
    Claims,
    /// Each of its calls is there twice.
    Twice,
    /// Its calls create, whatever was asked.
    Creates,
}

pub(crate) struct Lying {
    model: Model,
    lie: Lie,
    pages: Mutex<u32>,
    capabilities: Capabilities,
}

impl Lying {
    pub(crate) fn over(model: &Model, lie: Lie) -> Self {
        Self {
            model: model.clone(),
            capabilities: Capabilities {
                finds: lie == Lie::FindsNothing,
                ..model.capabilities(&CONTACT).unwrap().clone()
            },
            lie,
            pages: Mutex::new(0),
        }
    }

    /// A page as the lie has it.
    fn told(&self, lane: Lane, mut page: Page) -> Page {
        if self.lie == Lie::Mute && lane != Lane::Walk {
            page.rows.clear();
        }
        page.rows = page.rows.into_iter().map(|row| self.stamped(row)).collect();
        page
    }

    fn stamped(&self, mut row: Row) -> Row {
        row.stamp = match self.lie {
            Lie::NoStamps | Lie::NeverStamps => None,
            Lie::OneStamp => Some(Stamp(Timestamp::from_second(1_700_000_000).unwrap())),
            _ => row.stamp,
        };
        row
    }

    /// What comes by id has a stamp all the same where only the feed has none.
    fn stamped_by_id(&self, row: Row) -> Row {
        match self.lie {
            Lie::NoStamps => row,
            _ => self.stamped(row),
        }
    }
}

/// The create with a made name, then the city.
fn named(model: &Model, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
    let mut wanted = change.wanted.clone();
    wanted.set(&NAME, NOBODY.to_owned());
    let part = |create: bool, changed: &FieldSet| {
        let part = Change {
            create,
            wanted: &wanted,
            changed,
            ..*change
        };
        model.draft(kind, &part)
    };
    let asked = change.changed.iter().filter(|key| *key != CITY.key());
    let first: FieldSet = asked.cloned().collect();
    let mut named = first.clone();
    named.insert(NAME.key().clone());
    let mut draft = part(true, &named)?;
    draft.calls[0].covers = first;
    draft = draft.making(&NAME, NOBODY.to_owned());
    let then = part(false, &[CITY.key().clone()].into_iter().collect())?;
    draft.calls.extend(then.calls);
    Ok(draft.remember(change.memo.clone().with("name", Some(NOBODY))))
}

fn drafted(
    model: &Model,
    kind: &Kind,
    change: &Change<'_, Row>,
    wrong: Drafted,
) -> Result<Draft<Body>, Unfit> {
    let (mut changed, mut wanted) = (change.changed.clone(), change.wanted.clone());
    match wrong {
        Drafted::More => {
            changed.insert(CITY.key().clone());
            wanted.set(&CITY, "Nowhere".to_owned());
        }
        Drafted::Other => {
            let name = wanted.get(&NAME).unwrap_or_default();
            wanted.set(&NAME, format!("{name} II"));
        }
        Drafted::Claims | Drafted::Twice | Drafted::Creates => {}
    }
    let other = Change {
        wanted: &wanted,
        changed: &changed,
        ..*change
    };
    let mut draft = model.draft(kind, &other)?;
    for call in &mut draft.calls {
        call.covers = change.changed.clone();
        if wrong == Drafted::Claims {
            call.covers.insert(CITY.key().clone());
        }
        if wrong == Drafted::Creates {
            call.kind = CallKind::Create;
        }
    }
    if wrong == Drafted::Twice {
        let again = draft.calls.clone();
        draft.calls.extend(again);
    }
    Ok(draft)
}

#[async_trait]
impl Connector for Lying {
    fn capabilities(&self, _kind: &Kind) -> Option<&Capabilities> {
        Some(&self.capabilities)
    }

    fn read(&self, kind: &Kind, row: &Row, memo: &Memo) -> Reading {
        let mut reading = self.model.read(kind, row, memo);
        if self.lie == Lie::Hides {
            reading.record.put(CITY.key().clone(), None);
            reading.unseen.insert(CITY.key().clone());
        }
        if self.lie == Lie::MakesNames && memo.get("name") == reading.record.get(&NAME).as_deref() {
            reading.record.put(NAME.key().clone(), None);
        }
        if let (Lie::Panics(name), Some(shown)) = (&self.lie, reading.record.get(&NAME)) {
            assert!(shown != *name, "a bug in the mapper");
        }
        reading
    }

    fn draft(&self, kind: &Kind, change: &Change<'_, Row>) -> Result<Draft<Body>, Unfit> {
        if let (Lie::PanicsInWrite(name), Some(wanted)) = (&self.lie, change.wanted.get(&NAME)) {
            assert!(wanted != *name, "a bug in the mapper");
        }
        match self.lie {
            Lie::Drafts(wrong) => drafted(&self.model, kind, change, wrong),
            Lie::MakesNames if change.create && change.wanted.get(&NAME).is_none() => {
                named(&self.model, kind, change)
            }
            _ => self.model.draft(kind, change),
        }
    }

    async fn account(&self) -> Result<AccountId, ConnectorError> {
        self.model.account().await
    }

    async fn changes(
        &self,
        kind: &Kind,
        lane: Lane,
        from: Option<&Cursor>,
    ) -> Result<Page, ConnectorError> {
        let number = {
            let mut pages = self.pages.lock().unwrap();
            *pages +=
                u32::from(lane == Lane::Walk || matches!(self.lie, Lie::Repeats | Lie::Endless));
            *pages
        };
        match (&self.lie, from) {
            (Lie::Stuck, Some(from)) => {
                let page = self.model.changes(kind, lane, Some(from)).await?;
                Ok(Page {
                    next: from.clone(),
                    more: true,
                    ..page
                })
            }
            (Lie::Repeats, _) => {
                let page = self.model.changes(kind, Lane::Walk, None).await?;
                Ok(Page {
                    next: Cursor(number.to_string()),
                    more: true,
                    ..page
                })
            }
            (Lie::Endless, _) => Ok(Page {
                rows: Vec::new(),
                next: Cursor(number.to_string()),
                more: true,
                server_time: None,
            }),
            (Lie::WalksOnly(last), _) if number > *last => Err(ConnectorError::not_applied(
                "changes",
                Reason::Transient,
                "down",
            )),
            _ => {
                let page = self.model.changes(kind, lane, from).await?;
                Ok(self.told(lane, page))
            }
        }
    }

    async fn children(&self, kind: &Kind, parent: &Ref) -> Result<Page, ConnectorError> {
        self.model.children(kind, parent).await
    }

    async fn fetch(&self, kind: &Kind, target: &Target) -> Result<Option<Seen>, ConnectorError> {
        if self.lie == Lie::AnotherRecord {
            let another = self.model.records().into_keys().find(|id| *id != target.id);
            return self.model.fetch(kind, &another.unwrap().into()).await;
        }
        let seen = self.model.fetch(kind, target).await?;
        Ok(seen.map(|seen| Seen {
            row: self.stamped_by_id(seen.row),
            ..seen
        }))
    }

    async fn find(&self, kind: &Kind, key: &MatchKey) -> Result<Vec<Row>, ConnectorError> {
        match self.lie {
            Lie::FindsNothing => Ok(Vec::new()),
            _ => self.model.find(kind, key).await,
        }
    }

    async fn resolve(&self, hint: &Hint) -> Result<Option<Target>, ConnectorError> {
        self.model.resolve(hint).await
    }

    async fn send(
        &self,
        kind: &Kind,
        target: Option<&Target>,
        call: &Call<Body>,
    ) -> Result<Reply, ConnectorError> {
        match (&self.lie, target) {
            (Lie::Fails(id), Some(target)) if *id == target.id => {
                return Err(ConnectorError::not_applied(
                    "update",
                    Reason::Transient,
                    "down",
                ));
            }
            (Lie::Slow(takes), _) => tokio::time::sleep(*takes).await,
            _ => {}
        }
        let city = target.and_then(|target| self.model.record(&target.id)?.get(&CITY));
        let mut reply = self.model.send(kind, target, call).await?;
        reply.row = reply.row.map(|row| self.stamped_by_id(row));
        if self.lie == Lie::AnotherCreated && target.is_none() {
            reply.target.id = self.model.records().into_keys().next().unwrap();
        }
        let Some(target) = target else {
            return Ok(reply);
        };
        if matches!(self.lie, Lie::Shouts | Lie::Keeps) {
            self.model.edit(&target.id, |record| match self.lie {
                Lie::Shouts => {
                    let name = record.get(&NAME).unwrap_or_default();
                    record.set(&NAME, name.to_uppercase());
                }
                _ => {
                    record.set(&CITY, city);
                }
            });
            let seen = self.model.fetch(kind, target).await?;
            reply.row = seen.map(|seen| seen.row);
        }
        Ok(reply)
    }

    async fn delete(&self, kind: &Kind, target: &Target) -> Result<(), ConnectorError> {
        self.model.delete(kind, target).await
    }
}
