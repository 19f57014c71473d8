//! Currencies.

use serde::{Deserialize, Serialize};

use crate::{client::Client, error::Result, shape::calls};

/// A currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Currency {
    /// The code, e.g. `USD`.
    #[serde(rename = "CURRENCY_CODE")]
    pub code: String,
    /// The sign, e.g. `$`.
    #[serde(rename = "CURRENCY_SYMBOL", default)]
    pub symbol: Option<String>,
}

calls! { "currencies":
    LIST: get "list" "/Currencies" [401];
}

impl Client {
    /// The currencies.
    pub async fn currencies(&self) -> Result<Vec<Currency>> {
        self.call(&LIST, &[]).await
    }
}
