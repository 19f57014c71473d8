//! Custom fields that the two accounts share by declaration.

use serde_json::Value as Json;
use sync_core::{Decimal, Edit, Field, FieldKey, Fields, Part, PartialDate, Reading, Tags};

use ghl_contacts::{CustomFieldId, CustomFieldValue, CustomFieldWrite};
use insightly::CustomField;

/// One custom field as both systems call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomFieldPair {
    /// The canonical name, e.g. `custom.Hobby__c`.
    pub name: String,
    /// Its id in GHL.
    pub ghl: CustomFieldId,
    /// Its API name in Insightly, e.g. `Hobby__c`.
    pub insightly: String,
    /// What it holds on both sides.
    pub of: CustomFieldType,
}

/// What a custom field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    fn read(&self, of: CustomFieldType) -> Result<Held, String>;
}

/// A value on its way between the forms.
enum Held {
    Blank,
    Text(String),
    Number(Decimal),
    Date(PartialDate),
    Flag(bool),
    Options(Vec<String>),
}

impl CustomFieldPair {
    fn text(&self) -> Field<String> {
        Field::named(&self.name)
    }

    fn number(&self) -> Field<Decimal> {
        Field::named(&self.name)
    }

    fn date(&self) -> Field<PartialDate> {
        Field::named(&self.name)
    }

    fn flag(&self) -> Field<bool> {
        Field::named(&self.name)
    }

    fn options(&self) -> Field<Tags> {
        Field::named(&self.name)
    }

    /// Both sides hold it exactly.
    pub(crate) fn declare(&self, fields: Fields) -> Fields {
        match self.of {
            CustomFieldType::Text => fields.exact(&self.text()),
            CustomFieldType::Number => fields.exact(&self.number()),
            CustomFieldType::Date => fields.exact(&self.date()),
            CustomFieldType::Flag => fields.exact(&self.flag()),
            CustomFieldType::Options => fields.exact(&self.options()),
        }
    }

    pub(crate) fn read_ghl(&self, value: Option<&CustomFieldValue>, reading: &mut Reading) {
        self.put(
            value.map_or(Ok(Held::Blank), |value| value.read(self.of)),
            reading,
        );
    }

    pub(crate) fn read_insightly(&self, field: Option<&CustomField>, reading: &mut Reading) {
        self.put(
            field.map_or(Ok(Held::Blank), |field| field.read(self.of)),
            reading,
        );
    }

    fn put(&self, held: Result<Held, String>, reading: &mut Reading) {
        match held {
            Ok(Held::Text(text)) => drop(reading.set(&self.text(), text)),
            Ok(Held::Number(number)) => drop(reading.set(&self.number(), number)),
            Ok(Held::Date(date)) => drop(reading.set(&self.date(), date)),
            Ok(Held::Flag(flag)) => drop(reading.set(&self.flag(), flag)),
            Ok(Held::Options(options)) => {
                let options = Tags::new(options.iter().map(String::as_str));
                reading.set(&self.options(), options);
            }
            Ok(Held::Blank) => {}
            Err(why) => drop(reading.try_set::<String>(&self.text(), Err(why))),
        }
    }

    pub(crate) fn write_ghl(&self, part: &mut Part<'_>) -> Option<CustomFieldWrite> {
        let id = self.ghl.clone();
        let clear = Edit::Set(CustomFieldWrite::clear(id.clone()));
        let edit = match self.of {
            CustomFieldType::Text => part.edit(&self.text()).map(CustomFieldValue::from),
            CustomFieldType::Number => part.edit(&self.number()).map(|n| number(n.as_str())),
            CustomFieldType::Date => part.edit(&self.date()).map(|d| d.to_string().into()),
            CustomFieldType::Flag => part.edit(&self.flag()).map(|f| Json::Bool(f).into()),
            CustomFieldType::Options => part.edit(&self.options()).map(|o| list(&o).into()),
        };
        match edit {
            Edit::Leave => None,
            Edit::Clear => clear.set(),
            Edit::Set(value) => Some(CustomFieldWrite::set(id, value)),
        }
    }

    pub(crate) fn write_insightly(&self, part: &mut Part<'_>) -> Option<CustomField> {
        let name = &self.insightly;
        let edit = match self.of {
            CustomFieldType::Text => part.edit(&self.text()).map(|t| CustomField::text(name, t)),
            CustomFieldType::Number => part.edit(&self.number()).map(|n| {
                let digits: Json = n.as_str().parse().unwrap_or(Json::Null);
                CustomField::new(name, digits)
            }),
            CustomFieldType::Date => part.edit(&self.date()).map(|date| match date.date() {
                Some(date) => CustomField::date(name, date),
                None => CustomField::cleared(name),
            }),
            CustomFieldType::Flag => part.edit(&self.flag()).map(|f| CustomField::flag(name, f)),
            CustomFieldType::Options => part
                .edit(&self.options())
                .map(|o| CustomField::options(name, list(&o))),
        };
        match edit {
            Edit::Leave => None,
            Edit::Clear => Some(CustomField::cleared(name)),
            Edit::Set(field) => Some(field),
        }
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
        Ok(Held::Text(text)) => Some(text),
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

fn text_as(of: CustomFieldType, text: &str) -> Result<Held, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Held::Blank);
    }
    let wrong = |what: &str| format!("`{text}` is no {what}");
    match of {
        CustomFieldType::Text => Ok(Held::Text(text.to_owned())),
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
        CustomFieldType::Options => {
            let options = text
                .split(';')
                .map(str::trim)
                .filter(|option| !option.is_empty());
            Ok(Held::Options(options.map(str::to_owned).collect()))
        }
    }
}

impl Form for CustomFieldValue {
    fn read(&self, of: CustomFieldType) -> Result<Held, String> {
        match (self, of) {
            (Self::List(items), CustomFieldType::Options) => Ok(Held::Options(items.clone())),
            (Self::List(items), _) => text_as(of, &items.join(";")),
            (Self::Text(text), _) => text_as(of, text),
            (Self::Number(number), _) => text_as(of, &number.to_string()),
            (Self::Other(Json::Bool(flag)), CustomFieldType::Flag) => Ok(Held::Flag(*flag)),
            (Self::Other(Json::Null), _) => Ok(Held::Blank),
            _ => Err("it holds something that no text can tell".to_owned()),
        }
    }
}

impl Form for CustomField {
    fn read(&self, of: CustomFieldType) -> Result<Held, String> {
        match &self.value {
            Json::Null => Ok(Held::Blank),
            Json::String(text) => text_as(of, text),
            Json::Number(number) => text_as(of, &number.to_string()),
            Json::Bool(flag) => text_as(of, if *flag { "true" } else { "false" }),
            _ => Err("it holds something that no text can tell".to_owned()),
        }
    }
}
