//! Random records, made of what a model says of its members.

use insightly::*;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// A record with any of its members, and some that nobody knows.
pub(crate) fn object<M: Model>() -> BoxedStrategy<Map<String, Value>> {
    object_of(M::MEMBERS)
}

fn object_of(members: &'static [Member]) -> BoxedStrategy<Map<String, Value>> {
    let known: Vec<_> = members
        .iter()
        .enumerate()
        .map(|(place, member)| (Just(member.name), member_value(member, place == 0)))
        .collect();
    (known, unknown())
        .prop_map(|(known, unknown)| {
            let known = known
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)));
            known.chain(unknown).collect()
        })
        .boxed()
}

/// Members that nobody knows.
fn unknown() -> impl Strategy<Value = Vec<(String, Value)>> {
    vec(("NEW_[A-Z]{1,4}", json_value()), 0..3)
}

/// The same part with some of them.
fn with_unknown(part: Value) -> impl Strategy<Value = Value> {
    unknown().prop_map(move |unknown| {
        let mut part = part.clone();
        if let Some(members) = part.as_object_mut() {
            members.extend(unknown);
        }
        part
    })
}

/// The value of a member in the form that the server writes; `None` where it is left out.
/// The first member is the one that is always there.
fn member_value(member: &Member, always: bool) -> BoxedStrategy<Option<Value>> {
    let value = value_of(member.of);
    if always {
        return value.prop_map(Some).boxed();
    }
    option::weighted(0.8, prop_oneof![4 => value, 1 => Just(Value::Null)]).boxed()
}

fn value_of(of: &'static str) -> BoxedStrategy<Value> {
    // The compiler writes generics with blanks.
    if let Some(of) = of.strip_prefix("Vec") {
        return vec(value_of(of.trim_matches([' ', '<', '>'])), 0..3)
            .prop_map(Value::from)
            .boxed();
    }
    match of {
        "String" => "\\PC{0,12}".prop_map(Value::from).boxed(),
        "bool" => any::<bool>().prop_map(Value::from).boxed(),
        "f64" => prop_oneof![
            any::<i32>().prop_map(Value::from),
            (-1e6..1e6_f64)
                .prop_filter("whole ones are written so", |number| number.fract() != 0.0)
                .prop_map(Value::from)
        ]
        .boxed(),
        "Timestamp" => (0_i64..4_000_000_000).prop_map(moment).boxed(),
        "Date" => (0_i64..40_000).prop_map(|day| moment(day * 86_400)).boxed(),
        "Tag" => "\\PC{1,8}"
            .prop_map(|name| json!({"TAG_NAME": name}))
            .boxed(),
        "Occasion" => ("\\PC{0,8}", 0_i64..40_000, any::<bool>())
            .prop_map(|(name, day, yearly)| {
                json!({"DATE_ID": day, "OCCASION_NAME": name, "OCCASION_DATE": moment(day * 86_400),
                    "REPEAT_YEARLY": yearly, "CREATE_TASK_YEARLY": !yearly})
            })
            .prop_flat_map(with_unknown)
            .boxed(),
        "EmailDomain" => "[a-z]{1,8}"
            .prop_map(|name| json!({"EMAIL_DOMAIN_ID": 1, "EMAIL_DOMAIN": name}))
            .prop_flat_map(with_unknown)
            .boxed(),
        "CustomField" => ("[A-Z][a-z]{0,5}__c", custom_value())
            .prop_map(|(name, value)| json!({"FIELD_NAME": name, "FIELD_VALUE": value}))
            .boxed(),
        "NewTeamMember" => any::<u32>()
            .prop_map(|id| json!({"PERMISSION_ID": id, "TEAM_ID": 1, "MEMBER_USER_ID": id}))
            .prop_flat_map(with_unknown)
            .boxed(),
        "Link" => nested::<Link>(),
        "Activity" => nested::<Activity>(),
        "ObjectPermissions" => nested::<ObjectPermissions>(),
        "CustomFieldOption" => nested::<CustomFieldOption>(),
        "CustomFieldOptionsFilter" => nested::<CustomFieldOptionsFilter>(),
        "CustomFieldDependency" => nested::<CustomFieldDependency>(),
        id if id == "i64" || id.ends_with("Id") => any::<i64>().prop_map(Value::from).boxed(),
        other => panic!("no values of type {other} are made here"),
    }
}

fn nested<M: Model>() -> BoxedStrategy<Value> {
    object::<M>().prop_map(Value::Object).boxed()
}

fn moment(second: i64) -> Value {
    let time = jiff::Timestamp::from_second(second).unwrap();
    time.strftime("%Y-%m-%d %H:%M:%S").to_string().into()
}

fn custom_value() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        select(vec!["Music;Travel", "2026-11-24 00:00:00", "3.2"]).prop_map(Value::from),
    ]
    .boxed()
}

/// Any JSON, a few levels deep.
pub(crate) fn json_value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        "\\PC{0,10}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec(("[A-Za-z_]{1,6}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}
