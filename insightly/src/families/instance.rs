//! The account.

use serde::{Deserialize, Serialize};

use crate::{client::Client, error::Result, shape::calls};

/// The account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Instance {
    /// Its name.
    #[serde(rename = "INSTANCE_NAME")]
    pub name: Option<String>,
    /// Its part of the web address.
    #[serde(rename = "INSTANCE_SUBDOMAIN")]
    pub subdomain: Option<String>,
    /// The plan, which decides about families and the day's calls.
    #[serde(rename = "PLAN_NAME")]
    pub plan_name: Option<String>,
    /// Whether it is on the current product: products, price books and quotes need that.
    #[serde(rename = "NEW_USER_EXPERIENCE_ENABLED")]
    pub new_user_experience_enabled: Option<bool>,
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
