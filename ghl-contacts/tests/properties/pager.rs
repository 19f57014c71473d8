//! A walk through pages while people edit, against a server in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use futures_util::TryStreamExt;
use ghl_contacts::{
    Bytes, Client, ContactQuery, HeaderMap, Pacer, PrivateIntegrationToken, RepeatPolicy, Request,
    Response, SearchField, SendError, Sender, StatusCode, async_trait,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::any;

/// What happens before a page is answered.
#[derive(Debug, Clone)]
enum Move {
    Create,
    Delete(prop::sample::Index),
    /// An edit: the contact goes to the end of the order.
    Touch(prop::sample::Index),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let index = any::<prop::sample::Index>;
    vec(
        prop_oneof![
            Just(Move::Create),
            index().prop_map(Move::Delete),
            index().prop_map(Move::Touch),
        ],
        0..4,
    )
}

/// Contacts by id, each with its stamp; rows are sorted by stamp, then id.
#[derive(Debug)]
struct World {
    stamps: BTreeMap<String, u64>,
    clock: u64,
    edits: Vec<Vec<Move>>,
    /// How many rows of each page are kept back, as a filter after the fact does.
    short: Vec<usize>,
    calls: usize,
}

impl World {
    fn edit(&mut self, change: &Move) {
        self.clock += 1;
        let ids: Vec<String> = self.stamps.keys().cloned().collect();
        match change {
            Move::Create => drop(self.stamps.insert(format!("n{}", self.clock), self.clock)),
            Move::Delete(at) if !ids.is_empty() => {
                self.stamps.remove(at.get(&ids));
            }
            Move::Touch(at) if !ids.is_empty() => {
                self.stamps.insert(at.get(&ids).clone(), self.clock);
            }
            _ => {}
        }
    }

    fn answer(&mut self, asked: &Value) -> Value {
        for change in self.edits.pop().unwrap_or_default() {
            self.edit(&change);
        }
        self.calls += 1;
        let after = asked.get("searchAfter").map(|cursor| {
            let id = cursor[1].as_str().unwrap();
            (cursor[0].as_u64().unwrap(), id.to_owned())
        });
        let mut rows: Vec<(u64, String)> =
            self.stamps.iter().map(|(i, s)| (*s, i.clone())).collect();
        rows.sort();
        rows.retain(|row| after.as_ref().is_none_or(|after| row > after));
        let limit = usize::try_from(asked["pageLimit"].as_u64().unwrap()).unwrap();
        let short = self.short.pop().unwrap_or_default();
        rows.truncate(limit.saturating_sub(short).max(1));
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|(stamp, id)| json!({"id": id, "searchAfter": [stamp, id]}))
            .collect();
        json!({"contacts": rows, "total": self.stamps.len()})
    }
}

struct Server(Arc<Mutex<World>>);

#[async_trait]
impl Sender for Server {
    async fn send(&self, request: Request) -> Result<Response, SendError> {
        let asked = serde_json::from_slice(&request.body.unwrap()).unwrap();
        let answer = self.0.lock().unwrap().answer(&asked);
        Ok(Response {
            status: StatusCode::OK,
            reason: None,
            headers: HeaderMap::new(),
            body: Bytes::from(answer.to_string()),
        })
    }
}

fn walk(world: &Arc<Mutex<World>>, page: u32) -> Vec<String> {
    let client = Client::builder(PrivateIntegrationToken::new("t"))
        .sender(Server(world.clone()))
        .pacer(Pacer::unlimited())
        .repeats(RepeatPolicy::never())
        .build()
        .unwrap();
    let query = ContactQuery::in_location("l")
        .ascending(SearchField::DATE_UPDATED)
        .page_size(page);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let rows: Vec<_> = runtime
        .unwrap()
        .block_on(client.contacts().search(query).try_collect())
        .unwrap();
    rows.into_iter()
        .map(|row: ghl_contacts::Contact| row.id.to_string())
        .collect()
}

/// ghl-sdk's stream ends at the first short page; n8n's node loses the rest with the location.
#[test]
fn a_walk_shows_whoever_was_there_all_the_time() {
    let of = (
        0..30u64,
        1..7u32,
        vec(moves(), 0..12),
        vec(0..4usize, 0..20),
    );
    any::check(400, &of, |(count, page, edits, short)| {
        let stamps: BTreeMap<String, u64> = (0..count).map(|n| (format!("c{n}"), n)).collect();
        let before: BTreeSet<String> = stamps.keys().cloned().collect();
        let world = World {
            stamps,
            clock: 1_000,
            edits,
            short,
            calls: 0,
        };
        let world = Arc::new(Mutex::new(world));
        let seen = walk(&world, page);
        let world = world.lock().unwrap();
        for id in before.iter().filter(|id| world.stamps.contains_key(*id)) {
            prop_assert!(
                seen.contains(id),
                "{} was there and is missing in {:?}",
                id,
                seen
            );
        }
        let untouched = world.stamps.iter().filter(|(_, stamp)| **stamp < 1_000);
        for (id, _) in untouched {
            let times = seen.iter().filter(|one| *one == id).count();
            prop_assert_eq!(times, 1, "{} did not move", id);
        }
        prop_assert!(world.calls <= 100, "{} calls", world.calls);
        Ok(())
    });
}
