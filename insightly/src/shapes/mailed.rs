use serde::Deserialize;

use crate::{error::Result, records::Records, shape::shape};

shape! { $
    /// Records that mails are filed with by an address of their own.
    Mailed as mailed {
        /// [`Records::link_email_address`].
        LINK_EMAIL_ADDRESS: get "link_email_address" "/{id}/LinkEmailAddress" [400 401 403 404];
    }
}

#[derive(Deserialize)]
struct LinkEmailAddress {
    #[serde(rename = "EMAIL")]
    email: Option<String>,
}

impl<R: Mailed> Records<R> {
    /// The address that files mails with this record.
    pub async fn link_email_address(&self, id: R::Id) -> Result<Option<String>> {
        let op = self.op(R::LINK_EMAIL_ADDRESS, &[&id.to_string()]);
        let answer: LinkEmailAddress = self.client().transport().send(op).await?;
        Ok(answer.email)
    }
}
