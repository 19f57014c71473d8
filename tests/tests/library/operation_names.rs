//! An operation has one name: in the client's errors and logs, and in the sandbox's faults and counts.

use std::collections::BTreeSet;

use crm_sandbox::Sandbox;

/// What the client does not call, or calls by two names: a code and a refresh token are changed for
/// tokens at one address.
const OWN: [&str; 4] = ["calendars.list", "oauth.consent", "oauth.token", "unknown"];

#[test]
fn the_sandbox_names_the_operations_of_ghl_as_the_client_does() {
    let client = ghl_contacts::operations().iter().map(|of| of.name());
    let known: BTreeSet<&str> = client.chain(OWN).collect();
    let sandbox = Sandbox::builder().build();
    let served = sandbox.ghl().operations();
    let unknown = served.iter().filter(|name| !known.contains(name.as_str()));
    assert_eq!(unknown.collect::<Vec<_>>(), [""; 0]);
}
