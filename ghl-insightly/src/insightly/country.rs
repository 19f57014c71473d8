//! The country of an address, by the names of the account's own list.

use sync_core::Parts;

use crate::contact::{COUNTRY, Countries};

/// An address with its country as a code; a country alone is blank.
pub(super) fn read(
    known: &Countries,
    local: Parts,
    country: Option<&str>,
) -> Result<Option<Parts>, String> {
    if local.is_empty() {
        return Ok(None);
    }
    let Some(country) = country.map(str::trim).filter(|country| !country.is_empty()) else {
        return Ok(Some(local));
    };
    let code = known.code(country);
    let code = code.ok_or_else(|| format!("`{country}` is no country that GHL has a code for"))?;
    Ok(Some(local.with(COUNTRY, Some(code))))
}

/// The account's name of a code.
pub(super) fn name(known: &Countries, code: Option<&str>) -> Result<Option<String>, String> {
    let Some(code) = code else {
        return Ok(None);
    };
    let name = known.name(code).map(str::to_owned);
    name.map(Some)
        .ok_or_else(|| format!("the country `{code}` is not in Insightly's list"))
}
