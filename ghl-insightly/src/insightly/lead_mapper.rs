//! Insightly leads, read for what they are matched by.

use std::convert::Infallible;

use insightly::Lead;
use sync_core::{
    Change, Coverage, Draft, Email, Fields, Mapper, Memo, Reading, RecordId, Ref, Tags, Unfit,
};

use crate::{
    contact::{CONTACT, EMAIL, FIRST_NAME, LAST_NAME, OTHER_PHONES, PHONE, PhoneReader},
    lead::BECAME,
};

/// The stock mapper of Insightly leads.
///
/// It reads what contacts are matched by: `FIRST_NAME`, `LAST_NAME`, `EMAIL`, `MOBILE` and
/// `PHONE`. A converted lead shows besides which contact it became (`CONVERTED_CONTACT_ID`); one
/// that became none shows nothing. Nothing is written.
#[derive(Debug, Clone, Copy)]
pub struct InsightlyLeadMapper {
    phones: PhoneReader,
}

impl InsightlyLeadMapper {
    /// A mapper for one account.
    pub fn new(phones: PhoneReader) -> Self {
        Self { phones }
    }
}

impl Mapper for InsightlyLeadMapper {
    type Native = Lead;
    type Call = Infallible;

    fn fields(&self) -> Fields {
        Fields::new()
            .read_only(&FIRST_NAME)
            .read_only(&LAST_NAME)
            .read_only(&EMAIL)
            .read_only(&PHONE)
            .read_only(&OTHER_PHONES)
            .read_only(&BECAME)
    }

    fn read(&self, lead: &Lead, _coverage: &Coverage, _memo: &Memo) -> Reading {
        let mut reading = Reading::default();
        let became = lead.converted_contact_id.filter(|id| id.0 > 0);
        if lead.converted == Some(true) && became.is_none() {
            return reading;
        }
        reading.set(
            &BECAME,
            became.map(|id| Ref {
                kind: CONTACT,
                id: RecordId::new(id.to_string()),
            }),
        );
        let numbers = [lead.mobile.as_deref(), lead.phone.as_deref()];
        let numbers = numbers.map(|number| self.phones.read(number).ok().flatten());
        let [first, second] = numbers;
        let other = second.as_deref().filter(|_| first.is_some());
        reading
            .set_text(&FIRST_NAME, lead.first_name.as_deref())
            .set_text(&LAST_NAME, lead.last_name.as_deref())
            .set(&EMAIL, lead.email.as_deref().map(Email::new))
            .set(&OTHER_PHONES, Tags::new(other))
            .set_text(&PHONE, first.as_deref().or(second.as_deref()));
        reading
    }

    fn write(&self, _change: &Change<'_, Lead>) -> Result<Draft<Infallible>, Unfit> {
        Ok(Draft::new())
    }
}
