//! The two products of the API. They share only a host.

/// The product whose API a client calls and whose sessions it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// Consumer: users without organizations.
    Consumer,
    /// B2B: members of organizations.
    B2b,
}

/// Converts the word `b2b` to [`Product::B2b`], and any other word to [`Product::Consumer`]. The
/// word comes from this project's own code.
impl From<&str> for Product {
    fn from(word: &str) -> Self {
        match word {
            "b2b" => Self::B2b,
            _ => Self::Consumer,
        }
    }
}
