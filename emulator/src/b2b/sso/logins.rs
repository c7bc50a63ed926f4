//! The log-ins with SSO that are not complete: requests to identity providers, accepted responses, and tokens for
//! `sso.authenticate`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::merge::Object;

/// The log-ins of the B2B project, and the codes of the emulator's own OpenID providers.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Logins {
    /// The requests, by their state: the parameter `state` of OpenID Connect, `RelayState` of SAML.
    requests: BTreeMap<String, LoginRequest>,
    tokens: BTreeMap<String, SsoToken>,
    /// The end of each accepted assertion, by its id and its connection.
    assertions: BTreeMap<String, UnixSeconds>,
    /// The authorization codes and access tokens of the emulator's own identity providers.
    grants: BTreeMap<String, Grant>,
}

/// A request to an identity provider.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// The connection of the organization. It can be an external connection.
    pub(crate) connection_id: String,
    /// The id of the SAML request, or the nonce of OpenID Connect.
    pub(crate) request_id: String,
    pub(crate) targets: Targets,
    pub(crate) expires_at: UnixSeconds,
}

/// The URLs to which a log-in returns, and the PKCE code challenge.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Targets {
    pub(crate) login_url: String,
    pub(crate) signup_url: String,
    pub(crate) code_challenge: Option<String>,
}

/// The user that an identity provider has authenticated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// The id of the user at the identity provider.
    pub(crate) external_id: String,
    pub(crate) email_address: String,
    pub(crate) name: String,
    pub(crate) groups: Vec<String>,
    /// The attributes as the identity provider sent them.
    pub(crate) attributes: Object,
}

/// A token that an application exchanges for a session.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SsoToken {
    pub(crate) connection_id: String,
    pub(crate) identity: Identity,
    pub(crate) code_challenge: Option<String>,
    pub(crate) expires_at: UnixSeconds,
}

/// A code or an access token of one of the emulator's OpenID providers.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    pub(crate) provider_url: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: String,
    pub(crate) claims: Object,
    pub(crate) expires_at: UnixSeconds,
}

impl Logins {
    pub(crate) fn put_request(&mut self, state: String, request: LoginRequest) {
        self.requests.insert(state, request);
    }

    /// Finds a request that has not expired.
    pub(crate) fn request(&self, state: &str, now: UnixSeconds) -> Option<&LoginRequest> {
        let found = self.requests.get(state);
        found.filter(|request| now < request.expires_at)
    }

    /// Removes a request, so that it is answered once.
    pub(crate) fn remove_request(&mut self, state: &str) {
        self.requests.remove(state);
    }

    pub(crate) fn put_token(&mut self, token: String, content: SsoToken) {
        self.tokens.insert(token, content);
    }

    /// Finds a token that has not expired.
    pub(crate) fn token(&self, token: &str, now: UnixSeconds) -> Option<&SsoToken> {
        self.tokens
            .get(token)
            .filter(|known| now < known.expires_at)
    }

    pub(crate) fn remove_token(&mut self, token: &str) {
        self.tokens.remove(token);
    }

    pub(crate) fn has_assertion(&self, key: &str) -> bool {
        self.assertions.contains_key(key)
    }

    /// Remembers an accepted assertion. Assertions that have expired a day ago are forgotten. A test can set the clock back.
    pub(crate) fn put_assertion(&mut self, key: String, end: UnixSeconds, now: UnixSeconds) {
        self.assertions
            .retain(|_, end| now < end.plus_minutes(24 * 60));
        self.assertions.insert(key, end);
    }

    pub(crate) fn put_grant(&mut self, code: String, grant: Grant) {
        self.grants.insert(code, grant);
    }

    /// Finds a code or an access token that has not expired.
    pub(crate) fn grant(&self, code: &str, now: UnixSeconds) -> Option<&Grant> {
        self.grants.get(code).filter(|grant| now < grant.expires_at)
    }

    pub(crate) fn remove_grant(&mut self, code: &str) {
        self.grants.remove(code);
    }
}
