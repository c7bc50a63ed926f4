//! The values of `stytch_token_type`: one row for each, with the request that authenticates its token.

use crate::session::Product;

/// A value of the parameter `stytch_token_type` of a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenType {
    /// The value.
    pub word: &'static str,
    /// The product whose projects have it.
    pub product: Product,
    /// The method and the path of the request that authenticates the token.
    pub endpoint: &'static str,
    /// The field of that request with the token.
    pub token_field: &'static str,
    /// The field with the PKCE verifier. `None` if the API has no PKCE for such tokens.
    pub verifier_field: Option<&'static str>,
    /// The flow that ends with such a token.
    pub flow: FlowKind,
    /// What the token is for.
    pub credential: Credential,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// It begins a session. The request accepts a duration.
    Session,
    /// It begins a session whose duration cannot be chosen, as a user whom an employee impersonates.
    Impersonation,
    /// It proves an email address, and the user selects an organization then.
    Discovery,
    /// It allows a new password. The callback does not use it up.
    PasswordReset,
}

/// A kind of flow. Each kind has a cookie of its own, so that the token of one kind is not accepted by the start of
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    /// A magic link to a known user or organization.
    MagicLink,
    /// An email with a link to reset the password. The email also has a magic link, to log in without a password.
    PasswordReset,
    /// OAuth as a user, or as a member of a known organization.
    Oauth,
    /// Single sign-on.
    Sso,
    /// A magic link for discovery of organizations.
    Discovery,
    /// OAuth for discovery of organizations.
    DiscoveryOauth,
}

impl TokenType {
    /// Returns the row for a value and a product. If another product has the value, returns that row.
    #[must_use]
    pub fn find(word: &str, product: Product) -> Option<&'static Self> {
        let of_word = || TOKEN_TYPES.iter().filter(|row| row.word == word);
        let own = of_word().find(|row| row.product == product);
        own.or_else(|| of_word().next())
    }

    /// Returns all rows.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &TOKEN_TYPES
    }
}

impl FlowKind {
    /// Returns the part of the cookie's name for this kind.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MagicLink => "magic_link",
            Self::PasswordReset => "password_reset",
            Self::Oauth => "oauth",
            Self::Sso => "sso",
            Self::Discovery => "discovery",
            Self::DiscoveryOauth => "discovery_oauth",
        }
    }

    /// Returns the other kind whose emails can have links of this kind. Both use the same verifier, so that it does not
    /// matter which of the two emails a link is from.
    #[must_use]
    pub fn sibling(self) -> Option<Self> {
        match self {
            Self::MagicLink => Some(Self::PasswordReset),
            Self::PasswordReset => Some(Self::MagicLink),
            Self::Oauth | Self::Sso | Self::Discovery | Self::DiscoveryOauth => None,
        }
    }

    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::MagicLink,
        Self::PasswordReset,
        Self::Oauth,
        Self::Sso,
        Self::Discovery,
        Self::DiscoveryOauth,
    ];
}

const fn consumer(
    word: &'static str,
    endpoint: &'static str,
    flow: FlowKind,
    credential: Credential,
) -> TokenType {
    TokenType {
        word,
        product: Product::Consumer,
        endpoint,
        token_field: "token",
        verifier_field: Some("code_verifier"),
        flow,
        credential,
    }
}

const fn b2b(
    word: &'static str,
    endpoint: &'static str,
    token_field: &'static str,
    flow: FlowKind,
    credential: Credential,
) -> TokenType {
    TokenType {
        word,
        product: Product::B2b,
        endpoint,
        token_field,
        verifier_field: Some("pkce_code_verifier"),
        flow,
        credential,
    }
}

static TOKEN_TYPES: [TokenType; 12] = [
    consumer(
        "magic_links",
        "POST /v1/magic_links/authenticate",
        FlowKind::MagicLink,
        Credential::Session,
    ),
    // The link of a password reset by which the user logs in without a new password.
    consumer(
        "login",
        "POST /v1/magic_links/authenticate",
        FlowKind::PasswordReset,
        Credential::Session,
    ),
    consumer(
        "reset_password",
        "POST /v1/passwords/email/reset",
        FlowKind::PasswordReset,
        Credential::PasswordReset,
    ),
    consumer(
        "oauth",
        "POST /v1/oauth/authenticate",
        FlowKind::Oauth,
        Credential::Session,
    ),
    TokenType {
        token_field: "impersonation_token",
        verifier_field: None,
        ..consumer(
            "impersonation",
            "POST /v1/impersonation/authenticate",
            FlowKind::MagicLink,
            Credential::Impersonation,
        )
    },
    b2b(
        "multi_tenant_magic_links",
        "POST /v1/b2b/magic_links/authenticate",
        "magic_links_token",
        FlowKind::MagicLink,
        Credential::Session,
    ),
    TokenType {
        verifier_field: Some("code_verifier"),
        ..b2b(
            "multi_tenant_passwords",
            "POST /v1/b2b/passwords/email/reset",
            "password_reset_token",
            FlowKind::PasswordReset,
            Credential::PasswordReset,
        )
    },
    b2b(
        "discovery",
        "POST /v1/b2b/magic_links/discovery/authenticate",
        "discovery_magic_links_token",
        FlowKind::Discovery,
        Credential::Discovery,
    ),
    b2b(
        "discovery_oauth",
        "POST /v1/b2b/oauth/discovery/authenticate",
        "discovery_oauth_token",
        FlowKind::DiscoveryOauth,
        Credential::Discovery,
    ),
    b2b(
        "oauth",
        "POST /v1/b2b/oauth/authenticate",
        "oauth_token",
        FlowKind::Oauth,
        Credential::Session,
    ),
    b2b(
        "sso",
        "POST /v1/b2b/sso/authenticate",
        "sso_token",
        FlowKind::Sso,
        Credential::Session,
    ),
    TokenType {
        verifier_field: None,
        ..b2b(
            "multi_tenant_impersonation",
            "POST /v1/b2b/impersonation/authenticate",
            "impersonation_token",
            FlowKind::MagicLink,
            Credential::Impersonation,
        )
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::endpoint::Endpoint;

    #[test]
    fn every_row_names_an_endpoint_of_its_product() {
        for row in TokenType::all() {
            assert!(Endpoint::at(row.endpoint).is_some(), "{}", row.endpoint);
            let is_b2b = row.endpoint.contains("/b2b/");
            assert_eq!(is_b2b, row.product == Product::B2b, "{}", row.endpoint);
        }
    }

    #[test]
    fn finds_the_row_of_the_own_product_first() {
        let oauth = |product| TokenType::find("oauth", product).unwrap().token_field;
        assert_eq!(oauth(Product::Consumer), "token");
        assert_eq!(oauth(Product::B2b), "oauth_token");
        let foreign = TokenType::find("sso", Product::Consumer).unwrap();
        assert_eq!(foreign.product, Product::B2b);
        assert_eq!(TokenType::find("SSO", Product::B2b), None);
    }
}
