//! Countries: ISO codes on one side, the names that the account knows on the other.

use std::collections::BTreeMap;

/// Code, then the names under which it is met, in lower case.
const NAMES: &str = include_str!("countries.txt");

/// Turns codes into an account's names and back.
#[derive(Debug, Clone, Hash, Default)]
pub struct Countries {
    name_of: BTreeMap<&'static str, String>,
    code_of: BTreeMap<&'static str, &'static str>,
}

impl Countries {
    /// The countries of an account, by the names of its list.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = Self {
            name_of: BTreeMap::new(),
            code_of: all_names().collect(),
        };
        for name in names {
            if let Some(code) = known.code(name) {
                known.name_of.entry(code).or_insert_with(|| name.to_owned());
            }
        }
        known
    }

    /// The code of a name, in any case; a code is its own name.
    pub fn code(&self, name: &str) -> Option<&'static str> {
        let name = name.trim().to_lowercase();
        self.code_of.get(name.as_str()).copied()
    }

    /// The account's name of a code.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.name_of.get(code).map(String::as_str)
    }
}

fn all_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.lines().flat_map(|line| {
        let mut names = line.split('|');
        let code = names.next().unwrap_or_default();
        names.map(move |name| (name, code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_meet_whatever_the_account_calls_them() {
        let known = Countries::named(["United States", "Korea, Republic of", "Viet Nam"]);
        assert_eq!(known.code("united states"), Some("US"));
        assert_eq!(known.code("US"), Some("US"));
        assert_eq!(known.name("KR"), Some("Korea, Republic of"));
        assert_eq!(
            (known.code("Vietnam"), known.name("VN")),
            (Some("VN"), Some("Viet Nam"))
        );
        assert_eq!((known.code("Atlantis"), known.name("NO")), (None, None));
    }

    #[test]
    fn each_line_begins_with_a_code_and_no_name_is_given_twice() {
        let all: Vec<_> = all_names().collect();
        assert!(
            all.iter()
                .all(|(name, code)| code.len() == 2 && name.to_lowercase() == *name)
        );
        let names: BTreeMap<_, _> = all.iter().copied().collect();
        assert_eq!(names.len(), all.len());
    }
}
