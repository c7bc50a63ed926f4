//! The forms that generated types have, each written down once.
//!
//! `Debug` shows their names only: nearly all of them hold tokens, passwords or
//! what is known about a person, and logs are kept.

/// An object that the API takes and nobody reads back.
macro_rules! request {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$field_about:meta])* pub $field:ident: $kind:ty,)*
        }
    ) => {
        $(#[$about])*
        #[allow(non_snake_case, reason = "fields have the API's names")]
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)*
        }

        impl $crate::typed::json::ToJson for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                #[allow(unused_mut, reason = "some have no fields")]
                let mut written = $crate::typed::json::Written::default();
                $(written.put(stringify!($field), &self.$field);)*
                written.finish()
            }
        }

        $crate::typed::shape::shows_its_name!($name);
    };
}

/// An object that the API answers with, alone or within another; a request may hold
/// it too.
macro_rules! object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$field_about:meta])* pub $field:ident: $kind:ty,)*
        }
    ) => {
        $crate::typed::shape::request! {
            $(#[$about])*
            pub struct $name {
                $($(#[$field_about])* pub $field: $kind,)*
            }
        }

        impl $crate::typed::json::FromJson for $name {
            fn from_json(
                value: serde_json::Value,
            ) -> std::result::Result<Self, $crate::typed::json::Unexpected> {
                #[allow(unused_mut, unused_variables, reason = "some have no fields")]
                let mut fields = $crate::typed::json::Fields::of(value)?;
                Ok(Self {
                    $($field: fields.take(stringify!($field))?,)*
                })
            }
        }

        $crate::typed::shape::reads_and_writes!($name);
    };
}

/// One of some words, or one that is not known yet.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)*
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The word as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        /// The empty word, which means nothing to the API.
        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl $crate::typed::json::ToJson for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                Some(self.as_str().into())
            }
        }

        impl $crate::typed::json::FromJson for $name {
            fn from_json(
                value: serde_json::Value,
            ) -> std::result::Result<Self, $crate::typed::json::Unexpected> {
                Ok(Self::from(String::from_json(value)?.as_str()))
            }
        }

        $crate::typed::shape::reads_and_writes!($name);
    };
}

/// What a search compares, and with what.
macro_rules! filter {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($variant:ident($kind:ty) = $word:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("The filter `", $word, "`.")] $variant($kind),)*
            /// A filter that this version does not know, sent as it is.
            Other(serde_json::Map<String, serde_json::Value>),
        }

        impl $crate::typed::json::ToJson for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                let mut written = $crate::typed::json::Written::default();
                match self {
                    $(Self::$variant(value) => {
                        written.put("filter_name", &String::from($word));
                        written.put("filter_value", value);
                    })*
                    Self::Other(filter) => return filter.to_json(),
                }
                written.finish()
            }
        }

        $crate::typed::shape::shows_its_name!($name);
    };
}

/// One of several objects, for a request.
macro_rules! either {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($variant:ident($kind:ty),)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, PartialEq)]
        pub enum $name {
            $(#[doc = concat!("A `", stringify!($kind), "`.")] $variant($kind),)*
        }

        impl $crate::typed::json::ToJson for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                match self {
                    $(Self::$variant(value) => value.to_json(),)*
                }
            }
        }

        $crate::typed::shape::shows_its_name!($name);
    };
}

/// What `Debug` shows of a type that may hold something secret.
macro_rules! shows_its_name {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), " { .. }"))
            }
        }
    };
}

/// The same for serde, so that an answer can be kept, or handed on to a page.
macro_rules! reads_and_writes {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                let value = $crate::typed::json::ToJson::to_json(self);
                serde::Serialize::serialize(&value, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let value = serde::Deserialize::deserialize(deserializer)?;
                $crate::typed::json::FromJson::from_json(value).map_err(serde::de::Error::custom)
            }
        }
    };
}

#[allow(
    unused_imports,
    reason = "the description decides which forms there are"
)]
pub(crate) use {either, filter, object, reads_and_writes, request, shows_its_name, words};
