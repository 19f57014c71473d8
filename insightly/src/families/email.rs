//! E-mails that Insightly has filed.

use jiff::Timestamp;

use crate::{
    client::Client,
    ids::{EmailId, UserId},
    link::Link,
    model::record,
    records::Records,
    shape::family,
    shapes::{
        commented, deleted, followed, linked, listed, read_by_id, searched, searched_by_tag,
        tagged, with_files,
    },
    tag::Tag,
};

record! {
    /// An e-mail that Insightly has filed. It can be tagged, linked, commented on and
    /// deleted, but not made, sent or changed.
    Email(id: EmailId = "EMAIL_ID");
    read {
        /// Who sent it.
        from: String = "EMAIL_FROM",
        /// To whom; not always told.
        to: String = "EMAIL_TO",
        /// Who got a copy; not always told.
        cc: String = "EMAIL_CC",
        /// The subject.
        subject: String = "SUBJECT",
        /// The text; not in lists.
        body: String = "BODY",
        /// When it was sent.
        date: Timestamp = "EMAIL_DATE_UTC",
        /// `text` or `html`.
        format: String = "FORMAT",
        /// Its size in bytes.
        size: i64 = "SIZE",
        /// The user who owns it.
        owner_user_id: UserId = "OWNER_USER_ID",
        /// When it was filed. There is no time of its last change.
        date_created: Timestamp = "DATE_CREATED_UTC",
        /// When it is to be sent.
        queued_send_date: Timestamp = "QUEUED_SEND_DATE_UTC",
        /// The user who filed it.
        created_user_id: UserId = "CREATED_USER_ID",
        /// Tags.
        tags: Vec<Tag> = "TAGS",
        /// Links to other records.
        links: Vec<Link> = "LINKS",
    }
}

family!(
    Email, "emails", "/Emails":
    listed, searched, searched_by_tag, read_by_id, deleted,
    tagged, linked, commented, followed, with_files,
);

impl Client {
    /// The e-mails that Insightly has filed.
    pub fn emails(&self) -> Records<Email> {
        Records::new(self)
    }
}
