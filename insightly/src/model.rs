//! Records, and what makes and changes them, from one table of fields.

/// The members of a model as data, so that tests can compare them with what is known.
#[doc(hidden)]
pub trait Model {
    /// The model's name.
    const NAME: &'static str;
    /// All members that this crate knows.
    const MEMBERS: &'static [Member];
}

/// A member of a model.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its Rust type.
    pub of: &'static str,
    /// The longest text that is sent.
    pub limit: Option<usize>,
}

/// `Some` of a limit, if there is one.
macro_rules! limit {
    () => {
        None
    };
    ($limit:literal) => {
        Some($limit)
    };
}
pub(crate) use limit;

/// Implements [`Model`].
macro_rules! described {
    ($Model:ident { $( $name:literal: $ty:ty $([$limit:literal])?, )* }) => {
        impl $crate::model::Model for $Model {
            const NAME: &'static str = stringify!($Model);
            const MEMBERS: &'static [$crate::model::Member] = &[$(
                $crate::model::Member {
                    name: $name,
                    of: stringify!($ty),
                    limit: $crate::model::limit!($($limit)?),
                },
            )*];
        }
    };
}
pub(crate) use described;

/// Declares a record that is only read:
/// `read_record! { /// … Country(…); fields { /// … name: String = "NAME", } }`,
/// and, with three names, one that is written too (see `families/contact.rs`).
///
/// - `required`: part of making one;
/// - `writable`: set or left on making, set, cleared or left on changing;
/// - `lists`: sent when not empty, on both;
/// - `on_create`: lists that only making one takes;
/// - `read`: never sent.
///
/// A number in brackets is the longest text that is sent.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $Record:ident($id:ident: $Id:ty = $id_name:literal);
        read { $( $(#[$field_doc:meta])* $field:ident: $ty:ty = $name:literal, )* }
    ) => {
        $crate::model::record!(@read
            $(#[$doc])* $Record($id: $Id = $id_name)
            { $( $(#[$field_doc])* $field: $ty = $name, )* });
    };
    (
        $(#[$doc:meta])*
        $Record:ident($id:ident: $Id:ty = $id_name:literal);
        $(#[$new_doc:meta])*
        $New:ident;
        $(#[$update_doc:meta])*
        $Update:ident;
        required { $( $(#[$q_doc:meta])* $q:ident: $q_ty:ty = $q_name:literal $([$q_limit:literal])?, )* }
        writable { $( $(#[$w_doc:meta])* $w:ident: $w_ty:ty = $w_name:literal $([$w_limit:literal])?, )* }
        lists { $( $(#[$l_doc:meta])* $l:ident: $l_ty:ty = $l_name:literal, )* }
        on_create { $( $(#[$c_doc:meta])* $c:ident: $c_ty:ty = $c_name:literal, )* }
        read { $( $(#[$r_doc:meta])* $r:ident: $r_ty:ty = $r_name:literal, )* }
    ) => {
        $crate::model::record!(@read
            $(#[$doc])* $Record($id: $Id = $id_name)
            {
                $( $(#[$q_doc])* $q: $q_ty = $q_name, )*
                $( $(#[$w_doc])* $w: $w_ty = $w_name, )*
                $( $(#[$l_doc])* $l: Vec<$l_ty> = $l_name, )*
                $( $(#[$c_doc])* $c: Vec<$c_ty> = $c_name, )*
                $( $(#[$r_doc])* $r: $r_ty = $r_name, )*
            });

        $(#[$new_doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $New {
            $(
                $(#[$q_doc])*
                #[serde(rename = $q_name, serialize_with = "crate::form::write")]
                pub $q: $q_ty,
            )*
            $(
                $(#[$w_doc])*
                #[serde(rename = $w_name, serialize_with = "crate::form::write_option", skip_serializing_if = "Option::is_none")]
                pub $w: Option<$w_ty>,
            )*
            $(
                $(#[$l_doc])*
                #[serde(rename = $l_name, serialize_with = "crate::record::write_rows", skip_serializing_if = "Vec::is_empty")]
                pub $l: Vec<$l_ty>,
            )*
            $(
                $(#[$c_doc])*
                #[serde(rename = $c_name, serialize_with = "crate::record::write_rows", skip_serializing_if = "Vec::is_empty")]
                pub $c: Vec<$c_ty>,
            )*
        }

        impl $New {
            /// Starts from what Insightly requires.
            pub fn new($( $q: impl Into<$q_ty> ),*) -> Self {
                Self {
                    $( $q: $q.into(), )*
                    $( $w: None, )*
                    $( $l: Vec::new(), )*
                    $( $c: Vec::new(), )*
                }
            }

            $(
                $(#[$w_doc])*
                pub fn $w(mut self, value: impl Into<$w_ty>) -> Self {
                    self.$w = Some(value.into());
                    self
                }
            )*
            $(
                $(#[$l_doc])*
                pub fn $l<T: Into<$l_ty>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
                    self.$l.extend(values.into_iter().map(Into::into));
                    self
                }
            )*
            $(
                $(#[$c_doc])*
                pub fn $c<T: Into<$c_ty>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
                    self.$c.extend(values.into_iter().map(Into::into));
                    self
                }
            )*
        }

        impl $crate::record::Payload for $New {
            fn check(&self) -> Result<(), $crate::record::TooLong> {
                $( $( $crate::form::fits($q_name, Some(&self.$q), $q_limit)?; )? )*
                $( $( $crate::form::fits($w_name, self.$w.as_ref(), $w_limit)?; )? )*
                $( self.$l.iter().try_for_each($crate::record::Payload::check)?; )*
                $( self.$c.iter().try_for_each($crate::record::Payload::check)?; )*
                Ok(())
            }
        }

        $crate::model::described!($New {
            $( $q_name: $q_ty $([$q_limit])?, )*
            $( $w_name: $w_ty $([$w_limit])?, )*
            $( $l_name: Vec<$l_ty>, )*
            $( $c_name: Vec<$c_ty>, )*
        });

        $crate::model::described!($Update {
            $id_name: $Id,
            $( $q_name: $q_ty $([$q_limit])?, )*
            $( $w_name: $w_ty $([$w_limit])?, )*
            $( $l_name: Vec<$l_ty>, )*
        });

        $(#[$update_doc])*
        ///
        /// What is left is not sent and stays as it is.
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $Update {
            /// Which one is changed.
            #[serde(rename = $id_name)]
            pub $id: $Id,
            $(
                $(#[$q_doc])*
                #[serde(rename = $q_name, serialize_with = "crate::form::write_edit", skip_serializing_if = "api_transport::Edit::is_leave")]
                pub $q: api_transport::Edit<$q_ty>,
            )*
            $(
                $(#[$w_doc])*
                #[serde(rename = $w_name, serialize_with = "crate::form::write_edit", skip_serializing_if = "api_transport::Edit::is_leave")]
                pub $w: api_transport::Edit<$w_ty>,
            )*
            $(
                $(#[$l_doc])*
                #[serde(rename = $l_name, serialize_with = "crate::record::write_rows", skip_serializing_if = "Vec::is_empty")]
                pub $l: Vec<$l_ty>,
            )*
        }

        impl $Update {
            /// Starts from a change of nothing.
            pub fn of(id: $Id) -> Self {
                Self {
                    $id: id,
                    $( $q: api_transport::Edit::Leave, )*
                    $( $w: api_transport::Edit::Leave, )*
                    $( $l: Vec::new(), )*
                }
            }

            $(
                $(#[$q_doc])*
                pub fn $q(mut self, value: impl Into<api_transport::Edit<$q_ty>>) -> Self {
                    self.$q = value.into();
                    self
                }
            )*
            $(
                $(#[$w_doc])*
                pub fn $w(mut self, value: impl Into<api_transport::Edit<$w_ty>>) -> Self {
                    self.$w = value.into();
                    self
                }
            )*
            $(
                $(#[$l_doc])*
                pub fn $l<T: Into<$l_ty>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
                    self.$l.extend(values.into_iter().map(Into::into));
                    self
                }
            )*

            /// Whether it changes nothing.
            pub fn is_empty(&self) -> bool {
                true
                    $( && self.$q.is_leave() )*
                    $( && self.$w.is_leave() )*
                    $( && self.$l.is_empty() )*
            }
        }

        impl $crate::record::Payload for $Update {
            fn check(&self) -> Result<(), $crate::record::TooLong> {
                $( $( $crate::form::fits($q_name, $crate::form::set(&self.$q), $q_limit)?; )? )*
                $( $( $crate::form::fits($w_name, $crate::form::set(&self.$w), $w_limit)?; )? )*
                $( self.$l.iter().try_for_each($crate::record::Payload::check)?; )*
                Ok(())
            }
        }
    };
    (@read
        $(#[$doc:meta])*
        $Record:ident($id:ident: $Id:ty = $id_name:literal)
        { $( $(#[$field_doc:meta])* $field:ident: $ty:ty = $name:literal, )* }
    ) => {
        $crate::model::members! {
            $(#[$doc])* $Record [etag] ($id: $Id = $id_name)
            { $( $(#[$field_doc])* $field: $ty = $name, )* }
        }

        impl $crate::record::Record for $Record {
            type Id = $Id;
            const ID_NAME: &'static str = $id_name;

            fn id(&self) -> $Id {
                self.$id
            }

            fn etag(&self) -> Option<&$crate::record::ETag> {
                self.etag.as_ref()
            }
        }

        impl $crate::page::Row for $Record {
            const KEY: &'static str = $id_name;

            fn key(&self) -> i64 {
                $crate::record::RecordId::number(self.$id)
            }
        }
    };
}
pub(crate) use record;

/// Declares what is read but is no record of its own, with or without a member that is
/// always there: `part! { /// … Country(name: String = "COUNTRY_NAME") { … } }`.
macro_rules! part {
    (
        $(#[$doc:meta])*
        $Part:ident $( ($id:ident: $Id:ty = $id_name:literal) )?
        { $( $(#[$field_doc:meta])* $field:ident: $ty:ty = $name:literal, )* }
    ) => {
        $crate::model::members! {
            $(#[$doc])* $Part [] $( ($id: $Id = $id_name) )?
            { $( $(#[$field_doc])* $field: $ty = $name, )* }
        }

        impl $crate::form::Form for $Part {
            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }

            fn json(&self) -> serde_json::Value {
                serde_json::to_value(self).unwrap_or_default()
            }
        }
    };
}
pub(crate) use part;

/// The struct behind `record!` and `part!`, and how it is read: each member straight into
/// its field, in one pass.
macro_rules! members {
    (
        $(#[$doc:meta])*
        $Record:ident [ $($etag:ident)? ] $( ($id:ident: $Id:ty = $id_name:literal) )?
        { $( $(#[$field_doc:meta])* $field:ident: $ty:ty = $name:literal, )* }
    ) => {
        $(#[$doc])*
        ///
        /// Each member is `None` where Insightly says nothing: null, or left out by `brief`.
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $Record {
            $(
                /// What tells it from others.
                #[serde(rename = $id_name)]
                pub $id: $Id,
            )?
            $(
                $(#[$field_doc])*
                #[serde(
                    rename = $name,
                    serialize_with = "crate::form::write_option",
                    skip_serializing_if = "Option::is_none"
                )]
                pub $field: Option<$ty>,
            )*
            $(
                /// The tag of this version, where the account's answers carry one.
                #[serde(rename = "ETag", skip_serializing_if = "Option::is_none")]
                pub $etag: Option<$crate::record::ETag>,
            )?
            /// Members that this crate does not know. They are kept here and never sent.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        $crate::model::described!($Record {
            $( $id_name: $Id, )?
            $( $name: $ty, )*
        });

        impl<'de> serde::Deserialize<'de> for $Record {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $Record;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object: ", stringify!($Record)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<$Record, A::Error> {
                        $( let mut $id: Option<$Id> = None; )?
                        $( let mut $field: Option<$ty> = None; )*
                        $( let mut $etag: Option<$crate::record::ETag> = None; )?
                        let mut extra = serde_json::Map::new();
                        while let Some($crate::form::Name(name)) = members.next_key()? {
                            match &*name {
                                $( $id_name => $id = Some(members.next_value()?), )?
                                $( $name => $field = members.next_value::<$crate::form::Read<$ty>>()?.0, )*
                                $( "ETag" => $etag = members.next_value()?, )?
                                _ => {
                                    extra.insert(name.into_owned(), members.next_value()?);
                                }
                            }
                        }
                        Ok($Record {
                            $( $id: $id.ok_or_else(|| serde::de::Error::missing_field($id_name))?, )?
                            $( $field, )*
                            $( $etag, )?
                            extra,
                        })
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    };
}
pub(crate) use members;
