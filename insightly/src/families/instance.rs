//! The account.

use crate::{client::Client, error::Result, model::part, shape::calls};

part! {
    /// The account.
    Instance
    {
        /// Its name.
        name: String = "INSTANCE_NAME",
        /// Its part of the web address.
        subdomain: String = "INSTANCE_SUBDOMAIN",
        /// The plan, which decides about families and the day's calls.
        plan_name: String = "PLAN_NAME",
        /// Whether it is on the current product: products, price books and quotes need that.
        new_user_experience_enabled: bool = "NEW_USER_EXPERIENCE_ENABLED",
    }
}

calls! { "instance":
    GET: get "get" "/Instance" [401];
}

impl Client {
    /// The account: its name and plan.
    pub async fn instance(&self) -> Result<Instance> {
        self.call(&GET, &[]).await
    }
}
