//! Answers that are documented as lists and may come as the one new record.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

pub(crate) fn into_vec<T>(answer: OneOrMany<T>) -> Vec<T> {
    match answer {
        OneOrMany::Many(all) => all,
        OneOrMany::One(one) => vec![one],
    }
}
