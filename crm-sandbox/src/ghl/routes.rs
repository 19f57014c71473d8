//! The table of operations.

use std::collections::BTreeSet;

use http::Method;

use super::Ghl;
use super::exchange::{Exchange, Outcome};
use crate::call::{Call, Case, Matched, match_path};

/// What a token must be to call an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Need {
    /// No token at all, and no version.
    Nothing,
    /// A token of the location, with this scope.
    Location(&'static str),
    /// A token of the location; the scope is not declared.
    Bulk,
    /// A token of the agency, with this scope.
    Agency(&'static str),
}

pub(super) struct Route {
    method: Method,
    pub(super) path: &'static str,
    operation: &'static str,
    pub(super) need: Need,
    /// The query parameters that are declared.
    pub(super) query: &'static [&'static str],
    pub(super) run: fn(&mut Ghl, &Exchange<'_>) -> Outcome,
}

macro_rules! routes {
    ($($method:ident $path:literal $operation:literal $need:expr, [$($query:literal)*] $run:ident;)*) => {
        pub(super) static ROUTES: &[Route] = &[$(Route {
            method: Method::$method,
            path: $path,
            operation: $operation,
            need: $need,
            query: &[$($query),*],
            run: Ghl::$run,
        }),*];
    };
}

use Need::{Agency, Bulk, Location, Nothing};

const READ: Need = Location("contacts.readonly");
const WRITE: Need = Location("contacts.write");
const READ_TAGS: Need = Location("locations/tags.readonly");
const WRITE_TAGS: Need = Location("locations/tags.write");
const READ_FIELDS: Need = Location("locations/customFields.readonly");
const WRITE_FIELDS: Need = Location("locations/customFields.write");
const READ_BUSINESSES: Need = Location("businesses.readonly");
const WRITE_BUSINESSES: Need = Location("businesses.write");
const READ_EVENTS: Need = Location("calendars/events.readonly");
const READ_USERS: Need = Location("users.readonly");

// A fixed word stands before a placeholder in the same place: the first match is taken.
routes! {
    GET "/contacts/" "contacts.list" READ, ["locationId" "startAfterId" "startAfter" "query" "limit"] list_contacts;
    POST "/contacts/" "contacts.create" WRITE, [] create_contact;
    POST "/contacts/search" "contacts.search" READ, [] search_contacts;
    GET "/contacts/search/duplicate" "contacts.find_duplicate" READ, ["locationId" "number" "email"] find_duplicate;
    POST "/contacts/upsert" "contacts.upsert" WRITE, [] upsert_contact;
    GET "/contacts/business/{id}" "contacts.in_business" READ, ["limit" "locationId" "skip" "query"] contacts_in_business;
    POST "/contacts/bulk/business" "contacts.set_business" Bulk, [] set_business;
    POST "/contacts/bulk/tags/update/{type}" "contacts.bulk_tags" Bulk, [] bulk_tags;
    GET "/contacts/{id}" "contacts.get" READ, [] get_contact;
    PUT "/contacts/{id}" "contacts.update" WRITE, [] update_contact;
    DELETE "/contacts/{id}" "contacts.delete" WRITE, [] delete_contact;
    POST "/contacts/{id}/tags" "contacts.add_tags" WRITE, [] add_tags;
    DELETE "/contacts/{id}/tags" "contacts.remove_tags" WRITE, [] remove_tags;
    POST "/contacts/{id}/followers" "contacts.add_followers" WRITE, [] add_followers;
    DELETE "/contacts/{id}/followers" "contacts.remove_followers" WRITE, [] remove_followers;
    DELETE "/contacts/{id}/campaigns/removeAll" "contacts.leave_campaigns" WRITE, [] leave_campaigns;
    POST "/contacts/{id}/campaigns/{campaign}" "contacts.join_campaign" WRITE, [] join_campaign;
    DELETE "/contacts/{id}/campaigns/{campaign}" "contacts.leave_campaign" WRITE, [] leave_campaign;
    POST "/contacts/{id}/workflow/{workflow}" "contacts.join_workflow" WRITE, [] join_workflow;
    DELETE "/contacts/{id}/workflow/{workflow}" "contacts.leave_workflow" WRITE, [] leave_workflow;
    GET "/contacts/{id}/tasks" "tasks.list" READ, [] list_tasks;
    POST "/contacts/{id}/tasks" "tasks.create" WRITE, [] create_task;
    GET "/contacts/{id}/tasks/{task}" "tasks.get" READ, [] get_task;
    PUT "/contacts/{id}/tasks/{task}" "tasks.update" WRITE, [] update_task;
    DELETE "/contacts/{id}/tasks/{task}" "tasks.delete" WRITE, [] delete_task;
    PUT "/contacts/{id}/tasks/{task}/completed" "tasks.complete" WRITE, [] complete_task;
    POST "/locations/{id}/tasks/search" "tasks.search" Location("locations/tasks.readonly"), [] search_tasks;
    GET "/contacts/{id}/notes" "notes.list" READ, [] list_notes;
    POST "/contacts/{id}/notes" "notes.create" WRITE, [] create_note;
    GET "/contacts/{id}/notes/{note}" "notes.get" READ, [] get_note;
    PUT "/contacts/{id}/notes/{note}" "notes.update" WRITE, [] update_note;
    DELETE "/contacts/{id}/notes/{note}" "notes.delete" WRITE, [] delete_note;
    GET "/contacts/{id}/appointments" "appointments.list" READ, [] list_appointments;
    GET "/calendars/events/appointments/{id}" "appointments.get" READ_EVENTS, [] get_appointment;
    GET "/calendars/events" "events.list" READ_EVENTS, ["locationId" "userId" "calendarId" "groupId" "startTime" "endTime"] list_events;
    GET "/calendars/" "calendars.list" Location("calendars.readonly"), ["locationId" "groupId" "showDrafted"] list_calendars;
    GET "/businesses/" "businesses.list" READ_BUSINESSES, ["locationId" "limit" "skip"] list_businesses;
    POST "/businesses/" "businesses.create" WRITE_BUSINESSES, [] create_business;
    GET "/businesses/{id}" "businesses.get" READ_BUSINESSES, [] get_business;
    PUT "/businesses/{id}" "businesses.update" WRITE_BUSINESSES, [] update_business;
    DELETE "/businesses/{id}" "businesses.delete" WRITE_BUSINESSES, [] delete_business;
    GET "/locations/{id}" "locations.get" Location("locations.readonly"), [] get_location;
    GET "/locations/{id}/tags" "tags.list" READ_TAGS, [] list_tags;
    POST "/locations/{id}/tags" "tags.create" WRITE_TAGS, [] create_tag;
    GET "/locations/{id}/tags/{tag}" "tags.get" READ_TAGS, [] get_tag;
    PUT "/locations/{id}/tags/{tag}" "tags.update" WRITE_TAGS, [] update_tag;
    DELETE "/locations/{id}/tags/{tag}" "tags.delete" WRITE_TAGS, [] delete_tag;
    GET "/locations/{id}/customFields" "custom_fields.list" READ_FIELDS, ["model"] list_custom_fields;
    POST "/locations/{id}/customFields" "custom_fields.create" WRITE_FIELDS, [] create_custom_field;
    GET "/locations/{id}/customFields/{field}" "custom_fields.get" READ_FIELDS, [] get_custom_field;
    PUT "/locations/{id}/customFields/{field}" "custom_fields.update" WRITE_FIELDS, [] update_custom_field;
    DELETE "/locations/{id}/customFields/{field}" "custom_fields.delete" WRITE_FIELDS, [] delete_custom_field;
    POST "/custom-fields/" "object_fields.create" WRITE_FIELDS, [] create_object_field;
    GET "/custom-fields/object-key/{key}" "object_fields.list" READ_FIELDS, ["locationId"] list_object_fields;
    POST "/custom-fields/folder" "folders.create" WRITE_FIELDS, [] create_folder;
    PUT "/custom-fields/folder/{id}" "folders.update" WRITE_FIELDS, [] update_folder;
    DELETE "/custom-fields/folder/{id}" "folders.delete" WRITE_FIELDS, ["locationId"] delete_folder;
    GET "/custom-fields/{id}" "object_fields.get" READ_FIELDS, [] get_object_field;
    PUT "/custom-fields/{id}" "object_fields.update" WRITE_FIELDS, [] update_object_field;
    DELETE "/custom-fields/{id}" "object_fields.delete" WRITE_FIELDS, [] delete_object_field;
    GET "/users/" "users.list" READ_USERS, ["locationId"] list_users;
    GET "/users/{id}" "users.get" READ_USERS, [] get_user;
    GET "/v2/oauth/chooselocation" "oauth.consent" Nothing, ["response_type" "redirect_uri" "client_id" "scope" "state" "loginWindowOpenMode" "code_challenge" "code_challenge_method" "choose"] consent_page;
    POST "/oauth/token" "oauth.token" Nothing, [] token;
    POST "/oauth/locationToken" "oauth.location_token" Agency("oauth.write"), [] location_token;
    GET "/oauth/installedLocations" "oauth.installed_locations" Agency("oauth.readonly"), ["skip" "limit" "query" "isInstalled" "companyId" "appId" "versionId" "onTrial" "planId" "locationId"] installed_locations;
}

pub(super) fn operations() -> BTreeSet<String> {
    let names = ROUTES.iter().map(|route| route.operation.to_owned());
    names.collect()
}

impl Ghl {
    pub(super) fn matched(call: &Call) -> Option<Matched> {
        let routes = ROUTES.iter().enumerate();
        let mut fitting = routes.filter(|(_, route)| route.method == call.method);
        fitting.find_map(|(at, route)| {
            let parts = match_path(route.path, &call.path, Case::Exact)?;
            Some(Matched {
                operation: route.operation.to_owned(),
                route: at,
                parts,
            })
        })
    }
}
