use crate::{
    error::Result,
    ids::LinkId,
    link::{Link, LinkUpdate, NewLink},
    records::Records,
    shape::shape,
};

shape! { $
    /// Records that can be linked to others. Links of tasks, events, notes and e-mails
    /// show on their side only, not on the linked record's.
    Linked as linked {
        /// [`Records::links`].
        LINKS: get "links" "/{id}/Links" [400 401 403 404];
        /// [`Records::add_link`].
        ADD_LINK: post "add_link" "/{id}/Links" [400 401 403 404];
        /// [`Records::remove_link`].
        REMOVE_LINK: delete "remove_link" "/{id}/Links/{linkId}" [401 403 404 417];
    }
}

shape! { $
    /// Records whose links can be changed.
    Relinked as relinked {
        /// [`Records::update_link`].
        UPDATE_LINK: put "update_link" "/{id}/Links" [400 401 403 404];
    }
}

impl<R: Linked> Records<R> {
    /// The record's links. Right after a change they may be stale for about a second.
    pub async fn links(&self, id: R::Id) -> Result<Vec<Link>> {
        let op = self.op(R::LINKS, &[&id.to_string()]);
        self.client().transport().send(op).await
    }

    /// Links the record to another one. A link that is there already is refused with
    /// [`Invalid`](crate::ErrorKind::Invalid).
    pub async fn add_link(&self, id: R::Id, link: &NewLink) -> Result<Link> {
        let op = self.op_with(R::ADD_LINK, &[&id.to_string()], link)?;
        self.client().transport().send(op).await
    }

    /// Removes a link; both records stay.
    pub async fn remove_link(&self, id: R::Id, link: LinkId) -> Result<()> {
        let op = self.op(R::REMOVE_LINK, &[&id.to_string(), &link.to_string()]);
        self.client().transport().send_unit(op).await
    }
}

impl<R: Relinked> Records<R> {
    /// Changes what a link says: role, details, relationship.
    pub async fn update_link(&self, id: R::Id, update: &LinkUpdate) -> Result<Link> {
        let op = self.op_with(R::UPDATE_LINK, &[&id.to_string()], update)?;
        self.client().transport().send(op).await
    }
}
