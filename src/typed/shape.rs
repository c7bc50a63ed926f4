//! The macros that declare the generated types: one for each kind of type.
//!
//! `src/generated/` holds names, fields and words; the macros add the traits. They take
//! the place of serde's derives because of compile time and wasm size: ARCHITECTURE.md
//! has the measurements.
//!
//! `Debug` shows the name of a type and never its fields: nearly all of these types hold
//! tokens, passwords or personal data, and logs are kept.

/// An object that occurs in requests only.
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
                #[allow(unused_mut, reason = "some types have no fields")]
                let mut writer = $crate::typed::json::ObjectWriter::default();
                $(writer.put(stringify!($field), &self.$field);)*
                writer.finish()
            }
        }

        $crate::typed::shape::shows_its_name!($name);
    };
}

/// An object that occurs in responses, as the whole body or inside another object. It
/// may occur in requests too.
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
                #[allow(unused_mut, unused_variables, reason = "some types have no fields")]
                let mut reader = $crate::typed::json::ObjectReader::of(value)?;
                Ok(Self {
                    $($field: reader.take(stringify!($field))?,)*
                })
            }
        }

        $crate::typed::shape::implements_serde!($name);
    };
}

/// A string field with a list of known words. The API may add words, so an unknown word
/// is kept in `Other` and is not an error.
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
            /// A word that this version of the crate does not know.
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

        /// The empty word, which the API does not use.
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

        $crate::typed::shape::implements_serde!($name);
    };
}

/// A condition of a search: `filter_name` says which, `filter_value` holds its operand.
/// It occurs in requests only.
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
            /// A filter that this version of the crate does not know; sent unchanged.
            Other(serde_json::Map<String, serde_json::Value>),
        }

        impl $crate::typed::json::ToJson for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                let mut writer = $crate::typed::json::ObjectWriter::default();
                match self {
                    $(Self::$variant(value) => {
                        writer.put("filter_name", &String::from($word));
                        writer.put("filter_value", value);
                    })*
                    Self::Other(filter) => return filter.to_json(),
                }
                writer.finish()
            }
        }

        $crate::typed::shape::shows_its_name!($name);
    };
}

/// A choice between objects. It occurs in requests only, and is written as the chosen
/// object, without a tag.
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

/// `Debug` for a type that may hold secrets or personal data: the name of the type.
macro_rules! shows_its_name {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), " { .. }"))
            }
        }
    };
}

/// serde's traits, so that callers can store a response or send it on to a page. They
/// read and write by way of a `Value`, and so follow the same rules as responses do.
macro_rules! implements_serde {
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
    reason = "the API's description decides which macros are used"
)]
pub(crate) use {either, filter, implements_serde, object, request, shows_its_name, words};
