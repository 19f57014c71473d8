//! One figure, and what it has to be.

use serde::Serialize;

use super::Part;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// The part that it belongs to.
    pub part: Part,
    /// What was measured.
    pub what: String,
    /// What came out.
    pub got: f64,
    /// The most that it may be, where something is wanted of it.
    pub at_most: Option<f64>,
    /// In what it is measured.
    pub unit: &'static str,
    /// What it is made of, for a person.
    pub of: String,
}

impl Figure {
    /// A figure of which nothing is wanted.
    pub fn new(part: Part, what: impl Into<String>, got: f64, unit: &'static str) -> Self {
        Self {
            part,
            what: what.into(),
            got,
            at_most: None,
            unit,
            of: String::new(),
        }
    }

    /// It may not be more.
    pub fn at_most(mut self, most: f64) -> Self {
        self.at_most = Some(most);
        self
    }

    /// What it is made of.
    pub fn of(mut self, of: impl Into<String>) -> Self {
        self.of = of.into();
        self
    }

    /// Whether it is as it is wanted.
    pub fn holds(&self) -> bool {
        self.at_most.is_none_or(|most| self.got <= most)
    }

    /// For a person.
    pub fn line(&self) -> String {
        let wanted = match self.at_most {
            Some(most) if self.holds() => format!(" (wanted: {most} at most)"),
            Some(most) => format!(" MISSED (wanted: {most} at most)"),
            None => String::new(),
        };
        let of = match self.of.as_str() {
            "" => String::new(),
            of => format!(": {of}"),
        };
        format!("{}: {:.3} {}{wanted}{of}", self.what, self.got, self.unit)
    }
}
