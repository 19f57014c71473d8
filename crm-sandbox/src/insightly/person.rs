//! A person of the seed as a contact.

use serde_json::{Map, Value, json};

use crate::seed::{Difference, Person};

pub(super) fn members_of(person: &Person) -> Map<String, Value> {
    let differs = |difference| person.difference == difference;
    let email = person.email.as_ref().map(|email| {
        if differs(Difference::EmailCase) {
            email.to_uppercase()
        } else {
            email.clone()
        }
    });
    let phone = |at: usize| {
        let phone = person
            .phones
            .get(at)
            .filter(|_| !differs(Difference::BlankPhone));
        phone.map(|phone| {
            if differs(Difference::PhoneFormat) {
                phone.typed()
            } else {
                phone.e164()
            }
        })
    };
    let home = person
        .home
        .as_ref()
        .filter(|_| !differs(Difference::BlankAddress));
    let city = home.map(|home| {
        if differs(Difference::OtherCity) {
            "Springfield"
        } else {
            home.city
        }
    });
    let last = if differs(Difference::OtherLastName) {
        "Married-Name"
    } else {
        person.last
    };
    let tags: Vec<Value> = person
        .tags
        .iter()
        .map(|tag| json!({ "TAG_NAME": tag }))
        .collect();
    let interests = Some(person.interests.join(";")).filter(|joined| !joined.is_empty());
    let custom = json!([
        { "FIELD_NAME": "Hobby__c", "FIELD_VALUE": person.hobby },
        { "FIELD_NAME": "Interests__c", "FIELD_VALUE": interests },
        { "FIELD_NAME": "Second_Email__c", "FIELD_VALUE": person.other_email },
        { "FIELD_NAME": "Newsletter__c", "FIELD_VALUE": !person.opted_out },
    ]);
    let written = json!({
        "FIRST_NAME": person.first,
        "LAST_NAME": last,
        "EMAIL_ADDRESS": email,
        "PHONE": phone(0),
        "PHONE_MOBILE": phone(1),
        "PHONE_HOME": phone(2),
        "TITLE": person.title,
        "ADDRESS_MAIL_STREET": home.map(|home| home.street),
        "ADDRESS_MAIL_CITY": city,
        "ADDRESS_MAIL_STATE": home.map(|home| home.state),
        "ADDRESS_MAIL_POSTCODE": home.map(|home| home.postcode),
        "ADDRESS_MAIL_COUNTRY": home.map(|home| home.country),
        "DATE_OF_BIRTH": person.birthday.map(|day| format!("{day} 00:00:00")),
        "EMAIL_OPTED_OUT": person.opted_out,
        "TAGS": tags,
        "CUSTOMFIELDS": custom,
    });
    written.as_object().cloned().unwrap_or_default()
}
