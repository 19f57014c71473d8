//! What was probably meant.

/// Names that are less alike than this are not guessed: `task` is near `tasks`, `fast` is near
/// nothing of what limits may be.
const NEAR: f64 = 0.8;

/// "; did you mean `b`?", or nothing where no name is near.
pub(crate) fn did_you_mean<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> String {
    let alike = names.map(|name| (name, strsim::jaro_winkler(found, name)));
    let nearest = alike
        .filter(|(_, alike)| *alike >= NEAR)
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    nearest.map_or(String::new(), |(name, _)| {
        format!("; did you mean `{name}`?")
    })
}
