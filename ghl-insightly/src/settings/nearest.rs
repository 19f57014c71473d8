//! What was probably meant.

/// Adds the nearest of the expected names to a message like
/// "unknown field `a`, expected one of `b`, `c`".
pub(super) fn with_suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(found) = names.next().filter(|_| message.starts_with("unknown")) else {
        return message.to_owned();
    };
    format!("{message}{}", did_you_mean(found, names))
}

/// "; did you mean `b`?", or nothing where there are no names.
pub(super) fn did_you_mean<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> String {
    let nearest = names
        .max_by(|a, b| strsim::jaro_winkler(found, a).total_cmp(&strsim::jaro_winkler(found, b)));
    nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}
