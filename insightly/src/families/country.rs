//! Countries.

use serde::{Deserialize, Serialize};

use crate::{client::Client, error::Result, shape::calls};

/// A country whose name addresses may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Country {
    /// The full English name, e.g. `United States`.
    #[serde(rename = "COUNTRY_NAME")]
    pub name: String,
}

calls! { "countries":
    LIST: get "list" "/Countries" [401];
}

impl Client {
    /// The countries that addresses may name.
    pub async fn countries(&self) -> Result<Vec<Country>> {
        self.call(&LIST, &[]).await
    }
}
