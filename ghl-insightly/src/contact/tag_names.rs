//! How an account spells its tags.

use std::collections::BTreeMap;

/// The tags that Insightly knows, by their lower-case form: GHL keeps tags in lower case only.
#[derive(Debug, Clone, Hash, Default)]
pub struct TagNames(BTreeMap<String, String>);

impl TagNames {
    /// The tags of an account, by the names of its list.
    pub fn known<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(str::trim);
        Self(
            names
                .map(|name| (name.to_lowercase(), name.to_owned()))
                .collect(),
        )
    }

    /// The known spelling of a tag, else the one that a person typed.
    pub fn spelled(&self, typed: &str) -> String {
        let known = self.0.get(&typed.trim().to_lowercase());
        known.cloned().unwrap_or_else(|| typed.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_keeps_its_spelling() {
        let known = TagNames::known(["VIP", "Trade fair"]);
        assert_eq!(known.spelled("vip"), "VIP");
        assert_eq!(known.spelled(" New one"), "New one");
    }
}
