//! Notes as text, and text as notes with markup.
//!
//! Insightly's notes are HTML; what GHL's dashboard writes may be. Notes are compared as text:
//! white space is one space, blank lines are one. Paragraphs, breaks, divisions and lists have a
//! form as text; anything else makes a note *rich*: its text is shown, but not written over.

use sync_core::Lines;

/// A note's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) text: Lines,
    /// Whether it has formatting that the text does not show.
    pub(crate) rich: bool,
}

/// A text in the one form that is compared.
pub(crate) fn normal(text: &str) -> Lines {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let twice_blank = words.is_empty() && lines.last().is_none_or(String::is_empty);
        if !twice_blank {
            lines.push(words.join(" "));
        }
    }
    Lines::new(&lines.join("\n"))
}

/// Reads what may be plain text and may be HTML.
pub(crate) fn plain(body: &str) -> Plain {
    if has_blocks(body) {
        return html(body);
    }
    Plain {
        text: normal(body),
        rich: false,
    }
}

/// Reads HTML; without a block in it, its own lines count.
pub(crate) fn html(body: &str) -> Plain {
    let mut reader = Reader {
        keeps_lines: !has_blocks(body),
        ..Reader::default()
    };
    reader.read(body);
    Plain {
        text: normal(&reader.text),
        rich: reader.rich,
    }
}

/// A normal text as HTML: a paragraph for each, a break for each line.
pub(crate) fn markup(text: &Lines) -> String {
    let paragraphs = text.as_str().split("\n\n").filter(|part| !part.is_empty());
    let paragraphs = paragraphs.map(|paragraph| {
        let lines: Vec<String> = paragraph.lines().map(escaped).collect();
        format!("<p>{}</p>", lines.join("<br>"))
    });
    paragraphs.collect()
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Tags that plain text hardly has: "a < b" and "use <p>" are no markup.
fn has_blocks(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    ["</p>", "</div>", "</li>", "<br>", "<br/>", "<br />"]
        .iter()
        .any(|tag| lower.contains(tag))
}

#[derive(Default)]
struct Reader {
    text: String,
    rich: bool,
    keeps_lines: bool,
    /// Inside something that is not shown, until its end.
    hidden: Option<String>,
}

impl Reader {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.words(&rest[..at]);
            let inside = &rest[at + 1..];
            let is_tag = inside.starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c));
            match inside.find('>').filter(|_| is_tag) {
                Some(end) => {
                    self.tag(&inside[..end]);
                    rest = &inside[end + 1..];
                }
                None => {
                    self.words("<");
                    rest = inside;
                }
            }
        }
        self.words(rest);
    }

    fn words(&mut self, raw: &str) {
        if self.hidden.is_some() {
            return;
        }
        let shown = |c: char| {
            if c.is_whitespace() && !self.keeps_lines {
                ' '
            } else {
                c
            }
        };
        let words: String = raw.chars().map(shown).collect();
        self.text.push_str(&unescaped(&words));
    }

    /// What follows begins a line, if it does not already.
    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn tag(&mut self, tag: &str) {
        let (ends, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if self.hidden.is_some() {
            self.hidden = self.hidden.take().filter(|hidden| !ends || *hidden != name);
            return;
        }
        match name.as_str() {
            "p" => self.text.push_str("\n\n"),
            "br" => self.text.push('\n'),
            "div" | "ul" | "ol" => self.new_line(),
            "li" if !ends => {
                self.new_line();
                self.text.push_str("- ");
            }
            "li" | "" | "html" | "body" => {}
            "head" | "style" | "script" => self.hidden = (!ends).then_some(name),
            _ => self.rich = true,
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let named = rest[at + 1..].find(';').filter(|end| *end <= 8);
        let meant = named.and_then(|end| Some((end, entity(&rest[at + 1..at + 1 + end])?)));
        let (one, gone) = meant.map_or(('&', 1), |(end, one)| (one, end + 2));
        out.push(one);
        rest = &rest[at + gone..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        super::html(html).text.as_str().to_owned()
    }

    #[test]
    fn what_has_a_form_as_text_is_not_rich() {
        let note = "<div>Called&nbsp;Ada &amp; Bob</div><p>Next:<br/>two things</p>\
                    <ul><li>one</li>\n<li>two</li></ul>";
        let read = html(note);
        assert!(!read.rich);
        let lines = "Called Ada & Bob\n\nNext:\ntwo things\n\n- one\n- two";
        assert_eq!(read.text.as_str(), lines);
        let lines = "<div>One</div><div>Two</div><div><br></div><div>Three</div>";
        assert_eq!(text(lines), "One\nTwo\n\nThree");
    }

    #[test]
    fn formatting_makes_a_note_rich_and_keeps_its_text() {
        for (note, shown) in [
            ("<p>A <b>bold</b> word</p>", "A bold word"),
            ("<p>x</p><table><tr><td>y</td></tr></table>", "x\n\ny"),
            ("<p><img src='a>b.png'></p>", "b.png'>"),
            ("<style>p { color: red }</style><p><span>x</span></p>", "x"),
        ] {
            let read = html(note);
            assert!(read.rich, "{note}");
            assert_eq!(read.text.as_str(), shown);
        }
    }

    #[test]
    fn text_becomes_markup_and_comes_back() {
        for lines in [
            "a < b & c > d",
            "x\ny\n\nz",
            "- one\n- two",
            "&lt;p&gt;",
            "👩‍👩‍👧 שלום",
            "",
        ] {
            let normal = normal(lines);
            assert_eq!(html(&markup(&normal)).text, normal, "{lines}");
        }
        assert_eq!(markup(&normal("a\nb\n\nc")), "<p>a<br>b</p><p>c</p>");
    }

    #[test]
    fn plain_text_with_signs_is_no_markup() {
        let plain = plain("if a < b then\n  use <p> &amp; more");
        assert_eq!(plain.text.as_str(), "if a < b then\nuse <p> &amp; more");
        assert!(!plain.rich);
        assert_eq!(
            text("A &amp; B\nC &#233; &#x41; &nope; <"),
            "A & B\nC é A &nope; <"
        );
    }
}
