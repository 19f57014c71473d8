//! What a record says of other records: its contact, its company, its user.

use std::collections::BTreeMap;

use crm_sandbox::{Sandbox, SandboxError};
use serde_json::Value;
use sync_core::Kind;

use super::{compared::Compared, linked::Linked, raw::text};
use crate::{company::COMPANY, contact::CONTACT, follow_up::FOLLOW_UP, task::TASK};

/// Who is who in the two systems.
#[derive(Debug, Clone)]
pub struct References<'a> {
    linked: &'a Linked,
    /// The e-mail addresses of users, by GHL's and by Insightly's ids.
    users: [BTreeMap<String, String>; 2],
}

impl<'a> References<'a> {
    /// Reads the users of both systems.
    pub fn of(sandbox: &Sandbox, linked: &'a Linked) -> Result<Self, SandboxError> {
        let keyed = |all: Vec<Value>, id: &str, email: &str| {
            let all = all.iter();
            let all = all.map(|user| (text(user, id), text(user, email).to_lowercase()));
            all.collect::<BTreeMap<_, _>>()
        };
        let ghl = sandbox.ghl().family("users").all()?;
        let mut insightly = sandbox.insightly().family("users").all()?;
        insightly.retain(|user| user["ACTIVE"] == true);
        let ghl = keyed(ghl, "id", "email");
        let insightly = keyed(insightly, "USER_ID", "EMAIL_ADDRESS");
        Ok(Self {
            linked,
            users: [ghl, insightly],
        })
    }

    /// The references of a pair that can be told.
    pub fn compared(&self, kind: &Kind, ghl: &Value, insightly: &Value) -> Vec<Compared> {
        let mut all = Vec::new();
        if *kind == CONTACT {
            all.extend(self.users("owner", &ghl["assignedTo"], &insightly["OWNER_USER_ID"]));
            all.extend(self.employer(ghl, insightly));
        } else if *kind != COMPANY {
            all.extend(self.contact(ghl, insightly));
        }
        let responsible = &insightly["RESPONSIBLE_USER_ID"];
        if *kind == TASK {
            all.extend(self.users("assignee", &ghl["assignedTo"], responsible));
        } else if *kind == FOLLOW_UP {
            all.extend(self.users("assignee", &ghl["assignedUserId"], responsible));
        }
        all
    }

    /// A user without a counterpart is nobody's business on the other side; and whom Insightly
    /// itself put in where GHL has nobody, stays there.
    fn users(&self, field: &'static str, ghl: &Value, insightly: &Value) -> Option<Compared> {
        let [left, right] = &self.users;
        let here = left.get(ghl.as_str()?)?;
        let there = right.get(&insightly.as_i64()?.to_string())?;
        let is_paired =
            right.values().any(|email| email == here) && left.values().any(|email| email == there);
        is_paired.then(|| Compared::new(field, here.clone(), there.clone()))
    }

    fn employer(&self, ghl: &Value, insightly: &Value) -> Option<Compared> {
        self.linked.pairs(&COMPANY)?;
        let here = text(ghl, "businessId");
        let expected = match here.as_str() {
            "" => String::new(),
            id => self.linked.in_insightly(&COMPANY, id)?.to_owned(),
        };
        Some(Compared::new(
            "company",
            expected,
            text(insightly, "ORGANISATION_ID"),
        ))
    }

    /// A task may be linked with more contacts than one.
    fn contact(&self, ghl: &Value, insightly: &Value) -> Option<Compared> {
        let here = text(ghl, "contactId");
        let expected = self.linked.in_insightly(&CONTACT, &here)?.to_owned();
        let links = insightly["LINKS"].as_array().into_iter().flatten();
        let contacts = links.filter(|link| link["LINK_OBJECT_NAME"] == "Contact");
        let ids: Vec<String> = contacts.map(|link| text(link, "LINK_OBJECT_ID")).collect();
        let there = match ids.contains(&expected) {
            true => expected.clone(),
            false => ids.join("/"),
        };
        Some(Compared::new("contact", expected, there))
    }
}
