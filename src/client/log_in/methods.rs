//! The ways to start a log-in: one row for each, with its start URL or the lifetime of its link.

use super::{super::ClientError, FlowKind};
use crate::session::Product;

/// A way to start a log-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogInMethod {
    /// The value of the option `method`.
    pub word: &'static str,
    /// The kind of flow.
    pub flow: FlowKind,
    /// The URL to which the browser is sent. `None` if the API sends an email.
    pub url: Option<StartUrl>,
    /// How long the flow lasts, in seconds: a redirect, or the default lifetime of the link of an email.
    pub lifetime_seconds: u32,
}

/// The URL to which the browser is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartUrl {
    /// The path. `{provider}` is replaced by the provider.
    pub path: &'static str,
    /// The query parameter with the PKCE challenge.
    pub challenge: &'static str,
}

impl LogInMethod {
    /// Returns the method with this name.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` that lists the methods of the product.
    pub fn find(word: &str, product: Product) -> Result<&'static Self, ClientError> {
        let own: &[Self] = match product {
            Product::Consumer => &CONSUMER,
            Product::B2b => &B2B,
        };
        own.iter()
            .find(|method| method.word == word)
            .ok_or_else(|| {
                ClientError::invalid_argument(match product {
                    Product::Consumer => {
                        "method must be \"magic_link\", \"password_reset\" or \"oauth\""
                    }
                    Product::B2b => {
                        "method must be \"magic_link\", \"password_reset\", \"oauth\", \"sso\", \"discovery\" or \"discovery_oauth\""
                    }
                })
            })
    }
}

const fn emailed(flow: FlowKind, word: &'static str, minutes: u32) -> LogInMethod {
    LogInMethod {
        word,
        flow,
        url: None,
        lifetime_seconds: minutes * 60,
    }
}

const fn redirected(
    flow: FlowKind,
    word: &'static str,
    path: &'static str,
    challenge: &'static str,
) -> LogInMethod {
    LogInMethod {
        word,
        flow,
        url: Some(StartUrl { path, challenge }),
        lifetime_seconds: 600,
    }
}

const PKCE: &str = "pkce_code_challenge";

static CONSUMER: [LogInMethod; 3] = [
    emailed(FlowKind::MagicLink, "magic_link", 60),
    emailed(FlowKind::PasswordReset, "password_reset", 30),
    redirected(
        FlowKind::Oauth,
        "oauth",
        "/v1/public/oauth/{provider}/start",
        "code_challenge",
    ),
];

static B2B: [LogInMethod; 6] = [
    emailed(FlowKind::MagicLink, "magic_link", 60),
    emailed(FlowKind::PasswordReset, "password_reset", 30),
    emailed(FlowKind::Discovery, "discovery", 60),
    redirected(
        FlowKind::Oauth,
        "oauth",
        "/v1/b2b/public/oauth/{provider}/start",
        PKCE,
    ),
    redirected(
        FlowKind::DiscoveryOauth,
        "discovery_oauth",
        "/v1/b2b/public/oauth/{provider}/discovery/start",
        PKCE,
    ),
    redirected(FlowKind::Sso, "sso", "/v1/public/sso/start", PKCE),
];
