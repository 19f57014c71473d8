//! Contacts, organisations, leads.

use insightly::{
    Client, ContactId, ContactUpdate, Edit, EmailDomain, LeadId, LeadUpdate, NewLink, Occasion,
    OrganisationId, OrganisationUpdate, Record,
};

use super::{Report, account::Place, bodies, shapes};

/// The people that were made.
pub(crate) struct People {
    pub(crate) contact: Option<ContactId>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) lead: Option<LeadId>,
}

/// What contacts, organisations, leads, opportunities and projects all have.
macro_rules! main_record {
    ($client:ident $place:ident $report:ident $records:ident $id:ident $update:expr, $link:expr) => {{
        shapes::update(&$records, &$update, $report).await;
        shapes::update_if(&$records, $id, &$update, $report).await;
        shapes::read_back(&$records, $id, &$update, $report).await;
        shapes::list(&$records, $report).await;
        shapes::search(&$records, $report).await;
        shapes::tags(&$records, $id, $report).await;
        shapes::links(&$records, $id, &$link, $report).await;
        shapes::notes(&$records, $id, $report).await;
        shapes::activities(&$records, $id, $report).await;
        shapes::follow(&$records, $id, $report).await;
        shapes::picture(&$records, $id, $report).await;
        shapes::image_field($client, &$records, $id, $report).await;
        shapes::files($client, &$records, $id, $report).await;
        shapes::assign(&$records, $id, $place, $report).await;
        shapes::merge(&$records, $id, $place, $report).await;
    }};
}
pub(crate) use main_record;

pub(crate) async fn begin(client: &Client, place: &Place, report: &mut Report) -> People {
    let organisations = client.organisations();
    let new = shapes::filled(bodies::organisation(place), place);
    let organisation = shapes::create(&organisations, &new, report).await;
    let organisation = organisation.map(|made| made.id());
    let contacts = client.contacts();
    let of = organisation.unwrap_or(OrganisationId(1));
    let new = shapes::filled(bodies::contact(place, of), place);
    let contact = shapes::create(&contacts, &new, report).await;
    let contact = contact.map(|made| made.id());
    if let (Some(id), Some(organisation)) = (contact, organisation) {
        let update = ContactUpdate::of(id)
            .phone("+1 555 0199")
            .assistant_name(Edit::Clear);
        let link = NewLink::new("Organisation", organisation.0).role("Founder");
        main_record!(client place report contacts id update, link);
        report.call("contacts.dates", contacts.dates(id)).await;
        let dates = [Occasion::new("Birthday", jiff::civil::date(2020, 2, 3)).yearly()];
        let set = contacts.set_dates(id, &dates);
        report.call("contacts.set_dates", set).await;
        self::organisation(client, place, organisation, id, report).await;
    }
    let lead = lead(client, place, contact, report).await;
    People {
        contact,
        organisation,
        lead,
    }
}

async fn organisation(
    client: &Client,
    place: &Place,
    id: OrganisationId,
    contact: ContactId,
    report: &mut Report,
) {
    let organisations = client.organisations();
    let update = OrganisationUpdate::of(id)
        .phone("+1 555 0299")
        .phone_fax(Edit::Clear);
    let link = NewLink::new("Contact", contact.0).role("Staff");
    main_record!(client place report organisations id update, link);
    report
        .call("organisations.dates", organisations.dates(id))
        .await;
    let dates = [Occasion::new("Founded", jiff::civil::date(2020, 2, 3))];
    let set = organisations.set_dates(id, &dates);
    report.call("organisations.set_dates", set).await;
    let domains = organisations.email_domains(id);
    report.call("organisations.email_domains", domains).await;
    let domains = [EmailDomain::from("engines.example"), "loom.example".into()];
    let set = organisations.set_email_domains(id, &domains);
    report.call("organisations.set_email_domains", set).await;
}

async fn lead(
    client: &Client,
    place: &Place,
    contact: Option<ContactId>,
    report: &mut Report,
) -> Option<LeadId> {
    let source = shapes::list(&client.lead_sources(), report).await;
    let status = shapes::list(&client.lead_statuses(), report).await;
    let (source, status) = (
        source.first().map(|one| one.id),
        status.first().map(|one| one.id),
    );
    let leads = client.leads();
    let new = shapes::filled(bodies::lead(place, source, status), place);
    let id = shapes::create(&leads, &new, report).await?.id;
    let update = LeadUpdate::of(id).phone("+1 555 0399").fax(Edit::Clear);
    let link = NewLink::new("Contact", contact.unwrap_or(ContactId(1)).0).role("Same");
    main_record!(client place report leads id update, link);
    shapes::stages(&leads, id, place, report).await;
    shapes::mail_address(&leads, id, report).await;
    Some(id)
}

pub(crate) async fn end(client: &Client, people: &People, report: &mut Report) {
    if let Some(id) = people.lead {
        shapes::delete(&client.leads(), id, report).await;
    }
    if let Some(id) = people.contact {
        shapes::delete(&client.contacts(), id, report).await;
    }
    if let Some(id) = people.organisation {
        shapes::delete(&client.organisations(), id, report).await;
    }
}
