//! Questions and answers.

use std::{error::Error, fmt, future::Future};

use serde::{Deserialize, Serialize};

/// What was asked of an API, and what it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The question's name, e.g. `ghl.tags_move_stamp`.
    pub name: String,
    /// The question, for people.
    pub question: String,
    /// The answer.
    pub answer: Answer,
}

/// What an API answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// In other words.
    Is(String),
    /// It could not be measured; why.
    Unknown(String),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.write_str("yes"),
            Self::No => f.write_str("no"),
            Self::Is(words) => f.write_str(words),
            Self::Unknown(why) => write!(f, "not measured: {why}"),
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<&str> for Answer {
    fn from(words: &str) -> Self {
        Self::Is(words.to_owned())
    }
}

/// What a measurement gives; what fails is an answer, too.
pub(super) type Measured = Result<Answer, Box<dyn Error + Send + Sync>>;

/// A refusal is an answer where it has a status.
pub(super) fn answered(
    status: Option<u16>,
    error: impl Into<Box<dyn Error + Send + Sync>>,
) -> Measured {
    match status {
        Some(status) => Ok(Answer::Is(status.to_string())),
        None => Err(error.into()),
    }
}

/// The answers so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) findings: Vec<Finding>,
    pub(super) left_behind: Vec<String>,
}

impl Findings {
    pub(super) async fn ask(
        &mut self,
        name: &str,
        question: &str,
        measured: impl Future<Output = Measured>,
    ) {
        let answer = measured.await;
        self.findings.push(Finding {
            name: name.to_owned(),
            question: question.to_owned(),
            answer: answer.unwrap_or_else(|why| Answer::Unknown(why.to_string())),
        });
    }

    /// Notes a scratch record that stayed.
    pub(super) fn cleaned<E: fmt::Display>(&mut self, what: &str, deleted: Result<(), E>) {
        if let Err(why) = deleted {
            self.left_behind.push(format!("{what}: {why}"));
        }
    }
}
