use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Command, Stdio};

use crm_sandbox::{Fault, FaultRule, SandboxError, When};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::desk::empty;

/// Everything that comes back, and how the connection ended.
async fn ask(url: &str, path: &str) -> (String, Option<ErrorKind>) {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    let end = stream.read_to_end(&mut got).await;
    (
        String::from_utf8(got).unwrap(),
        end.err().map(|error| error.kind()),
    )
}

#[tokio::test]
async fn both_servers_answer_on_free_ports() {
    let sandbox = empty();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let (text, end) = ask(&servers.ghl_url(), "/contacts/x").await;
    assert!(text.starts_with("HTTP/1.1 401"), "{text}");
    assert!(
        text.contains("date: Thu, 09 Apr 2026 12:00:00 GMT"),
        "{text}"
    );
    assert_eq!(end, None);
    assert!(servers.insightly_url().ends_with("/v3.1"));
    servers.shutdown().await;
}

#[tokio::test]
async fn a_reset_is_a_reset_on_the_wire() {
    let sandbox = empty();
    sandbox
        .ghl()
        .add_fault(FaultRule::new("*", When::Nth(1), Fault::ResetAfter))
        .unwrap();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let (text, end) = ask(&servers.ghl_url(), "/contacts/x").await;
    assert_eq!((text.as_str(), end), ("", Some(ErrorKind::ConnectionReset)));
    let (text, _) = ask(&servers.ghl_url(), "/contacts/x").await;
    assert!(text.starts_with("HTTP/1.1 401"));
    servers.shutdown().await;
}

#[tokio::test]
async fn a_truncated_body_is_short_on_the_wire() {
    let sandbox = empty();
    sandbox
        .ghl()
        .add_fault(FaultRule::new("*", When::Nth(1), Fault::Truncate))
        .unwrap();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let (text, _) = ask(&servers.ghl_url(), "/contacts/x").await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let length: usize = length.parse().unwrap();
    assert!(!body.is_empty() && body.len() < length, "{text}");
    servers.shutdown().await;
}

#[tokio::test]
async fn who_is_still_being_answered_has_not_hung_up() {
    let sandbox = empty();
    let slow = Fault::Delay { ms: 30 };
    sandbox
        .ghl()
        .add_fault(FaultRule::new("*", When::Nth(1), slow))
        .unwrap();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let url = servers.ghl_url();
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /contacts/x HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut got = [0; 12];
    tokio::select! {
        hung_up = servers.hung_up() => panic!("{hung_up:?} before the answer"),
        read = stream.read_exact(&mut got) => assert_eq!(read.unwrap(), 12),
    }
    assert_eq!(&got, b"HTTP/1.1 401");
    drop(stream);
    servers.hung_up().await.unwrap();
    servers.shutdown().await;
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_option() {
    let sandbox = empty();
    let servers = sandbox.serve(0, 0).await.unwrap();
    let port = servers
        .ghl_url()
        .rsplit_once(':')
        .unwrap()
        .1
        .parse()
        .unwrap();
    let error = sandbox.serve(port, 0).await.unwrap_err();
    assert!(matches!(error, SandboxError::PortInUse { .. }));
    let text =
        format!("port {port} on 127.0.0.1 is in use; choose another with --ghl-port, or 0 for any");
    assert_eq!(error.to_string(), text);
    servers.shutdown().await;
    sandbox.serve(port, 0).await.unwrap();
}

#[test]
fn the_program_refuses_a_switch_that_no_server_has() {
    let run = |switch: &str| {
        let ports = [
            "--ghl-port",
            "0",
            "--insightly-port",
            "0",
            "--contacts",
            "0",
        ];
        let program = Command::new(env!("CARGO_BIN_EXE_crm-sandbox"))
            .args(ports)
            .args(["--switch", switch])
            .output()
            .unwrap();
        assert!(!program.status.success());
        String::from_utf8(program.stderr).unwrap()
    };
    assert!(run("gravity=off").contains("there is no switch \"gravity\""));
    assert!(run("html=bold").contains("kept"));
}

#[test]
fn the_program_says_where_it_listens_in_one_line_of_json() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_crm-sandbox"))
        .args([
            "--ghl-port",
            "0",
            "--insightly-port",
            "0",
            "--contacts",
            "3",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    let said: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(said["ghl"]["token"].as_str().unwrap().starts_with("pit-"));
    assert_eq!(said["ghl"]["location_id"].as_str().unwrap().len(), 20);
    assert_eq!(said["insightly"]["api_key"].as_str().unwrap().len(), 36);
    let url = said["insightly"]["base_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/v3.1"));
    let mut rest = String::new();
    out.read_line(&mut rest).unwrap();
    assert_eq!(rest, "");
}
