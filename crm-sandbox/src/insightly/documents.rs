//! Documents made from a record and a template.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, json};

use super::Insightly;
use super::families::{FAMILIES, shelf};
use super::files::is_json;
use super::refusal;
use super::routes::{Exchange, Outcome};
use crate::reply::Reply;

impl Insightly {
    /// The document, or with `format=JSON` a file with it on the record.
    pub(super) fn merge_document(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let template = exchange.number(2)?;
        let row = self.live((shelf("document_templates"), template));
        let row = row.ok_or_else(|| refusal::missing("DocumentTemplate", template))?;
        let name = row.fields.open();
        let name = name.text("TEMPLATE_NAME").unwrap_or("Document").to_owned();
        let family = &FAMILIES[end.0];
        let text = format!("{name} for {} {}\n", family.singular, end.1);
        let bytes = Bytes::from(text);
        if !is_json(exchange) {
            return Ok(Reply::bytes(StatusCode::OK, "application/pdf", bytes));
        }
        let told = Map::from_iter([
            ("FILE_NAME".to_owned(), json!(format!("{name}.pdf"))),
            ("CONTENT_TYPE".to_owned(), json!("application/pdf")),
            ("FILE_SIZE".to_owned(), json!(bytes.len())),
        ]);
        let id = self.attach(end, &told, bytes)?;
        Ok(self.record_reply((shelf("file_attachments"), id), StatusCode::OK))
    }
}
