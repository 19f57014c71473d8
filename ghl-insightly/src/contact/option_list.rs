//! What a custom field offers to choose from.

use sync_core::{Field, FieldType, Tags, Unfit};

use crate::settings::System;

/// The options of a custom field of one system. Nothing else is written to it.
///
/// Insightly refuses a value that matches none exactly, by its official description; what GHL does
/// with one is not told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OptionList {
    owner: System,
    field: String,
    options: Vec<String>,
}

impl OptionList {
    /// The options of a field, and what it is called there.
    pub fn new(owner: System, field: &str, options: impl IntoIterator<Item = String>) -> Self {
        Self {
            owner,
            field: field.to_owned(),
            options: options.into_iter().collect(),
        }
    }

    /// Whether one of the options is this text.
    pub(crate) fn check(&self, of: &Field<String>, text: &str) -> Result<(), Unfit> {
        match self.options.iter().any(|option| option == text) {
            true => Ok(()),
            false => Err(self.lacks(of, text)),
        }
    }

    /// Some of the options, as the list spells them: sets are compared without case.
    pub(crate) fn spelled(&self, of: &Field<Tags>, set: &Tags) -> Result<Tags, Unfit> {
        let spelled = set.names().map(|name| {
            let is_it = |option: &&String| option.to_lowercase() == name.to_lowercase();
            let option = self.options.iter().find(is_it);
            option.ok_or_else(|| self.lacks(of, name))
        });
        let spelled: Vec<&String> = spelled.collect::<Result<_, _>>()?;
        Ok(Tags::new(spelled))
    }

    fn lacks<T: FieldType>(&self, of: &Field<T>, value: &str) -> Unfit {
        let (owner, field) = (self.owner.name(), &self.field);
        let options = self.options.join("`, `");
        let why = format!(
            "{owner} does not offer `{value}` in its field `{field}`, but `{options}`; add it there"
        );
        Unfit::new(of, why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Field<String> = Field::new("custom.Size__c");
    const INTERESTS: Field<Tags> = Field::new("custom.Interests__c");

    fn list(options: &[&str]) -> OptionList {
        let options = options.iter().map(ToString::to_string);
        OptionList::new(System::Insightly, "Size__c", options)
    }

    #[test]
    fn a_text_has_to_be_an_option() {
        let sizes = list(&["S", "M"]);
        assert_eq!(sizes.check(&SIZE, "M"), Ok(()));
        let refused = sizes.check(&SIZE, "XL").unwrap_err();
        assert_eq!(
            refused.reason,
            "Insightly does not offer `XL` in its field `Size__c`, but `S`, `M`; add it there"
        );
    }

    #[test]
    fn a_set_is_spelled_as_the_list_spells_it() {
        let interests = list(&["Music", "Travel"]);
        let spelled = interests.spelled(&INTERESTS, &Tags::new(["travel", "Music"]));
        let spelled = spelled.unwrap();
        let names: Vec<&str> = spelled.names().collect();
        assert!(names.contains(&"Travel"), "{names:?}");
        let unknown = interests.spelled(&INTERESTS, &Tags::new(["Music", "Chess"]));
        assert_eq!(unknown.unwrap_err().field, *INTERESTS.key());
    }
}
