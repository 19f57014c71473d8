//! A file on its way up, as multipart/form-data.

use std::hash::{BuildHasher, Hasher, RandomState};

use api_transport::{ApiError, BodySource, Bytes, HeaderValue, Operation};
use futures_util::{StreamExt, stream};

use crate::{error::Result, ids::CategoryId, operation_table::ApiOperation};

/// A file to be attached to a record. Some types are refused by Insightly.
///
/// A large one is streamed: it is opened anew for each attempt and never held whole.
///
/// ```
/// use insightly::{BodySource, Bytes, Upload};
/// # use futures_util::stream;
/// # fn pieces() -> impl futures_util::Stream<Item = Result<Bytes, insightly::SendError>> { stream::iter([]) }
/// let small = Upload::new("offer.txt", "text/plain", "1,200.50");
/// let large = Upload::streamed("film.mp4", "video/mp4", BodySource::new(|| pieces()));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Upload {
    /// The name it gets, e.g. `offer.pdf`.
    pub file_name: String,
    /// Its type, e.g. `application/pdf`.
    pub content_type: String,
    /// Its file category.
    pub category_id: Option<CategoryId>,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Whole(Bytes),
    Streamed(BodySource),
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
            content: Content::Whole(bytes.into()),
        }
    }

    /// A file without a category whose content is read while it is sent.
    pub fn streamed(
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        content: BodySource,
    ) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: content_type.into(),
            category_id: None,
            content: Content::Streamed(content),
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
        let (head, tail) = (self.head(&boundary), format!("\r\n--{boundary}--\r\n"));
        Ok(match &self.content {
            Content::Whole(bytes) => {
                let body = [head.as_bytes(), bytes, tail.as_bytes()].concat();
                op.bytes(content_type, body.into())
            }
            Content::Streamed(source) => {
                let (head, source, tail) = (Bytes::from(head), source.clone(), Bytes::from(tail));
                let body = BodySource::new(move || {
                    stream::iter([Ok(head.clone())])
                        .chain(source.open())
                        .chain(stream::iter([Ok(tail.clone())]))
                });
                op.streamed(content_type, body)
            }
        })
    }

    /// What goes before the content.
    fn head(&self, boundary: &str) -> String {
        let mut head = String::new();
        let mut field = |name: &str, value: &str| {
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        };
        field("file_name", &self.file_name);
        field("content_type", &self.content_type);
        if let Some(category) = self.category_id {
            field("file_category_id", &category.to_string());
        }
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            quoted(&self.file_name),
            self.content_type
        ));
        head
    }

    /// A line that is not in the file: looked for where it is at hand, unguessable where not.
    fn boundary(&self) -> String {
        let mut boundary = String::from("insightly-upload");
        let bytes: &[u8] = match &self.content {
            Content::Whole(bytes) => bytes,
            Content::Streamed(_) => {
                boundary.push_str(&random());
                &[]
            }
        };
        let is_in = |line: &str| {
            let names = self.file_name.contains(line) || self.content_type.contains(line);
            let mut parts = bytes.windows(line.len());
            names || parts.any(|part| part == line.as_bytes())
        };
        while is_in(&boundary) {
            boundary.push_str("-0");
        }
        boundary
    }
}

fn random() -> String {
    let number = || RandomState::new().build_hasher().finish();
    format!("-{:016x}{:016x}", number(), number())
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
        assert!(
            upload
                .head("b")
                .ends_with("filename=\"a%22%0D%0AX: y.txt\"\r\nContent-Type: text/plain\r\n\r\n")
        );
    }
}
