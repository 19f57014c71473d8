//! Leads that become contacts, and contacts that become leads, as people do it.

use serde_json::{Value, json};

use super::families::{FAMILIES, shelf};
use super::{End, Insightly, USER, moment};
use crate::rows::Fields;

/// Members of a lead and the members of a contact that take them over.
const SAME: [(&str, &str); 13] = [
    ("SALUTATION", "SALUTATION"),
    ("FIRST_NAME", "FIRST_NAME"),
    ("LAST_NAME", "LAST_NAME"),
    ("TITLE", "TITLE"),
    ("EMAIL", "EMAIL_ADDRESS"),
    ("PHONE", "PHONE"),
    ("MOBILE", "PHONE_MOBILE"),
    ("FAX", "PHONE_FAX"),
    ("ADDRESS_STREET", "ADDRESS_MAIL_STREET"),
    ("ADDRESS_CITY", "ADDRESS_MAIL_CITY"),
    ("ADDRESS_STATE", "ADDRESS_MAIL_STATE"),
    ("ADDRESS_POSTCODE", "ADDRESS_MAIL_POSTCODE"),
    ("ADDRESS_COUNTRY", "ADDRESS_MAIL_COUNTRY"),
];

/// What a conversion made.
pub(super) struct Converted {
    pub(super) contact: i64,
    pub(super) organisation: Option<i64>,
    pub(super) opportunity: Option<i64>,
}

impl Insightly {
    /// Makes a contact of a lead, an organisation if it names one, and an opportunity on
    /// request; notes and tasks go along, tags do not.
    pub(super) fn convert(&mut self, lead: i64, with_opportunity: bool) -> Option<Converted> {
        let lead = (shelf("leads"), lead);
        let of = self.live(lead)?.fields.open();
        if of.get("CONVERTED") == Some(&json!(true)) {
            return None;
        }
        let organisation = of.text("ORGANISATION_NAME").filter(|name| !name.is_empty());
        let organisation = organisation.map(str::to_owned);
        let organisation = organisation.map(|name| self.organisation_named(&name));
        let contact = self.contact_of(&of, organisation);
        let opportunity = with_opportunity.then(|| self.opportunity_of(&of, organisation));
        let heir = opportunity.map_or(contact, |id| (shelf("opportunities"), id));
        if heir != contact {
            self.join(heir, contact, &json!({}));
        }
        self.move_links(lead, heir);
        self.name_opportunity(heir);
        let converted = Converted {
            contact: contact.1,
            organisation,
            opportunity,
        };
        self.mark_converted(lead, &converted);
        Some(converted)
    }

    fn contact_of(&mut self, lead: &Fields, organisation: Option<i64>) -> End {
        let at = shelf("contacts");
        let mut contact = self.blank(&FAMILIES[at], USER);
        for (from, to) in SAME {
            contact.set(to, lead.get(from).cloned().unwrap_or_default());
        }
        contact.set("ORGANISATION_ID", json!(organisation));
        let opted_out = lead.get("EMAIL_OPTED_OUT").cloned();
        contact.set("EMAIL_OPTED_OUT", opted_out.unwrap_or_default());
        let contact = (at, self.insert(at, &contact));
        self.record_written(contact, "create");
        contact
    }

    /// A task shows on an opportunity only if it names it.
    fn name_opportunity(&mut self, heir: End) {
        let at = shelf("tasks");
        for id in self.below(heir, at) {
            let fields = self.live((at, id)).map(|row| row.fields.open());
            if let Some(mut fields) = fields.filter(|_| heir.0 == shelf("opportunities")) {
                fields.set("OPPORTUNITY_ID", json!(heir.1));
                self.store((at, id), &fields, true);
            }
        }
    }

    fn mark_converted(&mut self, lead: End, into: &Converted) {
        let Some(mut of) = self.live(lead).map(|row| row.fields.open()) else {
            return;
        };
        of.set("CONVERTED", json!(true));
        of.set("CONVERTED_CONTACT_ID", json!(into.contact));
        of.set("CONVERTED_ORGANISATION_ID", json!(into.organisation));
        of.set("CONVERTED_OPPORTUNITY_ID", json!(into.opportunity));
        let now = moment::written(moment::to_second(self.now));
        of.set("CONVERTED_DATE_UTC", json!(now));
        of.set("LEAD_STATUS_ID", json!(self.converted_status()));
        of.set("TAGS", Value::Null);
        self.store(lead, &of, true);
        self.record_written(lead, "update");
    }

    fn organisation_named(&mut self, name: &str) -> i64 {
        let at = shelf("organisations");
        let known = self.shelves[at].rows.live().find("ORGANISATION_NAME", name);
        if let Some(id) = known.and_then(|ids| ids.first().copied()) {
            return id;
        }
        let mut fields = self.blank(&FAMILIES[at], USER);
        fields.set("ORGANISATION_NAME", json!(name));
        let id = self.insert(at, &fields);
        self.record_written((at, id), "create");
        id
    }

    fn opportunity_of(&mut self, lead: &Fields, organisation: Option<i64>) -> i64 {
        let at = shelf("opportunities");
        let mut fields = self.blank(&FAMILIES[at], USER);
        let name = lead.text("LAST_NAME").unwrap_or("Opportunity");
        fields.set("OPPORTUNITY_NAME", json!(name));
        fields.set("ORGANISATION_ID", json!(organisation));
        let id = self.insert(at, &fields);
        self.record_written((at, id), "create");
        id
    }

    /// Makes a lead of a contact, which is deleted.
    pub(super) fn turn_into_lead(&mut self, contact: i64) -> Option<i64> {
        let contact: End = (shelf("contacts"), contact);
        let of = self.live(contact)?.fields.open();
        let at = shelf("leads");
        let mut lead = self.blank(&FAMILIES[at], USER);
        for (to, from) in SAME {
            lead.set(to, of.get(from).cloned().unwrap_or_default());
        }
        if lead.get("LAST_NAME").is_none() {
            lead.set(
                "LAST_NAME",
                of.get("FIRST_NAME").cloned().unwrap_or_default(),
            );
        }
        lead.set("TAGS", of.get("TAGS").cloned().unwrap_or_default());
        let id = self.insert(at, &lead);
        self.move_links(contact, (at, id));
        self.move_parts(contact, (at, id));
        self.throw_away(contact);
        self.record_written((at, id), "create");
        Some(id)
    }
}
