//! Currencies.

use crate::{client::Client, error::Result, model::part, shape::calls};

part! {
    /// A currency.
    ///
    /// `code`: The code, e.g. `USD`.
    Currency(code: String = "CURRENCY_CODE")
    {
        /// The sign, e.g. `$`.
        symbol: String = "CURRENCY_SYMBOL",
    }
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
