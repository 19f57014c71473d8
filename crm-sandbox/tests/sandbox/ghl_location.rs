use serde_json::{Value, json};

use crate::desk::{empty, ghl, ghl_contact};

#[tokio::test]
async fn a_location_keeps_tags_as_they_were_sent() {
    let sandbox = empty();
    let tags = format!("/locations/{}/tags", sandbox.ghl_location_id());
    let make = |name: &'static str| {
        let line = format!("POST {tags}");
        let sandbox = &sandbox;
        async move { ghl(sandbox, &line, json!({ "name": name })).await }
    };
    let vip = make("VIP").await;
    assert_eq!(vip.status, 200, "{}", vip.text);
    assert_eq!(make("vip").await.status, 200);
    assert_eq!(make("VIP").await.status, 400);
    ghl_contact(&sandbox, json!({ "firstName": "Ada", "tags": ["VIP"] })).await;
    let list = ghl(&sandbox, &format!("GET {tags}"), Value::Null)
        .await
        .json();
    assert_eq!(list["tags"].as_array().unwrap().len(), 2);
    let one = format!("{tags}/{}", vip.json()["tag"]["id"].as_str().unwrap());
    let renamed = ghl(&sandbox, &format!("PUT {one}"), json!({ "name": "Gold" }))
        .await
        .json();
    assert_eq!(renamed["tag"]["locationId"], sandbox.ghl_location_id());
    let read = ghl(&sandbox, &format!("GET {one}"), Value::Null)
        .await
        .json();
    assert_eq!(read["tag"]["name"], "Gold");
    let gone = ghl(&sandbox, &format!("DELETE {one}"), Value::Null).await;
    assert_eq!(gone.json(), json!({ "succeded": true }));
    assert_eq!(
        ghl(&sandbox, &format!("GET {one}"), Value::Null)
            .await
            .status,
        400
    );
    let foreign = ghl(&sandbox, "GET /locations/elsewhere/tags", Value::Null).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn a_custom_field_is_written_and_read_under_different_names() {
    let sandbox = empty();
    let fields = format!("/locations/{}/customFields", sandbox.ghl_location_id());
    let body = json!({
        "name": "Shirt Size", "dataType": "SINGLE_OPTIONS", "isMultipleFile": false,
        "textBoxListOptions": [{ "label": "S", "prefillValue": "" }, "M"],
    });
    let made = ghl(&sandbox, &format!("POST {fields}"), body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let field = &made.json()["customField"];
    assert_eq!(field["fieldKey"], "contact.shirt_size");
    assert_eq!(field["picklistOptions"], json!(["S", "M"]));
    assert_eq!(field["isMultiFileAllowed"], false);
    assert_eq!(
        ghl(&sandbox, &format!("POST {fields}"), body).await.status,
        400
    );
    let id = field["id"].as_str().unwrap();
    let value = json!([{ "id": id, "field_value": "M" }]);
    let ada = ghl_contact(
        &sandbox,
        json!({ "firstName": "Ada", "customFields": value }),
    )
    .await;
    let body = json!({ "name": "Size of shirt", "dataType": "TEXT" });
    let refused = ghl(&sandbox, &format!("PUT {fields}/{id}"), body).await;
    assert_eq!(
        refused.json()["message"],
        json!(["property dataType should not exist"])
    );
    let body = json!({ "name": "Size of shirt" });
    ghl(&sandbox, &format!("PUT {fields}/{id}"), body).await;
    let by_key = ghl(
        &sandbox,
        &format!("GET {fields}/contact.shirt_size"),
        Value::Null,
    )
    .await;
    assert_eq!(by_key.json()["customField"]["name"], "Size of shirt");
    let shown = || sandbox.ghl().contacts().get(&ada).unwrap()["customFields"].clone();
    assert_eq!(shown(), json!([{ "id": id, "value": "M" }]));
    ghl(&sandbox, &format!("DELETE {fields}/{id}"), Value::Null).await;
    assert_eq!(shown(), json!([]));
    let none = ghl(
        &sandbox,
        &format!("GET {fields}?model=opportunity"),
        Value::Null,
    )
    .await;
    assert_eq!(none.json(), json!({ "customFields": [] }));
}

#[tokio::test]
async fn businesses_have_custom_fields_in_the_other_family() {
    let sandbox = empty();
    let location = sandbox.ghl_location_id();
    let folder = json!({ "objectKey": "business", "name": "More", "locationId": location });
    let folder = ghl(&sandbox, "POST /custom-fields/folder", folder).await;
    assert_eq!(folder.status, 201, "{}", folder.text);
    let folder = folder.json()["id"].as_str().unwrap().to_owned();
    let mut body = json!({
        "locationId": location, "name": "VAT", "showInForms": true, "dataType": "TEXT",
        "fieldKey": "business.vat", "objectKey": "business", "parentId": folder,
    });
    let made = ghl(&sandbox, "POST /custom-fields/", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["field"]["id"].as_str().unwrap().to_owned();
    let list = format!("GET /custom-fields/object-key/business?locationId={location}");
    let list = ghl(&sandbox, &list, Value::Null).await.json();
    assert_eq!(list["fields"][0]["dateAdded"], "2026-04-09T12:00:00.250Z");
    assert_eq!(list["folders"][0]["name"], "More");
    let update = json!({ "locationId": location, "showInForms": false });
    let updated = ghl(&sandbox, &format!("PUT /custom-fields/{id}"), update)
        .await
        .json();
    assert_eq!(updated["field"]["showInForms"], false);
    let read = ghl(&sandbox, &format!("GET /custom-fields/{id}"), Value::Null)
        .await
        .json();
    assert_eq!(read["field"]["name"], "VAT");
    let gone = ghl(
        &sandbox,
        &format!("DELETE /custom-fields/{id}"),
        Value::Null,
    )
    .await
    .json();
    assert_eq!(
        gone,
        json!({ "succeded": true, "id": id, "key": "business.vat" })
    );
    let rename = json!({ "name": "Rest", "locationId": location });
    let line = format!("/custom-fields/folder/{folder}");
    let renamed = ghl(&sandbox, &format!("PUT {line}"), rename).await.json();
    assert_eq!(renamed["name"], "Rest");
    let gone = ghl(
        &sandbox,
        &format!("DELETE {line}?locationId={location}"),
        Value::Null,
    )
    .await;
    assert_eq!(gone.json()["succeded"], true);
    body["objectKey"] = json!("contact");
    assert_eq!(
        ghl(&sandbox, "POST /custom-fields/", body.clone())
            .await
            .status,
        400
    );
    body["dataType"] = json!("NONSENSE");
    assert_eq!(
        ghl(&sandbox, "POST /custom-fields/", body).await.status,
        422
    );
}

#[tokio::test]
async fn users_can_be_listed_hired_and_read() {
    let sandbox = empty();
    let line = format!("GET /users/?locationId={}", sandbox.ghl_location_id());
    let users = || async { ghl(&sandbox, &line, Value::Null).await.json()["users"].clone() };
    assert_eq!(users().await.as_array().unwrap().len(), 3);
    let kim = json!({ "firstName": "Noa", "lastName": "Park", "email": "noa@example.com" });
    let noa = sandbox.ghl().family("users").create(&kim).unwrap();
    assert_eq!(users().await.as_array().unwrap().len(), 4);
    let path = format!("GET /users/{}", noa["id"].as_str().unwrap());
    let read = ghl(&sandbox, &path, Value::Null).await.json();
    assert_eq!(
        (&read["name"], &read["email"]),
        (&json!("Noa Park"), &json!("noa@example.com"))
    );
}

#[tokio::test]
async fn an_appointment_shows_other_times_on_each_route() {
    let sandbox = empty();
    let ada = ghl_contact(&sandbox, json!({ "firstName": "Ada" })).await;
    let appointments = sandbox.ghl().family("appointments");
    let booking = json!({ "contactId": ada, "startTime": "2026-07-01T15:00:00Z" });
    let booked = appointments.create(&booking).unwrap();
    let id = booked["id"].as_str().unwrap();
    let list = || async {
        let line = format!("GET /contacts/{ada}/appointments");
        ghl(&sandbox, &line, Value::Null).await.json()["events"][0].clone()
    };
    assert_eq!(list().await["startTime"], "2026-07-01 10:00:00");
    sandbox.ghl().set_switch("appointment_zone", "utc").unwrap();
    assert_eq!(list().await["startTime"], "2026-07-01 15:00:00");
    appointments
        .edit(id, &json!({ "startTime": "2026-07-02T15:00:00Z" }))
        .unwrap();
    appointments
        .edit(id, &json!({ "appointmentStatus": "noshow" }))
        .unwrap();
    let by_id = format!("GET /calendars/events/appointments/{id}");
    let event = ghl(&sandbox, &by_id, Value::Null).await.json()["event"].clone();
    assert_eq!(event["endTime"], "2026-07-02T10:30:00-05:00");
    let calendar = event["calendarId"].as_str().unwrap();
    let location = sandbox.ghl_location_id();
    let range = "startTime=1782950400000&endTime=1783036800000";
    let at = format!("GET /calendars/events?locationId={location}&{range}");
    let events = ghl(
        &sandbox,
        &format!("{at}&calendarId={calendar}"),
        Value::Null,
    )
    .await
    .json();
    assert_eq!(events["events"][0], event);
    assert_eq!(event["appointmentStatus"], "noshow");
    let other = ghl(&sandbox, &format!("{at}&userId=nobody"), Value::Null)
        .await
        .json();
    assert_eq!(other, json!({ "events": [] }));
    assert_eq!(ghl(&sandbox, &at, Value::Null).await.status, 422);
    let calendars = format!("GET /calendars/?locationId={location}");
    let calendars = ghl(&sandbox, &calendars, Value::Null).await.json();
    assert_eq!(calendars["calendars"][0]["id"], json!(calendar));
}

#[tokio::test]
async fn an_undeclared_query_parameter_is_refused_where_that_is_switched_on() {
    let sandbox = empty();
    let line = format!(
        "GET /contacts/?locationId={}&tags=a",
        sandbox.ghl_location_id()
    );
    assert_eq!(ghl(&sandbox, &line, Value::Null).await.status, 200);
    sandbox
        .ghl()
        .set_switch("unknown_query", "refused")
        .unwrap();
    let answer = ghl(&sandbox, &line, Value::Null).await;
    assert_eq!(
        answer.json()["message"],
        json!(["property tags should not exist"])
    );
}
