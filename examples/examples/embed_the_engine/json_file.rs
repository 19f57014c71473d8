//! A file of people by id: all that the engine has to know of a system.

use std::{collections::BTreeMap, error::Error, fs, path::PathBuf};

use sync_core::{
    AccountId, ConnectorError, Cursor, Edit, Endpoint, EndpointTraits, Head, Lane, NativePage,
    NativeReply, NativeSeen, Reason, Target,
};

use crate::person_mapper::{Patch, Person};

type Result<T, E = ConnectorError> = std::result::Result<T, E>;
type People = BTreeMap<String, Person>;
type Native = (String, Person);

#[derive(Clone)]
pub(crate) struct JsonFile(PathBuf);

impl JsonFile {
    pub(crate) fn create(
        path: PathBuf,
        people: &serde_json::Value,
    ) -> Result<Self, Box<dyn Error>> {
        fs::write(&path, people.to_string())?;
        Ok(Self(path))
    }

    pub(crate) fn account(&self) -> AccountId {
        AccountId::new(self.0.to_string_lossy())
    }

    /// What a person does with an editor.
    pub(crate) fn edit(&self, id: &str, member: &str, text: &str) -> Result<()> {
        let mut people = self.read()?;
        let person = people.entry(id.to_owned()).or_default();
        person.insert(member.to_owned(), text.to_owned());
        self.write(&people)
    }

    /// All people without their ids, in a fixed order.
    pub(crate) fn people(&self) -> Result<Vec<Person>> {
        let mut people: Vec<_> = self.read()?.into_values().collect();
        people.sort();
        Ok(people)
    }

    fn read(&self) -> Result<People> {
        let text = fs::read(&self.0).map_err(failed)?;
        serde_json::from_slice(&text).map_err(failed)
    }

    /// In one step: a write that fails has changed nothing.
    fn write(&self, people: &People) -> Result<()> {
        let text = serde_json::to_vec_pretty(people).map_err(failed)?;
        let new = self.0.with_extension("new");
        fs::write(&new, text).map_err(failed)?;
        fs::rename(new, &self.0).map_err(failed)
    }
}

fn failed(why: impl std::fmt::Display) -> ConnectorError {
    ConnectorError::not_applied("file", Reason::Transient, why.to_string())
}

impl Endpoint for JsonFile {
    type Native = Native;
    type Call = Patch;

    fn traits(&self) -> EndpointTraits {
        EndpointTraits::list()
    }

    fn head(&self, (id, _): &Native) -> Head {
        Head::new(id.as_str())
    }

    async fn changes(&self, _lane: Lane, _from: Option<&Cursor>) -> Result<NativePage<Native>> {
        Ok(NativePage::whole(self.read()?.into_iter().collect()))
    }

    async fn fetch(&self, target: &Target) -> Result<Option<NativeSeen<Native>>> {
        let found = self.read()?.remove_entry(target.id.as_str());
        Ok(found.map(NativeSeen::from))
    }

    async fn send(&self, target: Option<&Target>, patch: &Patch) -> Result<NativeReply<Native>> {
        let mut people = self.read()?;
        let (id, mut person) = match target {
            Some(target) => people
                .remove_entry(target.id.as_str())
                .ok_or_else(|| ConnectorError::not_applied("send", Reason::NotFound, "gone"))?,
            None => (next_id(&people), Person::new()),
        };
        for (member, edit) in patch.clone() {
            match edit {
                Edit::Leave => None,
                Edit::Set(text) => person.insert(member, text),
                Edit::Clear => person.remove(&member),
            };
        }
        people.insert(id.clone(), person.clone());
        self.write(&people)?;
        Ok(NativeReply::showing(id.as_str(), (id.clone(), person)))
    }

    async fn delete(&self, target: &Target) -> Result<()> {
        let mut people = self.read()?;
        people.remove(target.id.as_str());
        self.write(&people)
    }
}

fn next_id(people: &People) -> String {
    let used = people.keys().filter_map(|id| id.parse::<u64>().ok());
    (used.max().unwrap_or_default() + 1).to_string()
}
