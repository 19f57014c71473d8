//! How much memory the sandbox takes.

use crm_sandbox::Sandbox;

use super::{
    Figure, Part,
    size::{in_a_process, peak},
};
use crate::failure::{Proved, ensure};

/// As it is wanted.
const MEGABYTES: f64 = 500.0;

/// So many contacts on each side, in a process of its own.
pub(super) fn figures(contacts: u64) -> Proved<Vec<Figure>> {
    let megabytes = in_a_process("sandbox-of", contacts)?;
    let what = format!("the sandbox with {contacts} contacts on each side");
    let figure = Figure::new(Part::Sandbox, what, megabytes, "MB");
    Ok(vec![figure.at_most(MEGABYTES)])
}

/// Makes them, and answers the most memory that was held, in megabytes.
pub fn sandbox_of(contacts: u64) -> Proved<f64> {
    let sandbox = Sandbox::builder()
        .seed(1)
        .ghl_contacts(contacts)
        .insightly_contacts(contacts)
        .build();
    let peak = peak()?;
    for crm in [sandbox.ghl(), sandbox.insightly()] {
        let made = crm.contacts().all()?.len() as u64;
        ensure(made == contacts, || {
            format!("{made} of {contacts} are there")
        })?;
    }
    Ok(peak)
}
