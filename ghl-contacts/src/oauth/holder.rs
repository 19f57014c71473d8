//! Who a pair of tokens belongs to.

use crate::{
    ids::{CompanyId, LocationId},
    oauth::app::UserType,
};

/// Who installed the app, and how its token is had.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    /// An agency.
    Company(CompanyId),
    /// A location that installed the app itself.
    Location(LocationId),
    /// A location whose agency installed it.
    LocationOf(CompanyId, LocationId),
}

impl Holder {
    /// Where the store keeps the tokens.
    pub(crate) fn key(&self, client_id: &str) -> String {
        match self {
            Self::Company(id) => format!("ghl/{client_id}/company/{id}"),
            Self::Location(id) | Self::LocationOf(_, id) => {
                format!("ghl/{client_id}/location/{id}")
            }
        }
    }

    pub(crate) fn user_type(&self) -> UserType {
        match self {
            Self::Company(_) => UserType::Company,
            Self::Location(_) | Self::LocationOf(..) => UserType::Location,
        }
    }
}
