//! Countries.

use crate::{client::Client, error::Result, model::part, shape::calls};

part! {
    /// A country whose name addresses may hold.
    ///
    /// `name`: The full English name, e.g. `United States`.
    Country(name: String = "COUNTRY_NAME")
    {}
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
