//! Processor time for each record of a sweep that finds nothing. Handing out the rows does not
//! count.

use std::{sync::Arc, time::Duration};

use cpu_time::ProcessTime;
use ghl_contacts::{CustomFieldId, LocationId};
use ghl_insightly::{
    StockMatcher,
    contact::{Countries, CustomFieldPair, CustomFieldType, PhoneReader},
    ghl::{GhlContact, GhlContactMapper},
    insightly::InsightlyContactMapper,
};
use serde_json::{Value, json};
use sync_core::{Both, Matcher, MemoryStore, Side, Store};
use sync_sqlite::SqliteStore;

use super::{
    Figure, Part,
    ready::{self, Ready},
};
use crate::failure::Proved;

/// How often each is measured; the median counts.
const TIMES: usize = 7;

/// Microseconds for each record, as they are wanted.
const ENGINE: f64 = 1.0;
const STOCK_MAPPERS: f64 = 2.5;
const SQLITE: f64 = 10.0;

/// All three.
pub(super) async fn figures(count: u64) -> Proved<Vec<Figure>> {
    let memory = || Arc::new(MemoryStore::new());
    let given = || Both::from_fn(|side| Ready::given(side, count));
    let engine = each(given(), memory(), ready::by_email, count).await?;
    let stock = each(stock(count)?, memory(), StockMatcher, count).await?;
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(folder.path().join("sync.db"))?);
    let sqlite = each(given(), store, ready::by_email, count).await?;
    let figure = |what: &str, spent: Spent, most| {
        let what = format!("{what}, {count} linked contacts");
        let figure = Figure::new(Part::Cpu, what, spent.median, "µs for each record");
        figure.at_most(most).of(format!(
            "least of {TIMES}: {:.3}; the first, which reads all: {:.3}",
            spent.least, spent.first
        ))
    };
    Ok(vec![
        figure("engine, memory store, records given", engine, ENGINE),
        figure("with the stock mappers", stock, STOCK_MAPPERS),
        figure("engine with SQLite", sqlite, SQLITE),
    ])
}

struct Spent {
    /// Of a sweep over rows that were not met before.
    first: f64,
    median: f64,
    least: f64,
}

async fn each(
    sides: Both<Ready>,
    store: Arc<dyn Store>,
    matcher: impl Matcher,
    count: u64,
) -> Proved<Spent> {
    let giving = sides.as_ref().map(Ready::giving);
    let given = || giving.left.spent() + giving.right.spent();
    let (mut engine, clock) = ready::engine(sides, store, matcher)?;
    ready::link_all(&mut engine, count).await?;
    let mut spent = Vec::new();
    for _ in 0..=TIMES {
        let (began, given_before) = (ProcessTime::try_now()?, given());
        ready::sweep(&mut engine, &clock, count).await?;
        let of_giving = given().saturating_sub(given_before);
        let of_engine = began.try_elapsed()?.saturating_sub(of_giving);
        spent.push(for_each(of_engine, 2 * count));
    }
    let first = spent.remove(0);
    spent.sort_by(f64::total_cmp);
    Ok(Spent {
        first,
        median: spent[TIMES / 2],
        least: spent[0],
    })
}

/// Microseconds.
#[expect(clippy::cast_precision_loss, reason = "so many are never read")]
pub(super) fn for_each(spent: Duration, records: u64) -> f64 {
    spent.as_secs_f64() * 1e6 / records.max(1) as f64
}

/// Natives of both clients with fifteen fields, and the stock mappers.
fn stock(count: u64) -> Proved<Both<Ready>> {
    let phones = PhoneReader::of_country(Some("US"));
    let custom = custom_fields();
    let left = GhlContactMapper::new(LocationId::from("location"), phones, Arc::clone(&custom));
    let countries = Arc::new(Countries::named(["United States", "Germany"]));
    let right = InsightlyContactMapper::new(phones, countries, custom);
    let in_ghl: ghl_contacts::Contact = serde_json::from_value(in_ghl())?;
    let ghl = move |number| {
        let mut contact = in_ghl.clone();
        contact.last_name = Some(format!("King {number}"));
        contact.email = Some(email(number));
        contact.phone = Some(phone(number));
        contact.address1 = Some(street(number));
        GhlContact {
            contact,
            email_dnd: Some(false),
        }
    };
    let in_insightly: insightly::Contact = serde_json::from_value(in_insightly())?;
    let insightly = move |number| {
        let mut contact = in_insightly.clone();
        contact.last_name = Some(format!("King {number}"));
        contact.email_address = Some(email(number));
        contact.phone_mobile = Some(phone(number));
        contact.address_mail_street = Some(street(number));
        contact
    };
    Ok(Both::new(
        Ready::made(Side::Left, count, ghl, left),
        Ready::made(Side::Right, count, insightly, right),
    ))
}

fn email(number: u64) -> String {
    format!("p{number}@example.com")
}

fn phone(number: u64) -> String {
    format!("+1415555{:04}", number % 10_000)
}

fn street(number: u64) -> String {
    format!("{number} Main Street")
}

/// Beside names, e-mail, phone, address, birthday and tags.
const CUSTOM: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn custom_fields() -> Arc<[CustomFieldPair]> {
    let pair = |name: &&str| {
        let ghl = CustomFieldId::from(format!("hB7kQ2mXw9TzLr4NcV1{name}").as_str());
        CustomFieldPair::new(ghl, &format!("{name}__c"), CustomFieldType::Text)
    };
    CUSTOM.iter().map(pair).collect()
}

fn in_ghl() -> Value {
    let custom = CUSTOM.map(|name| {
        let id = format!("hB7kQ2mXw9TzLr4NcV1{name}");
        json!({ "id": id, "value": format!("{name} of 97") })
    });
    json!({
        "id": "hB7kQ2mXw9TzLr4NcV1d",
        "firstName": "Ada",
        "city": "Springfield",
        "state": "OR",
        "postalCode": "97477",
        "country": "US",
        "dateOfBirth": "1990-05-17",
        "tags": ["newsletter", "vip"],
        "customFields": custom,
    })
}

fn in_insightly() -> Value {
    let custom = CUSTOM.map(|name| {
        let field = format!("{name}__c");
        json!({ "FIELD_NAME": field, "FIELD_VALUE": format!("{name} of 97") })
    });
    json!({
        "CONTACT_ID": 300_000_000,
        "FIRST_NAME": "Ada",
        "ADDRESS_MAIL_CITY": "Springfield",
        "ADDRESS_MAIL_STATE": "OR",
        "ADDRESS_MAIL_POSTCODE": "97477",
        "ADDRESS_MAIL_COUNTRY": "United States",
        "DATE_OF_BIRTH": "1990-05-17 00:00:00",
        "EMAIL_OPTED_OUT": false,
        "TAGS": [{ "TAG_NAME": "newsletter" }, { "TAG_NAME": "vip" }],
        "CUSTOMFIELDS": custom,
    })
}
