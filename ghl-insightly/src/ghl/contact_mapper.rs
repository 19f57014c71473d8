//! GHL contacts, read and written.

use std::{hash::Hash, sync::Arc};

use ghl_contacts::{
    BusinessId, Contact, ContactUpdate, CustomFieldWrite, DndEdit, DndStatus, Edit as ClientEdit,
    LocationId, NewContact,
};
use sync_core::{
    Change, Coverage, Draft, Edit, Email, Fields, Imprint, Mapper, Memo, PartialDate, Parts,
    Reading, RecordId, Ref, Tags, Unfit, planted,
};

use super::{GhlCall, GhlContact, assigned};
use crate::{
    VERSION,
    company::COMPANY,
    contact::{
        ADDRESS, BIRTHDAY, CITY, COUNTRY, CustomFieldPair, EMAIL, EMPLOYER, FIRST_NAME, GHL_ID,
        INSIGHTLY_ID, LAST_NAME, Markers, OPTED_OUT, OTHER_EMAILS, OTHER_PHONES, OWNER, PHONE,
        POSTCODE, PhoneReader, ROOM, STATE, STREET, TAGS, birthday, edit::client_edit,
        held_by_both, text_in_ghl,
    },
    user::Users,
};

/// The stock mapper of GHL contacts.
///
/// | field | GHL |
/// | --- | --- |
/// | names | `firstName`, `lastName` |
/// | e-mail | `email`; `additionalEmails` are match keys only, and making one the main address is held |
/// | phone | `phone`, as E.164; `additionalPhones` are match keys only |
/// | address | `address1`, `city`, `state`, `postalCode`, `country`; a country alone is blank |
/// | birthday | `dateOfBirth`; a birthday without a year is held |
/// | tags | on create in the body, later by the add and remove calls |
/// | opt-out | `dndSettings.Email`; `dnd` and `permanent` opt out too and are never cleared |
/// | owner | `assignedTo`, by the e-mail address of a paired user; another user is left alone |
/// | company | `businessId`, written by the bulk call for businesses only; on create also its name as `companyName`, where that is known to make no business. A `companyName` is not read |
/// | source | `source`, on create only: where the contact comes from |
/// | markers | `customFields`: Insightly's id, on create only, where a field is named for it |
/// | custom fields | by id, as declared; a value that the field does not offer is held |
#[derive(Debug, Clone)]
pub struct GhlContactMapper {
    location: LocationId,
    phones: PhoneReader,
    custom_fields: Arc<[CustomFieldPair]>,
    users: Option<Arc<Users>>,
    companies: bool,
    company_names: bool,
    source: Option<String>,
    markers: Markers,
}

impl GhlContactMapper {
    /// A mapper for contacts of one location.
    pub fn new(
        location: LocationId,
        phones: PhoneReader,
        custom_fields: Arc<[CustomFieldPair]>,
    ) -> Self {
        Self {
            location,
            phones,
            custom_fields,
            users: None,
            companies: false,
            company_names: false,
            source: None,
            markers: Markers::default(),
        }
    }

    /// Owners are synced, too.
    pub fn owners(mut self, users: Arc<Users>) -> Self {
        self.users = Some(users);
        self
    }

    /// The company of a contact is synced, too; companies are a kind that comes earlier.
    pub fn companies(mut self) -> Self {
        self.companies = true;
        self
    }

    /// New contacts carry the name of their company, too: the location makes no business of it.
    pub fn company_names(mut self) -> Self {
        self.company_names = true;
        self
    }

    /// Where markers are kept.
    pub fn markers(mut self, markers: Markers) -> Self {
        self.markers = markers;
        self
    }

    /// What new contacts say of where they come from.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl Mapper for GhlContactMapper {
    type Native = GhlContact;
    type Call = GhlCall;

    fn fields(&self) -> Fields {
        let fields = held_by_both(&self.custom_fields, self.users.is_some(), self.companies);
        self.markers
            .held_by_ghl(fields)
            // Only the record as it is tells its further addresses.
            .read_first(&EMAIL)
            // Rows do not tell a permanent opt-out from one that may be lifted.
            .read_first(&OPTED_OUT)
            .read_only(&OTHER_EMAILS)
            .read_only(&OTHER_PHONES)
            .given(&(
                VERSION,
                self.phones,
                &self.custom_fields,
                &self.users,
                &self.markers,
            ))
    }

    fn read(&self, native: &GhlContact, coverage: &Coverage, _memo: &Memo) -> Reading {
        let contact = &native.contact;
        let mut reading = Reading::with_room(ROOM);
        reading
            .set_text(&FIRST_NAME, contact.first_name.as_deref())
            .set_text(&LAST_NAME, contact.last_name.as_deref())
            .set(&EMAIL, contact.email.as_deref().map(Email::new))
            .try_set_text(&PHONE, self.phones.read(contact.phone.as_deref()))
            .set(&ADDRESS, address(contact))
            .set(&BIRTHDAY, contact.date_of_birth.and_then(birthday::read))
            .set(&TAGS, Tags::new(contact.tags().iter().map(String::as_str)))
            .set(&OTHER_EMAILS, other_emails(contact))
            .set(&OTHER_PHONES, self.other_phones(contact));
        if let Some(users) = &self.users {
            assigned::read(users, contact.assigned_to.as_ref(), &OWNER, &mut reading);
        }
        if self.companies {
            reading.set(&EMPLOYER, contact.business_id.as_ref().map(business_ref));
        }
        match opted_out(native, coverage) {
            Some(opted_out) => reading.set(&OPTED_OUT, opted_out.then_some(true)),
            None => reading.unseen(&OPTED_OUT),
        };
        if let Some(field) = &self.markers.ghl {
            let marker = text_in_ghl(contact.custom_field(field));
            reading.set(&INSIGHTLY_ID, marker);
        }
        if self.markers.insightly.is_some() {
            reading.set(&GHL_ID, contact.id.as_str().to_owned());
        }
        CustomFieldPair::read_ghl(&self.custom_fields, contact, &mut reading);
        reading
    }

    fn imprint(&self, native: &GhlContact, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, GhlContact>) -> Result<Draft<GhlCall>, Unfit> {
        birthday::check(change)?;
        check_email(change)?;
        if change.create {
            return self.create(change);
        }
        self.update(change)
    }
}

impl GhlContactMapper {
    fn other_phones(&self, contact: &Contact) -> Tags {
        let others = contact.additional_phones.as_deref().unwrap_or_default();
        let phones = others.iter().map(|other| other.phone.as_deref());
        Tags::new(phones.filter_map(|phone| self.phones.read(phone).ok().flatten()))
    }

    fn create(&self, change: &Change<'_, GhlContact>) -> Result<Draft<GhlCall>, Unfit> {
        let mut part = change.part();
        let mut new = NewContact::in_location(&self.location);
        new.first_name = part.edit(&FIRST_NAME).set();
        new.last_name = part.edit(&LAST_NAME).set();
        new.email = part
            .edit(&EMAIL)
            .set()
            .map(|email| email.as_str().to_owned());
        new.phone = part.edit(&PHONE).set();
        if let Some(address) = part.edit(&ADDRESS).set() {
            let of = |name| address.get(name).map(str::to_owned);
            (new.address1, new.city, new.state) = (of(STREET), of(CITY), of(STATE));
            (new.postal_code, new.country) = (of(POSTCODE), of(COUNTRY));
        }
        new.date_of_birth = part.edit(&BIRTHDAY).set().and_then(PartialDate::date);
        new.tags = part
            .items(&TAGS)
            .0
            .into_iter()
            .map(|tag| tag.shown.into())
            .collect();
        if part.edit(&OPTED_OUT).set() == Some(true) {
            new.dnd_settings = Some(DndEdit::new().email(DndStatus::Active));
        }
        if let Some(field) = &self.markers.ghl {
            let marker = part.edit(&INSIGHTLY_ID).set();
            let marker = marker.map(|id| CustomFieldWrite::set(field.clone(), id));
            new.custom_fields.extend(marker);
        }
        for pair in self.custom_fields.iter() {
            new.custom_fields.extend(pair.write_ghl(&mut part)?);
        }
        if let Some(users) = &self.users
            && let Some(owner) = part.edit(&OWNER).set()
        {
            new.assigned_to = Some(assigned::user(users, &OWNER, &owner)?);
        }
        new.source.clone_from(&self.source);
        let company = change
            .wanted
            .get(&EMPLOYER)
            .filter(|_| self.companies && self.company_names && change.changes(&EMPLOYER));
        let company = company.map(|of| BusinessId::from(of.id.as_str()));
        let call = GhlCall::Create(Box::new(new), company);
        let draft = Draft::new().create("contacts.create", part, call);
        Ok(self.business_call(change, draft))
    }

    fn update(&self, change: &Change<'_, GhlContact>) -> Result<Draft<GhlCall>, Unfit> {
        let mut part = change.part();
        let mut update = ContactUpdate::new();
        update.first_name = client_edit(part.edit(&FIRST_NAME));
        update.last_name = client_edit(part.edit(&LAST_NAME));
        update.email = client_edit(part.edit(&EMAIL).map(|email| email.as_str().to_owned()));
        update.phone = client_edit(part.edit(&PHONE));
        write_address(&mut update, part.edit(&ADDRESS));
        update.date_of_birth = birthday::write(&mut part);
        update.dnd_settings = dnd(part.edit(&OPTED_OUT), change.native)?;
        for pair in self.custom_fields.iter() {
            update.custom_fields.extend(pair.write_ghl(&mut part)?);
        }
        if let Some(users) = &self.users {
            let now = change.native;
            let now = now.and_then(|native| native.contact.assigned_to.as_ref());
            update.assigned_to = assigned::edit(users, now, &OWNER, part.edit(&OWNER))?;
        }
        let draft = Draft::new().update("contacts.update", part, GhlCall::Update(Box::new(update)));
        Ok(self.business_call(change, tag_calls(change, draft)))
    }

    /// A contact's business is written by a call of its own.
    fn business_call(
        &self,
        change: &Change<'_, GhlContact>,
        draft: Draft<GhlCall>,
    ) -> Draft<GhlCall> {
        if !self.companies {
            return draft;
        }
        let mut part = change.part();
        let business = part.edit(&EMPLOYER).set();
        let business = business.map(|of| BusinessId::from(of.id.as_str()));
        draft.update(
            "contacts.set_business",
            part,
            GhlCall::SetBusiness(business),
        )
    }
}

fn business_ref(id: &BusinessId) -> Ref {
    Ref {
        kind: COMPANY,
        id: RecordId::new(id.as_str()),
    }
}

fn tag_calls(change: &Change<'_, GhlContact>, draft: Draft<GhlCall>) -> Draft<GhlCall> {
    let mut draft = draft;
    let (added, removed) = change.part().items(&TAGS);
    let texts = |items: Vec<sync_core::Item>| -> Vec<String> {
        items.into_iter().map(|item| item.shown.into()).collect()
    };
    let mut part = change.part();
    let _ = part.items(&TAGS);
    if planted!("tags-are-put-whole") {
        let whole = change.wanted.get(&TAGS).unwrap_or_default();
        let update = ContactUpdate::new().tags(whole.names());
        return draft.update("contacts.update", part, GhlCall::Update(Box::new(update)));
    }
    if !added.is_empty() {
        draft = draft.update("contacts.add_tags", part, GhlCall::AddTags(texts(added)));
    }
    let mut part = change.part();
    let _ = part.items(&TAGS);
    if !removed.is_empty() {
        draft = draft.update(
            "contacts.remove_tags",
            part,
            GhlCall::RemoveTags(texts(removed)),
        );
    }
    draft
}

/// A country alone is what the location puts there by itself.
fn address(contact: &Contact) -> Option<Parts> {
    let local = Parts::new()
        .with(STREET, contact.address1.as_deref())
        .with(CITY, contact.city.as_deref())
        .with(STATE, contact.state.as_deref())
        .with(POSTCODE, contact.postal_code.as_deref());
    let country = contact.country.as_deref().map(str::to_ascii_uppercase);
    (!local.is_empty()).then(|| local.with(COUNTRY, country.as_deref()))
}

fn write_address(update: &mut ContactUpdate, edit: Edit<Parts>) {
    let of = |address: &Parts, name| ClientEdit::from_option(address.get(name).map(str::to_owned));
    let address = match edit {
        Edit::Leave => return,
        Edit::Set(address) => address,
        Edit::Clear => Parts::new(),
    };
    update.address1 = of(&address, STREET);
    update.city = of(&address, CITY);
    update.state = of(&address, STATE);
    update.postal_code = of(&address, POSTCODE);
    if address.get(COUNTRY).is_some() || !address.is_empty() {
        update.country = of(&address, COUNTRY);
    }
}

fn other_emails(contact: &Contact) -> Tags {
    let others = contact.additional_emails.as_deref().unwrap_or_default();
    let emails = others.iter().filter_map(|other| other.email.as_deref());
    Tags::new(emails.map(str::to_lowercase))
}

/// No call moves an address from the further ones to the main one.
fn check_email(change: &Change<'_, GhlContact>) -> Result<(), Unfit> {
    let further = change.native.map(|native| other_emails(&native.contact));
    let further = further.unwrap_or_default();
    match change.wanted.get(&EMAIL) {
        Some(email)
            if change.changes(&EMAIL) && further.keys().any(|other| other == email.as_str()) =>
        {
            let why = format!(
                "`{}` is one of the contact's further addresses in GHL; make it the main one there",
                email.as_str()
            );
            Err(Unfit::new(&EMAIL, why))
        }
        _ => Ok(()),
    }
}

fn is_on(status: &DndStatus) -> bool {
    matches!(status, DndStatus::Active | DndStatus::Permanent)
}

/// `None` where the route does not tell.
fn opted_out(native: &GhlContact, coverage: &Coverage) -> Option<bool> {
    let contact = &native.contact;
    if contact.dnd == Some(true) {
        return Some(true);
    }
    let by_channel = contact.dnd_settings.as_ref();
    match by_channel.and_then(|settings| settings.email.as_ref()) {
        Some(email) => Some(is_on(&email.status)),
        None if by_channel.is_some() || coverage.shows("dndSettings") => Some(false),
        None => native.email_dnd,
    }
}

/// An opt-out is law: `permanent` and the master switch are not ours to clear.
fn dnd(edit: Edit<bool>, native: Option<&GhlContact>) -> Result<Option<DndEdit>, Unfit> {
    let status = match edit {
        Edit::Leave => return Ok(None),
        Edit::Set(true) => DndStatus::Active,
        Edit::Set(false) | Edit::Clear => DndStatus::Inactive,
    };
    let contact = native.map(|native| &native.contact);
    let settings = contact.and_then(|contact| contact.dnd_settings.as_ref());
    let email = settings.and_then(|settings| settings.email.as_ref());
    let master = contact.is_some_and(|contact| contact.dnd == Some(true));
    let permanent = email.is_some_and(|email| email.status == DndStatus::Permanent);
    if status == DndStatus::Inactive && (master || permanent) {
        let why = "the opt-out in GHL is permanent or for all channels; only a person may lift it";
        return Err(Unfit::new(&OPTED_OUT, why));
    }
    Ok(Some(DndEdit::new().email(status)))
}
