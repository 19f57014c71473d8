//! GHL businesses, read and written.

use std::hash::Hash;

use ghl_contacts::{Business, BusinessEdit};
use sync_core::{
    Change, Coverage, Draft, Edit, Fields, Imprint, Mapper, Memo, Parts, Reading, Unfit,
};

use super::GhlCompanyCall;
use crate::{
    VERSION,
    company::{COMPANY_ADDRESS, COMPANY_NAME, COMPANY_PHONE, COMPANY_WEBSITE},
    contact::{CITY, COUNTRY, POSTCODE, PhoneReader, STATE, STREET},
};

/// The stock mapper of GHL businesses.
///
/// | field | GHL |
/// | --- | --- |
/// | name | `name`, compared without case and outer space |
/// | phone | `phone`, as E.164 |
/// | web site | `website` |
/// | address | `address`, `city`, `state`, `postalCode`, `country`; a country alone is blank |
///
/// A member is cleared by an empty text; that this is taken is not confirmed.
#[derive(Debug, Clone)]
pub struct GhlCompanyMapper {
    phones: PhoneReader,
}

impl GhlCompanyMapper {
    /// A mapper for the phones of one country.
    pub fn new(phones: PhoneReader) -> Self {
        Self { phones }
    }
}

impl Mapper for GhlCompanyMapper {
    type Native = Business;
    type Call = GhlCompanyCall;

    fn fields(&self) -> Fields {
        Fields::new()
            .exact(&COMPANY_NAME)
            .exact(&COMPANY_PHONE)
            .exact(&COMPANY_WEBSITE)
            .exact(&COMPANY_ADDRESS)
            .required(&COMPANY_NAME)
            .given(&(VERSION, self.phones))
    }

    fn read(&self, business: &Business, _coverage: &Coverage, _memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let name = business.name.as_deref().map(sync_core::Name::new);
        reading
            .set(&COMPANY_NAME, name)
            .try_set_text(&COMPANY_PHONE, self.phones.read(business.phone.as_deref()))
            .set_text(&COMPANY_WEBSITE, business.website.as_deref())
            .set(&COMPANY_ADDRESS, address(business));
        reading
    }

    fn imprint(&self, native: &Business, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(&self, change: &Change<'_, Business>) -> Result<Draft<GhlCompanyCall>, Unfit> {
        let mut part = change.part();
        let mut edit = BusinessEdit::new();
        edit.name = match part.edit(&COMPANY_NAME) {
            Edit::Leave => None,
            Edit::Set(name) => Some(name.as_str().to_owned()),
            Edit::Clear => return Err(Unfit::new(&COMPANY_NAME, "a business needs a name")),
        };
        edit.phone = text(part.edit(&COMPANY_PHONE));
        edit.website = text(part.edit(&COMPANY_WEBSITE));
        match part.edit(&COMPANY_ADDRESS) {
            Edit::Leave => {}
            Edit::Set(address) => put_address(&mut edit, &address, change.create),
            Edit::Clear => put_address(&mut edit, &Parts::new(), change.create),
        }
        let call = GhlCompanyCall(Box::new(edit));
        Ok(if change.create {
            Draft::new().create("businesses.create", part, call)
        } else {
            Draft::new().update("businesses.update", part, call)
        })
    }
}

fn address(business: &Business) -> Option<Parts> {
    let local = Parts::new()
        .with(STREET, business.address.as_deref())
        .with(CITY, business.city.as_deref())
        .with(STATE, business.state.as_deref())
        .with(POSTCODE, business.postal_code.as_deref());
    let country = business.country.as_deref().map(str::to_ascii_uppercase);
    (!local.is_empty()).then(|| local.with(COUNTRY, country.as_deref()))
}

/// Each part is sent, so that none of the old address is left.
fn put_address(edit: &mut BusinessEdit, address: &Parts, create: bool) {
    let of = |name| {
        let part = address.get(name).map(str::to_owned);
        part.or_else(|| (!create).then(String::new))
    };
    edit.address = of(STREET);
    edit.city = of(CITY);
    edit.state = of(STATE);
    edit.postal_code = of(POSTCODE);
    // A country alone is a blank address: it is left where nothing else is.
    edit.country = of(COUNTRY).filter(|_| !address.is_empty());
}

fn text(edit: Edit<String>) -> Option<String> {
    match edit {
        Edit::Leave => None,
        Edit::Set(text) => Some(text),
        Edit::Clear => Some(String::new()),
    }
}
