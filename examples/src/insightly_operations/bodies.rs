//! What records are made of: every field, or required ones only.

use insightly::{
    CustomField, CustomFieldType, EmailDomain, MilestoneId, NewContact, NewEvent, NewLead,
    NewMilestone, NewOpportunity, NewOpportunityLineItem, NewOrganisation, NewProject, NewTask,
    Occasion, OpportunityId, OrganisationId, ProjectId, Tag, TaskId,
};
use jiff::{Timestamp, civil::date};

use super::account::Place;

const TAGS: [&str; 2] = ["every-operation", "vip"];

/// A value for each custom field whose type says what it takes.
fn custom_fields(place: &Place) -> Vec<CustomField> {
    let value = |field: &insightly::CustomFieldDefinition| match field.kind() {
        CustomFieldType::Text | CustomFieldType::MultilineText => field.set("gold").ok(),
        CustomFieldType::Flag => field.set(true).ok(),
        CustomFieldType::Number | CustomFieldType::Percent => field.set(12.0).ok(),
        CustomFieldType::Date => field.set(date(2026, 11, 24)).ok(),
        CustomFieldType::DateTime => field.set(Timestamp::UNIX_EPOCH).ok(),
        CustomFieldType::Dropdown => {
            let option = field.options.as_ref()?.first()?;
            field.set(option.value.clone()).ok()
        }
        _ => None,
    };
    let defined = place.custom_fields.iter();
    let shown = defined.filter(|field| field.visible != Some(false));
    shown.filter_map(value).collect()
}

/// One custom field that any family may have, to show the list in the body.
fn anchor(place: &Place) -> Vec<CustomField> {
    let known = place
        .custom_fields
        .iter()
        .any(|field| field.name == "GHL_ID__c");
    let name = if known { "GHL_ID__c" } else { "Anchor__c" };
    vec![CustomField::text(name, "every-operation")]
}

fn occasions() -> [Occasion; 1] {
    [Occasion::new("Wedding", date(2020, 6, 1)).yearly()]
}

pub(crate) fn contact(place: &Place, organisation: OrganisationId) -> NewContact {
    let new = NewContact::new("Ada");
    if place.minimal {
        return new;
    }
    new.salutation("Dr")
        .last_name("Example")
        .background("Every operation")
        .owner_user_id(place.user)
        .social_linkedin("https://linkedin.example/ada")
        .social_facebook("https://facebook.example/ada")
        .social_twitter("ada")
        .date_of_birth(date(1981, 2, 3))
        .phone("+1 555 0100")
        .phone_home("+1 555 0101")
        .phone_mobile("+1 555 0102")
        .phone_other("+1 555 0103")
        .phone_assistant("+1 555 0104")
        .phone_fax("+1 555 0105")
        .email_address("ada@example.com")
        .assistant_name("Grace")
        .address_mail_street("1 Main Street")
        .address_mail_city("Springfield")
        .address_mail_state("IL")
        .address_mail_postcode("62701")
        .address_mail_country(place.country.clone())
        .address_other_street("2 Side Street")
        .address_other_city("Springfield")
        .address_other_state("IL")
        .address_other_postcode("62702")
        .address_other_country(place.country.clone())
        .organisation_id(organisation)
        .title("Mathematician")
        .email_opted_out(false)
        .custom_fields(custom_fields(place))
        .tags(TAGS.map(Tag::new))
        .dates(occasions())
}

pub(crate) fn organisation(place: &Place) -> NewOrganisation {
    let new = NewOrganisation::new("Analytical Engines");
    if place.minimal {
        return new;
    }
    new.background("Every operation")
        .image_url("https://example.com/logo.png")
        .owner_user_id(place.user)
        .phone("+1 555 0200")
        .phone_fax("+1 555 0201")
        .website("https://example.com")
        .address_billing_street("1 Main Street")
        .address_billing_city("Springfield")
        .address_billing_state("IL")
        .address_billing_country(place.country.clone())
        .address_billing_postcode("62701")
        .address_ship_street("2 Side Street")
        .address_ship_city("Springfield")
        .address_ship_state("IL")
        .address_ship_postcode("62702")
        .address_ship_country(place.country.clone())
        .social_linkedin("https://linkedin.example/engines")
        .social_facebook("https://facebook.example/engines")
        .social_twitter("engines")
        .custom_fields(anchor(place))
        .tags(TAGS.map(Tag::new))
        .dates(occasions())
        .email_domains([EmailDomain::from("engines.example")])
}

pub(crate) fn lead(
    place: &Place,
    source: Option<insightly::LeadSourceId>,
    status: Option<insightly::LeadStatusId>,
) -> NewLead {
    let new = NewLead::new("Byron");
    let (false, Some(source), Some(status)) = (place.minimal, source, status) else {
        return new;
    };
    new.salutation("Ms")
        .first_name("Annabella")
        .lead_source_id(source)
        .lead_status_id(status)
        .title("Baroness")
        .email("annabella@example.com")
        .employee_count(3)
        .fax("+1 555 0300")
        .industry("Education")
        .description("Every operation")
        .rating(4)
        .mobile("+1 555 0301")
        .owner_user_id(place.user)
        .phone("+1 555 0302")
        .responsible_user_id(place.user)
        .website("https://example.com")
        .address_street("3 Main Street")
        .address_city("Springfield")
        .address_state("IL")
        .address_postcode("62703")
        .address_country(place.country.clone())
        .organisation_name("Engines")
        .email_opted_out(true)
        .custom_fields(anchor(place))
        .tags(TAGS.map(Tag::new))
}

pub(crate) fn opportunity(
    place: &Place,
    organisation: OrganisationId,
    category: Option<insightly::CategoryId>,
) -> NewOpportunity {
    let new = NewOpportunity::new("Roof for Ada");
    let (false, Some(category)) = (place.minimal, category) else {
        return new;
    };
    new.details("<p>Every operation</p>")
        .state("OPEN")
        .responsible_user_id(place.user)
        .category_id(category)
        .image_url("https://example.com/roof.png")
        .bid_currency(place.currency.clone())
        .bid_amount(1200.5)
        .bid_type("Fixed Bid")
        .bid_duration(1)
        .actual_close_date(date(2026, 12, 24))
        .probability(50)
        .forecast_close_date(date(2026, 12, 1))
        .owner_user_id(place.user)
        .organisation_id(organisation)
        .custom_fields(anchor(place))
        .tags(TAGS.map(Tag::new))
}

pub(crate) fn project(place: &Place, category: Option<insightly::CategoryId>) -> NewProject {
    let new = NewProject::new("Roof for Ada", "NOT STARTED");
    let (false, Some(category)) = (place.minimal, category) else {
        return new;
    };
    new.details("<p>Every operation</p>")
        .started_date(date(2026, 11, 24))
        .completed_date(date(2026, 12, 24))
        .category_id(category)
        .image_url("https://example.com/roof.png")
        .owner_user_id(place.user)
        .responsible_user_id(place.user)
        .custom_fields(anchor(place))
        .tags(TAGS.map(Tag::new))
}

pub(crate) fn milestone(place: &Place) -> NewMilestone {
    let new = NewMilestone::new(false, date(2026, 12, 1));
    if place.minimal {
        return new;
    }
    new.title("Half")
        .owner_user_id(place.user)
        .responsible_user(place.user)
}

/// What a task may point at. A project and an opportunity exclude each other, so no task
/// has every field.
pub(crate) struct TaskOf {
    pub(crate) project: ProjectId,
    pub(crate) milestone: Option<MilestoneId>,
    pub(crate) parent: Option<TaskId>,
    pub(crate) category: Option<insightly::CategoryId>,
}

pub(crate) fn task(place: &Place, of: &TaskOf) -> NewTask {
    let new = NewTask::new("Call Ada");
    if place.minimal {
        return new;
    }
    let mut new = new
        .due_date(date(2026, 12, 1))
        .completed(false)
        .details("Every operation")
        .status("NOT STARTED")
        .priority(2)
        .percent_complete(0)
        .start_date(date(2026, 11, 24))
        .responsible_user_id(place.user)
        .owner_user_id(place.user)
        .project_id(of.project)
        .reminder_date(Timestamp::UNIX_EPOCH)
        .owner_visible(true)
        .custom_fields(anchor(place));
    new.milestone_id = of.milestone;
    new.parent_task_id = of.parent;
    new.category_id = of.category;
    new
}

pub(crate) fn task_of_opportunity(place: &Place, opportunity: OpportunityId) -> NewTask {
    let new = NewTask::new("Offer");
    if place.minimal {
        return new;
    }
    new.opportunity_id(opportunity)
}

pub(crate) fn event(place: &Place) -> NewEvent {
    let start = Timestamp::UNIX_EPOCH;
    let new = NewEvent::new(start, start + jiff::SignedDuration::from_hours(1));
    if place.minimal {
        return new;
    }
    new.title("Lunch")
        .location("Springfield")
        .all_day(false)
        .details("Every operation")
        .reminder_date(start)
        .reminder_sent(false)
        .owner_user_id(place.user)
        .custom_fields(anchor(place))
}

pub(crate) fn line_item(place: &Place) -> NewOpportunityLineItem {
    let new = NewOpportunityLineItem::new(9.5, 2.0);
    if place.minimal {
        return new;
    }
    new.currency_code(place.currency.clone())
        .description("Tiles")
        .service_date(date(2026, 12, 1))
        .list_price(10.0)
        .discount(5.0)
}
