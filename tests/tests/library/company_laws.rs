//! The laws of the company mappers, on companies of all forms. What the API does with a draft is
//! done by the sandbox, as for contacts.

use std::sync::Arc;

use crm_sandbox::{Crm, Sandbox};
use fastrand::Rng;
use ghl_contacts::Business;
use ghl_insightly::{
    contact::Countries,
    ghl::{GhlCompanyCall, GhlCompanyMapper},
    insightly::{InsightlyCompanyCall, InsightlyCompanyMapper},
};
use insightly::Organisation;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sync_core::{Draft, Record, testing::mapper_laws};

use crate::mapper_laws::{COUNTRIES, body, phones, records};

const COMPANIES: usize = 150;

/// How a side calls the members of a company.
struct Names {
    family: &'static str,
    text: [&'static str; 7],
    country: &'static str,
    /// As its people enter them; of the last one the other side has no name or code.
    countries: [&'static str; 4],
    /// How often a text is repeated at most.
    longest: usize,
}

const GHL: Names = Names {
    family: "businesses",
    text: [
        "name",
        "phone",
        "website",
        "address",
        "city",
        "state",
        "postalCode",
    ],
    country: "country",
    countries: ["US", "de", "UA", "FJ"],
    longest: 40,
};

const INSIGHTLY: Names = Names {
    family: "organisations",
    text: [
        "ORGANISATION_NAME",
        "PHONE",
        "WEBSITE",
        "ADDRESS_BILLING_STREET",
        "ADDRESS_BILLING_CITY",
        "ADDRESS_BILLING_STATE",
        "ADDRESS_BILLING_POSTCODE",
    ],
    country: "ADDRESS_BILLING_COUNTRY",
    countries: ["United States", "germany", "Ukraine", "Atlantis"],
    longest: 1,
};

/// What people enter in the members that are texts, in their order.
const ENTERED: [&[&str]; 7] = [
    &[
        "Analytical Engines",
        " ANALYTICAL engines ",
        "Łódź & Söhne 👩‍👩‍👧",
    ],
    &["(415) 555-0142", "+49 30 901820", "extension 7"],
    &[
        "https://example.com",
        "example.com ",
        "HTTP://Example.com/a?b=c",
    ],
    &["1 Main St", "Hauptstraße 5\nHinterhaus", " "],
    &["Springfield", "Berlin"],
    &["IL", ""],
    &["62704", "D-10115"],
];

/// Companies as people enter them on one side.
fn entered<T: DeserializeOwned>(crm: &Crm, names: &Names, dice: &mut Rng) -> Vec<T> {
    let one = |dice: &mut Rng| {
        let mut company = json!({});
        for (member, choices) in names.text.into_iter().zip(ENTERED) {
            // A company has a name.
            if member == names.text[0] || dice.u8(..3) > 0 {
                let text = choices[dice.usize(..choices.len())];
                let often = if dice.u8(..20) == 0 { names.longest } else { 1 };
                company[member] = text.repeat(often).into();
            }
        }
        if dice.bool() {
            company[names.country] = names.countries[dice.usize(..names.countries.len())].into();
        }
        native(crm.family(names.family).create(&company).unwrap())
    };
    (0..COMPANIES).map(|_| one(dice)).collect()
}

fn native<T: DeserializeOwned>(company: Value) -> T {
    serde_json::from_value(company).unwrap()
}

/// What GHL makes of a draft.
fn ghl_server(crm: &Crm, before: Option<&Business>, draft: &Draft<GhlCompanyCall>) -> Business {
    let businesses = crm.family(GHL.family);
    let mut id = before.map(|business| business.id.to_string());
    for call in &draft.calls {
        let body = body(&call.body.0, "locationId");
        let done = match &id {
            None => businesses.create(&body),
            Some(id) => businesses.edit(id, &body),
        };
        id = Some(done.unwrap()["id"].as_str().unwrap().to_owned());
    }
    native(businesses.get(id.unwrap()).unwrap())
}

/// What Insightly makes of a draft.
fn insightly_server(
    crm: &Crm,
    before: Option<&Organisation>,
    draft: &Draft<InsightlyCompanyCall>,
) -> Organisation {
    let organisations = crm.family(INSIGHTLY.family);
    let mut id = before.map(|organisation| organisation.id.0);
    for call in &draft.calls {
        let done = match &call.body {
            InsightlyCompanyCall::Create(new) => {
                organisations.create(&body(new, "ORGANISATION_ID"))
            }
            InsightlyCompanyCall::Update(update) => {
                organisations.edit(id.unwrap(), &body(update, "ORGANISATION_ID"))
            }
        };
        id = done.unwrap()["ORGANISATION_ID"].as_i64();
    }
    native(organisations.get(id.unwrap()).unwrap())
}

pub(crate) struct Companies {
    sandbox: Sandbox,
    ghl: Vec<Business>,
    insightly: Vec<Organisation>,
    pub(crate) records: Vec<Record>,
}

fn ghl_mapper() -> GhlCompanyMapper {
    GhlCompanyMapper::new(phones())
}

fn insightly_mapper() -> InsightlyCompanyMapper {
    InsightlyCompanyMapper::new(phones(), Arc::new(Countries::named(COUNTRIES)))
}

/// Other companies on each side, and all of them as records.
pub(crate) fn companies(seed: u64) -> Companies {
    let sandbox = Sandbox::builder().seed(seed).build();
    let mut dice = Rng::with_seed(seed);
    let ghl = entered(sandbox.ghl(), &GHL, &mut dice);
    let insightly = entered(sandbox.insightly(), &INSIGHTLY, &mut dice);
    let mut records = records(&ghl_mapper(), &ghl, &mut dice);
    records.extend(self::records(&insightly_mapper(), &insightly, &mut dice));
    dice.shuffle(&mut records);
    Companies {
        sandbox,
        ghl,
        insightly,
        records,
    }
}

#[test]
fn the_company_mapper_of_ghl_keeps_the_laws() {
    let of = companies(5);
    let server = |before: Option<&Business>, draft: &Draft<GhlCompanyCall>| {
        ghl_server(of.sandbox.ghl(), before, draft)
    };
    let kept = mapper_laws(&ghl_mapper(), &server, of.ghl, of.records);
    assert_eq!(kept, Ok(()), "seed 5");
}

#[test]
fn the_company_mapper_of_insightly_keeps_the_laws() {
    let of = companies(6);
    let server = |before: Option<&Organisation>, draft: &Draft<InsightlyCompanyCall>| {
        insightly_server(of.sandbox.insightly(), before, draft)
    };
    let kept = mapper_laws(&insightly_mapper(), &server, of.insightly, of.records);
    assert_eq!(kept, Ok(()), "seed 6");
}
