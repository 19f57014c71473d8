//! The versioned form in which stores keep the engine's structs.

use serde::{Serialize, de::DeserializeOwned};

use crate::store::StoreError;

/// The form that this release writes.
pub const FORM: u32 = 1;

/// Writes a struct: the form's version, then JSON.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = format!("{FORM} ").into_bytes();
    serde_json::to_writer(&mut bytes, value).map_err(|e| StoreError::Backend(e.to_string()))?;
    Ok(bytes)
}

/// Reads a struct of any form up to this release's.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    let damaged = || StoreError::Damaged("an entry has no form".to_owned());
    let space = bytes.iter().position(|b| *b == b' ').ok_or_else(damaged)?;
    let version = std::str::from_utf8(&bytes[..space]).map_err(|_| damaged())?;
    let found: u32 = version.parse().map_err(|_| damaged())?;
    if found > FORM {
        return Err(StoreError::Newer { found, known: FORM });
    }
    serde_json::from_slice(&bytes[space + 1..]).map_err(|e| StoreError::Damaged(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Record, Tags};

    const NAME: Field<String> = Field::new("name");
    const TAGS: Field<Tags> = Field::new("tags");

    #[test]
    fn a_record_survives_and_its_hash_is_not_stored() {
        let mut record = Record::default();
        record
            .set(&NAME, "Ada".to_owned())
            .set(&TAGS, Tags::new(["VIP"]));
        let bytes = encode(&record).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            text.starts_with("1 {") && text.contains(r#""name":{"s":"Ada"}"#),
            "{text}"
        );
        assert_eq!(decode::<Record>(&bytes).unwrap(), record);
    }

    #[test]
    fn a_newer_form_is_refused_by_name() {
        assert_eq!(
            decode::<Record>(b"9 {}"),
            Err(StoreError::Newer {
                found: 9,
                known: FORM
            })
        );
        assert!(matches!(
            decode::<Record>(b"{}"),
            Err(StoreError::Damaged(_))
        ));
    }
}
