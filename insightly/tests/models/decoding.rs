//! No input breaks decoding: it is read, or it is an error that says where.

use insightly::*;
use proptest::{collection::vec, prelude::*, sample::Index};
use serde::{Serialize, de::DeserializeOwned};

use crate::generated::{json_value, object};

/// One damage to a text.
#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Replace(Index, u8),
    Insert(Index, u8),
    Repeat(Index, Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Repeat(from, to)),
    ]
}

fn apply(text: &mut Vec<u8>, damage: &Damage) {
    if text.is_empty() {
        return;
    }
    let size = text.len();
    match damage {
        Damage::Cut(at) => text.truncate(at.index(size)),
        Damage::Replace(at, byte) => text[at.index(size)] = *byte,
        Damage::Insert(at, byte) => text.insert(at.index(size), *byte),
        Damage::Repeat(from, to) => {
            let (from, to) = (from.index(size), to.index(size));
            let part = text[from.min(to)..from.max(to)].to_vec();
            text.extend_from_slice(&part);
        }
    }
}

/// What can be read at all can be written and read again, and is written the same then.
fn holds<M: Serialize + DeserializeOwned + std::fmt::Debug>(
    text: &[u8],
) -> Result<(), TestCaseError> {
    if let Ok(read) = serde_json::from_slice::<M>(text) {
        let written = serde_json::to_string(&read).unwrap();
        let again: M = serde_json::from_str(&written)
            .map_err(|why| TestCaseError::fail(format!("{why}: {read:?}")))?;
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), written);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_contact_is_read_or_refused(
        contact in object::<Contact>(),
        damages in vec(damage(), 1..4),
    ) {
        let mut text = serde_json::to_vec(&contact).unwrap();
        for damage in &damages {
            apply(&mut text, damage);
        }
        holds::<Contact>(&text)?;
    }

    #[test]
    fn members_of_any_type_are_read_or_refused(
        contact in object::<Contact>(),
        place in any::<Index>(),
        value in json_value(),
    ) {
        let mut contact = contact;
        let member = Contact::MEMBERS[place.index(Contact::MEMBERS.len())];
        contact.insert(member.name.to_owned(), value);
        holds::<Contact>(&serde_json::to_vec(&contact).unwrap())?;
    }

    #[test]
    fn any_json_is_read_or_refused(value in json_value()) {
        let text = serde_json::to_vec(&value).unwrap();
        holds::<Contact>(&text)?;
        holds::<Task>(&text)?;
        holds::<CustomField>(&text)?;
        holds::<CustomFieldDefinition>(&text)?;
        holds::<Cursor>(&text)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64)) {
        holds::<Contact>(&bytes)?;
    }
}
