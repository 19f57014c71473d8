//! A contact's life in HighLevel: found, created, changed, tagged, refused twice, deleted.
//! `cargo run --release -p examples --example ghl_contacts_tour -- --base-url URL --token T --location L`
#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{error::Error, pin::pin};

use examples::GhlAccount;
use futures_util::TryStreamExt;
use ghl_contacts::{
    Client, ContactQuery, ContactUpdate, DuplicateKey, Edit, ErrorKind, NewContact,
    PrivateIntegrationToken,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let account = GhlAccount::from_args().await?;
    let token = PrivateIntegrationToken::new(account.token);
    let client = Client::builder(token).base_url(&account.base_url).build()?;
    let contacts = client.contacts();

    let query = ContactQuery::in_location(&account.location).page_size(2);
    let mut found = pin!(contacts.search(query));
    while let Some(contact) = found.try_next().await? {
        println!("found     {:?}", contact.last_name);
    }

    let ada = NewContact::in_location(&account.location)
        .first_name("Ada")
        .email("ada@tour.example.com")
        .phone("+14155550142")
        .tag("tour");
    let id = contacts.create(&ada).await?.id;
    let read = contacts.get(&id).await?;
    println!("created   {:?} {:?}", read.first_name, read.phone);

    let change = ContactUpdate::new().city("London").phone(Edit::Clear);
    let changed = contacts.update(&id, &change).await?;
    println!("updated   {:?} {:?}", changed.city, changed.phone);
    println!("tagged    {:?}", contacts.add_tags(&id, &["vip"]).await?);
    println!(
        "untagged  {:?}",
        contacts.remove_tags(&id, &["tour"]).await?
    );

    let key = DuplicateKey::email("ADA@tour.example.com");
    let same = contacts.find_duplicate(&account.location, &key).await?;
    println!("duplicate {}", same.is_some_and(|same| same.id == id));

    if let Err(error) = contacts.create(&ada).await
        && let ErrorKind::Duplicate { existing, field } = error.kind()
    {
        println!("refused   {field} belongs to her: {}", *existing == id);
    }
    contacts.delete(&id).await?;
    println!("deleted   {}", contacts.get_opt(&id).await?.is_none());
    if let Err(error) = contacts.get(&id).await {
        println!("missing   {:?}: {}", error.kind(), error.message());
    }
    Ok(())
}
