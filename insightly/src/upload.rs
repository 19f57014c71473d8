//! A file on its way up, as multipart/form-data.

use api_transport::{ApiError, Bytes, HeaderValue, Operation};

use crate::{error::Result, ids::CategoryId, operation_table::ApiOperation};

/// A file to be attached to a record. Some types are refused by Insightly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// The name it gets, e.g. `offer.pdf`.
    pub file_name: String,
    /// Its type, e.g. `application/pdf`.
    pub content_type: String,
    /// Its file category.
    pub category_id: Option<CategoryId>,
    /// The content.
    pub bytes: Bytes,
}

impl Upload {
    /// A file without a category.
    pub fn new(
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: content_type.into(),
            category_id: None,
            bytes: bytes.into(),
        }
    }

    /// Files it under a category.
    pub fn category(mut self, category: CategoryId) -> Self {
        self.category_id = Some(category);
        self
    }

    /// Puts the file into an operation.
    pub(crate) fn put_into(&self, operation: &ApiOperation, op: Operation) -> Result<Operation> {
        let refuse = |why: &str| ApiError::invalid_request(operation.name(), why);
        if self.content_type.contains(char::is_control) {
            return Err(refuse("the content type has control characters"));
        }
        let boundary = self.boundary();
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let content_type =
            HeaderValue::try_from(content_type).map_err(|_| refuse("no boundary can be made"))?;
        Ok(op.bytes(content_type, self.parts(&boundary).into()))
    }

    fn parts(&self, boundary: &str) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.bytes.len() + 1024);
        let mut field = |name: &str, value: &str| {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
            body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
        };
        field("file_name", &self.file_name);
        field("content_type", &self.content_type);
        if let Some(category) = self.category_id {
            field("file_category_id", &category.to_string());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            quoted(&self.file_name),
            self.content_type
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&self.bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        body
    }

    /// A line that is not in the file.
    fn boundary(&self) -> String {
        let mut boundary = String::from("insightly-upload");
        let is_in = |line: &str| {
            let names = self.file_name.contains(line) || self.content_type.contains(line);
            names
                || self
                    .bytes
                    .windows(line.len())
                    .any(|part| part == line.as_bytes())
        };
        while is_in(&boundary) {
            boundary.push_str("-0");
        }
        boundary
    }
}

/// A file name in a header, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_is_not_in_the_file() {
        let upload = Upload::new("a.txt", "text/plain", "x insightly-upload-0 y");
        assert_eq!(upload.boundary(), "insightly-upload-0-0");
    }

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        let upload = Upload::new("a\"\r\nX: y.txt", "text/plain", "hi");
        let body = String::from_utf8(upload.parts("b")).unwrap();
        assert!(body.contains(
            "filename=\"a%22%0D%0AX: y.txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n"
        ));
    }
}
