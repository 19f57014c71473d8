//! Files on records, in and out.

use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::families::shelf;
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly};
use crate::reply::Reply;

/// What a file holds; what is told of it is a row of its family.
pub(super) struct File {
    pub(super) owner: End,
    pub(super) bytes: Bytes,
}

/// Types of files that are refused.
const REFUSED: [&str; 4] = [".exe", ".bat", ".com", ".scr"];

impl Insightly {
    /// Files on e-mails are not shown.
    pub(super) fn get_files(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.sublist(exchange, "file_attachments")
    }

    pub(super) fn add_file(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (owner, _) = self.row(exchange)?;
        self.check_storage()?;
        let form = Form::read(exchange).ok_or_else(|| bad("One file is expected."))?;
        let name = form.text("file_name").unwrap_or(form.file_name.as_str());
        if REFUSED.iter().any(|end| name.to_lowercase().ends_with(end)) {
            return Err(refusal::failed("File Attachment insert failed"));
        }
        let kind = form.text("content_type").unwrap_or(form.kind.as_str());
        let mut told = Map::new();
        told.insert("FILE_NAME".to_owned(), json!(name));
        told.insert("CONTENT_TYPE".to_owned(), json!(kind));
        told.insert("FILE_SIZE".to_owned(), json!(form.bytes.len()));
        if let Some(category) = form.text("file_category_id") {
            let category: i64 = category
                .parse()
                .map_err(|_| bad("file_category_id is invalid."))?;
            told.insert("FILE_CATEGORY_ID".to_owned(), json!(category));
        }
        let id = self.attach(owner, &told, form.bytes)?;
        Ok(self.record_reply((shelf("file_attachments"), id), StatusCode::CREATED))
    }

    /// Puts a file on a record.
    pub(super) fn attach(
        &mut self,
        owner: End,
        told: &Map<String, Value>,
        bytes: Bytes,
    ) -> Result<i64, Refusal> {
        let at = shelf("file_attachments");
        let id = self.make(at, told, |_| ())?;
        if let Some(mut fields) = self.live((at, id)).map(|row| row.fields.open()) {
            fields.set("URL", json!(format!("/v3.1/FileAttachments/{id}")));
            self.store((at, id), &fields, false);
        }
        self.files.insert(id, File { owner, bytes });
        self.under.entry(owner).or_default().insert((at, id));
        Ok(id)
    }

    /// The bytes, or what is told of them.
    pub(super) fn get_file(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, row) = self.row(exchange)?;
        if is_json(exchange) {
            return Ok(self.record_reply(end, StatusCode::OK));
        }
        let file = self.files.get(&end.1);
        let file = file.ok_or_else(|| refusal::missing("FileAttachment", end.1))?;
        self.visible(file.owner)?;
        let fields = row.fields.open();
        let kind = fields.text("CONTENT_TYPE");
        let kind = kind.unwrap_or("application/octet-stream");
        let name = fields.text("FILE_NAME").unwrap_or_default();
        let reply = Reply::bytes(StatusCode::OK, kind, file.bytes.clone());
        let disposition = format!("attachment; filename=\"{name}\"");
        Ok(reply.with(header::CONTENT_DISPOSITION, disposition))
    }
}

/// Whether `format=JSON` is asked for.
pub(super) fn is_json(exchange: &Exchange<'_>) -> bool {
    let format = exchange.call.query("format");
    format.is_some_and(|format| format.eq_ignore_ascii_case("json"))
}

/// A `multipart/form-data` body with one file.
struct Form {
    file_name: String,
    kind: String,
    bytes: Bytes,
    texts: Vec<(String, String)>,
}

impl Form {
    fn read(exchange: &Exchange<'_>) -> Option<Self> {
        let kind = exchange.call.header("content-type")?;
        let (_, boundary) = kind.split_once("boundary=")?;
        let boundary = boundary.split(';').next()?.trim().trim_matches('"');
        let mut form = Self {
            file_name: String::new(),
            kind: "application/octet-stream".to_owned(),
            bytes: Bytes::new(),
            texts: Vec::new(),
        };
        let mut files = 0;
        let body = &exchange.call.body;
        for (head, content) in parts(body, format!("--{boundary}").as_bytes()) {
            let name = attribute(&head, "name=")?;
            if let Some(file_name) = attribute(&head, "filename=") {
                files += 1;
                form.file_name = file_name;
                form.bytes = body.slice_ref(content);
                if let Some(kind) = header_of(&head, "content-type") {
                    form.kind = kind;
                }
            } else {
                let text = String::from_utf8_lossy(content).into_owned();
                form.texts.push((name, text));
            }
        }
        (files == 1).then_some(form)
    }

    fn text(&self, name: &str) -> Option<&str> {
        let found = self.texts.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.as_str())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|seen| seen == wanted)
}

/// Head and content of each part.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<(String, &'a [u8])> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(start) = find(rest, boundary) {
        rest = &rest[start + boundary.len()..];
        let (Some(head), Some(end)) = (find(rest, b"\r\n\r\n"), find(rest, boundary)) else {
            break;
        };
        if head < end {
            let content = &rest[head + 4..end];
            let content = content.strip_suffix(b"\r\n").unwrap_or(content);
            found.push((String::from_utf8_lossy(&rest[..head]).into_owned(), content));
        }
    }
    found
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let marked = [format!("; {name}"), format!(";{name}")];
    let (_, rest) = marked.iter().find_map(|mark| head.split_once(mark))?;
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', '\r', '\n']).next(),
    };
    value.map(str::to_owned)
}

fn header_of(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned())
}
