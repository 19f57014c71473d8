//! Processor time for each record of a sweep that finds nothing.

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
use sync_core::{
    Both, Engine, Mapper, Memo, MemoryStore, Reading, Row, Side, Store, testing::ManualClock,
};
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
    let given = || Both::from_fn(|side| Ready::given(side, count));
    let engine = ready::engine_by_email(given(), Arc::new(MemoryStore::new()))?;
    let engine = each(engine, count).await?;
    let stock = each(stock(count)?, count).await?;
    let folder = tempfile::tempdir()?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path().join("sync.db"))?);
    let sqlite = each(ready::engine_by_email(given(), store)?, count).await?;
    let figure = |what: &str, spent: Spent, most| {
        let what = format!("{what}, {count} linked contacts");
        let figure = Figure::new(Part::Cpu, what, spent.median, "µs for each record");
        figure
            .at_most(most)
            .of(format!("least of {TIMES}: {:.3}", spent.least))
    };
    Ok(vec![
        figure("engine, memory store, records given", engine, ENGINE),
        figure("with the stock mappers' read", stock, STOCK_MAPPERS),
        figure("engine with SQLite", sqlite, SQLITE),
    ])
}

struct Spent {
    median: f64,
    least: f64,
}

async fn each((mut engine, clock): (Engine, ManualClock), count: u64) -> Proved<Spent> {
    ready::link_all(&mut engine, count).await?;
    ready::sweep(&mut engine, &clock, count).await?;
    let mut spent = Vec::new();
    for _ in 0..TIMES {
        let began = ProcessTime::try_now()?;
        ready::sweep(&mut engine, &clock, count).await?;
        spent.push(for_each(began.try_elapsed()?, 2 * count));
    }
    spent.sort_by(f64::total_cmp);
    Ok(Spent {
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
fn stock(count: u64) -> Proved<(Engine, ManualClock)> {
    let phones = PhoneReader::of_country(Some("US"));
    let custom = custom_fields();
    let left = GhlContactMapper::new(LocationId::from("location"), phones, Arc::clone(&custom));
    let countries = Arc::new(Countries::named(["United States", "Germany"]));
    let right = InsightlyContactMapper::new(phones, countries, custom);
    let ghl = |number| -> Proved<GhlContact> {
        Ok(GhlContact {
            contact: serde_json::from_value(in_ghl(number))?,
            email_dnd: Some(false),
        })
    };
    let insightly = |number| -> Proved<insightly::Contact> {
        Ok(serde_json::from_value(in_insightly(number))?)
    };
    let sides = Both::new(
        natives(Side::Left, count, ghl, left)?,
        natives(Side::Right, count, insightly, right)?,
    );
    ready::engine(sides, Arc::new(MemoryStore::new()), StockMatcher)
}

fn natives<N: Send + Sync + 'static>(
    side: Side,
    count: u64,
    native: impl Fn(u64) -> Proved<N>,
    mapper: impl Mapper<Native = N>,
) -> Proved<Ready> {
    let rows: Proved<Vec<Row>> = (0..count)
        .map(|number| Ok(ready::row(side, number, native(number)?)))
        .collect();
    let fields = mapper.fields();
    let read = move |row: &Row, memo: &Memo| match row.native.downcast_ref() {
        Some(native) => mapper.read(native, &row.coverage, memo),
        None => Reading::default(),
    };
    Ok(Ready::rows(side, rows?, fields, read))
}

/// Beside names, e-mail, phone, address, birthday and tags.
const CUSTOM: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn custom_fields() -> Arc<[CustomFieldPair]> {
    let pair = |name: &&str| CustomFieldPair {
        name: format!("custom.{name}__c"),
        ghl: CustomFieldId::from(format!("hB7kQ2mXw9TzLr4NcV1{name}").as_str()),
        insightly: format!("{name}__c"),
        of: CustomFieldType::Text,
    };
    CUSTOM.iter().map(pair).collect()
}

fn in_ghl(number: u64) -> Value {
    let custom = CUSTOM.map(|name| {
        let id = format!("hB7kQ2mXw9TzLr4NcV1{name}");
        json!({ "id": id, "value": format!("{name} {}", number % 97) })
    });
    json!({
        "id": format!("ghl{number:017}"),
        "firstName": "Ada",
        "lastName": format!("King {number}"),
        "email": format!("p{number}@example.com"),
        "phone": format!("+1415555{:04}", number % 10_000),
        "address1": format!("{number} Main Street"),
        "city": "Springfield",
        "state": "OR",
        "postalCode": "97477",
        "country": "US",
        "dateOfBirth": "1990-05-17",
        "tags": ["newsletter", "vip"],
        "customFields": custom,
    })
}

fn in_insightly(number: u64) -> Value {
    let custom = CUSTOM.map(|name| {
        let field = format!("{name}__c");
        json!({ "FIELD_NAME": field, "FIELD_VALUE": format!("{name} {}", number % 97) })
    });
    json!({
        "CONTACT_ID": 300_000_000 + number,
        "FIRST_NAME": "Ada",
        "LAST_NAME": format!("King {number}"),
        "EMAIL_ADDRESS": format!("p{number}@example.com"),
        "PHONE_MOBILE": format!("+1415555{:04}", number % 10_000),
        "ADDRESS_MAIL_STREET": format!("{number} Main Street"),
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
