//! A small cast for tests: people with a name, an e-mail, tags and a city, on two sides that are
//! not quite alike.

use crate::{
    field::Field,
    field_type::{Email, Tags},
    fields::Fields,
    id::Kind,
    matching::{MatchKey, Matcher, Tier},
    record::Record,
};

/// Their kind.
pub const CONTACT: Kind = Kind::from_static("contact");
/// Their name.
pub const NAME: Field<String> = Field::new("name");
/// Their e-mail, by which they are matched.
pub const EMAIL: Field<Email> = Field::new("email");
/// Their tags.
pub const TAGS: Field<Tags> = Field::new("tags");
/// Where they live; the left side cuts it at ten letters.
pub const CITY: Field<String> = Field::new("city");

/// Matches people by e-mail, and finds what we created ourselves by name, too.
#[derive(Debug, Clone, Copy)]
pub struct ByEmail;

impl Matcher for ByEmail {
    fn keys(&self, _kind: &Kind, record: &Record) -> Vec<MatchKey> {
        let email = record.get(&EMAIL);
        let name = record.get(&NAME);
        let email = email.map(|e| MatchKey::new(Tier::First, "email", e.as_str()));
        let name = name.map(|n| MatchKey::new(Tier::Recovery, "name", n));
        email.into_iter().chain(name).collect()
    }

    fn agree(&self, _kind: &Kind, _key: &MatchKey, _left: &Record, _right: &Record) -> bool {
        true
    }
}

/// What the left side holds.
pub fn left_fields() -> Fields {
    let cut = |city: String| Some(city.chars().take(10).collect::<String>().trim().to_owned());
    let exact = Fields::new().exact(&NAME).exact(&EMAIL).exact(&TAGS);
    exact.lossy(&CITY, cut)
}

/// What the right side holds.
pub fn right_fields() -> Fields {
    let exact = Fields::new().exact(&NAME).exact(&EMAIL).exact(&TAGS);
    exact.exact(&CITY)
}

/// Somebody.
pub fn person(name: &str, email: &str) -> Record {
    let mut record = Record::default();
    record
        .set(&NAME, name.to_owned())
        .set(&EMAIL, Email::new(email));
    record
}
