//! Texts that are longer than a side can hold.

use unicode_segmentation::UnicodeSegmentation;

/// The longest beginning of at most `limit` characters that ends between two graphemes.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    let mut left = limit;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        let length = grapheme.chars().count();
        if length > left {
            return text[..end].trim_end();
        }
        left -= length;
        end += grapheme.len();
    }
    text
}

/// What is shown of a text by a side that holds so many characters of it.
pub(crate) fn held(limit: usize) -> impl Fn(String) -> Option<String> + Copy {
    move |text| Some(cut(text.trim(), limit).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_grapheme_is_cut_in_two() {
        assert_eq!(cut("Ada", 3), "Ada");
        assert_eq!(cut("Ada Lovelace", 4), "Ada");
        let family = "x👨‍👩‍👧y";
        assert_eq!(cut(family, 3), "x");
        assert_eq!(cut(family, 6), "x👨‍👩‍👧");
        assert_eq!(cut(cut(family, 6), 6), cut(family, 6));
    }
}
