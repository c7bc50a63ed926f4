//! The macros that declare the generated types: one macro for each kind of type.
//!
//! `src/generated/` contains names, fields and words. The macros add the traits. They replace serde's derives, which
//! increase compile time and wasm size: see docs/internals/decisions/0028-types-do-not-derive-serde.md.
//!
//! `Debug` shows the name of a type and never its fields: nearly all of these types contain tokens, passwords or personal
//! data, which must not appear in logs.

/// An object in requests.
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

/// An object in responses: the body, or an object in it. Requests may contain it as well.
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

/// A string field with a list of known words. The API may add words, so an unknown word is not an error: `Other` contains
/// it.
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
            /// Returns the word of the API.
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

        /// The default is the empty word, which the API does not use.
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

/// A filter of a search, in requests only. In JSON `filter_name` is its name and `filter_value` its operand.
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
            /// A filter that this version of the crate does not know. It is sent unchanged.
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

/// One of several objects, in requests only. In JSON it is that object, without a tag.
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

/// `Debug` for a type that may contain secrets or personal data. Shows the name of the type only.
macro_rules! shows_its_name {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), " { .. }"))
            }
        }
    };
}

/// serde's traits, so that callers can store responses or pass them to a page. They convert through a `Value`, so the rules
/// for reading responses apply.
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
