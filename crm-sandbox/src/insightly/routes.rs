//! The table of operations.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value};

use super::families::{FAMILIES, by_name};
use super::refusal::{self, Refusal, bad};
use super::schema::{Family, Shape};
use super::{End, Insightly};
use crate::call::{Call, Case, Matched, match_path};
use crate::reply::Reply;

/// A request on its way through an operation.
pub(super) struct Exchange<'a> {
    pub(super) call: &'a Call,
    pub(super) parts: &'a [String],
}

/// An answer, or a refusal that ended the operation early.
pub(super) type Outcome = Result<Reply, Refusal>;

pub(super) struct Route {
    method: Method,
    path: &'static str,
    /// The family's key goes before it when the path has a family.
    operation: &'static str,
    /// What a family must have to be served by it.
    shape: Option<Shape>,
    pub(super) run: fn(&mut Insightly, &Exchange<'_>) -> Outcome,
}

macro_rules! routes {
    (
        [$($method:ident $path:literal $operation:literal $run:ident;)*]
        $($shape:ident { $($m:ident $p:literal $o:literal $r:ident;)+ })*
    ) => {
        pub(super) static ROUTES: &[Route] = &[
            $(Route {
                method: Method::$method,
                path: concat!("/v3.1", $path),
                operation: $operation,
                shape: None,
                run: Insightly::$run,
            },)*
            $($(Route {
                method: Method::$m,
                path: concat!("/v3.1/{family}", $p),
                operation: $o,
                shape: Some(Shape::$shape),
                run: Insightly::$r,
            },)+)*
        ];
    };
}

// A fixed word stands before a placeholder in the same place: the first match is taken.
routes! {
    [
        GET "/Instance" "instance.get" get_instance;
        GET "/Countries" "countries.list" list_countries;
        GET "/Currencies" "currencies.list" list_currencies;
        GET "/Permissions" "permissions.get" get_permissions;
        GET "/Users/Me" "users.me" get_me;
        GET "/Tags" "tags.list" list_tags;
        GET "/Follows" "follows.list" list_follows;
        GET "/CustomFields/{object}" "custom_fields.list" list_custom_fields;
        GET "/CustomFields/{object}/Search" "custom_fields.search" search_custom_fields;
        GET "/CustomObjects" "custom_objects.list" list_custom_objects;
        GET "/CustomObjects/{object}" "custom_objects.get" get_custom_object;
    ]

    List { GET "" "list" list; }
    Create { POST "" "create" create_record; }
    Update {
        PUT "" "update" update_record;
        PUT "/{id}" "update" update_record;
    }
    Search { GET "/Search" "search" search; }
    TagSearch { GET "/SearchByTag" "search_by_tag" search_by_tag; }
    Download { GET "/{id}" "get" get_file; }
    Read { GET "/{id}" "get" get_record; }
    Delete { DELETE "/{id}" "delete" delete_record; }
    Retire { DELETE "/{id}" "delete" retire_category; }
    RetireByQuery { DELETE "" "delete" remove_lead_setting; }
    ActivitySet { POST "/{id}/ActivitySetAssignment" "assign_activity_set" assign_activity_set; }
    Activities {
        GET "/{id}/Tasks" "get_tasks" get_tasks;
        GET "/{id}/Events" "get_events" get_events;
        GET "/{id}/Emails" "get_emails" get_emails;
    }
    Address { GET "/{id}/LinkEmailAddress" "get_link_email_address" get_link_email_address; }
    Comments {
        GET "/{id}/Comments" "get_comments" get_comments;
        POST "/{id}/Comments" "add_comment" add_comment;
    }
    NoteComment {
        GET "/{id}/Comment" "get_note_comments" get_note_comments;
        POST "/{id}/Comment" "add_note_comment" add_note_comment;
        PUT "/{id}/Comment" "update_note_comment" update_note_comment;
        DELETE "/{id}/Comment/{comment}" "remove_note_comment" remove_note_comment;
    }
    Document { POST "/{id}/MergeDocument/{template}" "merge_document" merge_document; }
    EmailDomains {
        GET "/{id}/EmailDomains" "get_email_domains" get_email_domains;
        PUT "/{id}/EmailDomains" "set_email_domains" set_email_domains;
    }
    Files { GET "/{id}/FileAttachments" "get_files" get_files; }
    Upload { POST "/{id}/FileAttachments" "add_file" add_file; }
    Follow {
        GET "/{id}/Follow" "get_follow" get_follow;
        POST "/{id}/Follow" "follow" follow;
        DELETE "/{id}/Follow" "unfollow" unfollow;
    }
    Image {
        GET "/{id}/Image" "get_image" get_image;
        PUT "/{id}/Image/{filename}" "set_image" set_image;
        DELETE "/{id}/Image" "remove_image" remove_image;
    }
    ImageField {
        GET "/{id}/ImageField/{field}" "get_image_field" get_image_field;
        PUT "/{id}/ImageField/{field}/{filename}" "set_image_field" set_image_field;
        DELETE "/{id}/ImageField/{field}" "remove_image_field" remove_image_field;
    }
    LineItems {
        GET "/{id}/OpportunityLineItem" "get_line_items" get_line_items;
        POST "/{id}/OpportunityLineItem" "add_line_item" add_line_item;
        PUT "/{id}/OpportunityLineItem" "update_line_item" update_line_item;
        DELETE "/{id}/OpportunityLineItem/{item}" "remove_line_item" remove_line_item;
    }
    Links {
        GET "/{id}/Links" "get_links" get_links;
        POST "/{id}/Links" "add_link" add_link;
        DELETE "/{id}/Links/{link}" "remove_link" remove_link;
    }
    LinkUpdate { PUT "/{id}/Links" "update_link" update_link; }
    Members {
        POST "/{id}/TeamMembers" "add_member" add_member;
        DELETE "/{id}/TeamMembers/{permission}" "remove_member" remove_member;
    }
    Milestones {
        GET "/{id}/Milestones" "get_milestones" get_milestones;
        POST "/{id}/Milestones" "add_milestone" add_milestone;
        PUT "/{id}/Milestones" "update_milestone" update_milestone;
        DELETE "/{id}/Milestones/{milestone}" "remove_milestone" remove_milestone;
    }
    Notes {
        GET "/{id}/Notes" "get_notes" get_notes;
        POST "/{id}/Notes" "add_note" add_note;
        PUT "/{id}/Notes" "update_note" update_note;
    }
    Occasions {
        GET "/{id}/Dates" "get_dates" get_dates;
        PUT "/{id}/Dates" "set_dates" set_dates;
    }
    Pipeline {
        PUT "/{id}/Pipeline" "set_pipeline" set_pipeline;
        DELETE "/{id}/Pipeline" "remove_pipeline" remove_pipeline;
        PUT "/{id}/PipelineStage" "set_stage" set_stage;
    }
    Pricebook { PUT "/{id}/Pricebook" "set_pricebook" set_pricebook; }
    State {
        PUT "/{id}/StateChange" "change_state" change_state;
        GET "/{id}/StateHistory" "get_state_history" get_state_history;
    }
    Tags {
        GET "/{id}/Tags" "get_tags" get_tags;
        POST "/{id}/Tags" "add_tag" add_tag;
        PUT "/{id}/Tags" "set_tags" set_tags;
        DELETE "/{id}/Tags" "remove_tag" remove_tag;
    }
    Translations {
        GET "/{id}/Translations/{language}" "get_translations" get_translations;
        POST "/{id}/Translations/{language}" "add_translation" set_translation;
        PUT "/{id}/Translations/{language}" "update_translation" set_translation;
    }
}

impl Route {
    pub(super) fn has_family(&self) -> bool {
        self.shape.is_some()
    }

    /// Its name for a family.
    fn named(&self, family: &Family) -> String {
        format!("{}.{}", family.key, self.operation)
    }

    pub(super) fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// The parts of the path, when it is this route's and means a family that has its shape.
    fn parts(&self, path: &str) -> Option<Vec<String>> {
        // Most routes are of another length: that is the cheapest thing to see.
        let depth = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
        (depth(self.path) == depth(path)).then_some(())?;
        let parts = match_path(self.path, path, Case::Ignored)?;
        if let Some(shape) = self.shape {
            let family = &FAMILIES[by_name(parts.first()?)?];
            family.has(shape).then_some(())?;
        }
        Some(parts)
    }
}

impl Exchange<'_> {
    /// Place of the family that the path names, and the family.
    pub(super) fn family(&self) -> (usize, &'static Family) {
        let name = self.parts.first().map_or("", String::as_str);
        let at = by_name(name).unwrap_or(0);
        (at, &FAMILIES[at])
    }

    /// The id in the path.
    pub(super) fn id(&self) -> Result<i64, Refusal> {
        self.number(1)
    }

    /// The record that the path names, whether there is one or not.
    pub(super) fn end(&self) -> Result<End, Refusal> {
        Ok((self.family().0, self.id()?))
    }

    pub(super) fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    pub(super) fn number(&self, at: usize) -> Result<i64, Refusal> {
        let invalid = |_| bad("The request is invalid.");
        self.part(at).parse().map_err(invalid)
    }

    pub(super) fn body(&self) -> Result<Value, Refusal> {
        self.call
            .json()
            .map_err(|error| bad(format!("The request is invalid. {error}")))
    }

    /// The body, which must be one object.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Refusal> {
        match self.body()? {
            Value::Object(members) => Ok(members),
            _ => Err(bad("The request is invalid.")),
        }
    }

    /// Whether a query parameter says yes.
    pub(super) fn asks(&self, name: &str) -> bool {
        let value = self.call.query(name);
        value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

pub(super) fn operations() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for route in ROUTES {
        match route.shape {
            None => drop(names.insert(route.operation.to_owned())),
            Some(shape) => {
                let having = FAMILIES.iter().filter(|family| family.has(shape));
                names.extend(having.map(|family| route.named(family)));
            }
        }
    }
    names
}

impl Insightly {
    pub(super) fn matched(call: &Call) -> Option<Matched> {
        let path = call.path.trim_end_matches('/');
        let routes = ROUTES.iter().enumerate();
        let mut fitting = routes.filter(|(_, route)| route.method == call.method);
        fitting.find_map(|(at, route)| {
            let parts = route.parts(path)?;
            let operation = match route.has_family() {
                true => route.named(&FAMILIES[by_name(parts.first()?)?]),
                false => route.operation.to_owned(),
            };
            Some(Matched {
                operation,
                route: at,
                parts,
            })
        })
    }
}

/// A name that nothing has falls into the route of custom objects: 405, not 404.
pub(super) fn no_operation(call: &Call) -> Refusal {
    let path = call.path.trim_end_matches('/');
    let other_method = ROUTES.iter().any(|route| route.parts(path).is_some());
    let one_name = match_path("/v3.1/{name}", path, Case::Ignored).is_some();
    if other_method || one_name {
        refusal::not_allowed(call.method.as_str())
    } else {
        refusal::no_route(&call.path)
    }
}
