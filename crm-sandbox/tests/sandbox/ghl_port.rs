use axum::body::Body;
use crm_sandbox::Sandbox;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::desk::empty;

/// One request over a connection of its own to the GHL server.
async fn ask(sandbox: &Sandbox, url: &str, line: &str, body: Value) -> (StatusCode, Value) {
    let address = url.trim_start_matches("http://");
    let stream = TcpStream::connect(address).await.unwrap();
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", address)
        .header("version", "2021-07-28")
        .header("authorization", format!("Bearer {}", sandbox.ghl_token()))
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn ghl_is_called_and_steered_over_its_port() {
    let sandbox = empty();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let url = servers.ghl_url();
    let call = |line: String, body: Value| {
        let (sandbox, url) = (&sandbox, &url);
        async move { ask(sandbox, url, &line, body).await }
    };
    let mut ids = Vec::new();
    for name in ["Ada", "Eve"] {
        let body = json!({ "firstName": name, "locationId": sandbox.ghl_location_id() });
        let (status, made) = call("POST /contacts/".to_owned(), body).await;
        assert_eq!(status, 201);
        ids.push(made["contact"]["id"].as_str().unwrap().to_owned());
    }
    let (ada, eve) = (&ids[0], &ids[1]);
    let task = json!({ "title": "Call", "dueDate": "2026-05-01", "completed": false });
    let (status, _) = call(format!("POST /contacts/{eve}/tasks"), task).await;
    assert_eq!(status, 201);
    let note = json!({ "contactId": eve, "body": "Hello" });
    let (status, note) = call("POST /_sandbox/ghl/notes".to_owned(), note).await;
    assert_eq!(status, 200, "{note}");
    let order = json!({ "survivor": ada, "absorbed": eve });
    let (status, _) = call("POST /_sandbox/ghl/orders/merge".to_owned(), order).await;
    assert_eq!(status, 200);
    let (_, notes) = call(format!("GET /contacts/{ada}/notes"), Value::Null).await;
    assert_eq!(notes["notes"][0]["id"], note["id"]);
    let (_, tasks) = call(format!("GET /contacts/{ada}/tasks"), Value::Null).await;
    assert_eq!(tasks["tasks"][0]["dueDate"], "2026-05-01T00:00:00.000Z");
    let (_, table) = call("GET /_sandbox/ghl/switches".to_owned(), Value::Null).await;
    let names = table["table"].as_array().unwrap().iter();
    assert!(names.clone().any(|switch| switch["name"] == "task_bump"));
    assert_eq!(names.len(), table["set"].as_object().unwrap().len());
    let (status, said) = call("POST /_sandbox/ghl/orders/hide".to_owned(), json!({})).await;
    assert_eq!(status, 400);
    assert_eq!(
        said["error"],
        "the order cannot be read: missing field `id`"
    );
    let (status, _) = call("POST /_sandbox/ghl/orders/none".to_owned(), json!({})).await;
    assert_eq!(status, 404);
    servers.shutdown().await;
}

#[tokio::test]
async fn the_hand_tells_its_routes_its_families_and_the_operations() {
    let sandbox = empty();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let url = servers.ghl_url();
    for place in ["/_sandbox/", "/_sandbox/ghl/", "/_sandbox/ghl"] {
        let (status, told) = ask(&sandbox, &url, &format!("GET {place}"), Value::Null).await;
        assert_eq!(status, 200, "{place}: {told}");
        assert_eq!(told["operations"], json!(sandbox.ghl().operations()));
        for family in told["families"].as_array().unwrap() {
            let family = family.as_str().unwrap();
            assert!(sandbox.ghl().family(family).all().is_ok(), "{family}");
        }
        for route in told["routes"].as_array().unwrap() {
            // None is taken for a family: each is told that its body does not do, or answers.
            let route = route.as_str().unwrap().replace("{order}", "merge");
            for method in ["GET", "POST", "PUT"] {
                let line = format!("{method} /_sandbox/{route}");
                let (_, said) = ask(&sandbox, &url, &line, json!({ "no": "body" })).await;
                let is_family = said["error"]
                    .as_str()
                    .is_some_and(|why| why.contains("family"));
                let is_known = !is_family && said["error"] != "no such route";
                if is_known {
                    break;
                }
                assert_ne!(method, "PUT", "{route}: {said}");
            }
        }
    }
    servers.shutdown().await;
}
