use serde_json::Value;

use crate::desk::builder;

#[test]
fn the_same_seed_is_the_same_sandbox() {
    let state = || {
        let sandbox = builder()
            .ghl_contacts(50)
            .insightly_contacts(40)
            .shared(20)
            .build();
        let keys = [sandbox.ghl_token(), sandbox.insightly_api_key()].join(" ");
        (keys, sandbox.ghl().state(), sandbox.insightly().state())
    };
    assert_eq!(state(), state());
}

#[test]
fn shared_people_are_one_person_on_both_sides() {
    let sandbox = builder()
        .ghl_contacts(300)
        .insightly_contacts(200)
        .shared(120)
        .build();
    assert_eq!(sandbox.same_people().len(), 120);
    let mut differ = 0;
    for same in sandbox.same_people() {
        let ghl = sandbox.ghl().contacts().get(&same.ghl).unwrap();
        let insightly = sandbox.insightly().contacts().get(same.insightly).unwrap();
        assert_eq!(ghl["firstName"], insightly["FIRST_NAME"]);
        let email = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
        assert_eq!(email(&ghl["email"]), email(&insightly["EMAIL_ADDRESS"]));
        let (left, right) = (&ghl["phone"], &insightly["PHONE"]);
        differ += usize::from(left != right || ghl["email"] != insightly["EMAIL_ADDRESS"]);
    }
    assert!((20..100).contains(&differ), "{differ}");
}

#[test]
fn sides_without_shared_people_are_filled_too() {
    let sandbox = builder()
        .ghl_contacts(2000)
        .insightly_contacts(2000)
        .build();
    assert_eq!(sandbox.ghl().contacts().all().unwrap().len(), 2000);
    let first = sandbox.insightly().contacts().get(366_000_001_i64).unwrap();
    assert_ne!(first["FIRST_NAME"], Value::Null);
}
