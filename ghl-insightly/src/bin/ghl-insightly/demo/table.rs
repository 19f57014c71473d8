//! The figures of the demo.

use std::{fmt, time::Duration};

use sync_core::{Both, Outcome};

/// One row for each phase.
pub(super) struct Table {
    seen: Both<u64>,
    rows: Vec<Row>,
}

struct Row {
    phase: &'static str,
    outcome: Outcome,
    requests: Both<u64>,
    took: Duration,
}

/// Requests a second that the real systems allow: a private integration's 25 in 10 s, and 10.
const ALLOWED: Both<f64> = Both::new(2.5, 10.0);

impl Table {
    /// `seen` is what the servers have counted so far.
    pub(super) fn new(seen: Both<u64>) -> Self {
        Self {
            seen,
            rows: Vec::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        phase: &'static str,
        now: Both<u64>,
        outcome: &Outcome,
        took: Duration,
    ) {
        self.rows.push(Row {
            phase,
            outcome: outcome.clone(),
            requests: Both::new(now.left - self.seen.left, now.right - self.seen.right),
            took,
        });
        self.seen = now;
    }
}

impl Row {
    /// Each record read once, each write once, and one look at each record before something
    /// on it is replaced. What is above this is polls.
    fn least(&self) -> u64 {
        let total = &self.outcome.total;
        let pages = |rows: u64, size: u64| rows.div_ceil(size).max(1);
        pages(total.rows.left, 500) + pages(total.rows.right, 200) + total.writes() + total.looks
    }

    fn at_real_limits(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let seconds = |requests: u64, allowed: f64| requests as f64 / allowed;
        seconds(self.requests.left, ALLOWED.left).max(seconds(self.requests.right, ALLOWED.right))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            "phase",
            "links",
            "creates",
            "updates",
            "conflicts",
            "requests",
            "least",
            "took",
            "real limits",
        ];
        writeln!(
            f,
            "{:>11} {:>6} {:>8} {:>8} {:>10} {:>9} {:>6} {:>7} {:>12}",
            head[0], head[1], head[2], head[3], head[4], head[5], head[6], head[7], head[8]
        )?;
        for row in &self.rows {
            let total = &row.outcome.total;
            writeln!(
                f,
                "{:>11} {:>6} {:>8} {:>8} {:>10} {:>9} {:>6} {:>6.1}s {:>11.0}s",
                row.phase,
                total.linked,
                total.created.left + total.created.right,
                total.updated.left + total.updated.right,
                total.decided,
                row.requests.left + row.requests.right,
                row.least(),
                row.took.as_secs_f64(),
                row.at_real_limits(),
            )?;
        }
        Ok(())
    }
}

/// Of this process, both servers included.
pub(super) fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let kilobytes: Option<u64> = peak.and_then(|text| text.trim().parse().ok());
    kilobytes.map_or_else(
        || "not known here".to_owned(),
        |kb| format!("{} MB", kb / 1000),
    )
}
