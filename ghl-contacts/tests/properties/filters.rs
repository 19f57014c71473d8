//! The search grammar: any tree of conditions is written as its own JSON.

use ghl_contacts::{Filter, Range, SearchField};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::any;

/// A filter beside the JSON that the published grammar wants for it.
fn filter() -> impl Strategy<Value = (Filter, Value)> {
    let name = prop::sample::select(vec!["email", "tags", "dateUpdated", "customFields.f1"]);
    let one = |operator: &'static str, name: &str, value: Value| json!({"field": name, "operator": operator, "value": value});
    let leaf = (name, any::text(), any::<i64>(), 0..7u8).prop_map(move |(name, text, n, kind)| {
        let field = || SearchField::from(name);
        match kind {
            0 => (
                Filter::eq(field(), text.as_str()),
                one("eq", name, text.into()),
            ),
            1 => (Filter::not_eq(field(), n), one("not_eq", name, n.into())),
            2 => {
                let written = one("contains", name, text.clone().into());
                (Filter::contains(field(), text), written)
            }
            3 => {
                let written = one("not_contains", name, text.clone().into());
                (Filter::not_contains(field(), text), written)
            }
            4 => {
                let written = json!({"field": name, "operator": "exists"});
                (Filter::exists(field()), written)
            }
            5 => {
                let written = json!({"field": name, "operator": "not_exists"});
                (Filter::not_exists(field()), written)
            }
            _ => {
                let range = Range::new().at_least(n).below(text.as_str());
                let written = one("range", name, json!({"gte": n, "lt": text}));
                (Filter::range(field(), range), written)
            }
        }
    });
    leaf.prop_recursive(3, 16, 4, |inner| {
        (any::<bool>(), vec(inner, 0..4)).prop_map(|(all, inner)| {
            let (filters, written): (Vec<Filter>, Vec<Value>) = inner.into_iter().unzip();
            let (filter, group) = if all {
                (Filter::all(filters), "AND")
            } else {
                (Filter::any(filters), "OR")
            };
            (filter, json!({"group": group, "filters": written}))
        })
    })
}

#[test]
fn every_tree_of_conditions_is_written_as_the_grammar_wants() {
    any::check(400, &filter(), |(filter, written)| {
        prop_assert_eq!(serde_json::to_value(&filter).unwrap(), written);
        Ok(())
    });
}
