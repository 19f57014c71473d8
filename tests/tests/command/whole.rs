//! `run --whole`: both systems are read whole, though the day for it has not come.

use serde_json::json;
use tests::world::{Timing, World};

use crate::said::{ended_well, run_once, with_variables};

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
    let ended = with_variables(&world, &["run", "--once", "--whole"], &[]).await;
    ended_well(&ended);
    assert!(ended.stdout.contains("1 held"), "{}", ended.stdout);
    assert_eq!(world.sandbox.ghl().contacts().all().unwrap().len(), 1);
}
