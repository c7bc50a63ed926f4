//! The two products of the API, which share a host and nothing else.

/// Which of the two APIs a client speaks, and which kind of session it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// Users, each by themselves.
    Consumer,
    /// Members of organizations.
    B2b,
}

/// By the word for it, `consumer` or `b2b`, which comes from this project's own code.
impl From<&str> for Product {
    fn from(word: &str) -> Self {
        match word {
            "b2b" => Self::B2b,
            _ => Self::Consumer,
        }
    }
}
