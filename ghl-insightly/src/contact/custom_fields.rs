//! Custom fields that the two accounts share by declaration.

use std::borrow::Cow;

use serde_json::Value as Json;
use sync_core::{
    Both, Decimal, Edit, Field, FieldKey, FieldType, Fields, Part, PartialDate, Reading, Tags,
    Unfit,
};

use ghl_contacts::{Contact as GhlContact, CustomFieldId, CustomFieldValue, CustomFieldWrite};
use insightly::{Contact as InsightlyContact, CustomField};

use super::OptionList;

/// One custom field as both systems call it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomFieldPair {
    key: FieldKey,
    ghl: CustomFieldId,
    insightly: String,
    of: CustomFieldType,
    options: Both<Option<OptionList>>,
}

/// What a custom field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CustomFieldType {
    /// A text, or one of several options.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
    /// Yes or no.
    Flag,
    /// Any of several options.
    Options,
}

/// What one system's form of a custom field's value is.
trait Form {
    fn read(&self, of: CustomFieldType) -> Result<Held<'_>, String>;
}

/// A value on its way between the forms.
enum Held<'v> {
    Blank,
    /// As it is; it may be blank.
    Text(Cow<'v, str>),
    Number(Decimal),
    Date(PartialDate),
    Flag(bool),
    Options(Tags),
}

impl CustomFieldPair {
    /// A field by its id in GHL and its API name in Insightly, e.g. `Hobby__c`, with what it holds
    /// on both sides. In records it is called after the latter: `custom.Hobby__c`.
    pub fn new(ghl: CustomFieldId, insightly: &str, of: CustomFieldType) -> Self {
        Self {
            key: custom_field_key(insightly),
            ghl,
            insightly: insightly.to_owned(),
            of,
            options: Both::default(),
        }
    }

    /// What the field offers to choose from in GHL, which is left, and in Insightly.
    pub fn offering(mut self, options: Both<Option<OptionList>>) -> Self {
        self.options = options;
        self
    }

    fn text(&self) -> Field<String> {
        Field::under(self.key.clone())
    }

    fn number(&self) -> Field<Decimal> {
        Field::under(self.key.clone())
    }

    fn date(&self) -> Field<PartialDate> {
        Field::under(self.key.clone())
    }

    fn flag(&self) -> Field<bool> {
        Field::under(self.key.clone())
    }

    fn set(&self) -> Field<Tags> {
        Field::under(self.key.clone())
    }

    /// Both sides hold it exactly. People may pair another field of GHL with it one day.
    pub(crate) fn declare(&self, fields: Fields) -> Fields {
        let place = format!("{} as {:?}", self.ghl, self.of);
        match self.of {
            CustomFieldType::Text => declared(fields, &self.text(), &place),
            CustomFieldType::Number => declared(fields, &self.number(), &place),
            CustomFieldType::Date => declared(fields, &self.date(), &place),
            CustomFieldType::Flag => declared(fields, &self.flag(), &place),
            CustomFieldType::Options => declared(fields, &self.set(), &place),
        }
    }

    /// Reads what a contact holds in these fields.
    pub(crate) fn read_ghl(pairs: &[Self], contact: &GhlContact, reading: &mut Reading) {
        let mut shown = InOrder::of(contact.custom_fields.as_deref());
        for pair in pairs {
            let field = shown.find(|field| field.id == pair.ghl);
            pair.read(field.and_then(|field| field.value.as_ref()), reading);
        }
    }

    /// Reads what a contact holds in these fields.
    pub(crate) fn read_insightly(
        pairs: &[Self],
        contact: &InsightlyContact,
        reading: &mut Reading,
    ) {
        let mut shown = InOrder::of(contact.custom_fields.as_deref());
        for pair in pairs {
            let field = shown.find(|field| field.name == pair.insightly);
            pair.read(field, reading);
        }
    }

    fn read(&self, form: Option<&impl Form>, reading: &mut Reading) {
        match form.map_or(Ok(Held::Blank), |form| form.read(self.of)) {
            Ok(Held::Text(text)) => drop(reading.set_text(&self.text(), Some(&text))),
            Ok(Held::Number(number)) => drop(reading.set(&self.number(), number)),
            Ok(Held::Date(date)) => drop(reading.set(&self.date(), date)),
            Ok(Held::Flag(flag)) => drop(reading.set(&self.flag(), flag)),
            Ok(Held::Options(options)) => drop(reading.set(&self.set(), options)),
            Ok(Held::Blank) => {}
            Err(why) => drop(reading.try_set::<String>(&self.text(), Err(why))),
        }
    }

    pub(crate) fn write_ghl(&self, part: &mut Part<'_>) -> Result<Option<CustomFieldWrite>, Unfit> {
        let id = self.ghl.clone();
        let clear = Edit::Set(CustomFieldWrite::clear(id.clone()));
        let offered = self.options.left.as_ref();
        let edit = match self.of {
            CustomFieldType::Text => self.edit_text(part, offered)?.map(CustomFieldValue::from),
            CustomFieldType::Number => part.edit(&self.number()).map(|n| number(n.as_str())),
            CustomFieldType::Date => part.edit(&self.date()).map(|d| d.to_string().into()),
            CustomFieldType::Flag => part.edit(&self.flag()).map(|f| Json::Bool(f).into()),
            CustomFieldType::Options => self.edit_set(part, offered)?.map(|o| list(&o).into()),
        };
        Ok(match edit {
            Edit::Leave => None,
            Edit::Clear => clear.set(),
            Edit::Set(value) => Some(CustomFieldWrite::set(id, value)),
        })
    }

    pub(crate) fn write_insightly(
        &self,
        part: &mut Part<'_>,
    ) -> Result<Option<CustomField>, Unfit> {
        let name = &self.insightly;
        let offered = self.options.right.as_ref();
        let edit = match self.of {
            CustomFieldType::Text => self
                .edit_text(part, offered)?
                .map(|t| CustomField::text(name, t)),
            CustomFieldType::Number => part.edit(&self.number()).map(|n| {
                let digits: Json = n.as_str().parse().unwrap_or(Json::Null);
                CustomField::new(name, digits)
            }),
            CustomFieldType::Date => part.edit(&self.date()).map(|date| match date.date() {
                Some(date) => CustomField::date(name, date),
                None => CustomField::cleared(name),
            }),
            CustomFieldType::Flag => part.edit(&self.flag()).map(|f| CustomField::flag(name, f)),
            CustomFieldType::Options => self
                .edit_set(part, offered)?
                .map(|o| CustomField::options(name, list(&o))),
        };
        Ok(match edit {
            Edit::Leave => None,
            Edit::Clear => Some(CustomField::cleared(name)),
            Edit::Set(field) => Some(field),
        })
    }

    fn edit_text(
        &self,
        part: &mut Part<'_>,
        offered: Option<&OptionList>,
    ) -> Result<Edit<String>, Unfit> {
        let field = self.text();
        let edit = part.edit(&field);
        if let (Edit::Set(text), Some(offered)) = (&edit, offered) {
            offered.check(&field, text)?;
        }
        Ok(edit)
    }

    fn edit_set(
        &self,
        part: &mut Part<'_>,
        offered: Option<&OptionList>,
    ) -> Result<Edit<Tags>, Unfit> {
        let field = self.set();
        match (part.edit(&field), offered) {
            (Edit::Set(set), Some(offered)) => offered.spelled(&field, &set).map(Edit::Set),
            (edit, _) => Ok(edit),
        }
    }
}

fn declared<T: FieldType>(fields: Fields, field: &Field<T>, place: &str) -> Fields {
    fields.exact(field).found_in(field, place)
}

/// A list that is asked for one item after the other, mostly in its own order.
struct InOrder<'l, T> {
    items: &'l [T],
    next: usize,
}

impl<'l, T> InOrder<'l, T> {
    fn of(items: Option<&'l [T]>) -> Self {
        let items = items.unwrap_or_default();
        Self { items, next: 0 }
    }

    fn find(&mut self, is_it: impl Fn(&T) -> bool) -> Option<&'l T> {
        let (before, after) = self.items.split_at(self.next);
        let later = after.iter().position(&is_it).map(|at| self.next + at);
        let at = later.or_else(|| before.iter().position(&is_it))?;
        self.next = at + 1;
        Some(&self.items[at])
    }
}

/// What a field of GHL holds, as a text.
pub(crate) fn text_in_ghl(value: Option<&CustomFieldValue>) -> Option<String> {
    text(value?)
}

/// What a field of Insightly holds, as a text.
pub(crate) fn text_in_insightly(field: Option<&CustomField>) -> Option<String> {
    text(field?)
}

fn text(form: &impl Form) -> Option<String> {
    match form.read(CustomFieldType::Text) {
        Ok(Held::Text(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The canonical name of a declared field, by its name in Insightly.
pub(crate) fn custom_field_key(insightly: &str) -> FieldKey {
    FieldKey::named(&format!("custom.{insightly}"))
}

fn list(options: &Tags) -> Vec<String> {
    options.names().map(str::to_owned).collect()
}

fn number(digits: &str) -> CustomFieldValue {
    digits
        .parse::<Json>()
        .map_or_else(|_| digits.into(), CustomFieldValue::from)
}

fn text_as<'v>(of: CustomFieldType, whole: impl Into<Cow<'v, str>>) -> Result<Held<'v>, String> {
    let whole = whole.into();
    let text = whole.trim();
    let wrong = |what: &str| format!("`{text}` is no {what}");
    match of {
        CustomFieldType::Text => Ok(Held::Text(whole)),
        _ if text.is_empty() => Ok(Held::Blank),
        CustomFieldType::Number => Decimal::parse(text)
            .map(Held::Number)
            .ok_or_else(|| wrong("number")),
        CustomFieldType::Date => {
            let day = text
                .get(..10)
                .unwrap_or(text)
                .parse()
                .map_err(|_| wrong("date"))?;
            Ok(Held::Date(PartialDate::whole(day)))
        }
        CustomFieldType::Flag => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Held::Flag(true)),
            "false" | "no" | "0" => Ok(Held::Flag(false)),
            _ => Err(wrong("yes or no")),
        },
        CustomFieldType::Options => Ok(Held::Options(Tags::new(text.split(';')))),
    }
}

impl Form for CustomFieldValue {
    fn read(&self, of: CustomFieldType) -> Result<Held<'_>, String> {
        match (self, of) {
            (Self::List(items), CustomFieldType::Options) => Ok(Held::Options(Tags::new(items))),
            (Self::List(items), _) => text_as(of, items.join(";")),
            (Self::Text(text), _) => text_as(of, text.as_str()),
            (Self::Number(number), _) => text_as(of, number.to_string()),
            (Self::Other(Json::Bool(flag)), CustomFieldType::Flag) => Ok(Held::Flag(*flag)),
            (Self::Other(Json::Null), _) => Ok(Held::Blank),
            _ => Err("it holds something that no text can tell".to_owned()),
        }
    }
}

impl Form for CustomField {
    fn read(&self, of: CustomFieldType) -> Result<Held<'_>, String> {
        match &self.value {
            Json::Null => Ok(Held::Blank),
            Json::String(text) => text_as(of, text.as_str()),
            Json::Number(number) => text_as(of, number.to_string()),
            Json::Bool(flag) => text_as(of, if *flag { "true" } else { "false" }),
            _ => Err("it holds something that no text can tell".to_owned()),
        }
    }
}
