//! How long a first sync takes, against what the published limits impose.

use std::time::Duration;

use crm_sandbox::Sandbox;
use sync_core::Both;
use tokio::time::Instant;

use super::{
    Figure, Part,
    in_process::{Conditions, Near},
    least::minus,
};
use crate::failure::{Proved, ensure};

/// How much longer than the limits impose it may take.
const WANTED: f64 = 1.02;

/// Longer than any lag that the settings believe in.
const PATIENCE: Duration = Duration::from_secs(600);

/// What the two let through: so many requests in so many seconds.
const LIMITS: Both<(f64, f64)> = Both {
    left: (100.0, 10.0),
    right: (10.0, 1.0),
};

/// A first sync when requests take no time, and when they take some. To be run in process.
pub(super) async fn figures(contacts: u64, seed: u64) -> Proved<Vec<Figure>> {
    let at_once = first_sync(contacts, seed, Duration::ZERO).await?;
    let slow = first_sync(contacts, seed, Duration::from_millis(100)).await?;
    let figure = |takes: &str, paced: &Paced| {
        let what = format!("a first sync of {contacts} contacts in GHL, {takes}");
        let of = format!(
            "{:.0} s; {} to GHL and {} to Insightly impose {:.0} s and {:.0} s",
            paced.took.as_secs_f64(),
            paced.used.left,
            paced.used.right,
            paced.imposed.left,
            paced.imposed.right
        );
        Figure::new(
            Part::Paced,
            what,
            paced.ratio(),
            "times what the limits impose",
        )
        .of(of)
    };
    Ok(vec![
        figure("requests answered at once", &at_once).at_most(WANTED),
        figure("requests of 100 ms", &slow),
    ])
}

struct Paced {
    took: Duration,
    used: Both<u64>,
    imposed: Both<f64>,
}

impl Paced {
    fn ratio(&self) -> f64 {
        self.took.as_secs_f64() / self.imposed.left.max(self.imposed.right)
    }
}

async fn first_sync(contacts: u64, seed: u64, takes: Duration) -> Proved<Paced> {
    let people = Sandbox::builder()
        .seed(seed)
        .ghl_contacts(contacts)
        .insightly_contacts(contacts * 3 / 5)
        .shared(contacts * 2 / 5);
    let near = Near::new(people, Conditions { takes, lags: true })?;
    let began = Instant::now();
    let before = near.requests();
    let mut engine = near.engine().await?;
    let outcome = engine.settle(PATIENCE).await?;
    ensure(outcome.settled, || {
        format!("the first sync did not settle: {outcome:?}")
    })?;
    let used = minus(near.requests(), before);
    Ok(Paced {
        took: began.elapsed(),
        used,
        imposed: Both::from_fn(|side| imposed(used[side], LIMITS[side])),
    })
}

/// Seconds until the last of so many requests may go out.
#[expect(clippy::cast_precision_loss, reason = "so many are never sent")]
fn imposed(requests: u64, (burst, interval): (f64, f64)) -> f64 {
    (requests as f64 / burst).ceil().max(1.0) * interval - interval
}
