//! Do-not-disturb: who must not be contacted, and by which channel.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    borrowed_json::Json,
    record::{Member, nested, record},
};

/// Whether do-not-disturb is on. **`Active` means that it is on: do not contact.**
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DndStatus {
    /// On: the person must not be contacted by this channel.
    Active,
    /// Off.
    Inactive,
    /// On for good, e.g. after the person unsubscribed at the provider.
    Permanent,
    /// A status that this release does not know.
    #[serde(untagged)]
    Other(String),
}

/// One channel's setting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DndSetting {
    /// Whether it is on.
    pub status: DndStatus,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Members that this crate does not know. They are kept here and never sent.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Member for DndSetting {
    fn read(value: Json<'_>) -> Result<Option<Self>, Json<'_>> {
        let text = |name| match value.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Text(text)) => Ok(Some(&**text)),
            Some(_) => Err(()),
        };
        match (text("status"), text("message"), text("code")) {
            _ if value.is_null() => Ok(None),
            (Ok(Some(status)), Ok(message), Ok(code)) => Ok(Some(Self {
                status: DndStatus::of(status),
                message: message.map(str::to_owned),
                code: code.map(str::to_owned),
                extra: value.without(&["status", "message", "code"]),
            })),
            _ => Err(value),
        }
    }
}

impl DndStatus {
    fn of(name: &str) -> Self {
        match name {
            "active" => Self::Active,
            "inactive" => Self::Inactive,
            "permanent" => Self::Permanent,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl DndSetting {
    /// A setting of this status.
    pub fn new(status: DndStatus) -> Self {
        Self {
            status,
            message: None,
            code: None,
            extra: Map::new(),
        }
    }

    /// Says why.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Says why, as a code. Not taken for inbound settings.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

impl From<DndStatus> for DndSetting {
    fn from(status: DndStatus) -> Self {
        Self::new(status)
    }
}

record! {
    /// A contact's channels as they are read, in either spelling (`Email`, `email`).
    ///
    /// `dnd` on the contact is the master switch; a channel can be off-limits without it.
    pub struct DndSettings {
        /// Phone calls.
        pub call: Option<DndSetting> = "Call" from ["Call", "call"],
        /// E-mail.
        pub email: Option<DndSetting> = "Email" from ["Email", "email"],
        /// Text messages.
        pub sms: Option<DndSetting> = "SMS" from ["SMS", "sms"],
        /// `WhatsApp`.
        pub whats_app: Option<DndSetting> = "WhatsApp" from ["WhatsApp", "whatsApp"],
        /// Google My Business.
        pub gmb: Option<DndSetting> = "GMB" from ["GMB", "gmb"],
        /// Facebook.
        pub fb: Option<DndSetting> = "FB" from ["FB", "fb"],
        /// RCS: seen live, in no schema.
        pub rcs: Option<DndSetting> = "RCS" from ["RCS", "rcs"],
    }
}
nested!(DndSettings);

record! {
    /// What a contact is asked not to send to us.
    pub struct InboundDndSettings {
        /// All channels.
        pub all: Option<DndSetting> = "all",
    }
}
nested!(InboundDndSettings);

/// Channels to change. What is not named stays: the API merges.
///
/// Keys are capitalised on the wire; in lower case they are a 422 at this API version.
///
/// ```
/// use ghl_contacts::{DndEdit, DndStatus};
/// let edit = DndEdit::new().email(DndStatus::Active);
/// assert_eq!(serde_json::to_string(&edit).unwrap(), r#"{"Email":{"status":"active"}}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
#[non_exhaustive]
pub struct DndEdit {
    /// Phone calls.
    #[serde(
        rename = "Call",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub call: Option<DndSetting>,
    /// E-mail.
    #[serde(
        rename = "Email",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<DndSetting>,
    /// Text messages.
    #[serde(
        rename = "SMS",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub sms: Option<DndSetting>,
    /// `WhatsApp`.
    #[serde(
        rename = "WhatsApp",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub whats_app: Option<DndSetting>,
    /// Google My Business.
    #[serde(
        rename = "GMB",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub gmb: Option<DndSetting>,
    /// Facebook.
    #[serde(
        rename = "FB",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub fb: Option<DndSetting>,
}

impl DndEdit {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the channel of phone calls.
    pub fn call(mut self, setting: impl Into<DndSetting>) -> Self {
        self.call = Some(setting.into());
        self
    }

    /// Sets the channel of e-mail.
    pub fn email(mut self, setting: impl Into<DndSetting>) -> Self {
        self.email = Some(setting.into());
        self
    }

    /// Sets the channel of text messages.
    pub fn sms(mut self, setting: impl Into<DndSetting>) -> Self {
        self.sms = Some(setting.into());
        self
    }

    /// Sets the channel of `WhatsApp`.
    pub fn whats_app(mut self, setting: impl Into<DndSetting>) -> Self {
        self.whats_app = Some(setting.into());
        self
    }

    /// Sets the channel of Google My Business.
    pub fn gmb(mut self, setting: impl Into<DndSetting>) -> Self {
        self.gmb = Some(setting.into());
        self
    }

    /// Sets the channel of Facebook.
    pub fn fb(mut self, setting: impl Into<DndSetting>) -> Self {
        self.fb = Some(setting.into());
        self
    }
}

/// The write form of [`InboundDndSettings`]: `{"all": {"status": …}}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct InboundDndEdit {
    /// All channels; `permanent` and a code are not taken here.
    #[serde(serialize_with = "write")]
    pub all: DndSetting,
}

impl InboundDndEdit {
    /// Sets all channels.
    pub fn all(setting: impl Into<DndSetting>) -> Self {
        Self {
            all: setting.into(),
        }
    }
}

/// For `serialize_with` on a setting that is sent.
fn write<S: Serializer>(setting: &DndSetting, serializer: S) -> Result<S::Ok, S::Error> {
    let known = DndSetting {
        extra: Map::new(),
        ..setting.clone()
    };
    known.serialize(serializer)
}

/// For `serialize_with` on a setting that may be sent.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn write_some<S: Serializer>(
    setting: &Option<DndSetting>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match setting {
        Some(setting) => write(setting, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_spellings_are_read_and_an_unknown_status_is_carried() {
        let read: DndSettings = serde_json::from_value(
            json!({"Email": {"status": "permanent"}, "sms": {"status": "paused"}, "X": {}}),
        )
        .unwrap();
        assert_eq!(read.email, Some(DndStatus::Permanent.into()));
        assert_eq!(read.sms, Some(DndStatus::Other("paused".into()).into()));
        assert!(read.extra.contains_key("X"));
    }

    #[test]
    fn an_unknown_member_of_a_channel_is_kept_and_not_sent() {
        let answer = json!({"SMS": {"status": "active", "since": 7}});
        let read: DndSettings = serde_json::from_value(answer.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), answer);
        let edit = DndEdit::new().sms(read.sms.unwrap());
        let sent = serde_json::to_value(&edit).unwrap();
        assert_eq!(sent, json!({"SMS": {"status": "active"}}));
    }
}
