//! `run --whole`: both systems are read whole, though the day for it has not come.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::world::{Timing, World};

use crate::said::{ended_well, run_once, with_variables};

/// Longer than any index is behind.
const A_WHILE: Duration = Duration::from_secs(180);

#[tokio::test]
async fn a_delete_of_which_no_feed_tells_is_met_when_everything_is_read() {
    let world = World::empty(Timing::PROMPT).await.unwrap();
    let ada = json!({ "firstName": "Ada", "lastName": "King", "email": "ada@example.com" });
    world.sandbox.ghl().contacts().create(&ada).unwrap();
    ended_well(&run_once(&world).await);
    let insightly = world.sandbox.insightly().contacts();
    let twin = insightly.all().unwrap().remove(0);
    insightly.delete(&twin["CONTACT_ID"]).unwrap();
    let ended = run_once(&world).await;
    ended_well(&ended);
    assert!(ended.stdout.contains("0 held"), "{}", ended.stdout);
    // What was written within the last seconds may be too new for the index: it is read again.
    let (mut met, given_up) = (false, Instant::now() + A_WHILE);
    while !met && Instant::now() < given_up {
        let ended = with_variables(&world, &["run", "--once", "--whole"], &[]).await;
        ended_well(&ended);
        met = ended.stdout.contains("1 held");
    }
    assert!(met, "the delete is not met");
    assert_eq!(world.sandbox.ghl().contacts().all().unwrap().len(), 1);
}
