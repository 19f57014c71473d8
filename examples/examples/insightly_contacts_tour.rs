//! A contact's life in Insightly: created, changed in part, found, tagged, deleted, and what errors say.
//! `cargo run --release -p examples --example insightly_contacts_tour -- --base-url URL --api-key K`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{error::Error, pin::pin};

use examples::InsightlyAccount;
use futures_util::TryStreamExt;
use insightly::{ApiKey, Client, ContactUpdate, CustomField, Edit, NewContact};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let account = InsightlyAccount::from_args().await?;
    let key = ApiKey::new(account.api_key);
    let client = Client::builder(key).base_url(&account.base_url).build()?;
    let contacts = client.contacts();
    let start = client.check().await?.server_time.unwrap_or_default();

    let ada = NewContact::new("Ada")
        .email_address("ada@tour.example.com")
        .phone("+1 415 555 0142")
        .custom_fields([CustomField::text("Hobby__c", "Chess")]);
    let created = contacts.create(&ada).await?;
    let id = created.value.id;
    let read = contacts.get(id).await?.value;
    println!("created  {:?} {:?}", read.first_name, read.phone);

    let change = ContactUpdate::of(id).title("Countess").phone(Edit::Clear);
    let changed = contacts.update(&change).await?.value;
    println!("updated  {:?} {:?}", changed.title, changed.phone);
    let hobby = changed.custom_field("Hobby__c");
    println!("kept     {:?}", hobby.and_then(CustomField::as_text));

    let mut since = pin!(contacts.since(start));
    while let Some(contact) = since.try_next().await? {
        if contact.id == id {
            println!("changed  {:?}", contact.first_name);
        }
    }
    let same = contacts.find_by("EMAIL_ADDRESS", "ada@tour.example.com");
    println!("found    {}", same.await?.iter().any(|same| same.id == id));

    contacts.add_tag(id, "vip").await?;
    let tags = contacts.tags(id).await?;
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    println!("tagged   {names:?}");

    let odd = ContactUpdate::of(id).custom_fields([CustomField::text("Size__c", "XXL")]);
    let unsent = ContactUpdate::of(id).salutation("x".repeat(51));
    for refused in [odd, unsent] {
        if let Err(error) = contacts.update(&refused).await {
            println!("refused  {error}");
        }
    }

    contacts.delete(id).await?;
    println!("deleted  {}", contacts.get_opt(id).await?.is_none());
    if let Err(error) = contacts.get(id).await {
        println!("missing  {:?}: {}", error.kind(), error.message());
    }
    Ok(())
}
