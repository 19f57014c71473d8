#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a broken law fails the test that runs it"
)]

use crate::{
    id::{AccountId, ConnectionId, Kind, RecordId},
    link::{LinkEnd, Tombstone},
    record::Record,
    side::{Both, Side},
    step::{Before, Staged},
    store::{Archive, Batch, Counts, Happened, HistoryOf, Hold, Op, Store, Subject},
    testing::store_laws::{
        KIND, NAME, StoreFixture, all_dirty, at, commit, connection, dirty, happened, hold, intent,
        link, linked, observation, under_key,
    },
};

const TASK: Kind = Kind::from_static("task");

/// By name, each connection its own, until it is dropped.
pub async fn what_was_measured_is_kept_by_name(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let know = |fact: Option<&str>| vec![Op::Know("speed".to_owned(), fact.map(str::to_owned))];
    commit(&store, epoch, know(Some("slow"))).await.unwrap();
    commit(&store, epoch, know(Some("fast"))).await.unwrap();
    let store = fixture.reopened(store).await;
    let other = ConnectionId::new("other");
    assert_eq!(
        store
            .known(&connection(), "speed")
            .await
            .unwrap()
            .as_deref(),
        Some("fast")
    );
    assert_eq!(store.known(&connection(), "size").await.unwrap(), None);
    assert_eq!(store.known(&other, "speed").await.unwrap(), None);
    let epoch = store.open(&connection()).await.unwrap();
    commit(&store, epoch, know(None)).await.unwrap();
    assert_eq!(store.known(&connection(), "speed").await.unwrap(), None);
}

/// By record on either side, and by run; by page and in order, from either end.
pub async fn the_history_of_a_record_and_of_a_run_are_found(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let entry = |number, left: &str, right: &str, run| Happened {
        ids: Both::new(Some(left.into()), Some(right.into())),
        run,
        ..happened(number)
    };
    let run = 1 << 40;
    let task = Happened {
        kind: TASK,
        ..entry(4, "l1", "r1", 1)
    };
    let entries = [
        entry(1, "l1", "r1", 1),
        entry(2, "l2", "r2", run),
        entry(3, "l1", "r3", run),
        task,
    ];
    let ops = entries.clone().map(Op::Record).to_vec();
    commit(&store, epoch, ops).await.unwrap();
    let store = fixture.reopened(store).await;
    let here = connection();
    let find = async |of: HistoryOf, after, limit| {
        let found = store.history_of(&here, &of, after, limit).await.unwrap();
        found
            .into_iter()
            .map(|(at, h)| (at, h.at))
            .collect::<Vec<_>>()
    };
    let last = async |before, limit| {
        let found = store.history_before(&here, before, limit).await.unwrap();
        found.into_iter().map(|(at, _)| at).collect::<Vec<_>>()
    };
    assert_eq!(last(u64::MAX, 2).await, [3, 4]);
    assert_eq!(last(3, 9).await, [1, 2]);
    assert_eq!(last(1, 9).await, [0; 0]);
    let left = HistoryOf::Record(KIND, Side::Left, "l1".into());
    assert_eq!(find(left.clone(), 0, 9).await, [(1, at(1)), (3, at(3))]);
    assert_eq!(find(left.clone(), 1, 9).await, [(3, at(3))]);
    assert_eq!(find(left, 0, 1).await, [(1, at(1))]);
    let right = HistoryOf::Record(KIND, Side::Right, "r2".into());
    assert_eq!(find(right, 0, 9).await, [(2, at(2))]);
    assert_eq!(
        find(HistoryOf::Run(run), 0, 9).await,
        [(2, at(2)), (3, at(3))]
    );
}

/// Of one kind only, by page.
pub async fn holds_are_found_by_kind(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let of = |kind: Kind, id: &str| {
        let subject = Subject::Record(Side::Left, id.into());
        let held = Hold {
            kind: kind.clone(),
            ..hold(subject.clone(), 1)
        };
        Op::Hold(kind, subject, vec![held])
    };
    let ops = vec![of(KIND, "l1"), of(TASK, "t1"), of(KIND, "l2")];
    commit(&store, epoch, ops).await.unwrap();
    let find = async |kind, after, limit| {
        let found = store
            .holds_of_kind(&connection(), &kind, after, limit)
            .await;
        let found = found.unwrap().into_iter();
        found.map(|(at, hold)| (at, hold.kind)).collect::<Vec<_>>()
    };
    assert_eq!(find(TASK, 0, 9).await, [(2, TASK)]);
    assert_eq!(find(KIND, 0, 9).await, [(1, KIND), (3, KIND)]);
    assert_eq!(find(KIND, 1, 1).await, [(3, KIND)]);
}

/// What was last seen goes before what the pair agreed on, which stands in for what was not seen.
pub async fn what_a_record_shows_is_found(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let epoch = store.open(&connection()).await.unwrap();
    let mut unseen = observation(Side::Left, "l2", "l2@example.com");
    unseen.reading.record = Record::default();
    unseen.reading.unseen.insert(NAME.key().clone());
    let ops = vec![
        link("l1", "r1"),
        link("l2", "r2"),
        Op::Observe(observation(Side::Right, "r1", "r1@example.com")),
        Op::Observe(unseen),
        Op::Observe(observation(Side::Left, "l3", "l3@example.com")),
    ];
    commit(&store, epoch, ops).await.unwrap();
    let name = async |side, id: &str| {
        let shown = store.shown(&connection(), &KIND, side, &id.into()).await;
        shown.unwrap().and_then(|record| record.get(&NAME))
    };
    let named = [
        (Side::Left, "l1", Some("Ada")),
        (Side::Right, "r1", Some("r1")),
        (Side::Left, "l2", Some("Ada")),
        (Side::Left, "l3", Some("l3")),
        (Side::Right, "l3", None),
    ];
    for (side, id, expected) in named {
        assert_eq!(name(side, id).await.as_deref(), expected, "{id}");
    }
}

/// Whatever names the record goes, in every table; whatever does not stays.
pub async fn an_erased_record_leaves_only_its_hash(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let here = connection();
    let epoch = store.open(&here).await.unwrap();
    let staged = Staged {
        sequence: 1,
        kind: KIND,
        from: (Side::Left, "l1".into()),
        link: None,
        before: Both::new(
            Some(Before {
                id: "l1".into(),
                stamp: None,
                shown: crate::record::Record::default(),
            }),
            None,
        ),
        writes: Both::default(),
        clears: false,
        deletes: None,
        links: None,
        undo: false,
        answered: Vec::new(),
        answers: Vec::new(),
    };
    let held = |subject: Subject| Op::Hold(KIND, subject.clone(), vec![hold(subject, 1)]);
    let both = Happened {
        ids: Both::new(None, Some("r1".into())),
        ..happened(2)
    };
    let other = Happened {
        ids: Both::new(Some("l2".into()), None),
        ..happened(3)
    };
    let pins = Side::BOTH.map(|side| Op::Pin(side, AccountId::new(side.as_str())));
    let mut ops = pins.to_vec();
    ops.extend([
        Op::Observe(observation(Side::Left, "l1", "ada@example.com")),
        Op::Observe(observation(Side::Right, "r1", "ada@example.com")),
        Op::Observe(observation(Side::Right, "r2", "ada@example.com")),
        link("l1", "r1"),
        Op::Mark(dirty(Side::Right, "r1", 1)),
        Op::Mark(dirty(Side::Left, "r1", 2)),
        Op::Intend(Box::new(intent(epoch))),
        held(Subject::Link("l1~r1".into())),
        Op::Record(happened(1)),
        Op::Record(both),
        Op::Record(other),
        Op::Stage(staged),
    ]);
    commit(&store, epoch, ops).await.unwrap();
    let ids = Both::new(Some("l1".into()), Some("r1".into()));
    commit(&store, epoch, vec![Op::Erase(KIND, ids)])
        .await
        .unwrap();
    store.scrub().await.unwrap();

    let store = fixture.reopened(store).await;
    let counts = Counts {
        dirty: 1,
        history: 1,
        ..Counts::default()
    };
    assert_eq!(store.counts(&here).await.unwrap(), counts);
    assert_eq!(all_dirty(&store).await, [dirty(Side::Left, "r1", 2)]);
    assert_eq!(linked(&store, Side::Right, "r1").await, None);
    assert!(store.staged(&here, 0, 9).await.unwrap().is_empty());
    let known = ["r1".into(), "r2".into()];
    let seen = store.observations(&here, &KIND, Side::Right, &known).await;
    assert_eq!(seen.unwrap().iter().flatten().count(), 1);
    let found = under_key(&store, Side::Right, "ada@example.com", 9).await;
    assert_eq!(found, [RecordId::new("r2")]);
    let erased = async |kind, side| store.erased(&here, &kind, side, &known).await.unwrap();
    assert_eq!(erased(KIND, Side::Right).await, [true, false]);
    assert_eq!(erased(KIND, Side::Left).await, [false, false]);
    assert_eq!(erased(TASK, Side::Right).await, [false, false]);

    let second = ConnectionId::new("second");
    let epoch = store.open(&second).await.unwrap();
    let mut ops = pins.to_vec();
    ops.push(link("l1", "r9"));
    let claimed = store.commit(&second, Batch { epoch, ops }).await;
    assert_eq!(claimed, Ok(()), "nothing claims an erased record");
}

/// A deletion is remembered for good, and nobody's data with it.
pub async fn a_tombstone_that_fades_leaves_only_hashes(fixture: &impl StoreFixture) {
    let store = fixture.fresh().await;
    let here = connection();
    let epoch = store.open(&here).await.unwrap();
    commit(&store, epoch, vec![link("l1", "r1"), link("l2", "r2")])
        .await
        .unwrap();
    let page = store.link_page(&here, &KIND, None, 9).await.unwrap();
    let bury = |n: usize, sleeps| {
        Op::Bury(Box::new(Tombstone {
            link: (*page[n]).clone(),
            end: LinkEnd::Deleted(Side::Left),
            at: at(1),
            sleeps_until: at(sleeps),
        }))
    };
    commit(&store, epoch, vec![bury(0, 10), bury(1, 20)])
        .await
        .unwrap();
    let until = async |second| {
        let found = store.tombstones_until(&here, at(second), 9).await.unwrap();
        let ids = found.iter().map(|tombstone| tombstone.link.id.to_string());
        ids.collect::<Vec<_>>()
    };
    assert!(until(9).await.is_empty());
    assert_eq!(until(10).await, ["l1~r1"]);
    assert_eq!(until(20).await.len(), 2);
    commit(&store, epoch, vec![Op::Fade(KIND, "l1~r1".into())])
        .await
        .unwrap();
    assert_eq!(until(20).await, ["l2~r2"]);
    let ids = ["l1".into(), "l2".into()];
    let found = store
        .tombstones(&here, &KIND, Side::Left, &ids)
        .await
        .unwrap();
    assert!(found[0].is_none() && found[1].is_some());
    let erased = store.erased(&here, &KIND, Side::Left, &ids).await.unwrap();
    assert_eq!(erased, [true, false]);
}
