//! `kill -9`, a few times; `prove kills` does it many times.

use tests::kills::Kills;

#[tokio::test]
async fn a_killed_sync_of_any_kind_loses_and_doubles_nothing() {
    let proved = Kills { count: 2, seed: 20 }.prove().await.unwrap();
    assert_eq!(proved.kills_of_first_syncs, 1);
    assert_eq!(proved.kills_before_the_reply, 1);
    assert!(proved.adopted >= 1);
    assert!(proved.deleted >= 1);
    let kinds: Vec<&str> = proved.pairs.into_keys().collect();
    assert_eq!(kinds, ["companies", "contacts", "notes", "tasks"]);
}
