//! The sessions of users and members: a session starts with an authentication factor, is looked up, extended and
//! revoked.
//!
//! A session knows its user or member only by id. The JSON form of a session differs between the products: it is in
//! `consumer/sessions.rs` and `b2b/sessions.rs`.

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::session_asked::Terms;
use crate::shapes;
use crate::store::{Record, Store};

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

/// The sessions that have not been revoked. A revoked session is removed: the API reports it as unknown. An expired
/// session is kept, because a test can set the clock back.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sessions(Store<Session>);

/// The indexes of the sessions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Token,
    Subject,
}

impl Record for Session {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Token];

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![
            (By::Token, self.token.clone()),
            (By::Subject, self.subject.clone()),
        ]
    }
}

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
        };
        self.0.put(session.clone());
        session
    }

    /// Stores a changed session.
    pub(crate) fn put(&mut self, session: Session) {
        self.0.put(session);
    }

    pub(crate) fn by_token(&self, token: &str, now: UnixSeconds) -> Result<&Session, Failure> {
        if !shapes::is_token(token) {
            return Err(errors::INVALID_SESSION_TOKEN.failure());
        }
        live(self.0.first(By::Token, token), now)
    }

    pub(crate) fn by_id(&self, id: &str, now: UnixSeconds) -> Result<&Session, Failure> {
        live(self.0.get(id), now)
    }

    /// Returns the active sessions of a user or member, oldest first.
    pub(crate) fn of(&self, subject: &str, now: UnixSeconds) -> Vec<&Session> {
        let sessions = self.0.all(By::Subject, subject);
        sessions.filter(|session| session.is_live(now)).collect()
    }

    pub(crate) fn revoke(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Returns all sessions in the order of their start, ended sessions included.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Session> {
        self.0.iter()
    }

    pub(crate) fn revoke_all_of(&mut self, subject: &str) {
        self.revoke_others_of(subject, None);
    }

    /// Revokes all sessions of a user or member except the session with the id `kept`.
    pub(crate) fn revoke_others_of(&mut self, subject: &str, kept: Option<&str>) {
        let is_other = |session: &Session| Some(session.id.as_str()) != kept;
        self.0.remove_all(By::Subject, subject, is_other);
    }
}

/// Returns a session if it is active. An expired session has the same error as an unknown session.
fn live(found: Option<&Session>, now: UnixSeconds) -> Result<&Session, Failure> {
    let found = found.filter(|session| session.is_live(now));
    found.ok_or_else(|| errors::SESSION_NOT_FOUND.failure())
}

impl Session {
    /// Updates a session that a call uses: the time of access, and the requested duration and custom claims.
    pub(crate) fn touch(&mut self, terms: &Terms, now: UnixSeconds) -> Result<(), Failure> {
        if self.is_impersonated() && terms.duration_minutes.is_some() {
            return Err(errors::SESSION_NOT_MUTABLE_IMPERSONATED.failure());
        }
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
        let mut factors = self.factors.iter_mut();
        match factors.find(|known| known.is_same(&proof.factor)) {
            Some(known) => known.renew(now),
            None => self.factors.push(proof.factor),
        }
    }

    /// Whether an operator has started the session. It can be neither extended nor strengthened.
    pub(crate) fn is_impersonated(&self) -> bool {
        let mut factors = self.factors.iter();
        factors.any(Factor::is_impersonated)
    }

    pub(crate) fn status(&self, now: UnixSeconds) -> &'static str {
        if self.is_live(now) {
            "active"
        } else {
            "expired"
        }
    }

    fn is_live(&self, now: UnixSeconds) -> bool {
        now < self.expires_at
    }
}

impl Attributes {
    /// Whether the other attributes are equal in the parts that must match: the IP address, the user agent.
    pub(crate) fn matches(&self, other: &Self, ip_match: bool, user_agent_match: bool) -> bool {
        let ip_differs = ip_match && self.ip_address != other.ip_address;
        let user_agent_differs = user_agent_match && self.user_agent != other.user_agent;
        !ip_differs && !user_agent_differs
    }

    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let given = fields.inner("attributes")?.unwrap_or_default();
        let text = |name| Ok::<_, Failure>(given.text(name)?.unwrap_or_default().to_owned());
        Ok(Self {
            ip_address: text("ip_address")?,
            user_agent: text("user_agent")?,
        })
    }
}
