//! Insightly organisations, read and written.

use std::{hash::Hash, sync::Arc};

use insightly::{NewOrganisation, Organisation, OrganisationId, OrganisationUpdate};
use sync_core::{
    Change, Coverage, Draft, Edit, Fields, Imprint, Mapper, Memo, Name, Parts, Reading, Unfit,
};

use super::{InsightlyCompanyCall, SHORT_TEXT, address, country};
use crate::{
    VERSION,
    company::{COMPANY_ADDRESS, COMPANY_NAME, COMPANY_PHONE, COMPANY_WEBSITE},
    contact::{
        CITY, COUNTRY, Countries, POSTCODE, PhoneReader, STATE, STREET,
        edit::{client_edit, or_clear},
    },
    limit::{self, cut},
};

/// The stock mapper of Insightly organisations.
///
/// | field | Insightly |
/// | --- | --- |
/// | name | `ORGANISATION_NAME`, compared without case and outer space, cut at 255 characters |
/// | phone | `PHONE`, as E.164 |
/// | web site | `WEBSITE`, cut at 255 characters |
/// | address | `ADDRESS_BILLING_*`, cut at 255 characters each (the postcode at 128), the country by the account's own list; a country alone is blank |
#[derive(Debug, Clone)]
pub struct InsightlyCompanyMapper {
    phones: PhoneReader,
    countries: Arc<Countries>,
}

impl InsightlyCompanyMapper {
    /// A mapper for one account: `countries` are those of its list.
    pub fn new(phones: PhoneReader, countries: Arc<Countries>) -> Self {
        Self { phones, countries }
    }
}

impl Mapper for InsightlyCompanyMapper {
    type Native = Organisation;
    type Call = InsightlyCompanyCall;

    fn fields(&self) -> Fields {
        Fields::new()
            .lossy(&COMPANY_NAME, |name: Name| {
                Some(Name::new(cut(name.as_str(), SHORT_TEXT)))
            })
            .exact(&COMPANY_PHONE)
            .lossy(&COMPANY_WEBSITE, limit::held(SHORT_TEXT))
            .lossy(&COMPANY_ADDRESS, address::held)
            .required(&COMPANY_NAME)
            .given(&(VERSION, self.phones, &self.countries))
    }

    fn read(&self, organisation: &Organisation, _coverage: &Coverage, _memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        reading
            .set(&COMPANY_NAME, organisation.name.as_deref().map(Name::new))
            .try_set_text(
                &COMPANY_PHONE,
                self.phones.read(organisation.phone.as_deref()),
            )
            .set_text(&COMPANY_WEBSITE, organisation.website.as_deref())
            .try_set(&COMPANY_ADDRESS, self.address(organisation));
        reading
    }

    fn imprint(&self, native: &Organisation, imprint: &mut Imprint) {
        native.hash(imprint);
    }

    fn write(
        &self,
        change: &Change<'_, Organisation>,
    ) -> Result<Draft<InsightlyCompanyCall>, Unfit> {
        if change.create {
            self.create(change)
        } else {
            self.update(change)
        }
    }
}

impl InsightlyCompanyMapper {
    fn address(&self, organisation: &Organisation) -> Result<Option<Parts>, String> {
        let local = Parts::new()
            .with(STREET, organisation.address_billing_street.as_deref())
            .with(CITY, organisation.address_billing_city.as_deref())
            .with(STATE, organisation.address_billing_state.as_deref())
            .with(POSTCODE, organisation.address_billing_postcode.as_deref());
        let country = organisation.address_billing_country.as_deref();
        country::read(&self.countries, local, country)
    }

    fn create(
        &self,
        change: &Change<'_, Organisation>,
    ) -> Result<Draft<InsightlyCompanyCall>, Unfit> {
        let mut part = change.part();
        let name = part.edit(&COMPANY_NAME).set();
        let name = name.ok_or_else(no_name)?;
        let mut new = NewOrganisation::new(name.as_str());
        new.phone = part.edit(&COMPANY_PHONE).set();
        new.website = part.edit(&COMPANY_WEBSITE).set();
        if let Some(address) = part.edit(&COMPANY_ADDRESS).set() {
            let of = |name| address.get(name).map(str::to_owned);
            new.address_billing_street = of(STREET);
            new.address_billing_city = of(CITY);
            new.address_billing_state = of(STATE);
            new.address_billing_postcode = of(POSTCODE);
            new.address_billing_country = self.country(&address)?;
        }
        let call = InsightlyCompanyCall::Create(Box::new(new));
        Ok(Draft::new().create("organisations.create", part, call))
    }

    fn update(
        &self,
        change: &Change<'_, Organisation>,
    ) -> Result<Draft<InsightlyCompanyCall>, Unfit> {
        let mut part = change.part();
        // The endpoint puts the id in: a mapper does not know it.
        let mut update = OrganisationUpdate::of(OrganisationId(0));
        update.name = match part.edit(&COMPANY_NAME) {
            Edit::Clear => return Err(no_name()),
            edit => client_edit(edit.map(|name| name.as_str().to_owned())),
        };
        update.phone = client_edit(part.edit(&COMPANY_PHONE));
        update.website = client_edit(part.edit(&COMPANY_WEBSITE));
        let address = match part.edit(&COMPANY_ADDRESS) {
            Edit::Leave => None,
            Edit::Set(address) => Some(address),
            Edit::Clear => Some(Parts::new()),
        };
        if let Some(address) = address {
            update.address_billing_street = or_clear(address.get(STREET));
            update.address_billing_city = or_clear(address.get(CITY));
            update.address_billing_state = or_clear(address.get(STATE));
            update.address_billing_postcode = or_clear(address.get(POSTCODE));
            update.address_billing_country = or_clear(self.country(&address)?.as_deref());
        }
        let call = InsightlyCompanyCall::Update(Box::new(update));
        Ok(Draft::new().update("organisations.update", part, call))
    }

    fn country(&self, address: &Parts) -> Result<Option<String>, Unfit> {
        let name = country::name(&self.countries, address.get(COUNTRY));
        name.map_err(|why| Unfit::new(&COMPANY_ADDRESS, why))
    }
}

fn no_name() -> Unfit {
    Unfit::new(&COMPANY_NAME, "an organisation needs a name")
}
