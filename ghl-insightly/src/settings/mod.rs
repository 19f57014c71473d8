//! The TOML file of a connection.

mod contradiction;
mod deletes;
mod filter;
mod follow_up;
mod guards;
mod markers;
mod moves;
mod policy;
mod secret;
mod sides;
mod sync;
mod whole_number;
mod wrong_value;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sync_core::{Both, Side};

use whole_number::{LONGEST_MS, whole_number};

pub use deletes::{DeletePolicy, DeleteSettings};
pub use filter::{FilterSettings, LeftOutPolicy};
pub use follow_up::FollowUpSettings;
pub use guards::GuardSettings;
pub use markers::MarkerSettings;
pub use moves::{MovePolicy, MoveSettings};
pub use policy::{
    ConflictPolicy, DifferencePolicy, FirstSyncSettings, OtherwisePolicy, RuleSettings, System,
};
pub use secret::SecretSource;
pub use sides::{GhlLimits, GhlSettings, InsightlyLimits, InsightlySettings};
pub use sync::{Direction, StrayPolicy, SyncSettings, SyncedKind};

/// Everything that one connection needs.
///
/// ```
/// let settings = ghl_insightly::Settings::parse(r#"
///     store = "sync.db"
///     [ghl]
///     location = "ve9EPM428h8vShlRW1KT"
///     token = { env = "GHL_TOKEN" }
///     [insightly]
///     pod = "na1"
///     api_key = { file = "insightly.key" }
/// "#)?;
/// assert_eq!(settings.connection, "main");
/// # Ok::<(), ghl_insightly::SettingsError>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connection's name in the store; `main` unless told otherwise.
    #[serde(default = "main_connection")]
    pub connection: String,
    /// The store's file.
    pub store: PathBuf,
    /// The GHL side.
    pub ghl: GhlSettings,
    /// The Insightly side.
    pub insightly: InsightlySettings,
    /// What is synced.
    #[serde(default)]
    pub sync: SyncSettings,
    /// Which appointments are followed up; none unless told otherwise.
    pub follow_ups: Option<FollowUpSettings>,
    /// Which contacts are synced.
    #[serde(default)]
    pub filter: FilterSettings,
    /// What happens when both sides changed a field.
    #[serde(default)]
    pub rules: RuleSettings,
    /// What happens to records that meet for the first time.
    #[serde(default)]
    pub first_sync: FirstSyncSettings,
    /// What becomes of records whose counterparts were deleted.
    #[serde(default)]
    pub deletes: DeleteSettings,
    /// What becomes of records that were put under another contact.
    #[serde(default)]
    pub moves: MoveSettings,
    /// How much one run may do before it asks.
    #[serde(default)]
    pub guards: GuardSettings,
    /// Where created records keep the ids of those that they were made from.
    #[serde(default)]
    pub markers: MarkerSettings,
    /// Custom fields that the two accounts share.
    #[serde(default, rename = "custom_field")]
    pub custom_fields: Vec<CustomFieldSettings>,
    /// How often `run` polls, in seconds.
    #[serde(
        default = "half_a_minute",
        deserialize_with = "whole_number::<_, _, 1, A_DAY_S>"
    )]
    pub poll_every_s: u64,
    /// How long a request may be on its way after its reply was given up, in milliseconds.
    #[serde(
        default = "a_minute_ms",
        deserialize_with = "whole_number::<_, _, 0, LONGEST_MS>"
    )]
    pub reply_grace_ms: u64,
}

/// A custom field that the two accounts share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomFieldSettings {
    /// Its id, key or name in GHL.
    pub ghl: String,
    /// Its API name in Insightly, e.g. `Hobby__c`.
    pub insightly: String,
}

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// It cannot be read.
    #[error(
        "the settings file {path} cannot be read: {why}; name another with --config, or write one as the README shows"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It is no settings file.
    #[error("the settings are wrong{}: {message}", place.as_ref().map_or(String::new(), |place| format!(" in {place}")))]
    Invalid {
        /// File and line.
        place: Option<String>,
        /// What is wrong, and what was probably meant.
        message: String,
    },
    /// A secret cannot be had.
    #[error("{0}")]
    Secret(String),
}

impl Settings {
    /// Reads a file. Relative paths in it begin where the file is.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|why| SettingsError::Unreadable {
            path: path.to_owned(),
            why: why.to_string(),
        })?;
        let mut settings = Self::parse(&text).map_err(|error| error.in_file(path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        settings.store = folder.join(&settings.store);
        settings.ghl.token.begin_in(folder);
        settings.insightly.api_key.begin_in(folder);
        Ok(settings)
    }

    /// Reads a text.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let wrong = |key: &str, error: &toml::de::Error| SettingsError::Invalid {
            place: error
                .span()
                .map(|span| format!("line {}", line(text, span.start))),
            message: wrong_value::in_words(key, error.message()),
        };
        let parsed = toml::Deserializer::parse(text).map_err(|error| wrong("", &error))?;
        let settings: Self = serde_path_to_error::deserialize(parsed).map_err(|error| {
            let names = wrong_value::as_a_name(text, error.inner());
            let names = names.and_then(|text| Self::parse(&text).err());
            names.unwrap_or_else(|| wrong(&error.path().to_string(), error.inner()))
        })?;
        contradiction::none_in(&settings)?;
        Ok(settings)
    }

    /// How much of a system's requests of a day the connection may use, in percent.
    pub fn share_of_day(&self, side: Side) -> u8 {
        Both::new(self.ghl.share_of_day, self.insightly.share_of_day)[side]
    }
}

impl SettingsError {
    fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Invalid { place, message } => {
                let file = path.display();
                let place = place.map_or(file.to_string(), |place| format!("{file}, {place}"));
                Self::Invalid {
                    place: Some(place),
                    message,
                }
            }
            other => other,
        }
    }
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

const A_DAY_S: u64 = 24 * 3600;

fn main_connection() -> String {
    "main".to_owned()
}

const fn half_a_minute() -> u64 {
    30
}

const fn a_minute_ms() -> u64 {
    60_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
store = "sync.db"
[ghl]
location = "loc"
token = { env = "T" }
[insightly]
pod = "na1"
api_key = { file = "key" }
[rules]
conflict = "newest"
[[custom_field]]
ghl = "Hobby"
insightly = "Hobby__c"
"#;

    #[test]
    fn a_whole_file_is_read_and_the_rest_has_defaults() {
        let settings = Settings::parse(WHOLE).unwrap();
        assert_eq!(settings.custom_fields.len(), 1);
        assert_eq!((settings.guards.creates, settings.poll_every_s), (100, 30));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
        let wrong = WHOLE.replace("location =", "locatoin =");
        let said = Settings::parse(&wrong).unwrap_err().to_string();
        assert!(
            said.contains("line 4") && said.contains("`locatoin`"),
            "{said}"
        );
        assert!(said.contains("did you mean `location`?"), "{said}");
    }

    #[test]
    fn a_missing_key_and_a_wrong_policy_are_named() {
        let said = Settings::parse(&WHOLE.replace("location = \"loc\"\n", "")).unwrap_err();
        assert!(said.to_string().contains("`location` is missing"), "{said}");
        let said = Settings::parse(&WHOLE.replace("newest", "newst")).unwrap_err();
        assert!(
            said.to_string().contains("did you mean `newest`?"),
            "{said}"
        );
        let said = Settings::parse(&WHOLE.replace("pod = \"na1\"\n", "")).unwrap_err();
        assert!(
            said.to_string().contains("either `pod` or `base_url`"),
            "{said}"
        );
    }

    #[test]
    fn a_rule_for_a_field_that_is_not_synced_is_an_error() {
        let with = |rule: &str| Settings::parse(&format!("{WHOLE}[rules.fields]\n{rule}"));
        assert!(with("\"custom.Hobby__c\" = \"hold\"").is_ok());
        let said = with("emial = \"hold\"").unwrap_err().to_string();
        assert!(said.contains("[rules.fields]"), "{said}");
        assert!(said.contains("did you mean `email`?"), "{said}");
    }

    #[test]
    fn a_kind_that_nobody_knows_and_a_rule_for_one_that_is_off_are_errors() {
        let with = |more: &str| Settings::parse(&format!("{WHOLE}{more}"));
        let said = with("[sync]\nkinds = [\"contacts\", \"task\"]").unwrap_err();
        let said = said.to_string();
        assert!(
            said.contains("line 15") && said.contains("`tasks`?"),
            "{said}"
        );
        let said = with("[sync]\nkinds = [\"tasks\"]").unwrap_err().to_string();
        assert!(said.contains("must name `contacts`"), "{said}");
        let rule = "[rules.fields]\ndue = \"hold\"";
        assert!(with(rule).is_err());
        assert!(
            with(&format!(
                "[sync]\nkinds = [\"contacts\", \"tasks\"]\n{rule}"
            ))
            .is_ok()
        );
    }

    #[test]
    fn what_is_wrong_is_told_without_the_words_of_programmers() {
        let wrong = [
            ("[guards]\ncreates = -1", "guards.creates"),
            ("[guards]\ncreates = \"many\"", "guards.creates"),
            ("[guards]\nshare = 101", "guards.share"),
            ("[guards]\nshare = 1.5", "guards.share"),
            ("guards = 5", "guards"),
            ("[guards]\ncreates = [1]", "guards.creates"),
            ("[sync]\nkinds = \"contacts\"", "sync.kinds"),
            ("[sync]\nkinds = [1]", "sync.kinds[0]"),
            ("[sync]\nowners = \"yes\"", "sync.owners"),
            ("[sync]\nsource = 5", "sync.source"),
            ("[sync]\ndirection = 5", "sync.direction"),
            ("[rules.fields]\nemail = 5", "rules.fields.email"),
            ("[rules]\nfields = 5", "rules.fields"),
            (
                "[first_sync]\ncreate_in = [\"hubspot\"]",
                "first_sync.create_in[0]",
            ),
            (
                "[follow_ups]\ncalendars = [\"a\"]\nfrom = 5",
                "follow_ups.from",
            ),
            (
                "[follow_ups]\ncalendars = [\"a\"]\nfrom = \"soon\"",
                "follow_ups.from",
            ),
            ("[[custom_field]]\nghl = 5", "custom_field"),
            ("custom_fields = 5", ""),
            ("[moves]\nin_ghl = true", "moves.in_ghl"),
            ("[markers]\nghl = 5", "markers.ghl"),
        ];
        let words = [
            "i64",
            "u64",
            "u8",
            "a map",
            "sequence",
            "variant",
            "invalid type",
            "struct ",
        ];
        for (more, key) in wrong {
            let (text, _) = WHOLE.split_once("[rules]").unwrap();
            let text = match more.starts_with('[') {
                true => format!("{text}{more}"),
                false => format!("{more}\n{text}"),
            };
            let said = Settings::parse(&text).unwrap_err().to_string();
            assert!(said.contains(key), "{said}");
            for word in words {
                assert!(!said.contains(word), "{said}");
            }
        }
    }

    #[test]
    fn names_that_there_are_are_told_where_none_is_given() {
        let (text, _) = WHOLE.split_once("[rules]").unwrap();
        for value in ["true", "5", "5.5"] {
            let said = Settings::parse(&format!("{text}[moves]\nin_ghl = {value}"));
            let said = said.unwrap_err().to_string();
            let told = format!("`moves.in_ghl`: `{value}` is none of `follow`, `hold`");
            assert!(said.contains(&told), "{said}");
        }
        let said = Settings::parse(&format!("{text}[moves]\nin_ghl = [\"hold\"]"));
        assert!(said.unwrap_err().to_string().contains("one of a few names"));
    }

    #[test]
    fn what_cannot_be_is_told_with_where_it_stands() {
        let with = |more: &str| {
            let (text, _) = WHOLE.split_once("[rules]").unwrap();
            Settings::parse(&format!("{text}{more}"))
                .unwrap_err()
                .to_string()
        };
        let said = with("[filter]\ntags = [\"VIP\"]\nwithout_tags = [\"vip\"]");
        assert!(said.contains("[filter]: `vip` stands in"), "{said}");
        let pair = "[[custom_field]]\nghl = \"a\"\ninsightly = \"A__c\"\n";
        assert!(Settings::parse(&WHOLE.replace("[rules]", &format!("{pair}[rules]"))).is_ok());
        let said = with(&pair.replace("[[", "[").replace("]]", "]"));
        assert!(
            said.contains("under [[custom_field]] in two brackets"),
            "{said}"
        );
    }

    #[test]
    fn a_number_that_is_too_large_or_too_small_is_told_with_its_bounds() {
        let bounds = [
            ("poll_every_s = 0", "from 1 to 86400"),
            ("poll_every_s = 9223372036854775807", "from 1 to 86400"),
            ("poll_every_s = 99999999999999999999", "from 1 to 86400"),
            ("reply_grace_ms = 3600001", "from 0 to 3600000"),
            ("reply_grace_ms = -1", "from 0 to 3600000"),
        ];
        for (number, wanted) in bounds {
            let said = Settings::parse(&format!("{number}\n{WHOLE}")).unwrap_err();
            let (key, found) = number.split_once(" = ").unwrap();
            let words =
                format!("line 1: `{key}`: a whole number {wanted} is wanted, and it is `{found}`");
            assert!(said.to_string().contains(&words), "{said}");
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        let text = WHOLE.replace("{ env = \"T\" }", "\"pit-1234\"");
        let said = Settings::parse(&text).unwrap_err().to_string();
        assert!(!said.contains("pit-1234"), "{said}");
    }
}
