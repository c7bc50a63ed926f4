//! The two products of the API. A project belongs to one of them, and so does a route.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
