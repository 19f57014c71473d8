//! Insightly contacts, read and written.

use std::{hash::Hash, sync::Arc};

use insightly::{
    Contact, ContactId, ContactUpdate, CustomField, Edit as ClientEdit, NewContact, OrganisationId,
    Tag, UserId,
};
use sync_core::{
    Change, Coverage, Draft, Edit, Email, Fields, Imprint, Mapper, Memo, Part, PartialDate, Parts,
    Reading, Record, RecordId, Ref, Tags, Unfit,
};

use super::{
    InsightlyCall, SHORT_TEXT, address, assigned, country,
    phone_slot::{SLOT, Slot},
};
use crate::{
    VERSION,
    company::COMPANY,
    contact::{
        ADDRESS, BIRTHDAY, CITY, COUNTRY, Countries, CustomFieldPair, EMAIL, EMPLOYER, FIRST_NAME,
        GHL_ID, INSIGHTLY_ID, LAST_NAME, Markers, OPTED_OUT, OTHER_PHONES, OWNER, PHONE, POSTCODE,
        PhoneReader, ROOM, STATE, STREET, TAGS, TagNames, birthday, edit::client_edit,
        held_by_both, text_in_insightly,
    },
    limit,
    user::Users,
};

/// The stock mapper of Insightly contacts.
///
/// | field | Insightly |
/// | --- | --- |
/// | names | `FIRST_NAME` (required: made when there is none), `LAST_NAME`; cut at 255 characters |
/// | e-mail | `EMAIL_ADDRESS` |
/// | phone | one slot, pinned in the link: the one with GHL's number, else the first filled of mobile, business, home, other; the rest are match keys. The pin follows a number that is moved to another slot |
/// | address | `ADDRESS_MAIL_*`, cut at 255 characters each (the postcode at 128), the country by the account's own list; a country alone is blank |
/// | birthday | `DATE_OF_BIRTH`; a birthday without a year is held |
/// | tags | on create in the body, or right after it where the body's are ignored; later one by one; a new one as the account spells it |
/// | opt-out | `EMAIL_OPTED_OUT` |
/// | owner | `OWNER_USER_ID`, by the e-mail address of a paired user; another user is left alone. A new contact without one goes to the default user, if there is one; Insightly's contacts have an owner always, so clearing it is held |
/// | company | `ORGANISATION_ID` |
/// | markers | `CUSTOMFIELDS`: GHL's id, on create only, where a field is named for it |
/// | custom fields | by `__c` name, as declared; a value that the field does not offer is held |
#[derive(Debug, Clone)]
pub struct InsightlyContactMapper {
    phones: PhoneReader,
    countries: Arc<Countries>,
    custom_fields: Arc<[CustomFieldPair]>,
    users: Option<Arc<Users>>,
    default_owner: Option<UserId>,
    companies: bool,
    tags_after_create: bool,
    tag_names: Arc<TagNames>,
    markers: Markers,
}

/// Memo: the first name that was made because there was none. It reads as blank.
const MADE: &str = "made_first_name";

impl InsightlyContactMapper {
    /// A mapper for one account: `countries` are those of its list.
    pub fn new(
        phones: PhoneReader,
        countries: Arc<Countries>,
        custom_fields: Arc<[CustomFieldPair]>,
    ) -> Self {
        Self {
            phones,
            countries,
            custom_fields,
            users: None,
            default_owner: None,
            companies: false,
            tags_after_create: false,
            tag_names: Arc::default(),
            markers: Markers::default(),
        }
    }

    /// Owners are synced, too. Contacts without one are created for `default_owner`, or for the
    /// key's own user.
    pub fn owners(mut self, users: Arc<Users>, default_owner: Option<UserId>) -> Self {
        (self.users, self.default_owner) = (Some(users), default_owner);
        self
    }

    /// The company of a contact is synced, too; companies are a kind that comes earlier.
    pub fn companies(mut self) -> Self {
        self.companies = true;
        self
    }

    /// Where markers are kept.
    pub fn markers(mut self, markers: Markers) -> Self {
        self.markers = markers;
        self
    }

    /// Insightly ignores the tags in the body of a new contact: they follow one by one.
    pub fn tags_after_create(mut self) -> Self {
        self.tags_after_create = true;
        self
    }

    /// How the account spells its tags.
    pub fn tag_names(mut self, names: Arc<TagNames>) -> Self {
        self.tag_names = names;
        self
    }
}

impl Mapper for InsightlyContactMapper {
    type Native = Contact;
    type Call = InsightlyCall;

    fn fields(&self) -> Fields {
        let fields = held_by_both(&self.custom_fields, self.users.is_some(), self.companies);
        let fields = self.markers.held_by_insightly(fields);
        let name = limit::held(SHORT_TEXT);
        fields
            .lossy(&FIRST_NAME, name)
            .lossy(&LAST_NAME, name)
            .lossy(&ADDRESS, address::held)
            .read_only(&OTHER_PHONES)
            .given(&(
                VERSION,
                self.phones,
                &self.countries,
                &self.custom_fields,
                &self.users,
                &self.markers,
            ))
    }

    fn read(&self, contact: &Contact, coverage: &Coverage, memo: &Memo) -> Reading {
        let mut reading = Reading::with_room(ROOM);
        let slot = Slot::of(contact, memo);
        let first = contact.first_name.as_deref();
        let first = first.filter(|first| memo.get(MADE) != Some(first.trim()));
        reading
            .set_text(&FIRST_NAME, first)
            .set_text(&LAST_NAME, contact.last_name.as_deref())
            .set(&EMAIL, contact.email_address.as_deref().map(Email::new))
            .try_set_text(
                &PHONE,
                self.phones.read(slot.and_then(|slot| slot.read(contact))),
            )
            .set(&OTHER_PHONES, self.other_phones(contact, slot))
            .try_set(&ADDRESS, self.address(contact))
            .set(&BIRTHDAY, contact.date_of_birth.and_then(birthday::read))
            .set(&OPTED_OUT, contact.email_opted_out.filter(|out| *out));
        if let Some(users) = &self.users {
            assigned::read(users, contact.owner_user_id, &OWNER, &mut reading);
        }
        if self.companies {
            reading.set(&EMPLOYER, contact.organisation_id.map(organisation_ref));
        }
        match &contact.tags {
            Some(tags) => reading.set(&TAGS, Tags::new(tags.iter().map(|tag| tag.name.as_str()))),
            None if coverage.shows("TAGS") => reading.set(&TAGS, None),
            None => reading.unseen(&TAGS),
        };
        if let Some(field) = &self.markers.insightly {
            let marker = text_in_insightly(contact.custom_field(field));
            reading.set(&GHL_ID, marker);
        }
        if self.markers.ghl.is_some() {
            reading.set(&INSIGHTLY_ID, contact.id.to_string());
        }
        CustomFieldPair::read_insightly(&self.custom_fields, contact, &mut reading);
        reading.memo = slot.map(|slot| memo.clone().with(SLOT, Some(slot.name())));
        if Slot::pinned(memo).is_none_or(|slot| !slot.is_filled(contact)) {
            self.offer_other_slots(contact, slot, memo, &mut reading);
        }
        reading
    }

    fn imprint(&self, native: &Contact, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Contact>) -> Result<Draft<InsightlyCall>, Unfit> {
        birthday::check(change)?;
        if change.create {
            self.create(change)
        } else {
            self.update(change)
        }
    }
}

impl InsightlyContactMapper {
    fn other_phones(&self, contact: &Contact, slot: Option<Slot>) -> Tags {
        let others = Slot::ALL.into_iter().filter(|other| Some(*other) != slot);
        let numbers =
            others.filter_map(|other| self.phones.read(other.read(contact)).ok().flatten());
        Tags::new(numbers)
    }

    /// Before the link pins a slot, it may as well be the one that GHL's number is in; and
    /// somebody may have moved the number out of the pinned one.
    fn offer_other_slots(
        &self,
        contact: &Contact,
        taken: Option<Slot>,
        memo: &Memo,
        reading: &mut Reading,
    ) {
        for slot in Slot::ALL.into_iter().filter(|slot| Some(*slot) != taken) {
            if let Ok(Some(number)) = self.phones.read(slot.read(contact)) {
                let memo = memo.clone().with(SLOT, Some(slot.name()));
                reading.or_else(&PHONE, number.into_owned(), memo);
            }
        }
    }

    fn address(&self, contact: &Contact) -> Result<Option<Parts>, String> {
        let local = Parts::new()
            .with(STREET, contact.address_mail_street.as_deref())
            .with(CITY, contact.address_mail_city.as_deref())
            .with(STATE, contact.address_mail_state.as_deref())
            .with(POSTCODE, contact.address_mail_postcode.as_deref());
        country::read(
            &self.countries,
            local,
            contact.address_mail_country.as_deref(),
        )
    }

    fn country(&self, address: &Parts) -> Result<Option<String>, Unfit> {
        let name = country::name(&self.countries, address.get(COUNTRY));
        name.map_err(|why| Unfit::new(&ADDRESS, why))
    }

    fn create(&self, change: &Change<'_, Contact>) -> Result<Draft<InsightlyCall>, Unfit> {
        let mut part = change.part();
        let mut memo = change.memo.clone();
        let first = match part.edit(&FIRST_NAME).set() {
            Some(first) => first,
            None => {
                let made = made_first_name(change.wanted)?;
                memo = memo.with(MADE, Some(&made));
                made
            }
        };
        let mut new = NewContact::new(first);
        new.last_name = part.edit(&LAST_NAME).set();
        new.email_address = part
            .edit(&EMAIL)
            .set()
            .map(|email| email.as_str().to_owned());
        if let Some(phone) = part.edit(&PHONE).set() {
            let slot = Slot::pinned(&memo).unwrap_or(Slot::Mobile);
            slot.put_new(&mut new, phone);
            memo = memo.with(SLOT, Some(slot.name()));
        }
        if let Some(address) = part.edit(&ADDRESS).set() {
            let of = |name| address.get(name).map(str::to_owned);
            new.address_mail_street = of(STREET);
            new.address_mail_city = of(CITY);
            new.address_mail_state = of(STATE);
            new.address_mail_postcode = of(POSTCODE);
            new.address_mail_country = self.country(&address)?;
        }
        new.date_of_birth = part.edit(&BIRTHDAY).set().and_then(PartialDate::date);
        new.email_opted_out = part.edit(&OPTED_OUT).set();
        if !self.tags_after_create {
            let tags = part.items(&TAGS).0.into_iter();
            new.tags = tags.map(|tag| self.tag(&tag.shown)).collect();
        }
        if let Some(field) = &self.markers.insightly {
            let marker = part.edit(&GHL_ID).set();
            new.custom_fields
                .extend(marker.map(|id| CustomField::text(field, id)));
        }
        for pair in self.custom_fields.iter() {
            new.custom_fields.extend(pair.write_insightly(&mut part)?);
        }
        if let Some(users) = &self.users {
            let owner = part.edit(&OWNER).set();
            let owner = owner.map(|email| assigned::user(users, &OWNER, &email));
            new.owner_user_id = owner.transpose()?.or(self.default_owner);
        }
        if self.companies {
            let company = part.edit(&EMPLOYER).set();
            new.organisation_id = company.map(|of| organisation(&of)).transpose()?;
        }
        let body = InsightlyCall::Create(Box::new(new));
        let draft = Draft::new().create("contacts.create", part, body);
        let draft = match memo.get(MADE) {
            Some(made) => draft.making(&FIRST_NAME, made.to_owned()),
            None => draft,
        };
        let draft = match self.tags_after_create {
            true => self.tag_calls(change, draft),
            false => draft,
        };
        Ok(draft.remember(memo))
    }

    fn tag(&self, name: &str) -> Tag {
        Tag::new(self.tag_names.spelled(name))
    }

    fn update(&self, change: &Change<'_, Contact>) -> Result<Draft<InsightlyCall>, Unfit> {
        let mut part = change.part();
        let mut memo = change.memo.clone();
        // The endpoint puts the id in: a mapper does not know it.
        let mut update = ContactUpdate::of(ContactId(0));
        update.first_name = match part.edit(&FIRST_NAME) {
            Edit::Leave => ClientEdit::Leave,
            Edit::Set(first) => {
                memo = memo.with(MADE, None);
                ClientEdit::Set(first)
            }
            Edit::Clear => {
                let made = made_first_name(change.wanted)?;
                memo = memo.with(MADE, Some(&made));
                ClientEdit::Set(made)
            }
        };
        update.last_name = client_edit(part.edit(&LAST_NAME));
        update.email_address =
            client_edit(part.edit(&EMAIL).map(|email| email.as_str().to_owned()));
        if change.changes(&PHONE) {
            let slot = Slot::pinned(&memo).unwrap_or(Slot::Mobile);
            slot.put_update(&mut update, client_edit(part.edit(&PHONE)));
            memo = memo.with(SLOT, Some(slot.name()));
        }
        self.write_address(&mut update, part.edit(&ADDRESS))?;
        update.date_of_birth = birthday::write(&mut part);
        update.email_opted_out = match part.edit(&OPTED_OUT) {
            Edit::Leave => ClientEdit::Leave,
            Edit::Set(out) => ClientEdit::Set(out),
            Edit::Clear => ClientEdit::Set(false),
        };
        for pair in self.custom_fields.iter() {
            update
                .custom_fields
                .extend(pair.write_insightly(&mut part)?);
        }
        if let Some(users) = &self.users {
            update.owner_user_id = owner(users, part.edit(&OWNER), change)?;
        }
        if self.companies {
            update.organisation_id = match part.edit(&EMPLOYER) {
                Edit::Leave => ClientEdit::Leave,
                Edit::Set(of) => ClientEdit::Set(organisation(&of)?),
                Edit::Clear => ClientEdit::Clear,
            };
        }
        let body = InsightlyCall::Update(Box::new(update));
        let draft = Draft::new().update("contacts.update", part, body);
        let draft = self.tag_calls(change, draft);
        Ok(if memo == *change.memo {
            draft
        } else {
            draft.remember(memo)
        })
    }

    /// One request for each tag: the API takes them one by one.
    fn tag_calls(
        &self,
        change: &Change<'_, Contact>,
        draft: Draft<InsightlyCall>,
    ) -> Draft<InsightlyCall> {
        let (added, removed) = change.part().items(&TAGS);
        let tags_part = || -> Part<'_> {
            let mut part = change.part();
            let _ = part.items(&TAGS);
            part
        };
        let added = added.into_iter().map(|tag| {
            let tag = self.tag(&tag.shown);
            ("contacts.add_tag", InsightlyCall::AddTag(tag))
        });
        let removed = removed.into_iter().map(|tag| {
            (
                "contacts.remove_tag",
                InsightlyCall::RemoveTag(Tag::new(tag.shown)),
            )
        });
        added.chain(removed).fold(draft, |draft, (name, call)| {
            draft.update(name, tags_part(), call)
        })
    }

    fn write_address(&self, update: &mut ContactUpdate, address: Edit<Parts>) -> Result<(), Unfit> {
        let address = match address {
            Edit::Leave => return Ok(()),
            Edit::Set(address) => address,
            Edit::Clear => Parts::new(),
        };
        let of = |name| ClientEdit::from_option(address.get(name).map(str::to_owned));
        update.address_mail_street = of(STREET);
        update.address_mail_city = of(CITY);
        update.address_mail_state = of(STATE);
        update.address_mail_postcode = of(POSTCODE);
        update.address_mail_country = ClientEdit::from_option(self.country(&address)?);
        Ok(())
    }
}

/// An owner can be replaced, not taken away.
fn owner(
    users: &Users,
    edit: Edit<Email>,
    change: &Change<'_, Contact>,
) -> Result<ClientEdit<UserId>, Unfit> {
    let now = change.native.and_then(|contact| contact.owner_user_id);
    match edit {
        Edit::Leave => Ok(ClientEdit::Leave),
        Edit::Set(email) => {
            assigned::may_be_replaced(users, now, &OWNER)?;
            assigned::user(users, &OWNER, &email).map(ClientEdit::Set)
        }
        Edit::Clear => Err(Unfit::new(
            &OWNER,
            "a contact in Insightly has an owner always",
        )),
    }
}

fn organisation_ref(id: OrganisationId) -> Ref {
    Ref {
        kind: COMPANY,
        id: RecordId::new(id.to_string()),
    }
}

fn organisation(of: &Ref) -> Result<OrganisationId, Unfit> {
    let id = of.id.as_str().parse();
    id.map_err(|_| Unfit::new(&EMPLOYER, format!("`{}` is no organisation", of.id)))
}

/// Insightly wants a first name: the e-mail's local part, else the phone, else the last name.
fn made_first_name(wanted: &Record) -> Result<String, Unfit> {
    let email = wanted.get(&EMAIL);
    let local = email
        .as_ref()
        .and_then(|email| email.as_str().split('@').next());
    let made = local.map(str::to_owned).filter(|local| !local.is_empty());
    let made = made
        .or_else(|| wanted.get(&PHONE))
        .or_else(|| wanted.get(&LAST_NAME));
    made.ok_or_else(|| {
        let why = "Insightly wants a first name, and nothing is known to make one of";
        Unfit::new(&FIRST_NAME, why)
    })
}
