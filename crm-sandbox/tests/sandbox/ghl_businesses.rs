use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_business, ghl_contact};

#[tokio::test]
async fn a_business_is_created_read_renamed_and_deleted() {
    let sandbox = empty();
    let acme = ghl_business(&sandbox, "Acme").await;
    assert_eq!(acme.len(), 24);
    let path = format!("/businesses/{acme}");
    let read = ghl(&sandbox, &format!("GET {path}"), Value::Null)
        .await
        .json();
    assert_eq!(read["business"]["name"], "Acme");
    assert_eq!(read["business"]["locationId"], sandbox.ghl_location_id());
    let body = json!({ "name": "Acme Ltd", "city": "Oslo" });
    let renamed = ghl(&sandbox, &format!("PUT {path}"), body).await.json();
    assert_eq!(renamed["success"], true);
    assert_eq!(renamed["buiseness"]["city"], "Oslo");
    let at = format!("GET /businesses/?locationId={}", sandbox.ghl_location_id());
    let list = ghl(&sandbox, &at, Value::Null).await.json();
    assert_eq!(list["businesses"][0]["name"], "Acme Ltd");
    assert_eq!(list.as_object().unwrap().len(), 1);
    let skipped = ghl(&sandbox, &format!("{at}&skip=1&limit=5"), Value::Null).await;
    assert_eq!(skipped.json(), json!({ "businesses": [] }));
    let gone = ghl(&sandbox, &format!("DELETE {path}"), Value::Null).await;
    assert_eq!(gone.json(), json!({ "success": true }));
    assert_eq!(
        ghl(&sandbox, &format!("GET {path}"), Value::Null)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn contacts_are_linked_in_bulk_and_found_by_their_business() {
    let sandbox = empty();
    let acme = ghl_business(&sandbox, "Acme").await;
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let eve = ghl_contact(&sandbox, json!({ "firstName": "Eve" })).await;
    let location = sandbox.ghl_location_id();
    let link = |ids: Value, business: Value| {
        let body = json!({ "locationId": location, "ids": ids, "businessId": business });
        ghl(&sandbox, "POST /contacts/bulk/business", body)
    };
    let linked = link(json!([ada, eve, "nobody"]), json!(acme)).await;
    assert_eq!(linked.json(), json!({ "success": true, "ids": [ada, eve] }));
    assert_eq!(
        sandbox.ghl().contacts().get(&ada).unwrap()["businessId"],
        json!(acme)
    );
    let at = format!("GET /contacts/business/{acme}?locationId={location}");
    let found = ghl(&sandbox, &format!("{at}&query=EV"), Value::Null)
        .await
        .json();
    assert_eq!(found["contacts"][0]["id"], json!(eve));
    assert_eq!(found.get("count"), None);
    let page = ghl(&sandbox, &format!("{at}&limit=1&skip=1"), Value::Null)
        .await
        .json();
    assert_eq!(page["contacts"].as_array().unwrap().len(), 1);
    link(json!([ada]), Value::Null).await;
    let contact = sandbox.ghl().contacts().get(&ada).unwrap();
    assert_eq!(contact.get("businessId"), None);
    let many: Vec<String> = (0..51).map(|n| format!("{n:020}")).collect();
    assert_eq!(link(json!(many), json!(acme)).await.status, 422);
    assert_eq!(link(json!([ada]), json!("none")).await.status, 400);
    let body = json!({ "locationId": location, "ids": [] });
    let silent = ghl(&sandbox, "POST /contacts/bulk/business", body).await;
    assert_eq!(
        silent.json()["message"],
        json!(["businessId must be a string"])
    );
    ghl(&sandbox, &format!("DELETE /businesses/{acme}"), Value::Null).await;
    let contact = sandbox.ghl().contacts().get(&eve).unwrap();
    assert_eq!(contact.get("businessId"), None);
}

#[tokio::test]
async fn a_company_name_makes_a_business_only_where_the_location_wants_it() {
    let sandbox = empty();
    let ada = json!({ "firstName": "Ada", "companyName": "Acme" });
    ghl_contact(&sandbox, ada.clone()).await;
    let businesses = || sandbox.ghl().family("businesses").all().unwrap();
    assert_eq!(businesses(), [Value::Null; 0]);
    sandbox
        .ghl()
        .set_switch("company_makes_business", "yes")
        .unwrap();
    let one = ghl_contact(&sandbox, ada.clone()).await;
    let other = json!({ "firstName": "Eve", "companyName": "ACME" });
    sandbox.ghl().contacts().create(&other).unwrap();
    assert_eq!(businesses().len(), 1);
    let contact = sandbox.ghl().contacts().get(&one).unwrap();
    assert_eq!(contact["businessId"], businesses()[0]["id"]);
}
