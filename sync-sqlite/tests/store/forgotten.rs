//! A person who was erased is not in the files any more.

use std::fs;

use jiff::Timestamp;
use sync_core::{
    Both, Cell, FieldKey, Happened, HistoryEvent, Hold, HoldReason, Kind, Link, LinkSide, MatchKey,
    Memo, Observation, Op, Reading, Record, Side, Store, Subject, Target, Tier, Value,
};

use crate::{TempSqlite, commit, connection};

const KIND: Kind = Kind::from_static("contact");

/// On every row that is about her, and long enough to be spread over pages.
fn secret(n: usize) -> Value {
    Value::Text(format!("needle-{n} {}", "haystack ".repeat(n % 40 * 30)).into())
}

fn about(left: &str, right: &str, n: usize) -> Vec<Op> {
    let key = FieldKey::new("note");
    let mut link = Link::new(
        KIND,
        Both::new(left, right).map(|id| {
            LinkSide::new(
                Target::from(sync_core::RecordId::new(id)),
                None,
                Memo::default(),
            )
        }),
    );
    link.agree(Cell {
        key: key.clone(),
        shown: Both::new(Some(secret(n)), Some(secret(n + 1))),
        revisions: Both::new(1, 1),
    });
    let ids = Both::new(Some(left.into()), Some(right.into()));
    let wrote = HistoryEvent::Wrote {
        side: Side::Right,
        old: None,
        new: Some(secret(n + 2)),
    };
    let subject = Subject::Link(link.id.clone());
    let hold = Hold {
        subject: subject.clone(),
        kind: KIND,
        ids: ids.clone(),
        field: Some(key.clone()),
        reason: HoldReason::Conflict,
        message: format!("{}", secret(n + 3)),
        values: Both::default(),
        since: Timestamp::UNIX_EPOCH,
        retry_at: None,
    };
    let mut record = Record::default();
    record.put(key.clone(), Some(secret(n + 4)));
    let observation = Observation {
        kind: KIND,
        side: Side::Left,
        id: left.into(),
        locator: None,
        stamp: None,
        created: None,
        started: Timestamp::UNIX_EPOCH,
        not_before: None,
        aside: None,
        by_id: false,
        reading: Reading {
            record,
            ..Reading::default()
        },
        keys: vec![MatchKey::new(
            Tier::First,
            "email",
            format!("needle-{n}@example.com"),
        )],
    };
    vec![
        Op::Observe(observation.clone()),
        Op::Link(Box::new(link)),
        Op::Observe(observation),
        Op::Hold(KIND, subject, vec![hold]),
        Op::Record(Happened {
            at: Timestamp::UNIX_EPOCH,
            kind: KIND,
            ids,
            field: Some(key),
            event: wrote,
            run: 1,
            cause: 1,
        }),
    ]
}

fn needles(temp: &TempSqlite, needle: &str) -> usize {
    let files = fs::read_dir(temp.0.path()).unwrap();
    let found = files.map(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let windows = bytes.windows(needle.len());
        windows
            .filter(|window| *window == needle.as_bytes())
            .count()
    });
    found.sum()
}

#[tokio::test]
async fn nothing_of_an_erased_person_stays_in_the_files() {
    let temp = TempSqlite::new();
    let store = temp.open().unwrap();
    for n in 0..40 {
        // Her data moves between pages as it grows and shrinks, and other people come between.
        commit(&store, about("her-left", "her-right", n)).await;
        let (left, right) = (format!("l{n}"), format!("r{n}"));
        let others = about(&left, &right, n + 1000);
        let others = others.into_iter().filter(|op| !matches!(op, Op::Record(_)));
        commit(&store, others.collect()).await;
    }
    assert!(needles(&temp, "needle-3") > 0 && needles(&temp, "her-left") > 0);
    let ids = Both::new(Some("her-left".into()), Some("her-right".into()));
    commit(&store, vec![Op::Erase(KIND, ids)]).await;
    store.scrub().await.unwrap();
    for n in 0..45 {
        let needle = format!("needle-{n} ");
        assert_eq!(needles(&temp, &needle), 0, "{needle}");
        let needle = format!("needle-{n}@");
        assert_eq!(needles(&temp, &needle), 0, "{needle}");
    }
    assert_eq!(needles(&temp, "her-left") + needles(&temp, "her-right"), 0);
    assert!(needles(&temp, "needle-1001 ") > 0, "the others are there");
    let known = store
        .erased(&connection(), &KIND, Side::Left, &["her-left".into()])
        .await;
    assert_eq!(known.unwrap(), [true]);
    store.check().await.unwrap();
}
