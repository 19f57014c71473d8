//! What serde says of a value that does not do, in the words of people who write the file.

use crate::nearest::did_you_mean;

/// What toml says of a choice among names.
const A_CHOICE: &str = "wanted string or table";

/// What is wrong with the value of a key, and what was probably meant. `key` is empty where the
/// file itself is meant.
pub(super) fn in_words(key: &str, message: &str) -> String {
    if let Some(known) = message.strip_prefix("unknown field ") {
        return unknown(known, "there is no key", "here; there are");
    }
    let of = match key {
        "" | "." => String::new(),
        key => format!("`{key}`: "),
    };
    if let Some(known) = message.strip_prefix("unknown variant ") {
        return of + &unknown(known, "", "is none of");
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return match name.split_once(": ") {
            Some((name, why)) => format!("{of}{name} is missing: {why}"),
            None => format!("{of}{name} is missing"),
        };
    }
    if message == A_CHOICE {
        return of + "one of a few names is wanted, in quotes";
    }
    let expected = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "));
    match expected {
        Some((_, "a sequence")) if key == "custom_field" => {
            format!("{of}each pair is a table of its own, under [[custom_field]] in two brackets")
        }
        Some((found, wanted)) => format!(
            "{of}{} is wanted, and it is {}",
            kind(wanted),
            as_found(found)
        ),
        None => of + message,
    }
}

/// The text with a value in quotes that is no name where one of a few is wanted: read so, it is
/// told which there are.
pub(super) fn as_a_name(text: &str, error: &toml::de::Error) -> Option<String> {
    let span = error.span().filter(|_| error.message() == A_CHOICE)?;
    let (before, value, after) = (&text[..span.start], &text[span.clone()], &text[span.end..]);
    let is_plain = value
        .chars()
        .all(|of| of.is_alphanumeric() || ".-+".contains(of));
    is_plain.then(|| format!("{before}\"{value}\"{after}"))
}

/// Of "`a`, expected one of `b`, `c`".
fn unknown(named: &str, before: &str, between: &str) -> String {
    let mut names = named.split('`').skip(1).step_by(2);
    let found = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    let meant = did_you_mean(found, known.iter().copied());
    let listed: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let said = format!("{before} `{found}` {between} {}{meant}", listed.join(", "));
    said.trim_start().to_owned()
}

/// What may stand there.
fn kind(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more,",
        "a boolean" => "true or false",
        "a string" | "path string" => "a text in quotes",
        "a sequence" => "a list, as [\"a\", \"b\"],",
        "a map" => "a table, with keys of its own,",
        struct_or_other => match struct_or_other.strip_prefix("struct ") {
            Some(_) => "a table, with keys of its own,",
            None => wanted,
        },
    }
}

/// What stands there instead, as "string \"soon\"" or "integer `5`" tell it.
fn as_found(found: &str) -> String {
    match found {
        "map" => "a table".to_owned(),
        "sequence" => "a list".to_owned(),
        _ => match found.split_once(['`', '"']) {
            // The quotes may be what is wrong.
            Some((_, value)) if found.ends_with('"') => {
                format!("`\"{}\"`", value.trim_end_matches('"'))
            }
            Some((_, value)) => format!("`{}`", value.split('`').next().unwrap_or(value)),
            None => found.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_in_words() {
        let said = |message: &str| in_words("guards.creates", message);
        assert_eq!(
            said("invalid type: string \"soon\", expected u64"),
            "`guards.creates`: a whole number, 0 or more, is wanted, and it is `\"soon\"`"
        );
        assert_eq!(
            said("invalid type: floating point `1.5`, expected a whole number from 0 to 9"),
            "`guards.creates`: a whole number from 0 to 9 is wanted, and it is `1.5`"
        );
        assert_eq!(
            said("invalid type: sequence, expected a map"),
            "`guards.creates`: a table, with keys of its own, is wanted, and it is a list"
        );
    }

    #[test]
    fn only_what_is_near_is_guessed() {
        let said = |wrong: &str| {
            let known = "`private-integration`, `marketplace-app`, `off`";
            in_words(
                "ghl.limits",
                &format!("unknown variant `{wrong}`, expected one of {known}"),
            )
        };
        let all = "`ghl.limits`: `fast` is none of `private-integration`, `marketplace-app`, `off`";
        assert_eq!(said("fast"), all);
        assert!(said("marketplace").ends_with("; did you mean `marketplace-app`?"));
    }
}
