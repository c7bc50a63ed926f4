//! The tokens of other issuers and of Connected Apps, with which a session starts: how a call presents them, and whether
//! they are valid now. Does not know users and members.

use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::jws;
use crate::merge::Object;
use crate::project::Project;
use crate::shapes;

/// A trusted auth token whose signature, issuer, audience and times have been checked.
pub(crate) struct TrustedToken {
    claims: Object,
    /// Whether the profile allows the creation of a user or member.
    pub(crate) can_create: bool,
}

/// The trusted auth token of a call, and its profile.
pub(crate) struct Attestation {
    profile_id: String,
    token: String,
}

impl Attestation {
    /// Reads `profile_id` and `token`.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let profile_id = fields.text("profile_id")?;
        let profile_id = profile_id.ok_or(&errors::TRUSTED_TOKEN_PROFILE_NOT_FOUND)?;
        let token = fields.text("token")?;
        let token = token.ok_or(&errors::INVALID_TRUSTED_AUTH_TOKEN)?;
        Ok(Self {
            profile_id: profile_id.to_owned(),
            token: token.to_owned(),
        })
    }

    pub(crate) fn verify(
        &self,
        project: &Project,
        now: UnixSeconds,
    ) -> Result<TrustedToken, Failure> {
        let profile = project.trusted_token_profiles.find(&self.profile_id)?;
        Ok(TrustedToken {
            claims: profile.verify(&self.token, project.token_time(now))?,
            can_create: profile.can_jit_provision,
        })
    }
}

impl TrustedToken {
    /// Returns the claim `email` in lower case. `None` if the token does not have it.
    pub(crate) fn email_address(&self) -> Result<Option<String>, Failure> {
        let address = self.text("email").map(str::to_lowercase);
        match address {
            Some(address) if !shapes::is_email(&address) => {
                Err(errors::JWT_INVALID_CLAIMS.failure())
            }
            address => Ok(address),
        }
    }

    /// Returns the claim `sub`: the external id of a user or member, if the token does not have an email address.
    pub(crate) fn subject(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// Returns the claim `organization_id`. An error if it is not a string.
    pub(crate) fn organization_id(&self) -> Result<Option<&str>, Failure> {
        match self.claims.get("organization_id") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(id)) => Ok(Some(id)),
            Some(_) => Err(errors::INVALID_TOKEN_ORGANIZATION_ID_CLAIM.failure()),
        }
    }

    pub(crate) fn factor(&self, now: UnixSeconds) -> Factor {
        Factor::trusted_auth_token(self.text("jti").unwrap_or_default(), now)
    }

    fn text(&self, name: &str) -> Option<&str> {
        text(&self.claims, name)
    }
}

/// An access token of a Connected App that may be exchanged for a session.
pub(crate) struct AccessToken {
    client_id: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    jti: String,
}

impl AccessToken {
    /// Reads `access_token`. The token must have the scope `full_access`, be at most five minutes old, and not have been
    /// exchanged.
    pub(crate) fn read(
        fields: &Fields,
        project: &Project,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        let token = fields.text("access_token")?;
        let token = token.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
        let claims = jws::verified(&project.keys, &project.id, token);
        let claims = claims.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
        let named = |name| text(&claims, name).map(str::to_owned);
        let grant = (named("client_id"), named("sub"), named("jti"));
        let (Some(client_id), Some(subject), Some(jti)) = grant else {
            return Err(errors::IDP_ACCESS_TOKEN_NOT_FOUND.failure());
        };
        let mut scopes = text(&claims, "scope").unwrap_or_default().split(' ');
        if !scopes.any(|scope| scope == "full_access") {
            return Err(errors::EXCHANGE_MISSING_FULL_ACCESS.failure());
        }
        let now = project.token_time(now);
        if !jws::is_live(&claims, now) {
            return Err(errors::IDP_ACCESS_TOKEN_EXPIRED.failure());
        }
        let issued = claims.get("iat").and_then(Value::as_i64);
        let age = now.0.saturating_sub(issued.unwrap_or(i64::MIN));
        if age > MAX_AGE_SECONDS {
            return Err(errors::EXCHANGE_TOKEN_TOO_OLD.failure());
        }
        let record = project.grants.access_token(&jti);
        if record.is_some_and(|record| record.revoked) {
            return Err(errors::IDP_ACCESS_TOKEN_NOT_FOUND.failure());
        }
        // Stytch documents that an authorization without a session cannot be exchanged.
        if record.is_some_and(|record| !record.grant.has_session) {
            return Err(errors::EXCHANGE_INVALID_GRANT
                .with_message("The app has been authorized without a session."));
        }
        if project.exchanged_tokens.contains(&jti) {
            return Err(errors::EXCHANGE_INVALID_GRANT.failure());
        }
        Ok(Self {
            client_id,
            subject,
            jti,
        })
    }

    pub(crate) fn factor(&self, now: UnixSeconds) -> Factor {
        Factor::access_token_exchange(&self.client_id, now)
    }

    /// Marks the token as exchanged.
    pub(crate) fn use_up(self, project: &mut Project) {
        project.exchanged_tokens.insert(self.jti);
    }
}

fn text<'a>(claims: &'a Object, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

const MAX_AGE_SECONDS: i64 = 300;
