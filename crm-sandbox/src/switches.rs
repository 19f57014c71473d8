//! Behaviour that nobody has confirmed, as named switches.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

use crate::error::SandboxError;

/// One behaviour that the facts leave open. The first choice is the default.
#[derive(Debug, Serialize)]
pub struct Switch {
    /// Its name, as in `/_sandbox/switches`.
    pub name: &'static str,
    /// What it can be set to; the first is the default.
    pub choices: &'static [&'static str],
    /// What it decides.
    pub about: &'static str,
}

/// A static for each switch of a server, and `ALL` of them in one table.
macro_rules! switches {
    ($($name:ident = $key:literal [$($choice:literal),+] $about:literal;)*) => {
        $(pub(super) static $name: Switch = Switch {
            name: $key,
            choices: &[$($choice),+],
            about: $about,
        };)*
        pub(super) static ALL: &[&Switch] = &[$(&$name),*];
    };
}
pub(crate) use switches;

/// The switches of one server and how they are set.
pub(crate) struct Switches {
    table: &'static [&'static Switch],
    set: BTreeMap<&'static str, &'static str>,
    asked: Mutex<BTreeSet<&'static str>>,
}

impl Switches {
    pub(crate) fn new(table: &'static [&'static Switch]) -> Self {
        Self {
            table,
            set: BTreeMap::new(),
            asked: Mutex::default(),
        }
    }

    pub(crate) fn table(&self) -> &'static [&'static Switch] {
        self.table
    }

    /// Whether `switch` is set to `choice`.
    pub(crate) fn is(&self, switch: &Switch, choice: &str) -> bool {
        self.asked_mut().insert(switch.name);
        let chosen = self.set.get(switch.name).or(switch.choices.first());
        chosen.is_some_and(|chosen| *chosen == choice)
    }

    pub(crate) fn set(&mut self, name: &str, choice: &str) -> Result<(), SandboxError> {
        let unknown = || SandboxError::UnknownSwitch(name.to_owned());
        let switch = self.table.iter().find(|switch| switch.name == name);
        let switch = switch.ok_or_else(unknown)?;
        let known = switch.choices.iter().find(|known| **known == choice);
        let choice = known.ok_or_else(|| SandboxError::UnknownChoice {
            switch: switch.name,
            choice: choice.to_owned(),
            choices: switch.choices,
        })?;
        self.set.insert(switch.name, choice);
        Ok(())
    }

    /// Those that an answer depended on so far.
    pub(crate) fn asked(&self) -> BTreeSet<&'static str> {
        self.asked_mut().clone()
    }

    fn asked_mut(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn all(&self) -> BTreeMap<&'static str, &'static str> {
        let defaults = self.table.iter().filter_map(|switch| {
            let default = switch.choices.first()?;
            Some((switch.name, *self.set.get(switch.name).unwrap_or(default)))
        });
        defaults.collect()
    }
}
