//! An order: its fields, one of them of a type of our own, and how the shop writes it.

use sync_core::{
    Change, Coverage, Draft, Edit, Field, FieldType, Fields, Kind, Mapper, Memo, Reading, RecordId,
    Ref, Shape, Unfit, Value,
};

use crate::shop::{Patch, Row};

pub(crate) const CUSTOMER: Kind = Kind::from_static("customer");
pub(crate) const ARTICLE: Kind = Kind::from_static("article");
pub(crate) const ORDER: Kind = Kind::from_static("order");

/// What people call it: each of the three kinds has one.
pub(crate) const CODE: Field<String> = Field::new("code");
/// Whose order it is. An order lives under its customer.
pub(crate) const BUYER: Field<Ref> = Field::new("buyer");
/// What is ordered.
pub(crate) const GOODS: Field<Ref> = Field::new("goods");
pub(crate) const PIECES: Field<i64> = Field::new("pieces");
pub(crate) const STATE: Field<State> = Field::new("state");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Shipped,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Shipped => "shipped",
        }
    }
}

impl FieldType for State {
    const SHAPE: Shape = Shape::Text;

    fn into_value(self) -> Option<Value> {
        Some(Value::Text(self.word().into()))
    }

    fn from_value(value: &Value) -> Option<Self> {
        let word = String::from_value(value)?;
        [Self::Open, Self::Shipped]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A reference names a kind and an id of its own side; the engine translates it.
pub(crate) fn fields() -> Fields {
    let fields = Fields::new().exact(&CODE).exact(&PIECES).exact(&STATE);
    fields
        .exact(&BUYER)
        .exact(&GOODS)
        .parent(&BUYER)
        .required(&BUYER)
}

pub(crate) struct OrderMapper;

impl Mapper for OrderMapper {
    type Native = Row;
    type Call = Patch;

    fn fields(&self) -> Fields {
        fields()
    }

    fn read(&self, (_, cells): &Row, _: &Coverage, _: &Memo) -> Reading {
        let cell = |name: &str| cells.get(name).cloned();
        let refers = |kind: Kind, name: &str| {
            let id = cell(name)?;
            Some(Ref {
                kind,
                id: RecordId::new(id),
            })
        };
        let mut reading = Reading::default();
        let pieces =
            cell("pieces").map(|text| text.parse().map_err(|_| format!("`{text}` pieces")));
        let state = cell("state").and_then(|word| State::from_value(&Value::Text(word.into())));
        reading
            .set(&CODE, cell("code"))
            .set(&BUYER, refers(CUSTOMER, "customer"))
            .set(&GOODS, refers(ARTICLE, "article"))
            .try_set(&PIECES, pieces.transpose())
            .set(&STATE, state);
        reading
    }

    fn write(&self, change: &Change<'_, Row>) -> Result<Draft<Patch>, Unfit> {
        let mut part = change.part();
        let refers = |edit: Edit<Ref>| edit.map(|to| to.id.to_string());
        let patch = vec![
            ("code", part.edit(&CODE)),
            ("customer", refers(part.edit(&BUYER))),
            ("article", refers(part.edit(&GOODS))),
            (
                "pieces",
                part.edit(&PIECES).map(|pieces| pieces.to_string()),
            ),
            (
                "state",
                part.edit(&STATE).map(|state| state.word().to_owned()),
            ),
        ];
        Ok(match change.create {
            true => Draft::new().create("add", part, patch),
            false => Draft::new().update("set", part, patch),
        })
    }
}
