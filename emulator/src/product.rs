//! The two products of the API. Each project and each route belongs to one of them.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Product {
    Consumer,
    B2b,
}

impl Product {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::B2b => "b2b",
        }
    }
}
