//! The fields of a company.

use serde_json::Value;

use super::{
    compared::Compared,
    raw::{digits, text},
};

pub(super) fn compared(ghl: &Value, insightly: &Value) -> Vec<Compared> {
    let phone = |record, member| digits(&text(record, member));
    vec![
        Compared::new(
            "company_name",
            name_in_ghl(ghl),
            name_in_insightly(insightly),
        ),
        Compared::new(
            "company_phone",
            phone(ghl, "phone"),
            phone(insightly, "PHONE"),
        ),
        Compared::new(
            "company_website",
            text(ghl, "website"),
            text(insightly, "WEBSITE"),
        ),
    ]
}

/// The name of a business in small letters.
pub(super) fn name_in_ghl(business: &Value) -> String {
    text(business, "name").to_lowercase()
}

/// The name of an organisation in small letters.
pub(super) fn name_in_insightly(organisation: &Value) -> String {
    text(organisation, "ORGANISATION_NAME").to_lowercase()
}
