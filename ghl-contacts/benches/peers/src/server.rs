//! A HighLevel that knows one contact, and 100,000 rows of it.

use std::{convert::Infallible, fs, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use contest::Result;

pub(crate) const ROWS: u64 = 100_000;

/// `folder` has `cert.pem` and `key.pem`; without one it is plain http.
pub(crate) async fn serve(folder: Option<&str>) -> Result<()> {
    let tls = folder.map(acceptor).transpose()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let contact = Arc::new(contact());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (tls, contact) = (tls.clone(), contact.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, contact.clone()));
            let http = hyper::server::conn::http1::Builder::new();
            // A client that goes away ends its connection, not the server.
            match tls {
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        let _ = http.serve_connection(TokioIo::new(stream), service).await;
                    }
                }
                None => drop(http.serve_connection(TokioIo::new(stream), service).await),
            }
        });
    }
}

fn acceptor(folder: &str) -> Result<TlsAcceptor> {
    let certificate = CertificateDer::from_pem_slice(&fs::read(format!("{folder}/cert.pem"))?)?;
    let key = PrivateKeyDer::from_pem_slice(&fs::read(format!("{folder}/key.pem"))?)?;
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The official example, as a read by id shows it.
fn contact() -> Map<String, Value> {
    let schemas = include_str!("../../../tests/wire/schemas_2021_07_28.json");
    let mut all: Value = serde_json::from_str(schemas).unwrap_or_default();
    let example = all["contacts.GetContectByIdSchema"].take();
    let mut members = example.as_object().cloned().unwrap_or_default();
    members.insert("tags".into(), json!(["vip", "operator"]));
    let fields: Vec<Value> = (0..8)
        .map(|n| json!({"id": format!("MgobCB14YMVKuE4Ka8p{n}"), "value": "some text"}))
        .collect();
    members.insert("customFields".into(), fields.into());
    members
}

async fn answer(
    request: Request<Incoming>,
    contact: Arc<Map<String, Value>>,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let text = match (&parts.method, parts.uri.path()) {
        (&Method::POST, "/contacts/search") => {
            let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
            let from = asked["searchAfter"][0].as_u64().map_or(0, |last| last + 1);
            page(&contact, from, asked["pageLimit"].as_u64().unwrap_or(20))
        }
        (&Method::GET, "/contacts/") => {
            let query = parts.uri.query().unwrap_or_default();
            let number = |name: &str| {
                let values = query.split('&').find_map(|one| one.strip_prefix(name));
                values.and_then(|text| text.parse::<u64>().ok())
            };
            let from = number("startAfter=").map_or(0, |last| last + 1);
            page(&contact, from, number("limit=").unwrap_or(20))
        }
        _ => json!({"contact": *contact}).to_string(),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    Ok(response)
}

fn page(contact: &Map<String, Value>, from: u64, limit: u64) -> String {
    let rows: Vec<Value> = (from..ROWS.min(from + limit))
        .map(|n| {
            let mut row = contact.clone();
            row.insert("id".into(), format!("contact{n}").into());
            row.insert("searchAfter".into(), json!([n, format!("contact{n}")]));
            Value::Object(row)
        })
        .collect();
    let last = (from + limit).min(ROWS).saturating_sub(1);
    let meta = if from + limit < ROWS {
        json!({"total": ROWS, "startAfter": last, "startAfterId": format!("contact{last}")})
    } else {
        json!({"total": ROWS})
    };
    json!({"contacts": rows, "total": ROWS, "meta": meta}).to_string()
}
