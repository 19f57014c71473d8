//! The image of a record, and its custom image fields.

use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::json;

use super::families::FAMILIES;
use super::refusal::{self, Refusal, bad};
use super::routes::{Exchange, Outcome};
use super::{End, Insightly, custom_fields, switches as on};
use crate::reply::Reply;

/// One image.
pub(super) struct Image {
    pub(super) file_name: String,
    pub(super) bytes: Bytes,
}

/// The image that is a record's own.
const OWN: &str = "";

/// What pictures begin with.
const BEGINNINGS: [(&[u8], &str); 4] = [
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
];

fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let mut kinds = BEGINNINGS.iter();
    kinds.find_map(|(start, kind)| bytes.starts_with(start).then_some(*kind))
}

impl Insightly {
    pub(super) fn get_image(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.show_image(exchange, OWN)
    }

    pub(super) fn set_image(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.put_image(exchange, OWN, exchange.part(2))
    }

    pub(super) fn remove_image(&mut self, exchange: &Exchange<'_>) -> Outcome {
        self.take_image(exchange, OWN)
    }

    pub(super) fn get_image_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let name = image_field(exchange)?;
        self.show_image(exchange, name)
    }

    pub(super) fn set_image_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let name = image_field(exchange)?;
        self.put_image(exchange, name, exchange.part(3))
    }

    pub(super) fn remove_image_field(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let name = image_field(exchange)?;
        self.take_image(exchange, name)
    }

    fn show_image(&self, exchange: &Exchange<'_>, name: &str) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let image = self.images.get(&(end, name.to_owned()));
        let image = image.ok_or_else(|| refusal::missing("Image", end.1))?;
        let kind = kind_of(&image.bytes).unwrap_or("application/octet-stream");
        let name = format!("attachment; filename={}", image.file_name);
        let reply = Reply::bytes(StatusCode::OK, kind, image.bytes.clone());
        Ok(reply.with(header::CONTENT_DISPOSITION, name))
    }

    /// Replaces the image; what is no picture fails without a word.
    fn put_image(&mut self, exchange: &Exchange<'_>, name: &str, file_name: &str) -> Outcome {
        let (end, _) = self.row(exchange)?;
        self.check_storage()?;
        if kind_of(&exchange.call.body).is_none() {
            return Err(refusal::failed("Image update failed"));
        }
        let image = Image {
            file_name: file_name.to_owned(),
            bytes: exchange.call.body.clone(),
        };
        self.images.insert((end, name.to_owned()), image);
        let address = format!("/v3.1/{}/{}/Image", FAMILIES[end.0].name, end.1);
        self.point_at_image(end, name, Some(&address));
        let status = if self.switches.is(&on::PUT_STATUS, "201") {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Ok(self.record_reply(end, status))
    }

    fn take_image(&mut self, exchange: &Exchange<'_>, name: &str) -> Outcome {
        let (end, _) = self.row(exchange)?;
        let gone = self.images.remove(&(end, name.to_owned()));
        gone.ok_or_else(|| refusal::missing("Image", end.1))?;
        self.point_at_image(end, name, None);
        Ok(Reply::empty(StatusCode::ACCEPTED))
    }

    /// `IMAGE_URL`, where the family has it.
    fn point_at_image(&mut self, end: End, name: &str, address: Option<&str>) {
        let Some(mut fields) = self.live(end).map(|row| row.fields.open()) else {
            return;
        };
        if let Some(field) = FAMILIES[end.0].field("IMAGE_URL").filter(|_| name == OWN) {
            fields.set(field.name, json!(address));
        }
        let bump = self.switches.is(&on::IMAGE_BUMP, "yes");
        self.store(end, &fields, bump);
    }
}

/// The name of the image field that the path means.
fn image_field<'a>(exchange: &'a Exchange<'_>) -> Result<&'a str, Refusal> {
    let (_, family) = exchange.family();
    let name = exchange.part(2);
    let mut fields = custom_fields::of_family(family.key);
    if fields.any(|field| field.name == name && field.kind == "IMAGE") {
        Ok(name)
    } else {
        Err(bad(format!("{name} is not an image field.")))
    }
}
