//! Birthdays as both APIs hold them: whole dates, where years 0 and 1 stand for "not known".

use api_transport::Edit as ClientEdit;
use jiff::civil::Date;
use sync_core::{Change, Edit, Part, PartialDate, Unfit};

use super::{BIRTHDAY, edit::client_edit};

pub(crate) fn read(date: Date) -> Option<PartialDate> {
    if date.year() <= 1 {
        return PartialDate::without_year(date.month(), date.day());
    }
    Some(PartialDate::whole(date))
}

/// Neither API can be given a day without its year.
pub(crate) fn check<N>(change: &Change<'_, N>) -> Result<(), Unfit> {
    match change.part().edit(&BIRTHDAY) {
        Edit::Set(date) if date.date().is_none() => {
            let why = "a birthday without a year can be shown but not written";
            Err(Unfit::new(&BIRTHDAY, why))
        }
        _ => Ok(()),
    }
}

pub(crate) fn write(part: &mut Part<'_>) -> ClientEdit<Date> {
    match client_edit(part.edit(&BIRTHDAY).map(PartialDate::date)) {
        ClientEdit::Set(Some(day)) => ClientEdit::Set(day),
        ClientEdit::Set(None) | ClientEdit::Clear => ClientEdit::Clear,
        ClientEdit::Leave => ClientEdit::Leave,
    }
}
