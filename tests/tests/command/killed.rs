//! `kill -9`, a few times; `prove kills` does it many times.

use tests::kills::Kills;

#[tokio::test]
async fn a_killed_first_sync_loses_and_doubles_nobody() {
    let proved = Kills { count: 2, seed: 20 }.prove().await.unwrap();
    assert_eq!(proved.kills_before_the_reply, 1);
    assert!(proved.adopted >= 1);
}
