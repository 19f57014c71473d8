//! A mapper of your own, with a custom field of its own type, proved against the laws of mappers.
//! `cargo run --release -p examples --example custom_mapper`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{collections::BTreeMap, error::Error};
use sync_core::{Change, Coverage, Draft, Edit, Field, Fields, Mapper, Memo, Reading, Record};

const NAME: Field<String> = Field::new("name");
const SEATS: Field<i64> = Field::new("seats");
type Customer = BTreeMap<&'static str, String>;
type Patch = Vec<(&'static str, Edit<String>)>;
struct CustomerMapper;
impl Mapper for CustomerMapper {
    type Native = Customer;
    type Call = Patch;
    fn fields(&self) -> Fields {
        let sold = |seats: i64| Some(seats.clamp(1, 500));
        Fields::new().exact(&NAME).lossy(&SEATS, sold)
    }

    fn read(&self, customer: &Customer, _: &Coverage, _: &Memo) -> Reading {
        let whole = |text: &String| text.parse().map_err(|_| format!("`{text}` seats"));
        let mut reading = Reading::default();
        reading.set(&NAME, customer.get("name").cloned());
        reading.try_set(&SEATS, customer.get("seats__c").map(whole).transpose());
        reading
    }

    fn write(&self, change: &Change<'_, Customer>) -> Result<Draft<Patch>, sync_core::Unfit> {
        let mut part = change.part();
        let seats = part.edit(&SEATS).map(|seats| seats.to_string());
        let patch = vec![("name", part.edit(&NAME)), ("seats__c", seats)];
        if change.create {
            return Ok(Draft::new().create("post", part, patch));
        }
        Ok(Draft::new().update("patch", part, patch))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = |before: Option<&Customer>, draft: &Draft<Patch>| {
        let mut customer = before.cloned().unwrap_or_default();
        for (member, edit) in draft.calls.iter().flat_map(|call| call.body.clone()) {
            match edit {
                Edit::Leave => None,
                Edit::Set(text) => customer.insert(member, text),
                Edit::Clear => customer.remove(member),
            };
        }
        customer
    };
    let customers = ["12", "a dozen"].map(|seats| Customer::from([("seats__c", seats.into())]));
    let mut ada = Record::default();
    ada.set(&NAME, "Ada".to_owned()).set(&SEATS, 900);
    let records = [ada, Record::default()];
    sync_core::testing::mapper_laws(&CustomerMapper, &server, customers, records)?;
    println!("the laws hold for 2 customers and 2 records");
    Ok(())
}
