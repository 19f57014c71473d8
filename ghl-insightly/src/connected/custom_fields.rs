//! Custom fields that the settings name, found in both accounts. Types are checked here, not at
//! the first write.

use std::{collections::HashSet, sync::Arc};

use ghl_contacts::{Client as Ghl, CustomFieldDefinition as GhlField, LocationId};
use insightly::{Client as Insightly, CustomFieldDefinition as InsightlyField};
use sync_core::Both;

use super::{
    ConnectError,
    clients::{ghl_refused, insightly_refused},
};
use crate::{
    contact::{CustomFieldPair, CustomFieldType, Markers, OptionList},
    nearest::did_you_mean,
    settings::{CustomFieldSettings, MarkerSettings, Settings, System},
};

/// The tables that name custom fields.
const PAIRS: &str = "[custom_field]";
const MARKERS: &str = "markers";

/// What the settings name.
pub(super) struct Declared {
    pub(super) pairs: Arc<[CustomFieldPair]>,
    pub(super) markers: Markers,
}

impl Declared {
    pub(super) async fn find(
        settings: &Settings,
        ghl: &Ghl,
        insightly: &Insightly,
        location: &LocationId,
    ) -> Result<Self, ConnectError> {
        let markers = &settings.markers;
        if settings.custom_fields.is_empty() && *markers == MarkerSettings::default() {
            return Ok(Self {
                pairs: Arc::new([]),
                markers: Markers::default(),
            });
        }
        let left = ghl.location(location).custom_fields().await;
        let left = left.map_err(|e| ghl_refused(ghl, &e))?;
        let right = insightly.custom_fields("Contacts").await;
        let right = right.map_err(|e| insightly_refused(settings, &e))?;
        let mut named = Named::default();
        let declared = settings.custom_fields.iter();
        let pairs = declared.map(|declared| pair(declared, &left, &right, &mut named));
        Ok(Self {
            pairs: pairs.collect::<Result<Vec<_>, _>>()?.into(),
            markers: found_markers(markers, &left, &right, &mut named)?,
        })
    }
}

/// The fields that the settings have named so far, by their system. One that is named twice would
/// be written for both.
#[derive(Default)]
struct Named<'f>(HashSet<(System, &'f str)>);

impl<'f> Named<'f> {
    fn once(
        &mut self,
        table: &'static str,
        system: System,
        field: &'f str,
        name: &str,
    ) -> Result<(), ConnectError> {
        if self.0.insert((system, field)) {
            return Ok(());
        }
        let why = format!(
            "the field `{name}` of {} is named twice; name another, or take one out",
            system.name()
        );
        Err(wrong(table, why))
    }
}

fn found_markers<'f>(
    settings: &MarkerSettings,
    left: &'f [GhlField],
    right: &'f [InsightlyField],
    named: &mut Named<'f>,
) -> Result<Markers, ConnectError> {
    let is_text = |of: Option<CustomFieldType>, name: &str| match of {
        Some(CustomFieldType::Text) => Ok(()),
        _ => Err(wrong(MARKERS, format!("`{name}` is no field for a text"))),
    };
    let mut markers = Markers::default();
    if let Some(name) = &settings.ghl {
        let field = in_ghl(MARKERS, name, left)?;
        is_text(ghl_type(field), name)?;
        named.once(MARKERS, System::Ghl, field.id.as_str(), name)?;
        markers.ghl = Some(field.id.clone());
    }
    if let Some(name) = &settings.insightly {
        let field = in_insightly(MARKERS, name, right)?;
        is_text(insightly_type(field), name)?;
        named.once(MARKERS, System::Insightly, &field.name, name)?;
        markers.insightly = Some(field.name.clone());
    }
    Ok(markers)
}

fn pair<'f>(
    declared: &CustomFieldSettings,
    left: &'f [GhlField],
    right: &'f [InsightlyField],
    named: &mut Named<'f>,
) -> Result<CustomFieldPair, ConnectError> {
    let ghl = in_ghl(PAIRS, &declared.ghl, left)?;
    let insightly = in_insightly(PAIRS, &declared.insightly, right)?;
    named.once(PAIRS, System::Ghl, ghl.id.as_str(), &declared.ghl)?;
    named.once(
        PAIRS,
        System::Insightly,
        &insightly.name,
        &declared.insightly,
    )?;
    match (ghl_type(ghl), insightly_type(insightly)) {
        (Some(of), Some(other)) if of == other => {
            Ok(
                CustomFieldPair::new(ghl.id.clone(), &declared.insightly, of)
                    .offering(Both::new(ghl_options(ghl), insightly_options(insightly))),
            )
        }
        _ => {
            let why = format!(
                "`{}` is {} in GHL and `{}` is {} in Insightly; these cannot be paired",
                declared.ghl,
                ghl.data_type.as_deref().unwrap_or("of no type"),
                declared.insightly,
                insightly.field_type.as_deref().unwrap_or("of no type"),
            );
            Err(wrong(PAIRS, why))
        }
    }
}

/// By its id, its key or its name.
fn in_ghl<'f>(
    table: &'static str,
    wanted: &str,
    fields: &'f [GhlField],
) -> Result<&'f GhlField, ConnectError> {
    let is_it = |field: &&GhlField| {
        let key = field.field_key.as_deref();
        field.id.as_str() == wanted
            || field.name.as_deref() == Some(wanted)
            || key.is_some_and(|key| key == wanted || key.strip_prefix("contact.") == Some(wanted))
    };
    fields.iter().find(is_it).ok_or_else(|| {
        let known = fields.iter().filter_map(|field| field.name.as_deref());
        absent(table, System::Ghl, wanted, known)
    })
}

fn in_insightly<'f>(
    table: &'static str,
    wanted: &str,
    fields: &'f [InsightlyField],
) -> Result<&'f InsightlyField, ConnectError> {
    let found = fields.iter().find(|field| field.name == wanted);
    found.ok_or_else(|| {
        let known = fields.iter().map(|field| field.name.as_str());
        absent(table, System::Insightly, wanted, known)
    })
}

fn absent<'a>(
    table: &'static str,
    system: System,
    wanted: &str,
    known: impl Iterator<Item = &'a str>,
) -> ConnectError {
    let meant = did_you_mean(wanted, known);
    wrong(
        table,
        format!("{} has no custom field `{wanted}`{meant}", system.name()),
    )
}

fn wrong(table: &'static str, why: String) -> ConnectError {
    ConnectError::CustomField { table, why }
}

/// Where a list is all that there is to choose from.
fn ghl_options(field: &GhlField) -> Option<OptionList> {
    let name = field.name.as_deref().unwrap_or(field.id.as_str());
    let is_all = field.is_allowed_custom_option != Some(true) && field.options().next().is_some();
    is_all.then(|| OptionList::new(System::Ghl, name, field.options().map(str::to_owned)))
}

fn insightly_options(field: &InsightlyField) -> Option<OptionList> {
    let options = field
        .options
        .as_ref()
        .filter(|options| !options.is_empty())?;
    let options = options.iter().map(|option| option.value.clone());
    Some(OptionList::new(System::Insightly, &field.name, options))
}

fn ghl_type(field: &GhlField) -> Option<CustomFieldType> {
    match field.data_type.as_deref().unwrap_or("TEXT") {
        "TEXT" | "LARGE_TEXT" | "SINGLE_OPTIONS" | "RADIO" | "EMAIL" | "PHONE" => {
            Some(CustomFieldType::Text)
        }
        "NUMERICAL" | "MONETORY" => Some(CustomFieldType::Number),
        "DATE" => Some(CustomFieldType::Date),
        "MULTIPLE_OPTIONS" | "CHECKBOX" => Some(CustomFieldType::Options),
        _ => None,
    }
}

fn insightly_type(field: &InsightlyField) -> Option<CustomFieldType> {
    match field.field_type.as_deref().unwrap_or("TEXT") {
        "TEXT" | "MULTILINETEXT" | "DROPDOWN" => Some(CustomFieldType::Text),
        "NUMERIC" | "PERCENT" => Some(CustomFieldType::Number),
        "DATE" => Some(CustomFieldType::Date),
        "MULTISELECT" => Some(CustomFieldType::Options),
        "BIT" => Some(CustomFieldType::Flag),
        _ => None,
    }
}
