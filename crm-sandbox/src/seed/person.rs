//! One person, drawn from a seed and a number.

use fastrand::Rng;
use jiff::civil::Date;

use super::locales::{COMPANIES, HOBBIES, INTERESTS, LOCALES, Locale, TAGS, TITLES};

/// What is known of a person before either CRM has written it in its own way.
pub(crate) struct Person {
    pub(crate) number: u64,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) email: Option<String>,
    pub(crate) other_email: Option<String>,
    pub(crate) phones: Vec<Phone>,
    pub(crate) home: Option<Home>,
    pub(crate) company: Option<&'static str>,
    pub(crate) title: Option<&'static str>,
    pub(crate) birthday: Option<Date>,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) opted_out: bool,
    pub(crate) hobby: Option<&'static str>,
    pub(crate) interests: Vec<&'static str>,
    pub(crate) difference: Difference,
}

/// Where a person lives.
pub(crate) struct Home {
    pub(crate) street: &'static str,
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) country: &'static str,
    pub(crate) country_code: &'static str,
}

/// A telephone number.
pub(crate) struct Phone {
    calling_code: &'static str,
    digits: String,
}

impl Phone {
    /// `+14155550142`
    pub(crate) fn e164(&self) -> String {
        format!("+{}{}", self.calling_code, self.digits)
    }

    /// `+1 (415) 555-0142`, as people type it.
    pub(crate) fn typed(&self) -> String {
        let (area, rest) = self.digits.split_at(3);
        let (exchange, line) = rest.split_at(3);
        format!("+{} ({area}) {exchange}-{line}", self.calling_code)
    }
}

/// How the Insightly copy of a person differs from the GHL copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    None,
    EmailCase,
    PhoneFormat,
    BlankPhone,
    BlankAddress,
    OtherCity,
    OtherLastName,
}

impl Person {
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = Rng::with_seed(seed ^ mixed);
        // Every second person is from the first place, so that common cases are common.
        let locale = if dice.bool() {
            &LOCALES[0]
        } else {
            pick(&mut dice, LOCALES)
        };
        let first = *pick(&mut dice, locale.first);
        let last = *pick(&mut dice, locale.last);
        let name = latin(first).unwrap_or_else(|| locale.latin.to_owned());
        let domain = *pick(
            &mut dice,
            &["example.com", "example.org", "mail.example.net"],
        );
        let email = (dice.u8(..10) > 0).then(|| format!("{name}.{seed}.{number}@{domain}"));
        let other_email =
            (dice.u8(..6) == 0).then(|| format!("{name}.private.{seed}.{number}@example.com"));
        // Without an e-mail the phone is the only hold.
        let phones = dice.usize(..4).max(usize::from(email.is_none()));
        Self {
            number,
            first,
            last,
            email,
            other_email,
            phones: (0..phones).map(|n| phone(locale, number, n)).collect(),
            home: sometimes(&mut dice, 60, |dice| home(dice, locale)),
            company: sometimes(&mut dice, 40, |dice| *pick(dice, COMPANIES)),
            title: sometimes(&mut dice, 30, |dice| *pick(dice, TITLES)),
            birthday: sometimes(&mut dice, 35, birthday).flatten(),
            tags: some_of(&mut dice, TAGS, 3),
            opted_out: dice.u8(..12) == 0,
            hobby: sometimes(&mut dice, 40, |dice| *pick(dice, HOBBIES)),
            interests: some_of(&mut dice, INTERESTS, 3),
            difference: difference(&mut dice),
        }
    }
}

fn pick<'a, T>(dice: &mut Rng, from: &'a [T]) -> &'a T {
    &from[dice.usize(..from.len())]
}

fn sometimes<T>(dice: &mut Rng, percent: u8, draw: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    (dice.u8(..100) < percent).then(|| draw(dice))
}

fn some_of(dice: &mut Rng, from: &[&'static str], below: usize) -> Vec<&'static str> {
    let count = dice.usize(..below);
    dice.choose_multiple(from.iter().copied(), count)
}

fn latin(name: &str) -> Option<String> {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    (letters.len() > 1).then_some(letters)
}

/// Numbers never meet: the person's number and the phone's place are in them.
fn phone(locale: &Locale, number: u64, place: usize) -> Phone {
    let width = locale.phone_digits - 3;
    Phone {
        calling_code: locale.calling_code,
        digits: format!("{}{:0width$}", 415 + place, number % 10_000_000),
    }
}

fn home(dice: &mut Rng, locale: &Locale) -> Home {
    let (city, state, postcode) = *pick(dice, locale.places);
    Home {
        street: pick::<&'static str>(dice, locale.streets),
        city,
        state,
        postcode,
        country: locale.country,
        country_code: locale.country_code,
    }
}

fn birthday(dice: &mut Rng) -> Option<Date> {
    Date::new(dice.i16(1930..2010), dice.i8(1..13), dice.i8(1..29)).ok()
}

fn difference(dice: &mut Rng) -> Difference {
    match dice.u8(..20) {
        0..8 => Difference::PhoneFormat,
        8..11 => Difference::EmailCase,
        11 => Difference::BlankPhone,
        12 => Difference::BlankAddress,
        13 => Difference::OtherCity,
        14 => Difference::OtherLastName,
        _ => Difference::None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_number_of_the_same_seed_is_the_same_person() {
        let (one, other) = (Person::new(7, 3), Person::new(7, 3));
        assert_eq!(
            (one.first, one.email, one.tags),
            (other.first, other.email, other.tags)
        );
    }

    #[test]
    fn no_two_people_of_a_seed_share_an_email_or_a_phone() {
        let mut met = BTreeSet::new();
        for number in 0..5000 {
            let person = Person::new(42, number);
            for phone in &person.phones {
                assert!(met.insert(phone.e164()), "{}", phone.e164());
            }
            if let Some(email) = person.email {
                assert!(met.insert(email));
            }
        }
    }
}
