#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken law fails the test that runs it"
)]

use std::{collections::BTreeSet, future::Future, slice};

use jiff::Timestamp;
use smol_str::SmolStr;

use crate::{
    connector::{Cursor, Lane},
    field::{Field, FieldKey},
    id::{AccountId, ConnectionId, Epoch, IntentId, Kind, LinkId, Locator, RecordId},
    link::{Cell, Link, LinkEnd, LinkSide, Tombstone},
    matching::{MatchKey, Tier},
    reading::{Memo, Reading},
    record::Record,
    side::{Both, Side},
    step::Staged,
    store::{
        Act, Archive, Batch, Dirty, Happened, HistoryEvent, Hold, HoldReason, Intent, LaneKey,
        LaneState, Marker, Observation, Op, Store, StoreError, Subject,
    },
    value::Value,
};

/// Makes stores for the laws.
pub trait StoreFixture: Send + Sync {
    /// The kind of store.
    type Store: Store;

    /// A new, empty one.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// The same one after the program was started again.
    fn reopened(&self, store: Self::Store) -> impl Future<Output = Self::Store> + Send;
}

/// Makes one test for each law of a store.
///
/// ```text
/// sync_core::store_contract!(TempSqlite::default());
/// ```
///
/// The expression is a [`StoreFixture`](crate::testing::store::StoreFixture).
#[macro_export]
macro_rules! store_contract {
    ($fixture:expr) => {
        $crate::store_contract!(@each $fixture;
            opening_again_fences_the_first,
            a_link_joins_one_left_and_one_right,
            a_refused_batch_changes_nothing,
            everything_survives_reopening,
            clearing_removes_only_the_mark_that_was_read,
            marking_again_keeps_the_first_time_and_the_cause,
            unlinked_records_are_found_by_key_until_they_are_linked,
            a_newer_observation_replaces_the_keys_of_the_older,
            a_record_is_claimed_by_one_connection,
            connections_do_not_see_each_other,
            pages_are_ordered_and_complete,
            an_imprint_is_gone_when_its_link_is_written,
            a_hold_that_stays_keeps_its_first_time,
            what_happens_in_a_scratch_copy_stays_there,
            a_buried_link_frees_its_records_and_is_remembered,
            links_are_found_under_the_parents_of_their_records,
            the_history_of_a_record_and_of_a_run_are_found,
            holds_are_found_by_kind,
            what_a_record_shows_is_found,
            what_was_measured_is_kept_by_name,
            an_erased_record_leaves_only_its_hash,
            a_tombstone_that_fades_leaves_only_hashes,
            links_are_found_by_the_digests_of_their_keys,
        );
    };
    (@each $fixture:expr; $($law:ident,)*) => { $(
        #[tokio::test]
        async fn $law() {
            $crate::testing::store::$law(&$fixture).await;
        }
    )* };
}

pub(super) const KIND: Kind = Kind::from_static("contact");
pub(super) const NAME: Field<String> = Field::new("name");

pub(super) fn connection() -> ConnectionId {
    ConnectionId::new("first")
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn record(name: &str) -> Record {
    let mut record = Record::default();
    record.set(&NAME, name.to_owned());
    record
}

pub(super) fn link(left: &str, right: &str) -> Op {
    let side = |id: &str| LinkSide {
        id: id.into(),
        locator: None,
        stamp: None,
        settled: None,
        written_at: Some(at(1)),
        absent: None,
        returned: None,
        hidden: false,
        shadow: record("Ada"),
        memo: Memo::default().with("slot", Some("PHONE")),
    };
    let mut link = Link::new(KIND, Both::new(side(left), side(right)));
    link.agree(Cell {
        key: NAME.key().clone(),
        shown: Both::new(Some(text("Ada")), Some(text("Ada"))),
        revisions: Both::new(1, 1),
    });
    Op::Link(Box::new(link))
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn dirty(side: Side, id: &str, mark: u64) -> Dirty {
    Dirty {
        kind: KIND,
        side,
        id: id.into(),
        locator: None,
        mark,
        first: at(i64::try_from(mark).unwrap()),
        asked: None,
        by: Marker::Feed,
        cause: mark,
    }
}

pub(super) fn observation(side: Side, id: &str, email: &str) -> Observation {
    Observation {
        kind: KIND,
        side,
        id: id.into(),
        locator: None,
        stamp: None,
        created: None,
        started: at(0),
        not_before: None,
        aside: None,
        by_id: false,
        reading: Reading {
            record: record(id),
            ..Reading::default()
        },
        keys: vec![key(email)],
    }
}

fn key(email: &str) -> MatchKey {
    MatchKey::new(Tier::First, "email", SmolStr::new(email))
}

pub(super) fn intent(epoch: Epoch) -> Intent {
    Intent {
        id: IntentId { epoch, number: 7 },
        kind: KIND,
        act: Act::Create,
        side: Side::Right,
        source: RecordId::new("l1").into(),
        target: None,
        replaces: None,
        call: "contacts.create".into(),
        cells: Vec::new(),
        agrees: Vec::new(),
        before: vec![(FieldKey::new("name"), None)],
        keys: vec![key("ada@example.com")],
        memo: None,
        at: at(3),
        at_server: Some(at(4)),
        cause: 1,
    }
}

pub(super) fn hold(subject: Subject, since: i64) -> Hold {
    Hold {
        subject,
        kind: KIND,
        ids: Both::new(Some("l1".into()), None),
        field: Some(NAME.key().clone()),
        reason: HoldReason::Conflict,
        message: "both sides changed it".into(),
        values: Both::new(Some(text("Ada K")), Some(text("Ada L"))),
        since: at(since),
        retry_at: None,
    }
}

pub(super) fn happened(number: i64) -> Happened {
    Happened {
        at: at(number),
        kind: KIND,
        ids: Both::new(Some("l1".into()), None),
        field: None,
        event: HistoryEvent::Created { side: Side::Left },
        run: 1,
        cause: 1,
    }
}

pub(super) async fn commit<S: Store>(
    store: &S,
    epoch: Epoch,
    ops: Vec<Op>,
) -> Result<(), StoreError> {
    store.commit(&connection(), Batch { epoch, ops }).await
}

pub(super) async fn linked<S: Store>(store: &S, side: Side, id: &str) -> Option<LinkId> {
    let ids = [RecordId::new(id)];
    let links = store.links(&connection(), &KIND, side, &ids).await.unwrap();
    links[0].as_ref().map(|link| link.id.clone())
}

pub(super) async fn under_key<S: Store>(
    store: &S,
    side: Side,
    email: &str,
    limit: usize,
) -> Vec<RecordId> {
    let found = store
        .unlinked(&connection(), &KIND, side, &[key(email)], limit)
        .await;
    found.unwrap().concat()
}

pub(super) async fn all_dirty<S: Store>(store: &S) -> Vec<Dirty> {
    store.dirty(&connection(), &KIND, None, 100).await.unwrap()
}

/// A second opening makes the first one's commits fail.
pub async fn opening_again_fences_the_first(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let first = store.open(&connection()).await.unwrap();
    let second = store.open(&connection()).await.unwrap();
    assert!(second > first);
    let mark = || vec![Op::Mark(dirty(Side::Left, "l1", 1))];
    assert_eq!(commit(&store, first, mark()).await, Err(StoreError::Fenced));
    assert_eq!(commit(&store, second, mark()).await, Ok(()));
}

/// A record is in one link at most; the same link can be replaced.
pub async fn a_link_joins_one_left_and_one_right(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    for (left, right, side, id) in [
        ("l1", "r2", Side::Left, "l1"),
        ("l2", "r1", Side::Right, "r1"),
    ] {
        let refused = commit(&store, epoch, vec![link(left, right)]).await;
        let expected = StoreError::AlreadyLinked {
            side,
            kind: KIND,
            id: id.into(),
        };
        assert_eq!(refused, Err(expected));
    }
    assert_eq!(
        linked(&store, Side::Right, "r1").await,
        Some("l1~r1".into())
    );
    assert_eq!(linked(&store, Side::Right, "r2").await, None);
    let at_once = vec![link("l3", "r3"), link("l3", "r4")];
    let refused = commit(&store, epoch, at_once).await;
    assert!(matches!(refused, Err(StoreError::AlreadyLinked { .. })));
    assert_eq!(linked(&store, Side::Left, "l3").await, None);
}

/// Where one operation is refused, the others are not done either.
pub async fn a_refused_batch_changes_nothing(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    commit(
        &store,
        epoch,
        vec![link("l1", "r1"), Op::Intend(Box::new(intent(epoch)))],
    )
    .await
    .unwrap();
    let ops = vec![
        Op::Settle(intent(epoch).id),
        Op::Record(happened(1)),
        Op::Mark(dirty(Side::Left, "l9", 9)),
        link("l1", "r2"),
    ];
    assert!(commit(&store, epoch, ops).await.is_err());
    assert_eq!(store.intents(&connection()).await.unwrap().len(), 1);
    assert_eq!(store.counts(&connection()).await.unwrap().history, 0);
    assert!(all_dirty(&store).await.is_empty());
}

/// All tables come back as they were, the open intent above all.
pub async fn everything_survives_reopening(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let lane = LaneKey {
        side: Side::Left,
        kind: KIND,
        lane: Lane::Fast,
    };
    let state = LaneState {
        cursor: Some(Cursor("c".into())),
        started: Some(at(4)),
        ended: Some(at(5)),
        mapping: 7,
        pages: 2,
        took: 3,
    };
    let subject = Subject::Link("l1~r1".into());
    let ops = vec![
        Op::Pin(Side::Left, AccountId::new("loc")),
        Op::Lane(lane.clone(), state.clone()),
        Op::Observe(observation(Side::Left, "l2", "b@example.com")),
        Op::Mark(dirty(Side::Right, "r5", 5)),
        link("l1", "r1"),
        Op::Intend(Box::new(intent(epoch))),
        Op::Hold(KIND, subject.clone(), vec![hold(subject.clone(), 1)]),
        Op::Record(happened(1)),
    ];
    commit(&store, epoch, ops).await.unwrap();
    let before = store
        .link_page(&connection(), &KIND, None, 9)
        .await
        .unwrap();

    let store = fixture.reopened(store).await;
    let here = connection();
    assert_eq!(
        store.pin(&here, Side::Left).await.unwrap(),
        Some("loc".into())
    );
    assert_eq!(store.lane(&here, &lane).await.unwrap(), Some(state));
    assert_eq!(
        store.link_page(&here, &KIND, None, 9).await.unwrap(),
        before
    );
    assert_eq!(store.intents(&here).await.unwrap(), [intent(epoch)]);
    assert_eq!(all_dirty(&store).await, [dirty(Side::Right, "r5", 5)]);
    let seen = store
        .observations(&here, &KIND, Side::Left, &["l2".into(), "l3".into()])
        .await
        .unwrap();
    assert_eq!(
        seen[0].as_deref(),
        Some(&observation(Side::Left, "l2", "b@example.com"))
    );
    assert_eq!(seen[1], None);
    let holds = store
        .holds_of(&here, &KIND, slice::from_ref(&subject))
        .await
        .unwrap();
    assert_eq!(holds, [hold(subject, 1)]);
    assert_eq!(store.history(&here, 0, 9).await.unwrap()[0].1, happened(1));
    assert!(store.open(&here).await.unwrap() > epoch);
}

/// A mark that arrives during the work is not lost.
pub async fn clearing_removes_only_the_mark_that_was_read(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let (read, later) = (dirty(Side::Left, "l1", 1), dirty(Side::Left, "l1", 2));
    commit(
        &store,
        epoch,
        vec![Op::Mark(read.clone()), Op::Mark(later.clone())],
    )
    .await
    .unwrap();
    commit(&store, epoch, vec![Op::Clear(read)]).await.unwrap();
    assert_eq!(all_dirty(&store).await.len(), 1);
    commit(&store, epoch, vec![Op::Clear(later)]).await.unwrap();
    assert!(all_dirty(&store).await.is_empty());
}

/// So that the age of a change is known, and its cause follows it.
pub async fn marking_again_keeps_the_first_time_and_the_cause(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let mut marks = [1, 2].map(|mark| dirty(Side::Left, "l1", mark));
    marks[0].locator = Some("p1".into());
    let marks = marks.map(Op::Mark);
    commit(&store, epoch, marks.into()).await.unwrap();
    let kept = all_dirty(&store).await.remove(0);
    assert_eq!(kept.locator, Some("p1".into()));
    assert_eq!((kept.mark, kept.first, kept.cause), (2, at(1), 1));
    let look = Dirty {
        by: Marker::Hint,
        asked: Some(at(3)),
        ..dirty(Side::Left, "l1", 3)
    };
    let marks = [look, dirty(Side::Left, "l1", 4)].map(Op::Mark);
    commit(&store, epoch, marks.into()).await.unwrap();
    let kept = all_dirty(&store).await.remove(0);
    let asks_to_look = (4, Marker::Hint, Some(at(3)));
    assert_eq!((kept.mark, kept.by, kept.asked), asks_to_look);
}

/// The key index holds unlinked records only.
pub async fn unlinked_records_are_found_by_key_until_they_are_linked(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let ada = "ada@example.com";
    let ops = ["r2", "r1"].map(|id| Op::Observe(observation(Side::Right, id, ada)));
    commit(&store, epoch, ops.into()).await.unwrap();
    let find = async |limit| under_key(&store, Side::Right, ada, limit).await;
    assert_eq!(find(9).await, ["r1".into(), "r2".into()]);
    assert_eq!(find(1).await, ["r1".into()]);
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    assert_eq!(find(9).await, ["r2".into()]);
    commit(
        &store,
        epoch,
        vec![Op::Observe(observation(Side::Right, "r1", ada))],
    )
    .await
    .unwrap();
    assert_eq!(
        find(9).await,
        ["r2".into()],
        "a linked record is not indexed again"
    );
    commit(
        &store,
        epoch,
        vec![Op::Forget(KIND, Side::Right, "r2".into())],
    )
    .await
    .unwrap();
    assert!(find(9).await.is_empty());
}

/// An e-mail that was changed no longer finds the record.
pub async fn a_newer_observation_replaces_the_keys_of_the_older(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let ops = ["old@example.com", "new@example.com"];
    let ops = ops.map(|email| Op::Observe(observation(Side::Left, "l1", email)));
    commit(&store, epoch, ops.into()).await.unwrap();
    for (email, hits) in [("old@example.com", 0), ("new@example.com", 1)] {
        let found = under_key(&store, Side::Left, email, 9).await;
        assert_eq!(found.len(), hits, "{email}");
    }
}

/// Two connections on one account must not both link a record.
pub async fn a_record_is_claimed_by_one_connection(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let second = ConnectionId::new("second");
    let pins = || Side::BOTH.map(|side| Op::Pin(side, AccountId::new(side.as_str())));
    let epoch = store.open(&connection()).await.unwrap();
    commit(&store, epoch, pins().into()).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    let epoch = store.open(&second).await.unwrap();
    let ops = pins().into();
    store.commit(&second, Batch { epoch, ops }).await.unwrap();
    let owners = async |of: &ConnectionId| {
        let ids = ["r1", "r2"].map(RecordId::from);
        store.claimed(of, &KIND, Side::Right, &ids).await.unwrap()
    };
    assert_eq!(owners(&second).await, [Some(connection()), None]);
    assert_eq!(owners(&connection()).await, [None, None]);
    let ops = vec![link("l2", "r1")];
    let refused = store.commit(&second, Batch { epoch, ops }).await;
    let expected = StoreError::Claimed {
        kind: KIND,
        id: "r1".into(),
        connection: connection(),
    };
    assert_eq!(refused, Err(expected));
}

/// The connection leads every key.
pub async fn connections_do_not_see_each_other(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let second = ConnectionId::new("second");
    let epoch = store.open(&connection()).await.unwrap();
    store.open(&second).await.unwrap();
    let ops = vec![
        link("l1", "r1"),
        Op::Mark(dirty(Side::Left, "l1", 1)),
        Op::Intend(Box::new(intent(epoch))),
        Op::Record(happened(1)),
        Op::Observe(observation(Side::Left, "l2", "a@example.com")),
    ];
    commit(&store, epoch, ops).await.unwrap();
    assert_eq!(
        store.counts(&second).await.unwrap(),
        crate::store::Counts::default()
    );
    assert!(
        store
            .link_page(&second, &KIND, None, 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        store
            .dirty(&second, &KIND, None, 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.intents(&second).await.unwrap().is_empty());
    let found = store
        .unlinked(&second, &KIND, Side::Left, &[key("a@example.com")], 9)
        .await;
    assert_eq!(found, Ok(vec![Vec::new()]));
}

/// Walking a table page by page meets every row once.
pub async fn pages_are_ordered_and_complete(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let here = connection();
    let mut ops = Vec::new();
    for n in 0..7_u64 {
        let side = if n % 2 == 0 { Side::Left } else { Side::Right };
        ops.push(link(&format!("l{n}"), &format!("r{n}")));
        ops.push(Op::Mark(dirty(side, &format!("x{n}"), n)));
        ops.push(Op::Record(happened(i64::try_from(n).unwrap())));
        ops.push(Op::Stage(Staged {
            sequence: n + 1,
            kind: KIND,
            from: (side, "x".into()),
            link: None,
            before: Both::default(),
            writes: Both::default(),
            clears: false,
            deletes: None,
            links: None,
            undo: false,
            answered: Vec::new(),
            answers: vec![dirty(side, "x", n)],
        }));
        let subject = Subject::Record(side, RecordId::new(format!("x{n}")));
        ops.push(Op::Hold(KIND, subject.clone(), vec![hold(subject, 1)]));
    }
    commit(&store, epoch, ops).await.unwrap();

    let mut all = Vec::new();
    let mut links = Vec::new();
    while let Some(last) = store
        .link_page(&here, &KIND, links.last(), 3)
        .await
        .unwrap()
        .last()
    {
        let page = store
            .link_page(&here, &KIND, links.last(), 3)
            .await
            .unwrap();
        assert_eq!(page.last(), Some(last));
        links.extend(page.iter().map(|link| link.id.clone()));
        all.extend(page);
    }
    assert!(links.len() == 7 && links.is_sorted());

    for side in Side::BOTH {
        let mut linked: Vec<RecordId> = Vec::new();
        loop {
            let page = store.linked(&here, &KIND, side, linked.last(), 3).await;
            let page = page.unwrap();
            assert!(page.len() <= 3);
            let Some(_) = page.last() else { break };
            linked.extend(page);
        }
        linked.sort();
        let ids = all.iter().map(|link| link.sides[side].id.clone());
        let ids: BTreeSet<RecordId> = ids.collect();
        assert_eq!(linked, Vec::from_iter(ids), "each of them once");
    }

    let mut after = None;
    let mut places = Vec::new();
    loop {
        let page = store.dirty(&here, &KIND, after.as_ref(), 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.side, last.id.clone()));
        places.extend(page.into_iter().map(|d| (d.side, d.id)));
    }
    assert!(places.len() == 7 && places.is_sorted());

    let staged = store.staged(&here, 2, 3).await.unwrap();
    assert_eq!(
        staged.iter().map(|s| s.sequence).collect::<Vec<_>>(),
        [3, 4, 5]
    );
    commit(&store, epoch, vec![Op::Unstage(6)]).await.unwrap();
    assert_eq!(store.staged(&here, 0, 9).await.unwrap().len(), 1);

    let first = store.history(&here, 0, 4).await.unwrap();
    let rest = store.history(&here, first[3].0, 9).await.unwrap();
    let times: Vec<_> = first.iter().chain(&rest).map(|(_, h)| h.at).collect();
    assert!(times.len() == 7 && times.is_sorted());
    let first = store.holds(&here, 0, 4).await.unwrap();
    assert_eq!(store.holds(&here, first[3].0, 9).await.unwrap().len(), 3);
}

/// An imprint tells that a record shows what its link says. It may be lost at any time, but it
/// never outlives the link as it was.
pub async fn an_imprint_is_gone_when_its_link_is_written(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let imprint = |side, id: &str| Op::Imprint(KIND, side, id.into(), 7);
    let kept = async |side, id: &str| {
        let ids = [RecordId::new("nobody"), id.into()];
        let kept = store.imprints(&connection(), &KIND, side, &ids).await;
        let kept = kept.unwrap();
        assert_eq!((kept.len(), kept[0]), (2, None));
        kept[1]
    };
    let written = vec![link("l1", "r1"), link("l2", "r2")];
    commit(&store, epoch, written).await.unwrap();
    let page = store
        .link_page(&connection(), &KIND, None, 1)
        .await
        .unwrap();
    let tombstone = Tombstone {
        link: (*page[0]).clone(),
        end: LinkEnd::Kept(Side::Left),
        at: at(1),
        sleeps_until: at(9),
    };
    for again in [
        link("l1", "r1"),
        Op::Bury(Box::new(tombstone)),
        Op::Erase(KIND, Both::new(Some("l1".into()), Some("r1".into()))),
    ] {
        let of = vec![
            link("l1", "r1"),
            imprint(Side::Left, "l1"),
            imprint(Side::Right, "r1"),
            imprint(Side::Right, "r2"),
        ];
        commit(&store, epoch, of).await.unwrap();
        let before = kept(Side::Right, "r2").await;
        assert!(before.is_none_or(|kept| kept == 7));
        assert_eq!(kept(Side::Left, "r1").await, None, "it is the other side's");
        commit(&store, epoch, vec![again]).await.unwrap();
        for (side, id) in [(Side::Left, "l1"), (Side::Right, "r1")] {
            assert_eq!(kept(side, id).await, None);
        }
        assert_eq!(kept(Side::Right, "r2").await, before, "it is another's");
    }
}

/// A hold that is found again is the same hold; one that is not found again is released.
pub async fn a_hold_that_stays_keeps_its_first_time(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let subject = Subject::Link("l1~r1".into());
    for since in [1, 2] {
        let holds = vec![hold(subject.clone(), since)];
        commit(&store, epoch, vec![Op::Hold(KIND, subject.clone(), holds)])
            .await
            .unwrap();
    }
    let open = store.holds(&connection(), 0, 9).await.unwrap();
    assert_eq!((open.len(), open[0].1.since), (1, at(1)));
    commit(&store, epoch, vec![Op::Hold(KIND, subject, Vec::new())])
        .await
        .unwrap();
    assert_eq!(store.counts(&connection()).await.unwrap().holds, 0);
}

/// A dry run leaves no trace.
pub async fn what_happens_in_a_scratch_copy_stays_there(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    let scratch = store.scratch().await.unwrap();
    assert_eq!(scratch.counts(&connection()).await.unwrap().links, 1);
    let epoch = scratch.open(&connection()).await.unwrap();
    let ops = vec![link("l2", "r2"), Op::Mark(dirty(Side::Left, "l3", 1))];
    scratch
        .commit(&connection(), Batch { epoch, ops })
        .await
        .unwrap();
    assert_eq!(scratch.counts(&connection()).await.unwrap().links, 2);
    let counts = store.counts(&connection()).await.unwrap();
    assert_eq!((counts.links, counts.dirty), (1, 0));
}

/// A link that ended leaves a tombstone; its records can be linked and claimed anew.
pub async fn a_buried_link_frees_its_records_and_is_remembered(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let here = connection();
    let epoch = store.open(&here).await.unwrap();
    let pins = Side::BOTH.map(|side| Op::Pin(side, AccountId::new(side.as_str())));
    commit(&store, epoch, pins.to_vec()).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1")]).await.unwrap();
    let page = store.link_page(&here, &KIND, None, 9).await.unwrap();
    let tombstone = Tombstone {
        link: (*page[0]).clone(),
        end: LinkEnd::Kept(Side::Left),
        at: at(1),
        sleeps_until: at(9),
    };
    let bury = Op::Bury(Box::new(tombstone.clone()));
    commit(&store, epoch, vec![bury]).await.unwrap();
    assert_eq!(linked(&store, Side::Left, "l1").await, None);

    let store = fixture.reopened(store).await;
    let ids = ["r1".into(), "r2".into()];
    let buried = async |store: &_, side| Store::tombstones(store, &here, &KIND, side, &ids).await;
    let found = buried(&store, Side::Right).await.unwrap();
    assert_eq!(found[0].as_deref(), Some(&tombstone));
    assert_eq!(found[1], None);
    assert_eq!(buried(&store, Side::Left).await.unwrap(), [None, None]);

    let other = ConnectionId::new("second");
    let second = store.open(&other).await.unwrap();
    let mut ops = pins.to_vec();
    ops.push(link("l1", "r2"));
    let batch = Batch { epoch: second, ops };
    store.commit(&other, batch).await.unwrap();

    let epoch = store.open(&here).await.unwrap();
    commit(&store, epoch, vec![link("l4", "r4")]).await.unwrap();
    let page = store.link_page(&here, &KIND, None, 9).await.unwrap();
    let merged = Tombstone {
        link: (*page[0]).clone(),
        end: LinkEnd::Merged(Side::Left),
        ..tombstone
    };
    let ops = vec![Op::Bury(Box::new(merged)), link("l5", "r4")];
    commit(&store, epoch, ops).await.unwrap();
    let heir = linked(&store, Side::Right, "r4").await;
    assert_eq!(heir, Some("l5~r4".into()), "in one commit");

    let exhume = Op::Exhume(KIND, "l1~r1".into());
    commit(&store, epoch, vec![exhume, link("l3", "r1")])
        .await
        .unwrap();
    assert_eq!(buried(&store, Side::Right).await.unwrap(), [None, None]);
    assert_eq!(
        linked(&store, Side::Right, "r1").await,
        Some("l3~r1".into())
    );
}

/// Children are found by their parent, and follow it when it changes.
pub async fn links_are_found_under_the_parents_of_their_records(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let here = connection();
    let epoch = store.open(&here).await.unwrap();
    let under = |left: &str, right: &str, parent: Option<&str>| {
        let Op::Link(mut link) = link(left, right) else {
            panic!("a link");
        };
        link.sides.left.locator = parent.map(Locator::from);
        Op::Link(link)
    };
    let ops = vec![
        under("n1", "m1", Some("p1")),
        under("n2", "m2", Some("p1")),
        under("n3", "m3", Some("p2")),
        under("n4", "m4", None),
    ];
    commit(&store, epoch, ops).await.unwrap();
    let children = async |store: &_, side, parent: &str| {
        let parent = Locator::from(parent);
        let links = Store::links_under(store, &here, &KIND, side, &parent).await;
        let ids = links.unwrap();
        ids.iter()
            .map(|link| link.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(children(&store, Side::Left, "p1").await, ["n1~m1", "n2~m2"]);
    assert!(children(&store, Side::Right, "p1").await.is_empty());
    commit(&store, epoch, vec![under("n2", "m2", Some("p2"))])
        .await
        .unwrap();
    let store = fixture.reopened(store).await;
    assert_eq!(children(&store, Side::Left, "p1").await, ["n1~m1"]);
    assert_eq!(children(&store, Side::Left, "p2").await, ["n2~m2", "n3~m3"]);
}

/// A link is found under every digest that was added to it, and no longer once it is buried.
pub async fn links_are_found_by_the_digests_of_their_keys(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let here = connection();
    let epoch = store.open(&here).await.unwrap();
    let digest = key("ada@example.com").digest(&KIND);
    let index = |id: &str, digests: &[u64]| Op::Index(KIND, id.into(), digests.to_vec());
    let ops = vec![
        link("l1", "r1"),
        link("l2", "r2"),
        index("l1~r1", &[digest, 7]),
        index("l2~r2", &[u64::MAX]),
    ];
    commit(&store, epoch, ops).await.unwrap();
    let store = fixture.reopened(store).await;
    let found = async |digest: u64| {
        let links = Store::links_by_key(&store, &here, &KIND, digest).await;
        let links = links.unwrap();
        links
            .iter()
            .map(|link| link.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(digest).await, ["l1~r1"]);
    assert_eq!(found(7).await, ["l1~r1"]);
    assert_eq!(found(u64::MAX).await, ["l2~r2"]);
    assert!(found(8).await.is_empty());
    let page = store.link_page(&here, &KIND, None, 1).await.unwrap();
    let tombstone = Tombstone {
        link: (*page[0]).clone(),
        end: LinkEnd::BothGone,
        at: at(1),
        sleeps_until: at(1),
    };
    let epoch = store.open(&here).await.unwrap();
    commit(&store, epoch, vec![Op::Bury(Box::new(tombstone))])
        .await
        .unwrap();
    assert!(found(digest).await.is_empty());
}
