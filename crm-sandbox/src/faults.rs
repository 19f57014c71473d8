//! Faults on demand: which request goes wrong, and how.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::SandboxError;

/// As many operations are named to whoever asks for one that is not there.
const NEAR: usize = 5;

/// A rule that makes some requests of one server go wrong.
///
/// ```
/// use crm_sandbox::{Fault, FaultRule, When};
///
/// // The second create is done, but its reply is lost.
/// let rule = FaultRule::new("contacts.create", When::Nth(2), Fault::ResetAfter);
/// # assert_eq!(rule.times, None);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule<F = Fault> {
    /// Name of an operation; `contacts.*` means a family, `*` every request.
    pub operation: String,
    /// Which of the matching requests.
    #[serde(default)]
    pub when: When,
    /// After this many faults the rule is spent; without it never.
    #[serde(default)]
    pub times: Option<u64>,
    /// What goes wrong.
    pub fault: F,
}

/// Which of the requests that a rule matches, counted from when it was added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum When {
    /// Each of them.
    #[default]
    Always,
    /// Only this one; the first is 1.
    Nth(u64),
    /// Each whose number divides by this.
    Every(u64),
    /// Each with this chance, drawn from a generator of its own.
    Chance {
        /// From 0 to 1.
        probability: f64,
        /// The same seed draws the same requests.
        seed: u64,
    },
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// An error status; the work is not done unless `work_done` is set.
    Status {
        /// For example 503.
        status: u16,
        /// Sent as it is; JSON objects and arrays as `application/json`.
        #[serde(default)]
        body: serde_json::Value,
        /// Whether the request is carried out all the same.
        #[serde(default)]
        work_done: bool,
    },
    /// 429 in the words of this server; the work is not done.
    TooManyRequests {
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Whether the headers say that nothing is left of the day.
        #[serde(default)]
        day_used_up: bool,
    },
    /// The connection breaks and nothing is done.
    ResetBefore,
    /// The work is done and its reply is lost.
    ResetAfter,
    /// The answer comes later, in real time.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The work is done at once; its answer comes later, in real time.
    Late {
        /// Milliseconds.
        ms: u64,
    },
    /// The work is done; half of the answer arrives, then the connection breaks.
    Truncate,
    /// The work is done; the answer is an HTML page with this status.
    Html {
        /// For example 200 or 502.
        status: u16,
    },
}

impl<F> FaultRule<F> {
    /// A rule that is never spent.
    pub fn new(operation: impl Into<String>, when: When, fault: F) -> Self {
        Self {
            operation: operation.into(),
            when,
            times: None,
            fault,
        }
    }

    /// Ends the rule after so many faults.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Whether it names an operation that there is.
    pub(crate) fn check(&self, known: &BTreeSet<String>) -> Result<(), SandboxError> {
        if known.iter().any(|operation| self.matches(operation)) {
            return Ok(());
        }
        let wanted = self.operation.trim_end_matches('*');
        let nearness = |name: &&String| strsim::jaro_winkler(wanted, name);
        let mut near: Vec<&String> = known.iter().collect();
        near.sort_by(|a, b| nearness(b).total_cmp(&nearness(a)));
        Err(SandboxError::UnknownOperation {
            name: self.operation.clone(),
            near: near.into_iter().take(NEAR).cloned().collect(),
        })
    }

    fn matches(&self, operation: &str) -> bool {
        match self.operation.strip_suffix('*') {
            Some(start) => operation.starts_with(start),
            None => operation == self.operation,
        }
    }
}

/// The rules of one server, with what they have met so far.
pub(crate) struct Faults<F = Fault>(Vec<Armed<F>>);

struct Armed<F> {
    rule: FaultRule<F>,
    met: u64,
    struck: u64,
    dice: fastrand::Rng,
}

impl<F> Default for Faults<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Clone> Faults<F> {
    pub(crate) fn add(&mut self, rule: FaultRule<F>) {
        let seed = match rule.when {
            When::Chance { seed, .. } => seed,
            _ => 0,
        };
        self.0.push(Armed {
            rule,
            met: 0,
            struck: 0,
            dice: fastrand::Rng::with_seed(seed),
        });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule<F>> {
        self.0.iter().map(|armed| armed.rule.clone()).collect()
    }

    /// Counts a request with every rule that matches; what strikes it, in the
    /// order the rules were added.
    pub(crate) fn strike(&mut self, operation: &str) -> Vec<F> {
        let armed = self.0.iter_mut().filter(|a| a.rule.matches(operation));
        armed.filter_map(Armed::strike).collect()
    }
}

impl<F: Clone> Armed<F> {
    fn strike(&mut self) -> Option<F> {
        self.met += 1;
        let chosen = match self.rule.when {
            When::Always => true,
            When::Nth(nth) => self.met == nth,
            When::Every(every) => every > 0 && self.met.is_multiple_of(every),
            When::Chance { probability, .. } => self.dice.f64() < probability,
        };
        if !chosen || self.rule.times.is_some_and(|times| self.struck >= times) {
            return None;
        }
        self.struck += 1;
        Some(self.rule.fault.clone())
    }
}

impl Fault {
    pub(crate) fn delay(&self) -> Option<Duration> {
        match self {
            Self::Delay { ms } => Some(Duration::from_millis(*ms)),
            _ => None,
        }
    }

    pub(crate) fn lateness(&self) -> Option<Duration> {
        match self {
            Self::Late { ms } => Some(Duration::from_millis(*ms)),
            _ => None,
        }
    }

    /// Whether it only costs time.
    pub(crate) fn only_waits(&self) -> bool {
        matches!(self, Self::Delay { .. } | Self::Late { .. })
    }

    /// Whether the request is carried out all the same.
    pub(crate) fn lets_the_work_be_done(&self) -> bool {
        match self {
            Self::Status { work_done, .. } => *work_done,
            Self::TooManyRequests { .. } | Self::ResetBefore => false,
            Self::ResetAfter
            | Self::Delay { .. }
            | Self::Late { .. }
            | Self::Truncate
            | Self::Html { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_request_of_the_named_operation_is_struck() {
        let mut faults = Faults::default();
        faults.add(FaultRule::new(
            "contacts.create",
            When::Nth(2),
            Fault::ResetBefore,
        ));
        let struck = [
            "contacts.get",
            "contacts.create",
            "contacts.create",
            "contacts.create",
        ]
        .map(|operation| faults.strike(operation).len());
        assert_eq!(struck, [0, 0, 1, 0]);
    }

    #[test]
    fn a_rule_is_spent_after_its_times() {
        let mut faults = Faults::default();
        faults.add(FaultRule::new("contacts.*", When::Always, Fault::Truncate).times(2));
        let struck: usize = (0..5).map(|_| faults.strike("contacts.get").len()).sum();
        assert_eq!(struck, 2);
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = || {
            let mut faults = Faults::default();
            let when = When::Chance {
                probability: 0.5,
                seed: 7,
            };
            faults.add(FaultRule::new("*", when, Fault::ResetBefore));
            (0..64)
                .map(|_| faults.strike("x").len())
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert!(draw().contains(&0) && draw().contains(&1));
    }

    #[test]
    fn a_rule_reads_from_json() {
        let text = r#"{"operation":"contacts.update","when":{"nth":3},"fault":{"status":{"status":503,"body":"busy"}}}"#;
        let rule: FaultRule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.when, When::Nth(3));
        let text = r#"{"operation":"*","fault":"reset_after"}"#;
        let rule: FaultRule = serde_json::from_str(text).unwrap();
        assert_eq!((rule.when, rule.fault), (When::Always, Fault::ResetAfter));
    }
}
