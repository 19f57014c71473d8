//! Custom fields in which a created record keeps the id of the one that it was made from.

use ghl_contacts::CustomFieldId;
use sync_core::{Field, Fields};

/// The contact's id in GHL: its own there, the marker in Insightly.
pub static GHL_ID: Field<String> = Field::new("ghl_id");
/// The contact's id in Insightly: its own there, the marker in GHL.
pub static INSIGHTLY_ID: Field<String> = Field::new("insightly_id");

/// Where markers are kept. A record that has one is linked by it again when the store is lost,
/// even if nothing else tells whose copy it is. They are written on create only, and cost no call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Markers {
    /// The custom field of GHL for ids of Insightly.
    pub ghl: Option<CustomFieldId>,
    /// The custom field of Insightly for ids of GHL.
    pub insightly: Option<String>,
}

impl Markers {
    pub(crate) fn held_by_ghl(&self, fields: Fields) -> Fields {
        let fields = match &self.ghl {
            Some(_) => fields.create_only(&INSIGHTLY_ID),
            None => fields,
        };
        match &self.insightly {
            Some(_) => fields.read_only(&GHL_ID),
            None => fields,
        }
    }

    pub(crate) fn held_by_insightly(&self, fields: Fields) -> Fields {
        let fields = match &self.insightly {
            Some(_) => fields.create_only(&GHL_ID),
            None => fields,
        };
        match &self.ghl {
            Some(_) => fields.read_only(&INSIGHTLY_ID),
            None => fields,
        }
    }
}
