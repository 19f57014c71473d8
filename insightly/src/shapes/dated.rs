use crate::{error::Result, occasion::Occasion, record::Rows, records::Records, shape::shape};

shape! { $
    /// Records that dates are kept with.
    Dated as dated {
        /// [`Records::dates`].
        DATES: get "dates" "/{id}/Dates" [400 401 403 404];
        /// [`Records::set_dates`].
        SET_DATES: put_once "set_dates" "/{id}/Dates" [400 401 403 404];
    }
}

impl<R: Dated> Records<R> {
    /// The dates kept with the record.
    pub async fn dates(&self, id: R::Id) -> Result<Vec<Occasion>> {
        let op = self.op(R::DATES, &[&id.to_string()]);
        self.client().transport().send(op).await
    }

    /// Makes these the record's dates. Those with an id are changed, others are new;
    /// whether those left out are removed is not confirmed: look at the answer.
    pub async fn set_dates(&self, id: R::Id, dates: &[Occasion]) -> Result<Vec<Occasion>> {
        let op = self.op_with(R::SET_DATES, &[&id.to_string()], &Rows(dates))?;
        self.client().transport().send(op).await
    }
}
