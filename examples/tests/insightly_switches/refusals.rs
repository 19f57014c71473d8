//! What is refused is refused by kind, whatever the status and the body.

use insightly::{
    ContactId, ContactUpdate, CustomField, CustomFieldType, ETag, ErrorKind, NewContact, NewLink,
    TaskId, TaskUpdate,
};
use serde_json::json;

use crate::account::Account;

pub(crate) async fn are_told_apart(account: &Account) {
    records_that_cannot_be_had(account).await;
    stale_versions(account).await;
    values_that_are_not_taken(account).await;
    links_that_are_there(account).await;
}

async fn records_that_cannot_be_had(account: &Account) {
    let contacts = account.client.contacts();
    let missing = contacts.get(ContactId(1)).await.unwrap_err();
    assert_eq!(*missing.kind(), ErrorKind::NotFound, "{:?}", account.set);
    assert_eq!(
        missing.message(),
        "No Contact with ID = 1",
        "{:?}",
        account.set
    );
    assert!(account.good(contacts.get_opt(ContactId(1)).await).is_none());

    let update = TaskUpdate::of(TaskId(1)).title("Call");
    let unknown = account.client.tasks().update(&update).await;
    let kind = if account.is("put_unknown_id", "404") {
        ErrorKind::NotFound
    } else {
        ErrorKind::Invalid
    };
    account.refused(unknown, &kind);

    let hidden = account.made(&NewContact::new("Hidden")).await.id;
    let order = json!({ "family": "contacts", "id": hidden.0 });
    account.order("hide", &order);
    let kind = if account.is("no_rights", "404") {
        ErrorKind::NotFound
    } else {
        ErrorKind::Forbidden
    };
    account.refused(contacts.get(hidden).await, &kind);

    let stranger = account.client_of("0b5b8f50-0000-4000-8000-000000000000");
    account.refused(stranger.me().await, &ErrorKind::Unauthorized);
}

async fn stale_versions(account: &Account) {
    let id = account.made(&NewContact::new("Ada")).await.id;
    let contacts = account.client.contacts();
    let stale = ETag("\"old\"".to_owned());
    let update = ContactUpdate::of(id).title("CEO");
    let changed = contacts.update_if(&update, &stale).await;
    account.refused(changed, &ErrorKind::ChangedMeanwhile);
    assert_eq!(account.read(id).await.title, None);
}

async fn values_that_are_not_taken(account: &Account) {
    let contacts = account.client.contacts();
    let invalid = ErrorKind::Invalid;

    let new = NewContact::new("Ada").custom_fields([CustomField::text("Nope__c", "x")]);
    let kept = account.is("unknown_custom_field", "ignored");
    let made = account.refused_if(!kept, contacts.create(&new).await, &invalid);
    let stored = made.and_then(|made| made.value.custom_field("Nope__c").cloned());
    assert_eq!(stored, None, "{:?}", account.set);

    let fields = account.good(account.client.custom_fields("Contacts").await);
    let mut fields = fields.iter();
    let dropdown = fields
        .find(|field| field.kind() == CustomFieldType::Dropdown)
        .unwrap();
    let other = CustomField::text(dropdown.name.clone(), "none of them");
    let new = NewContact::new("Ada").custom_fields([other]);
    let stored = account.is("unknown_option", "stored");
    let made = account.refused_if(!stored, contacts.create(&new).await, &invalid);
    if let Some(made) = made {
        let field = made.value.custom_field(&dropdown.name).unwrap();
        assert_eq!(field.as_text(), Some("none of them"));
    }

    let new = NewContact::new("Ada").email_address("nobody");
    let stored = account.is("bad_email", "stored");
    let made = account.refused_if(!stored, contacts.create(&new).await, &invalid);
    if let Some(made) = made {
        assert_eq!(made.value.email_address.as_deref(), Some("nobody"));
    }

    let new = NewContact::new("Ada").address_mail_country("Utopia");
    let refused = account.is("unknown_country", "refused");
    let made = account.refused_if(refused, contacts.create(&new).await, &invalid);
    if let Some(made) = made {
        assert_eq!(made.value.address_mail_country.as_deref(), Some("Utopia"));
    }

    let new = NewContact::new("Ada").email_address("twice@example.com");
    account.made(&new).await;
    let refused = account.is("same_email", "refused");
    account.refused_if(refused, contacts.create(&new).await, &invalid);

    let id = account.made(&NewContact::new("Ada")).await.id;
    let refused = account.is("tag_characters", "refused");
    account.refused_if(refused, contacts.add_tag(id, "R&D").await, &invalid);
}

async fn links_that_are_there(account: &Account) {
    let (ada, eve) = (NewContact::new("Ada"), NewContact::new("Eve"));
    let (ada, eve) = (account.made(&ada).await.id, account.made(&eve).await.id);
    let contacts = account.client.contacts();
    let link = NewLink::new("Contact", eve.0);
    let first = account.good(contacts.add_link(ada, &link).await).id;
    let refused = !account.set.contains_key("link_twice");
    let second = contacts.add_link(ada, &link).await;
    let second = account.refused_if(refused, second, &ErrorKind::Invalid);
    account.wait(2);
    let links = account.good(contacts.links(ada).await).len();
    let same = second.as_ref().map(|link| link.id == first);
    let expected = match account.set.get("link_twice") {
        None => (None, 1),
        Some(&"same_id") => (Some(true), 1),
        Some(_) => (Some(false), 2),
    };
    assert_eq!((same, links), expected, "{:?}", account.set);
}
