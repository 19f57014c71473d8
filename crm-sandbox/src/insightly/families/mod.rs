//! The table of families.

mod activities;
mod deals;
mod definitions;
mod people;

pub(super) use activities::TASK_STATUSES;

use super::schema::{Family, Shape};

/// What the five main families have in common.
const MAIN: &[Shape] = &[
    Shape::List,
    Shape::Create,
    Shape::Update,
    Shape::Search,
    Shape::TagSearch,
    Shape::Read,
    Shape::Delete,
    Shape::ActivitySet,
    Shape::Activities,
    Shape::Document,
    Shape::Files,
    Shape::Upload,
    Shape::Follow,
    Shape::Image,
    Shape::ImageField,
    Shape::Notes,
    Shape::Tags,
];

/// A list of choices.
const REFERENCE: &[Shape] = &[Shape::List, Shape::Read];

const SEARCHED: &[Shape] = &[Shape::List, Shape::Search, Shape::Read];

const CATEGORY: &[Shape] = &[
    Shape::List,
    Shape::Create,
    Shape::Update,
    Shape::Read,
    Shape::Retire,
];

/// The families that are served; a family's place here is its shelf.
pub(super) static FAMILIES: &[Family] = &[
    people::CONTACTS,
    people::ORGANISATIONS,
    people::LEADS,
    deals::OPPORTUNITIES,
    deals::PROJECTS,
    activities::TASKS,
    activities::EVENTS,
    activities::NOTES,
    activities::EMAILS,
    activities::COMMENTS,
    activities::FILES,
    deals::MILESTONES,
    deals::LINE_ITEMS,
    deals::PRICEBOOKS,
    deals::PIPELINES,
    deals::STAGES,
    definitions::TASK_CATEGORIES,
    definitions::PROJECT_CATEGORIES,
    definitions::OPPORTUNITY_CATEGORIES,
    definitions::FILE_CATEGORIES,
    definitions::LEAD_SOURCES,
    definitions::LEAD_STATUSES,
    definitions::USERS,
    definitions::TEAMS,
    definitions::TEAM_MEMBERS,
    definitions::ACTIVITY_SETS,
    definitions::RELATIONSHIPS,
    definitions::STATE_REASONS,
    definitions::TEMPLATES,
    definitions::FRUITS,
];

/// The shelf of the family with this key, which is one of the table's.
pub(super) fn shelf(key: &str) -> usize {
    let at = FAMILIES.iter().position(|family| family.key == key);
    at.unwrap_or(FAMILIES.len())
}

/// The shelf of a family by its name in a path.
pub(super) fn by_name(name: &str) -> Option<usize> {
    let is = |spelling: &str| spelling.eq_ignore_ascii_case(name);
    FAMILIES.iter().position(|f| is(f.name) || is(f.alias))
}

/// The shelf of a family by its name in a link.
pub(super) fn by_singular(name: &str) -> Option<usize> {
    let is = |family: &Family| family.singular.eq_ignore_ascii_case(name);
    FAMILIES.iter().position(is)
}
