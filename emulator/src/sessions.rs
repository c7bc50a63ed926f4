//! The sessions of users and members: a session starts with an authentication factor, is looked up, extended and
//! revoked.
//!
//! A session knows its user or member only by id. The JSON form of a session differs between the products: it is in
//! `consumer/sessions.rs` and `b2b/sessions.rs`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::session_asked::Terms;
use crate::shapes;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) token: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    pub(crate) started_at: UnixSeconds,
    pub(crate) last_accessed_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) factors: Vec<Factor>,
    pub(crate) roles: Vec<String>,
    pub(crate) attributes: Attributes,
    pub(crate) custom_claims: Object,
    revoked: bool,
}

/// An authentication factor of a session. The emulator supports one kind: a magic link sent by email.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Factor {
    r#type: FactorType,
    delivery_method: DeliveryMethod,
    last_authenticated_at: UnixSeconds,
    created_at: UnixSeconds,
    updated_at: UnixSeconds,
    email_factor: EmailFactor,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FactorType {
    MagicLink,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeliveryMethod {
    Email,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EmailFactor {
    email_id: String,
    email_address: String,
}

/// The IP address and user agent of a user, as the caller reports them. Unknown values are empty strings.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Attributes {
    pub(crate) ip_address: String,
    pub(crate) user_agent: String,
}

/// A successful authentication of a user or member.
pub(crate) struct Proof {
    /// The id of the user or member.
    pub(crate) subject: String,
    pub(crate) roles: Vec<String>,
    pub(crate) factor: Factor,
    pub(crate) attributes: Attributes,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sessions(Vec<Session>);

impl Sessions {
    /// Starts a session with one authentication factor.
    pub(crate) fn begin(
        &mut self,
        ids: &mut Ids,
        proof: Proof,
        minutes: i64,
        now: UnixSeconds,
    ) -> Session {
        let session = Session {
            id: ids.id("session"),
            token: ids.opaque_token(),
            subject: proof.subject,
            started_at: now,
            last_accessed_at: now,
            expires_at: now.plus_minutes(minutes),
            factors: vec![proof.factor],
            roles: proof.roles,
            attributes: proof.attributes,
            custom_claims: Object::new(),
            revoked: false,
        };
        self.0.push(session.clone());
        session
    }

    pub(crate) fn by_token(
        &mut self,
        token: &str,
        now: UnixSeconds,
    ) -> Result<&mut Session, Failure> {
        if !shapes::is_token(token) {
            return Err(errors::INVALID_SESSION_TOKEN.failure());
        }
        self.live(now, |session| session.token == token)
    }

    pub(crate) fn by_id(&mut self, id: &str, now: UnixSeconds) -> Result<&mut Session, Failure> {
        self.live(now, |session| session.id == id)
    }

    /// Returns the active sessions of a user or member, oldest first.
    pub(crate) fn of(&self, subject: &str, now: UnixSeconds) -> Vec<&Session> {
        self.0
            .iter()
            .filter(|session| session.subject == subject && session.is_live(now))
            .collect()
    }

    pub(crate) fn revoke_all_of(&mut self, subject: &str) {
        self.0
            .iter_mut()
            .filter(|session| session.subject == subject)
            .for_each(Session::revoke);
    }

    /// Finds an active session. Ended sessions stay in the list, but have the same error as unknown sessions.
    fn live(
        &mut self,
        now: UnixSeconds,
        is_it: impl Fn(&Session) -> bool,
    ) -> Result<&mut Session, Failure> {
        let found = self
            .0
            .iter_mut()
            .find(|session| is_it(session) && session.is_live(now));
        found.ok_or_else(|| errors::SESSION_NOT_FOUND.failure())
    }
}

impl Session {
    pub(crate) fn revoke(&mut self) {
        self.revoked = true;
    }

    /// Updates a session that a call uses: the time of access, and the requested duration and custom claims.
    pub(crate) fn touch(&mut self, terms: &Terms, now: UnixSeconds) -> Result<(), Failure> {
        merge::custom_claims(&mut self.custom_claims, &terms.custom_claims)?;
        if let Some(minutes) = terms.duration_minutes {
            self.expires_at = now.plus_minutes(minutes);
        }
        self.last_accessed_at = now;
        Ok(())
    }

    /// Adds the factor of a new authentication. If the session already has this factor, the times of the factor are
    /// updated.
    pub(crate) fn add_factor(&mut self, proof: Proof, now: UnixSeconds) {
        self.roles = proof.roles;
        match self
            .factors
            .iter_mut()
            .find(|known| known.email_factor == proof.factor.email_factor)
        {
            Some(known) => (known.last_authenticated_at, known.updated_at) = (now, now),
            None => self.factors.push(proof.factor),
        }
    }

    fn is_live(&self, now: UnixSeconds) -> bool {
        !self.revoked && now < self.expires_at
    }
}

impl Factor {
    pub(crate) fn magic_link(email_id: &str, email_address: &str, now: UnixSeconds) -> Self {
        Self {
            r#type: FactorType::MagicLink,
            delivery_method: DeliveryMethod::Email,
            last_authenticated_at: now,
            created_at: now,
            updated_at: now,
            email_factor: EmailFactor {
                email_id: email_id.to_owned(),
                email_address: email_address.to_owned(),
            },
        }
    }

    /// Returns a factor in the form of the JWT. Observed JWTs have fewer members per factor than API responses.
    pub(crate) fn as_claim(&self) -> Value {
        json!({
            "type": self.r#type,
            "delivery_method": self.delivery_method,
            "last_authenticated_at": self.last_authenticated_at,
            "email_factor": self.email_factor,
        })
    }
}

impl Attributes {
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let given = fields.inner("attributes")?.unwrap_or_default();
        let text = |name| Ok::<_, Failure>(given.text(name)?.unwrap_or_default().to_owned());
        Ok(Self {
            ip_address: text("ip_address")?,
            user_agent: text("user_agent")?,
        })
    }
}
