//! The data of a project of either product: keys, sessions, links, a policy and machine-to-machine clients.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::authenticators::Authenticators;
use crate::clock::UnixSeconds;
use crate::codes::Codes;
use crate::connected_apps::app::ConnectedApps;
use crate::connected_apps::grants::Grants;
use crate::credentials::Credentials;
use crate::errors::{self, Failure};
use crate::external_sessions::ExternalSessions;
use crate::fraud::Fraud;
use crate::ids::Ids;
use crate::impersonation::ImpersonationTokens;
use crate::keys::{Material, SigningKeys, Supply};
use crate::links::Links;
use crate::locks::Locks;
use crate::m2m::client::Clients;
use crate::oauth::Oauth;
use crate::passwords::Passwords;
use crate::passwords::strength::PasswordConfig;

use crate::product::Product;
use crate::rbac::policy::Policy;
use crate::sdk_config::SdkConfig;
use crate::session_asked::{Presented, SessionAsked};
use crate::session_jwt::{self, OrganizationClaim};
use crate::sessions::{Proof, Session, Sessions};
use crate::trusted_tokens::Profiles;

/// The part of a project's state that does not depend on its product.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) keys: SigningKeys,
    pub(crate) sessions: Sessions,
    pub(crate) links: Links,
    /// The links of password resets.
    #[serde(default)]
    pub(crate) reset_links: Links,
    #[serde(default)]
    pub(crate) passwords: Passwords,
    #[serde(default)]
    pub(crate) password_config: PasswordConfig,
    pub(crate) codes: Codes,
    pub(crate) authenticators: Authenticators,
    pub(crate) locks: Locks,
    pub(crate) impersonation_tokens: ImpersonationTokens,
    pub(crate) external_sessions: ExternalSessions,
    pub(crate) trusted_token_profiles: Profiles,
    /// The `jti` of the access tokens that have been exchanged for a session.
    pub(crate) exchanged_tokens: BTreeSet<String>,
    #[serde(default)]
    pub(crate) oauth: Oauth,
    #[serde(default)]
    pub(crate) fraud: Fraud,
    pub(crate) policy: Policy,
    pub(crate) m2m_clients: Clients,
    pub(crate) connected_apps: ConnectedApps,
    pub(crate) grants: Grants,
    #[serde(default)]
    pub(crate) sdk: SdkConfig,
    /// The difference between the time that dates tokens and the emulator's time, for the current call.
    #[serde(skip)]
    pub(crate) token_shift_seconds: i64,
}

impl Project {
    pub(crate) fn new(
        product: Product,
        credentials: &Credentials,
        (key, supply): (Option<Material>, Supply),
        ids: &mut Ids,
    ) -> Result<Self, Failure> {
        Ok(Self {
            id: credentials.project_id.clone(),
            keys: SigningKeys::new(key, supply, ids)?,
            sessions: Sessions::default(),
            links: Links::default(),
            reset_links: Links::default(),
            passwords: Passwords::default(),
            password_config: PasswordConfig::default(),
            codes: Codes::default(),
            authenticators: Authenticators::default(),
            locks: Locks::default(),
            impersonation_tokens: ImpersonationTokens::default(),
            external_sessions: ExternalSessions::default(),
            trusted_token_profiles: Profiles::default(),
            exchanged_tokens: BTreeSet::new(),
            oauth: Oauth::default(),
            fraud: Fraud::default(),
            policy: Policy::built_in(product),
            m2m_clients: Clients::default(),
            connected_apps: ConnectedApps::default(),
            grants: Grants::default(),
            sdk: SdkConfig::default(),
            token_shift_seconds: 0,
        })
    }

    /// Removes everything that belongs to a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.oauth.forget(subject);
        self.sessions.revoke_all_of(subject);
        self.links.forget(subject);
        self.reset_links.forget(subject);
        self.passwords.forget(subject);
        self.codes.forget(subject);
        self.authenticators.forget(subject);
        self.locks.forget(subject);
        self.impersonation_tokens.forget(subject);
        self.grants.forget(subject);
    }

    /// Returns the time that dates the tokens of this call: the emulator's time, unless a test has chosen the real time.
    pub(crate) fn token_time(&self, now: UnixSeconds) -> UnixSeconds {
        now.plus_seconds(self.token_shift_seconds)
    }

    /// Returns the active session that a caller presents. A presented JWT may have expired; its session must not have.
    pub(crate) fn session(
        &self,
        presented: &Presented,
        now: UnixSeconds,
    ) -> Result<&Session, Failure> {
        match presented {
            Presented::Token(token) => self.sessions.by_token(token, now),
            Presented::Jwt(jwt) => {
                let id = session_jwt::session_id(&self.keys, &self.id, jwt);
                self.sessions
                    .by_id(&id.ok_or(&errors::UNABLE_TO_PARSE_SESSION_JWT)?, now)
            }
        }
    }

    /// Issues a session JWT.
    pub(crate) fn session_jwt(
        &self,
        session: &Session,
        organization: Option<OrganizationClaim>,
        now: UnixSeconds,
    ) -> Result<String, Failure> {
        let signer = (&self.keys, self.id.as_str());
        session_jwt::mint(signer, session, organization, self.token_time(now))
    }

    /// Turns a successful authentication into a session.
    ///
    /// If the presented session belongs to the same user or member, that session is updated. Otherwise a new session
    /// starts. Its duration is the requested one, or else `default_minutes`. If both are `None`, the result is `None`.
    pub(crate) fn log_in(
        &mut self,
        ids: &mut Ids,
        proof: Proof,
        asked: &SessionAsked,
        default_minutes: Option<i64>,
        now: UnixSeconds,
    ) -> Result<Option<Session>, Failure> {
        if let Some(presented) = &asked.presented {
            let session = self.session(presented, now)?;
            if session.subject == proof.subject {
                let mut session = session.clone();
                if session.is_impersonated() {
                    return Err(errors::SESSION_NOT_MUTABLE_IMPERSONATED.failure());
                }
                session.touch(&asked.terms, now)?;
                session.add_factor(proof, now);
                self.sessions.put(session.clone());
                return Ok(Some(session));
            }
        }
        let Some(minutes) = asked.terms.duration_minutes.or(default_minutes) else {
            return Ok(None);
        };
        if proof.factor.is_impersonated() && asked.terms.duration_minutes.is_some() {
            return Err(errors::SESSION_NOT_MUTABLE_IMPERSONATED.failure());
        }
        let mut session = self.sessions.begin(ids, proof, minutes, now);
        session.touch(&asked.terms, now)?;
        self.sessions.put(session.clone());
        Ok(Some(session))
    }
}
