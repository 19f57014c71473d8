//! Holds: what is found again is the same hold.

use sync_core::{Hold, Kind, Subject, stored};

use crate::{
    failure::Failure,
    part::{Part, kept},
};

impl Part<'_> {
    /// These are the holds of a subject now.
    pub(crate) fn hold(
        &self,
        kind: &Kind,
        subject: &Subject,
        holds: Vec<Hold>,
    ) -> Result<(), Failure> {
        let subject = subject_text(subject);
        let known = self.numbered_holds(kind, &subject)?;
        for (number, hold) in &known {
            if !holds.iter().any(|new| same(hold, new)) {
                self.run("DELETE FROM holds WHERE number = ?1", [number])?;
            }
        }
        for mut hold in holds {
            if let Some((number, known)) = known.iter().find(|(_, known)| same(known, &hold)) {
                hold.since = known.since;
                self.run(
                    "UPDATE holds SET hold = ?2 WHERE number = ?1",
                    (number, stored::encode(&hold)?),
                )?;
            } else {
                self.run(
                    "INSERT INTO holds (connection, kind, subject, hold) VALUES (?1, ?2, ?3, ?4)",
                    (self.number, kind.as_str(), &subject, stored::encode(&hold)?),
                )?;
            }
        }
        Ok(())
    }

    /// The holds of a subject, oldest first.
    pub(crate) fn numbered_holds(
        &self,
        kind: &Kind,
        subject: &str,
    ) -> Result<Vec<(i64, Hold)>, Failure> {
        self.all(
            "SELECT number, hold FROM holds
             WHERE connection = ?1 AND kind = ?2 AND subject = ?3 ORDER BY number",
            (self.number, kind.as_str(), subject),
            |row| Ok((row.get(0)?, kept(row, 1)?)),
        )
    }
}

/// A subject as its column has it.
pub(crate) fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Link(id) => format!("link:{id}"),
        Subject::Record(side, id) => format!("{side}:{id}"),
    }
}

fn same(one: &Hold, other: &Hold) -> bool {
    (&one.field, one.reason) == (&other.field, other.reason)
}
