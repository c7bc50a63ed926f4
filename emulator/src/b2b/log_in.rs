//! The end of every log-in of a member: a session if all required factors are present, and otherwise an intermediate
//! session.

use serde_json::{Value, json};

use super::B2b;
use super::intermediate::{IntermediateSession, LIFETIME_MINUTES};
use super::member::Member;
use super::organization::Organization;
pub(crate) use super::requirements::is_second_factor;
use super::requirements::{Missing, meets_primary, missing};
use super::sessions;
use crate::call::Call;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::merge;
use crate::session_asked::{Presented, SessionAsked, Terms};
use crate::sessions::{Attributes, Proof};

/// What a call presents in addition to its own factor. It is read before a link or code is looked up and used: if the
/// call is refused for it, the link or code must remain valid.
pub(crate) struct Presence {
    asked: SessionAsked,
    intermediate: Option<IntermediateSession>,
}

impl Presence {
    /// Reads `intermediate_session_token`, `session_token`, `session_jwt`, `session_duration_minutes` and
    /// `session_custom_claims`.
    pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Self, Failure> {
        let token = call.fields.text("intermediate_session_token")?;
        let intermediate = token.map(|token| b2b.intermediate_sessions.find(token, call.now));
        Ok(Self {
            asked: SessionAsked::read(&call.fields)?,
            intermediate: intermediate.transpose()?.cloned(),
        })
    }

    /// What an exchange presents: it adds no factor to a presented session.
    pub(super) fn of_exchange(terms: Terms, intermediate: Option<IntermediateSession>) -> Self {
        let presented = None;
        Self {
            asked: SessionAsked { presented, terms },
            intermediate,
        }
    }

    /// Whether the call presents neither a session nor an intermediate session.
    pub(super) fn is_empty(&self) -> bool {
        self.intermediate.is_none() && self.session().is_none()
    }

    /// Returns an error unless the presented session or intermediate session belongs to the member and has an accepted
    /// primary factor.
    pub(super) fn validate_owner(
        &self,
        b2b: &B2b,
        (member, organization): (&Member, &Organization),
        call: &Call,
    ) -> Result<(), Failure> {
        if self.session().is_some() && !own_session(b2b, member, self, call)? {
            return Err(errors::MEMBER_SESSION_MISMATCH.failure());
        }
        let Some(intermediate) = &self.intermediate else {
            return Ok(());
        };
        if intermediate.member_id.as_ref() != Some(&member.member_id) {
            return Err(errors::MEMBER_SESSION_MISMATCH.failure());
        }
        if !meets_primary(organization, Some(member), &intermediate.factors) {
            return Err(errors::PRIMARY_AUTHENTICATION_NOT_MET.failure());
        }
        Ok(())
    }

    /// Whether the presented session or intermediate session has a second factor.
    pub(super) fn has_second_factor(&self, b2b: &B2b, call: &Call) -> Result<bool, Failure> {
        let session = self.session();
        let session = session.map(|presented| b2b.project.session(presented, call.now));
        let session = session.transpose()?;
        let factors = session.into_iter().flat_map(|session| &session.factors);
        let earlier = self.intermediate.iter().flat_map(|known| &known.factors);
        Ok(factors.chain(earlier).any(is_second_factor))
    }

    /// The presented session.
    pub(crate) fn session(&self) -> Option<&Presented> {
        self.asked.presented.as_ref()
    }
}

/// Logs a member in with one more factor. Returns the members of the reply that every log-in has: `session_token`,
/// `session_jwt`, `member_session`, `intermediate_session_token`, `member_authenticated`, `mfa_required` and
/// `primary_required`.
///
/// The caller has checked that the organization allows the factor, and stores the changed member.
pub(crate) fn complete(
    b2b: &mut B2b,
    ids: &mut Ids,
    (member, organization): (&Member, &Organization),
    factor: Factor,
    presence: &Presence,
    call: &Call,
) -> Result<Value, Failure> {
    b2b.project.locks.admit(&member.member_id, call.now)?;
    let own_session = own_session(b2b, member, presence, call)?;
    let mut factors = earlier_factors(member, presence);
    match factors.iter_mut().find(|known| known.is_same(&factor)) {
        Some(known) => known.renew(call.now),
        None => factors.push(factor),
    }
    if !own_session && factors.iter().all(is_second_factor) {
        return Err(errors::PRIMARY_AUTHENTICATION_NOT_MET.failure());
    }
    if own_session {
        return finish(b2b, ids, (member, organization), factors, presence, call);
    }
    conclude(b2b, ids, (member, organization), factors, presence, call)
}

/// Returns the error of a failed authentication, and counts it. After too many failures, the member is locked.
///
/// `failure` is the error if the member is not locked.
pub(crate) fn refuse(
    b2b: &mut B2b,
    member_id: &str,
    failure: Failure,
    now: UnixSeconds,
) -> Failure {
    if let Err(locked) = b2b.project.locks.admit(member_id, now) {
        return locked;
    }
    let Ok(member) = b2b.members.by_id(member_id) else {
        return failure;
    };
    let mut member = member.clone();
    if let Some(lock) = b2b.project.locks.count_failure(member_id, now) {
        member.set_lock(Some(lock));
        b2b.members.put(member);
    }
    failure
}

/// Logs a member in with these factors. If they do not meet the organization's requirements, keeps them in an
/// intermediate session. Returns the same members of the reply as [`complete`]. An error if the member is locked.
pub(crate) fn conclude(
    b2b: &mut B2b,
    ids: &mut Ids,
    (member, organization): (&Member, &Organization),
    factors: Vec<Factor>,
    presence: &Presence,
    call: &Call,
) -> Result<Value, Failure> {
    b2b.project.locks.admit(&member.member_id, call.now)?;
    let missing = missing(organization, Some(member), &factors);
    if matches!(missing, Missing::Nothing) {
        return finish(b2b, ids, (member, organization), factors, presence, call);
    }
    let token = keep(b2b, ids, member, factors, presence, call);
    let mut reply = merge::object(json!({
        "session_token": "",
        "session_jwt": "",
        "member_session": null,
        "intermediate_session_token": token,
    }));
    reply.extend(merge::object(missing.view(Some(member))));
    Ok(Value::Object(reply))
}

/// Starts or updates the session. A presented intermediate session is consumed.
fn finish(
    b2b: &mut B2b,
    ids: &mut Ids,
    (member, organization): (&Member, &Organization),
    factors: Vec<Factor>,
    presence: &Presence,
    call: &Call,
) -> Result<Value, Failure> {
    let session = start(b2b, ids, member, factors, &presence.asked, call)?;
    b2b.project.locks.forget_failures(&member.member_id);
    if let Some(intermediate) = &presence.intermediate {
        b2b.intermediate_sessions.remove(&intermediate.token);
    }
    let mut reply = merge::object(sessions::tokens(
        &b2b.project,
        &session,
        organization,
        call.now,
    )?);
    reply.extend(merge::object(json!({
        "intermediate_session_token": "",
        "member_authenticated": true,
        "mfa_required": null,
        "primary_required": null,
    })));
    Ok(Value::Object(reply))
}

/// Logs a member in with a factor for which no second factor is required, for example that of a trusted issuer. Returns
/// the members `session_token`, `session_jwt` and `member_session` of the response.
///
/// The caller stores the changed member.
pub(crate) fn at_once(
    b2b: &mut B2b,
    ids: &mut Ids,
    (member, organization): (&Member, &Organization),
    factor: Factor,
    asked: &SessionAsked,
    call: &Call,
) -> Result<Value, Failure> {
    b2b.project.locks.admit(&member.member_id, call.now)?;
    let session = start(b2b, ids, member, vec![factor], asked, call)?;
    b2b.project.locks.forget_failures(&member.member_id);
    sessions::tokens(&b2b.project, &session, organization, call.now)
}

/// Whether the presented session belongs to this member. A session of another member is ignored.
fn own_session(
    b2b: &B2b,
    member: &Member,
    presence: &Presence,
    call: &Call,
) -> Result<bool, Failure> {
    let Some(presented) = presence.session() else {
        return Ok(false);
    };
    let session = b2b.project.session(presented, call.now)?;
    Ok(session.subject == member.member_id)
}

/// Returns the factors of the presented intermediate session, if it belongs to this member or to its email address.
fn earlier_factors(member: &Member, presence: &Presence) -> Vec<Factor> {
    let own = presence
        .intermediate
        .as_ref()
        .filter(|intermediate| match &intermediate.member_id {
            Some(id) => *id == member.member_id,
            None => intermediate.email_address == member.email_address,
        });
    own.map(|intermediate| intermediate.factors.clone())
        .unwrap_or_default()
}

/// Stores an intermediate session of the member and returns its token. A presented intermediate session keeps its token.
pub(crate) fn keep(
    b2b: &mut B2b,
    ids: &mut Ids,
    member: &Member,
    factors: Vec<Factor>,
    presence: &Presence,
    call: &Call,
) -> String {
    let token = match &presence.intermediate {
        Some(intermediate) => intermediate.token.clone(),
        None => ids.opaque_token(),
    };
    b2b.intermediate_sessions.put(IntermediateSession {
        token: token.clone(),
        email_address: member.email_address.clone(),
        member_id: Some(member.member_id.clone()),
        factors,
        tenants: Vec::new(),
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
    });
    token
}

fn start(
    b2b: &mut B2b,
    ids: &mut Ids,
    member: &Member,
    factors: Vec<Factor>,
    asked: &SessionAsked,
    call: &Call,
) -> Result<crate::sessions::Session, Failure> {
    let proof = |factor| Proof {
        subject: member.member_id.clone(),
        roles: member.role_ids(),
        factor,
        attributes: Attributes::default(),
    };
    let mut factors = factors.into_iter();
    let first = factors.next().ok_or(&errors::INTERNAL_SERVER_ERROR)?;
    let session = b2b
        .project
        .log_in(ids, proof(first), asked, Some(60), call.now)?;
    let mut session = session.ok_or(&errors::INTERNAL_SERVER_ERROR)?;
    for factor in factors {
        session.add_factor(proof(factor), call.now);
    }
    b2b.project.sessions.put(session.clone());
    Ok(session)
}
