//! The last line of a copy: where the note comes from, who wrote it, and when.

use jiff::civil::Date;
use sync_core::{PartialDate, Unfit};

use super::TEXT;

/// What stands between the parts.
const BETWEEN: &str = " · ";

/// What a footer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Footer {
    /// The whole line.
    pub(crate) line: String,
    /// Who wrote the note.
    pub(crate) author: Option<String>,
    /// The day it was written.
    pub(crate) written: PartialDate,
}

/// The footer of a note that comes from `system`; none where the day is not known.
pub(crate) fn line(
    system: &str,
    author: Option<&str>,
    written: Option<PartialDate>,
) -> Option<String> {
    let day = written?.date()?.to_string();
    let author = author.map(plain).filter(|author| !author.is_empty());
    let parts = [Some(system.to_owned()), author, Some(day)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(format!("[{}]", parts.join(BETWEEN)))
}

/// The text with a footer below. A text of which the last line would be read as the footer of a
/// note from `system` does not fit: that line would be no part of the text any more.
pub(crate) fn below(text: &str, footer: Option<&str>, system: &str) -> Result<String, Unfit> {
    match footer {
        Some(footer) if text.is_empty() => Ok(footer.to_owned()),
        Some(footer) => Ok(format!("{text}\n\n{footer}")),
        None if split(text, system).1.is_none() => Ok(text.to_owned()),
        None => {
            let why =
                format!("its last line looks like the one that copies from {system} end with");
            Err(Unfit::new(&TEXT, why))
        }
    }
}

/// A normalised text without the footer of a note from `system`, and that footer.
pub(crate) fn split<'a>(text: &'a str, system: &str) -> (&'a str, Option<Footer>) {
    let (rest, last) = match text.rsplit_once('\n') {
        Some((rest, last)) => (rest.trim_end(), last),
        None => ("", text),
    };
    match read(last, system) {
        Some(footer) => (rest, Some(footer)),
        None => (text, None),
    }
}

fn read(line: &str, system: &str) -> Option<Footer> {
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    let parts: Vec<&str> = inner.split(BETWEEN).collect();
    let (author, day) = match parts.as_slice() {
        [from, author, day] if *from == system => (Some((*author).to_owned()), day),
        [from, day] if *from == system => (None, day),
        _ => return None,
    };
    let day: Date = day.parse().ok()?;
    Some(Footer {
        line: line.to_owned(),
        author,
        written: PartialDate::whole(day),
    })
}

/// A name that cannot be taken for another part of the line.
fn plain(author: &str) -> String {
    let words = author.split_whitespace().filter(|word| *word != "·");
    let name: Vec<&str> = words.collect();
    name.join(" ").replace(['[', ']'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn day() -> PartialDate {
        PartialDate::whole(date(2026, 11, 25))
    }

    #[test]
    fn a_footer_is_added_and_taken_off_again() {
        let line = line("GHL", Some("Ada  Love·lace [x]"), Some(day())).unwrap();
        assert_eq!(line, "[GHL · Ada Love·lace x · 2026-11-25]");
        let whole = below("Called.\n\nTwice.", Some(&line), "GHL").unwrap();
        let (text, footer) = split(&whole, "GHL");
        assert_eq!(text, "Called.\n\nTwice.");
        assert_eq!(footer.unwrap().author.as_deref(), Some("Ada Love·lace x"));
        let nobody = super::line("GHL", None, Some(day())).unwrap();
        let (text, footer) = split(&nobody, "GHL");
        assert_eq!((text, footer.unwrap().author), ("", None));
    }

    #[test]
    fn a_text_that_would_lose_its_last_line_does_not_fit() {
        let text = "Called.\n[GHL · 2026-11-25]";
        assert!(below(text, None, "GHL").is_err());
        assert!(below(text, None, "Insightly").is_ok());
        let whole = below(text, Some("[GHL · 2026-11-26]"), "GHL").unwrap();
        assert_eq!(split(&whole, "GHL").0, text);
    }

    #[test]
    fn what_only_looks_like_a_footer_stays() {
        for text in [
            "[GHL · soon]",
            "[Insightly · Ada · 2026-11-25]",
            "[GHL]",
            "x",
        ] {
            assert_eq!(split(text, "GHL"), (text, None));
        }
    }
}
