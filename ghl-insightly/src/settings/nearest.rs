//! What was probably meant.

/// Adds the nearest of the expected names to a message like
/// "unknown field `a`, expected one of `b`, `c`".
pub(super) fn with_suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(found) = names.next().filter(|_| message.starts_with("unknown")) else {
        return message.to_owned();
    };
    let nearest = names
        .max_by(|a, b| strsim::jaro_winkler(found, a).total_cmp(&strsim::jaro_winkler(found, b)));
    match nearest {
        Some(name) => format!("{message}; did you mean `{name}`?"),
        None => message.to_owned(),
    }
}
