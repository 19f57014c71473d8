//! What the businesses of a location are called, for those who know their ids only.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ghl_contacts::{Business, BusinessId};

/// The names of businesses as they were last seen; clones share them.
#[derive(Debug, Clone, Default)]
pub struct CompanyNames(Arc<Mutex<BTreeMap<BusinessId, String>>>);

impl CompanyNames {
    /// What a business is called, if it was seen.
    pub(super) fn of(&self, id: &BusinessId) -> Option<String> {
        self.known().get(id).cloned()
    }

    /// Businesses were seen.
    pub(super) fn see<'b>(&self, businesses: impl IntoIterator<Item = &'b Business>) {
        let named = |business: &Business| Some((business.id.clone(), business.name.clone()?));
        let named = businesses.into_iter().filter_map(named);
        self.known().extend(named);
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<BusinessId, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
