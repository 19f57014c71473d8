//! A card as a record, and a wanted title as a call.

use sync_core::{Change, Coverage, Draft, Field, Fields, Mapper, Memo, Reading, Unfit};

use crate::board::Card;

pub(crate) const TITLE: Field<String> = Field::new("title");

pub(crate) struct CardMapper;
impl Mapper for CardMapper {
    type Native = Card;
    type Call = String;
    fn fields(&self) -> Fields {
        Fields::new().exact(&TITLE)
    }
    fn read(&self, (_, title): &Card, _: &Coverage, _: &Memo) -> Reading {
        let mut reading = Reading::default();
        reading.set(
            &TITLE,
            Some(title.clone()).filter(|title| !title.is_empty()),
        );
        reading
    }
    fn write(&self, change: &Change<'_, Card>) -> Result<Draft<String>, Unfit> {
        let mut part = change.part();
        let title = part.edit(&TITLE).set().unwrap_or_default();
        Ok(if change.create {
            Draft::new().create("add", part, title)
        } else {
            Draft::new().update("set", part, title)
        })
    }
}
