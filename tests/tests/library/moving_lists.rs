//! Lists that move while they are read.

use std::{collections::BTreeSet, time::Duration};

use crm_sandbox::{Sandbox, Servers};
use ghl_contacts::{Client, LocationId, PrivateIntegrationToken};
use ghl_insightly::ghl::{GhlCompanies, GhlTasks};
use serde_json::{Value, json};
use sync_core::{Cursor, Endpoint, Lane};

/// A hundred rows are a page.
const ROWS: usize = 250;

struct Location {
    sandbox: Sandbox,
    client: Client,
    id: LocationId,
    _servers: Servers,
}

impl Location {
    async fn begin() -> Self {
        let sandbox = Sandbox::builder().seed(7).build();
        let servers = sandbox.serve(0, 0).await.unwrap();
        let token = PrivateIntegrationToken::new(sandbox.ghl_token());
        let client = Client::builder(token).base_url(&servers.ghl_url());
        Self {
            client: client.build().unwrap(),
            id: LocationId::from(sandbox.ghl_location_id()),
            sandbox,
            _servers: servers,
        }
    }

    fn tasks(&self) -> Vec<String> {
        let contacts = self.sandbox.ghl().contacts();
        let ada = contacts.create(&json!({ "firstName": "Ada" })).unwrap();
        let task = |n| json!({ "title": format!("Call {n}"), "contactId": ada["id"] });
        self.many("tasks", task)
    }

    fn many(&self, family: &str, record: impl Fn(usize) -> Value) -> Vec<String> {
        let all = self.sandbox.ghl().family(family);
        let made = (0..ROWS).map(|n| all.create(&record(n)).unwrap());
        made.map(|made| made["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn endpoint(&self) -> GhlTasks {
        GhlTasks::new(self.client.clone(), self.id.clone(), Duration::ZERO)
    }

    fn delete(&self, family: &str, id: &str) {
        self.sandbox.ghl().family(family).delete(id).unwrap();
    }
}

/// Reads a lane to its end; after the first page something happens.
async fn read<E: Endpoint>(
    endpoint: &E,
    lane: Lane,
    from: Option<Cursor>,
    mut happens: impl FnMut(),
) -> (BTreeSet<String>, Cursor) {
    let (mut seen, mut from, mut pages) = (BTreeSet::new(), from, 0);
    loop {
        let page = endpoint.changes(lane, from.as_ref()).await.unwrap();
        let ids = page
            .natives
            .iter()
            .map(|native| endpoint.head(native).id.to_string());
        seen.extend(ids);
        pages += 1;
        assert!(pages < 50, "it does not end");
        if pages == 1 {
            happens();
        }
        if !page.more {
            return (seen, page.next);
        }
        from = Some(page.next);
    }
}

/// All but the one that went away.
fn others(all: &[String], gone: &str) -> BTreeSet<String> {
    all.iter().filter(|id| *id != gone).cloned().collect()
}

#[tokio::test]
async fn a_task_that_is_deleted_while_all_are_read_hides_no_other() {
    let location = Location::begin().await;
    let all = location.tasks();
    let newest = all.last().unwrap();
    let (seen, _) = read(&location.endpoint(), Lane::Walk, None, || {
        location.delete("tasks", newest);
    })
    .await;
    assert!(seen.is_superset(&others(&all, newest)));
}

#[tokio::test]
async fn a_task_that_is_deleted_during_a_poll_makes_no_other_look_done() {
    let location = Location::begin().await;
    let all = location.tasks();
    let newest = all.last().unwrap();
    let endpoint = location.endpoint();
    let (_, begun) = read(&endpoint, Lane::Fast, None, || ()).await;
    let (seen, next) = read(&endpoint, Lane::Fast, Some(begun), || {
        location.delete("tasks", newest);
    })
    .await;
    assert!(seen.is_superset(&others(&all, newest)));
    let reads = |world: &Location| world.sandbox.ghl().requests().get("tasks.get").copied();
    assert_eq!(reads(&location), None);
    read(&endpoint, Lane::Fast, Some(next), || ()).await;
    assert_eq!(reads(&location), None, "nothing has left the open ones");
}

#[tokio::test]
async fn a_company_that_is_deleted_while_all_are_read_hides_no_other() {
    let location = Location::begin().await;
    let all = location.many("businesses", |n| json!({ "name": format!("Company {n}") }));
    let endpoint = GhlCompanies::new(location.client.clone(), location.id.clone());
    let page = endpoint.changes(Lane::Walk, None).await.unwrap();
    let first = page.natives[0].id.to_string();
    let (seen, _) = read(&endpoint, Lane::Walk, None, || {
        location.delete("businesses", &first);
    })
    .await;
    assert!(seen.is_superset(&others(&all, &first)));
}
