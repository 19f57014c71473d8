//! What is read is kept whole: known members, unknown ones, and what is not there.

use insightly::*;
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::generated::object;

fn survives<M>(given: Map<String, Value>) -> Result<(), TestCaseError>
where
    M: Model + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_vec(&given).unwrap();
    let read: M = serde_json::from_slice(&text)
        .map_err(|why| TestCaseError::fail(format!("{}: {why} in {given:?}", M::NAME)))?;
    let written = serde_json::to_value(&read).unwrap();
    for (name, value) in &given {
        // A member that says nothing need not be written again.
        let known = M::MEMBERS.iter().any(|member| member.name == name);
        if !(known && value.is_null()) {
            let kept = written.get(name).map(without_nothing);
            prop_assert_eq!(kept, Some(without_nothing(value)), "{}.{}", M::NAME, name);
        }
    }
    let again: M = serde_json::from_value(written).unwrap();
    prop_assert_eq!(again, read);
    Ok(())
}

/// The value without known members that say nothing, which nested parts may leave out.
fn without_nothing(value: &Value) -> Value {
    match value {
        Value::Array(rows) => rows.iter().map(without_nothing).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let told = members.filter(|(name, value)| {
                name.starts_with("NEW_") || *name == "FIELD_VALUE" || !value.is_null()
            });
            Value::Object(
                told.map(|(name, value)| (name.clone(), without_nothing(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

macro_rules! survive {
    ($( $Model:ident )+) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
            $(
                #[test]
                #[allow(non_snake_case, reason = "named after the model")]
                fn $Model(given in object::<insightly::$Model>()) {
                    survives::<insightly::$Model>(given)?;
                }
            )+
        }
    };
}

mod every_member_survives {
    use super::*;

    each_read_model!(survive);
}
