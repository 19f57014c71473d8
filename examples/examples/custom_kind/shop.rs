//! The left system: sheets of texts. One of them shows its rows under a parent only.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sync_core::{
    Change, ConnectorError, Coverage, Cursor, Draft, Edit, Endpoint, EndpointTraits, Feed, Fields,
    Head, Kind, Lane, Mapper, Memo, NativePage, NativeReply, NativeSeen, Reading, Ref, Target,
    Unfit,
};

use crate::order::CODE;

pub(crate) type Cells = BTreeMap<&'static str, String>;
/// An id and the cells.
pub(crate) type Row = (String, Cells);
pub(crate) type Patch = Vec<(&'static str, Edit<String>)>;
type Answer<T> = Result<T, ConnectorError>;

#[derive(Clone, Default)]
pub(crate) struct Sheet {
    rows: Arc<Mutex<BTreeMap<String, Cells>>>,
    /// The kind under which its rows are shown, and the column that names the parent.
    under: Option<(Kind, &'static str)>,
}

impl Sheet {
    pub(crate) fn under(kind: Kind, column: &'static str) -> Self {
        Self {
            under: Some((kind, column)),
            ..Self::default()
        }
    }

    pub(crate) fn rows(&self) -> MutexGuard<'_, BTreeMap<String, Cells>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, id: &str, cells: &[(&'static str, &str)]) {
        let cells = cells.iter().map(|(name, text)| (*name, (*text).to_owned()));
        self.rows().insert(id.to_owned(), cells.collect());
    }
}

impl Endpoint for Sheet {
    type Native = Row;
    type Call = Patch;

    fn traits(&self) -> EndpointTraits {
        let mut traits = EndpointTraits::list();
        if let Some((parent, _)) = self.under.clone() {
            traits.feed = Feed::ByParent { parent };
        }
        traits
    }

    fn head(&self, (id, _): &Row) -> Head {
        Head::new(id.as_str())
    }

    async fn changes(&self, _: Lane, _: Option<&Cursor>) -> Answer<NativePage<Row>> {
        Ok(NativePage::whole(self.rows().clone().into_iter().collect()))
    }

    async fn children(&self, parent: &Ref) -> Answer<NativePage<Row>> {
        let column = self
            .under
            .as_ref()
            .map(|(_, column)| *column)
            .unwrap_or_default();
        let mut rows = self.rows().clone();
        rows.retain(|_, cells| cells.get(column).is_some_and(|id| id == parent.id.as_str()));
        Ok(NativePage::whole(rows.into_iter().collect()))
    }

    async fn fetch(&self, target: &Target) -> Answer<Option<NativeSeen<Row>>> {
        let row = self.rows().clone().remove_entry(target.id.as_str());
        Ok(row.map(NativeSeen::from))
    }

    async fn send(&self, target: Option<&Target>, patch: &Patch) -> Answer<NativeReply<Row>> {
        let mut rows = self.rows();
        let id = target.map_or(format!("row-{}", rows.len()), |to| to.id.to_string());
        let cells = rows.entry(id.clone()).or_default();
        for (name, edit) in patch {
            match edit {
                Edit::Leave => None,
                Edit::Set(text) => cells.insert(name, text.clone()),
                Edit::Clear => cells.remove(name),
            };
        }
        Ok(NativeReply::showing(
            id.as_str(),
            (id.clone(), cells.clone()),
        ))
    }

    async fn delete(&self, target: &Target) -> Answer<()> {
        self.rows().remove(target.id.as_str());
        Ok(())
    }
}

/// Customers and articles: all we want of them is the code.
pub(crate) struct CodeMapper;

impl Mapper for CodeMapper {
    type Native = Row;
    type Call = Patch;

    fn fields(&self) -> Fields {
        Fields::new().exact(&CODE)
    }

    fn read(&self, (_, cells): &Row, _: &Coverage, _: &Memo) -> Reading {
        let mut reading = Reading::default();
        reading.set(&CODE, cells.get("code").cloned());
        reading
    }

    fn write(&self, change: &Change<'_, Row>) -> Result<Draft<Patch>, Unfit> {
        let mut part = change.part();
        let patch = vec![("code", part.edit(&CODE))];
        Ok(match change.create {
            true => Draft::new().create("add", part, patch),
            false => Draft::new().update("set", part, patch),
        })
    }
}
