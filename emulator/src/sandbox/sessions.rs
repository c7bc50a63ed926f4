//! The session of the sandbox user or member. Each response contains a new JWT, which the project's current key signs.

use serde_json::{Value, json};

use super::{EMAIL, EMAIL_ID, SESSION_TOKEN};
use crate::call::Call;
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::factors::Factor;
use crate::jws;
use crate::merge::{Object, object};
use crate::project::Project;
use crate::session_asked::Terms;
use crate::session_jwt::{LIFETIME_SECONDS, SESSION_CLAIM};
use crate::sessions::Attributes;

pub(super) const SESSION_ID: &str = "session-test-eb94233f-8800-4ebd-8645-51dc15f9d028";

/// A session of this length, in the forms of the API and of the JWT.
pub(super) struct Session {
    factor: Factor,
    expires_at: UnixSeconds,
    now: UnixSeconds,
    custom_claims: Object,
}

impl Session {
    /// The default duration is 60 minutes.
    pub(super) fn of(call: &Call, terms: Terms) -> Self {
        let factor = Factor::magic_link(EMAIL_ID, EMAIL, STARTED_AT);
        Self::with(factor, call, terms)
    }

    /// The form of [`Session::of`] for another factor than a magic link.
    pub(super) fn with(factor: Factor, call: &Call, terms: Terms) -> Self {
        let minutes = terms.duration_minutes.unwrap_or(60);
        Self {
            factor,
            expires_at: call.now.plus_minutes(minutes),
            now: call.now,
            custom_claims: terms.custom_claims,
        }
    }

    /// Returns the members that the sessions of users and members have in common.
    pub(super) fn view(&self) -> Value {
        json!({
            "started_at": STARTED_AT_WITH_FRACTION,
            "last_accessed_at": self.now,
            "expires_at": self.expires_at,
            "authentication_factors": [self.factor],
            "roles": [],
            "custom_claims": self.custom_claims,
        })
    }

    /// Returns the session token and a JWT with these additional claims. The session in the JWT does not have roles.
    pub(super) fn tokens(
        &self,
        project: &Project,
        subject: &str,
        own: Value,
    ) -> Result<Value, Failure> {
        let issued = project.token_time(self.now);
        let mut claims = self.custom_claims.clone();
        claims.extend(object(json!({
            "aud": [project.id],
            "exp": issued.plus_seconds(LIFETIME_SECONDS).0,
            SESSION_CLAIM: {
                "id": SESSION_ID,
                "started_at": STARTED_AT,
                "last_accessed_at": self.now,
                "expires_at": self.expires_at,
                "attributes": Attributes::default(),
                "authentication_factors": [self.factor.as_claim()],
            },
            "iat": issued.0,
            "iss": format!("stytch.com/{}", project.id),
            "nbf": issued.0,
            "sub": subject,
        })));
        claims.extend(object(own));
        let jwt = jws::issue(&project.keys, &claims)?;
        Ok(json!({ "session_token": SESSION_TOKEN, "session_jwt": jwt }))
    }
}

/// 2021-08-28T00:41:58Z. Timestamps in JWTs do not have fractions of a second.
pub(super) const STARTED_AT: UnixSeconds = UnixSeconds(1_630_111_318);
const STARTED_AT_WITH_FRACTION: &str = "2021-08-28T00:41:58.935673Z";
