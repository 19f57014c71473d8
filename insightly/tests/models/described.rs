//! The models against the vendor's own description, where it is at hand: set
//! `INSIGHTLY_SPEC` to the file. What it has wrong is listed here, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use insightly::*;
use serde_json::{Map, Value};

/// The members of an object of the description: the longest text, and whether read only.
type Described = BTreeMap<String, (usize, bool)>;

/// Members of the description that the models do not send, or not as it says.
const KNOWN_BETTER: [(&str, &str, &str); 7] = [
    ("Note", "DATE_CREATED_UTC", "the server sets it"),
    ("Note", "DATE_UPDATED_UTC", "the server sets it"),
    ("Event", "DATE_CREATED_UTC", "the server sets it"),
    ("Event", "DATE_UPDATED_UTC", "the server sets it"),
    ("Team", "DATE_CREATED_UTC", "the server sets it"),
    ("Team", "DATE_UPDATED_UTC", "the server sets it"),
    (
        "Comment",
        "BODY",
        "marked read only with 200 characters, yet comments are made of it",
    ),
];

struct Description(Value);

impl Description {
    fn load() -> Option<Self> {
        let path = std::env::var_os("INSIGHTLY_SPEC")?;
        let text = std::fs::read(&path).unwrap();
        Some(Self(serde_json::from_slice(&text).unwrap()))
    }

    /// All objects of this title, or of this definition, in answers or in bodies.
    fn members(&self, title: &str, sent: bool) -> Described {
        let mut found = Described::new();
        if let Some(definition) = self.0["definitions"].get(format!("API{title}")) {
            collect(definition, &mut found);
        }
        for operation in self.0["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(operations_of)
        {
            let place = if sent { "parameters" } else { "responses" };
            look(&operation[place], title, &mut found);
        }
        found
    }
}

fn operations_of(path: &Value) -> impl Iterator<Item = &Value> {
    path.as_object().into_iter().flat_map(Map::values)
}

fn look(value: &Value, title: &str, found: &mut Described) {
    match value {
        Value::Array(rows) => rows.iter().for_each(|row| look(row, title, found)),
        Value::Object(members) => {
            if members.get("title").and_then(Value::as_str) == Some(title) {
                collect(value, found);
            }
            members
                .values()
                .for_each(|member| look(member, title, found));
        }
        _ => {}
    }
}

fn collect(object: &Value, found: &mut Described) {
    for (name, member) in object["properties"].as_object().into_iter().flatten() {
        let longest = member["maxLength"].as_u64().unwrap_or(0);
        let read_only = member["readOnly"] == true;
        found.insert(name.clone(), (usize::try_from(longest).unwrap(), read_only));
    }
}

fn names(members: &[Member]) -> BTreeSet<&str> {
    members.iter().map(|member| member.name).collect()
}

fn is_known_better(title: &str, name: &str) -> bool {
    KNOWN_BETTER
        .iter()
        .any(|(of, member, _)| (*of, *member) == (title, name))
}

/// Every member that the description shows is read.
fn compare_read<M: Model>(title: &str, description: &Description, faults: &mut Vec<String>) {
    let described = description.members(title, false);
    if described.is_empty() {
        faults.push(format!("the description has no {title}"));
    }
    let ours = names(M::MEMBERS);
    for name in described
        .keys()
        .filter(|name| !ours.contains(name.as_str()))
    {
        faults.push(format!("{} does not read {name}", M::NAME));
    }
}

/// Every member that can be written is, with the described limit, and no other one.
fn compare_sent<R: Record, M: Model>(
    title: &str,
    description: &Description,
    faults: &mut Vec<String>,
) {
    let described = description.members(title, true);
    for member in M::MEMBERS {
        match described.get(member.name) {
            Some((_, true))
                if !is_known_better(title, member.name) && !member.of.ends_with("Id") =>
            {
                faults.push(format!(
                    "{} sends {}, which is read only",
                    M::NAME,
                    member.name
                ));
            }
            Some((longest, _))
                if member.of == "String"
                    && *longest > 0
                    && member.limit != Some(*longest)
                    && !is_known_better(title, member.name) =>
            {
                faults.push(format!(
                    "{}.{} takes {longest}, not {:?}",
                    M::NAME,
                    member.name,
                    member.limit
                ));
            }
            _ => {}
        }
    }
    let ours = names(M::MEMBERS);
    for (name, (_, read_only)) in &described {
        // A new record has no id of its own yet.
        let expected = !read_only && name != R::ID_NAME && !is_known_better(title, name);
        if expected && !ours.contains(name.as_str()) {
            faults.push(format!("{} does not send {name}", M::NAME));
        }
    }
}

macro_rules! compare {
    ($description:ident $faults:ident; $( $title:literal: $Read:ident $( ($New:ident) )?; )+) => { $(
        compare_read::<$Read>($title, &$description, &mut $faults);
        $( compare_sent::<$Read, $New>($title, &$description, &mut $faults); )?
    )+ };
}

#[test]
fn models_hold_what_the_description_shows() {
    let Some(description) = Description::load() else {
        eprintln!("NOT CHECKED against the vendor's description: INSIGHTLY_SPEC is not set");
        return;
    };
    let mut faults = Vec::new();
    compare!(description faults;
        "Contact": Contact(NewContact);
        "Organisation": Organisation(NewOrganisation);
        "Lead": Lead(NewLead);
        "Opportunity": Opportunity(NewOpportunity);
        "Project": Project(NewProject);
        "Task": Task(NewTask);
        "Note": Note(NewNote);
        "Event": Event(NewEvent);
        "Email": Email;
        "Comment": Comment(NewComment);
        "Milestone": Milestone(NewMilestone);
        "OpportunityLineItem": OpportunityLineItem(NewOpportunityLineItem);
        "Team": Team(NewTeam);
        "TeamMember": TeamMember;
        "LeadSource": LeadSource(NewLeadSource);
        "LeadStatus": LeadStatus(NewLeadStatus);
        "Category": TaskCategory(NewTaskCategory);
        "ActivitySet": ActivitySet;
        "Activity": Activity;
        "Country": Country;
        "Currency": Currency;
        "CustomFieldMetadata": CustomFieldDefinition;
        "CustomFieldOption": CustomFieldOption;
        "CustomFieldDependency": CustomFieldDependency;
        "CustomFieldOptionsFilter": CustomFieldOptionsFilter;
        "CustomObject": CustomObject;
        "UserFollow": Following;
        "Instance": Instance;
        "FileAttachment": FileAttachment;
        "LinkDto": Link;
        "OpportunityStateReason": StateReason;
        "Permissions": Permissions;
        "ObjectPermissions": ObjectPermissions;
        "Pipeline": Pipeline;
        "PipelineStage": PipelineStage;
        "Relationship": Relationship;
        "User": User;
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
