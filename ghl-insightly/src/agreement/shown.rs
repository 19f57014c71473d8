//! What both servers hold of one family, as a read by id shows it.

use std::collections::BTreeMap;

use crm_sandbox::{Sandbox, SandboxError};
use serde_json::Value;

use super::{
    family::Family,
    linked::{Linked, Pairs},
    raw::text,
};
use crate::{follow_up::FOLLOW_UP, task::TASK};

pub(super) struct Shown {
    pub(super) ghl: BTreeMap<String, Value>,
    pub(super) insightly: BTreeMap<String, Value>,
}

impl Shown {
    /// A task of Insightly that is linked with an appointment is no task, but a follow-up.
    pub(super) fn of(
        sandbox: &Sandbox,
        family: &Family,
        linked: &Linked,
    ) -> Result<Self, SandboxError> {
        let keyed = |all: Vec<Value>, id: &str| {
            let all = all.into_iter().map(|record| (text(&record, id), record));
            all.collect::<BTreeMap<_, _>>()
        };
        let ghl = keyed(sandbox.ghl().family(family.ghl).all()?, "id");
        let there = sandbox.insightly().family(family.insightly).all()?;
        let mut insightly = keyed(there, family.insightly_id);
        let follow_ups = linked.pairs(&FOLLOW_UP).into_iter();
        let follow_ups: Vec<&String> = follow_ups.flat_map(Pairs::values).collect();
        if family.kind == TASK {
            insightly.retain(|id, _| !follow_ups.contains(&id));
        } else if family.kind == FOLLOW_UP {
            insightly.retain(|id, _| follow_ups.contains(&id));
        }
        Ok(Self { ghl, insightly })
    }
}
