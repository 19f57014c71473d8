//! What the account's plan contains, and how much of it.

use std::collections::BTreeSet;

use http::StatusCode;

use super::families::{FAMILIES, by_name, shelf};
use super::refusal::{self, Refusal};
use super::schema::Family;
use super::{Insightly, switches as on};
use crate::call::Call;

/// What a plan lacks and limits.
#[derive(Default)]
pub(super) struct Plan {
    /// Keys of families that the plan does not contain.
    pub(super) lacks: BTreeSet<String>,
    /// Records that the plan holds.
    pub(super) records: Option<usize>,
    /// Bytes of files and images that the plan holds.
    pub(super) storage: Option<usize>,
}

/// Families that a Professional plan was seen to refuse with 403.
const REFUSED: [&str; 9] = [
    "CommunityComments",
    "CommunityForums",
    "CommunityPosts",
    "ForumCategories",
    "KnowledgeArticle",
    "KnowledgeArticleCategory",
    "KnowledgeArticleFolder",
    "Prospect",
    "Ticket",
];

/// Families that a Professional plan was seen to answer with 404.
const ABSENT: [&str; 6] = [
    "OpportunityLineItem",
    "Pricebook",
    "PricebookEntry",
    "Product",
    "Quotation",
    "QuotationLineItem",
];

impl Insightly {
    pub(super) fn check_plan(&self, call: &Call) -> Result<(), Refusal> {
        let name = call.path.split('/').nth(2).unwrap_or_default();
        let is = |known: &&str| known.eq_ignore_ascii_case(name);
        if self.switches.is(&on::PLAN, "professional") {
            if let Some(name) = REFUSED.iter().find(|known| is(known)) {
                return Err(refusal::no_access(name));
            }
            if ABSENT.iter().any(is) {
                return Err(refusal::no_route(&call.path));
            }
        }
        let Some(family) = by_name(name).map(|at| &FAMILIES[at]) else {
            return Ok(());
        };
        let settings = matches!(family.key, "lead_sources" | "lead_statuses");
        if settings && self.plan.lacks.contains("leads") {
            let message = "Lead Management disabled".to_owned();
            return Err(Refusal(StatusCode::FORBIDDEN, message));
        }
        if self.plan.lacks.contains(family.key) {
            return Err(refusal::no_access(family.name));
        }
        Ok(())
    }

    /// Refuses a record more than the plan holds.
    pub(super) fn check_room(&self, family: &Family) -> Result<(), Refusal> {
        let full = self.plan.records;
        let full = full.is_some_and(|limit| self.records_kept() >= limit);
        if family.is_counted() && full {
            return Err(refusal::plan_full("Record"));
        }
        Ok(())
    }

    pub(super) fn check_storage(&self) -> Result<(), Refusal> {
        let files = self.files.values().map(|file| file.bytes.len());
        let images = self.images.values().map(|image| image.bytes.len());
        let kept: usize = files.chain(images).sum();
        match self.plan.storage {
            Some(limit) if kept >= limit => Err(refusal::plan_full("Storage")),
            _ => Ok(()),
        }
    }

    pub(super) fn is_active(&self, user: i64) -> bool {
        self.is_marked(user, "ACTIVE")
    }

    pub(super) fn is_administrator(&self, user: i64) -> bool {
        self.is_marked(user, "ADMINISTRATOR")
    }

    fn is_marked(&self, user: i64, name: &str) -> bool {
        let row = self.live((shelf("users"), user));
        row.is_some_and(|row| row.fields.may_hold(&format!("\"{name}\":true")))
    }
}
