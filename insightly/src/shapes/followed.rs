use serde::Deserialize;

use crate::{error::Result, records::Records, shape::shape};

shape! { $
    /// Records that the key's user can follow.
    Followed as followed {
        /// [`Records::is_followed`].
        IS_FOLLOWED: get "is_followed" "/{id}/Follow" [400 401 403 404];
        /// [`Records::follow`].
        FOLLOW: post_again "follow" "/{id}/Follow" [400 401 403 404];
        /// [`Records::unfollow`].
        UNFOLLOW: delete "unfollow" "/{id}/Follow" [401 403 404 417];
    }
}

#[derive(Deserialize)]
struct Follow {
    #[serde(rename = "FOLLOWING")]
    following: bool,
}

impl<R: Followed> Records<R> {
    /// Whether the key's user follows the record.
    pub async fn is_followed(&self, id: R::Id) -> Result<bool> {
        let op = self.op(R::IS_FOLLOWED, &[&id.to_string()]);
        let follow: Follow = self.client().transport().send(op).await?;
        Ok(follow.following)
    }

    /// Follows the record.
    pub async fn follow(&self, id: R::Id) -> Result<()> {
        let op = self.op(R::FOLLOW, &[&id.to_string()]);
        self.client().transport().send_unit(op).await
    }

    /// Follows the record no more.
    pub async fn unfollow(&self, id: R::Id) -> Result<()> {
        let op = self.op(R::UNFOLLOW, &[&id.to_string()]);
        self.client().transport().send_unit(op).await
    }
}
