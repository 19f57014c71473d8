//! Reading one record by id: the request is counted, and what it shows is observed.

use crate::{
    connector::{ConnectorError, Reason, Row},
    engine::pass::Pass,
    id::Target,
    link::Link,
    pairing::Pairing,
    side::Side,
    store::Observation,
};

/// A record that was found by id.
pub(in crate::engine) struct Looked {
    /// As the connector gave it.
    pub(in crate::engine) row: Row,
    /// What it shows.
    pub(in crate::engine) observation: Observation,
}

impl Pass<'_> {
    /// Reads a record by id; `None` where it is not there, whether the connector says so by an
    /// answer or by an error. What any other failure means, only the caller knows: a record that
    /// was not read may be anything. One that [stops the side] may pass; any other is about this
    /// record, and would come again for ever.
    ///
    /// [stops the side]: ConnectorError::stops_the_side
    pub(in crate::engine) async fn look_up(
        &mut self,
        pairing: &Pairing,
        side: Side,
        target: &Target,
        link: Option<&Link>,
    ) -> Result<Option<Looked>, ConnectorError> {
        let asked = self.now();
        self.report.looks += 1;
        let seen = match self.fetch(side, &pairing.kind, target).await {
            Ok(seen) => seen,
            Err(error) => {
                self.report.requests[side] += 1;
                let missing =
                    error.reason == Reason::NotFound && !planted!("a-missing-record-is-unread");
                return if missing { Ok(None) } else { Err(error) };
            }
        };
        self.called(side, asked, seen.as_ref().and_then(|seen| seen.server_time));
        Ok(seen.map(|seen| {
            let mut observation = self.observe(pairing, side, &seen.row, link, asked);
            observation.by_id = true;
            let row = seen.row;
            Looked { row, observation }
        }))
    }
}
