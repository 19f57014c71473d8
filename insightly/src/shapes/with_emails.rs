use futures_util::Stream;

use crate::{
    cursor::Cursor,
    error::Result,
    families::email::Email,
    page::Page,
    query::ChildQuery,
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that show their e-mails. This is a view: e-mails are filed by Insightly, and attached by links.
    WithEmails as with_emails {
        /// [`Records::emails`].
        EMAILS: get "emails" "/{id}/Emails" [400 401 403 404];
    }
}

impl<R: WithEmails> Records<R> {
    /// The record's e-mails.
    pub fn emails(
        &self,
        id: R::Id,
        query: &ChildQuery,
    ) -> impl Stream<Item = Result<Email>> + Send + use<R> {
        self.walk(R::EMAILS, &[&id.to_string()], query).stream()
    }

    /// One page of [`emails`](Self::emails), for a caller that keeps the cursor.
    pub async fn emails_page(
        &self,
        id: R::Id,
        query: &ChildQuery,
        at: &Cursor,
    ) -> Result<Page<Email>> {
        self.walk(R::EMAILS, &[&id.to_string()], query)
            .page(at)
            .await
    }
}
