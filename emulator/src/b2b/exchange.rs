//! Exchanges: a user who has proved an email address logs in to one organization, with an intermediate session or with
//! the session of another organization.

use serde_json::json;

use super::discovery::{Tenant, eligibility};
use super::intermediate::IntermediateSession;
use super::log_in::{self, Presence};
use super::member::{Member, Status};
use super::oauth_accounts;
use super::organization::Organization;
use super::requirements::{is_second_factor, meets_primary};
use super::second_factor_sms;
use super::{B2b, organization_id};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::codes;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::session_asked::{Presented, Terms};

/// `POST /v1/b2b/discovery/intermediate_sessions/exchange`. A user who is invited or eligible joins the organization.
pub(crate) fn intermediate_session(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("intermediate_session_token")?;
    let token = token.ok_or(&errors::INVALID_SESSION_TOKEN)?;
    let organization_id = organization_id(fields)?;
    let terms = Terms::read(fields)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let session = b2b.intermediate_sessions.find(token, call.now)?.clone();
    let organization = b2b.organizations.find(organization_id)?.clone();
    let id = &organization.organization_id;
    let member = match b2b.members.with_email(id, &session.email_address) {
        Some(member) => member.clone(),
        None => join(
            b2b,
            ids,
            &organization,
            (&session.email_address, &session.tenants),
            call.now,
        )?,
    };
    let factors = carried(b2b, &session, &member, call.now);
    if factors.is_empty() {
        return Err(errors::INVALID_INTERMEDIATE_SESSION_FOR_ORGANIZATION.failure());
    }
    let presence = Presence::of_exchange(terms, Some(session));
    log_in(
        b2b,
        ids,
        outbox,
        (member, organization),
        factors,
        &presence,
        call,
    )
}

/// `POST /v1/b2b/sessions/exchange`. The user must be a member or invited. The presented session remains active.
pub(crate) fn session(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = organization_id(fields)?;
    let presented = Presented::read(fields)?.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let terms = Terms::read(fields)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let session = b2b.project.session(&presented, call.now)?;
    // A session with the same factors could not be extended either.
    if session.is_impersonated() && terms.duration_minutes.is_some() {
        return Err(errors::SESSION_NOT_MUTABLE_IMPERSONATED.failure());
    }
    let source = b2b.members.by_id(&session.subject)?;
    let organization = b2b.organizations.find(organization_id)?.clone();
    let id = &organization.organization_id;
    let member = b2b.members.with_email(id, &source.email_address);
    let member = member.ok_or(&errors::MEMBER_NOT_FOUND)?.clone();
    let factors: Vec<Factor> = if source.member_id == member.member_id {
        session.factors.clone()
    } else {
        transferred(&session.factors, source, &member, call.now)
    };
    if factors.is_empty() {
        return Err(errors::INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE.failure());
    }
    let presence = Presence::of_exchange(terms, None);
    log_in(
        b2b,
        ids,
        outbox,
        (member, organization),
        factors,
        &presence,
        call,
    )
}

/// Returns a new member, or an error if the user may not join.
fn join(
    b2b: &B2b,
    ids: &mut Ids,
    organization: &Organization,
    (email_address, tenants): (&str, &[Tenant]),
    now: UnixSeconds,
) -> Result<Member, Failure> {
    if eligibility(b2b, organization, email_address, tenants).is_none() {
        organization.settings.admit(email_address)?;
        return Err(errors::INVALID_EMAIL_FOR_JIT.with_message(
            "The organization does not have a member with a verified address at this domain.",
        ));
    }
    let email_address = email_address.to_owned();
    Ok(Member::new(
        ids,
        organization,
        email_address,
        Status::Pending,
        now,
    ))
}

/// Returns the factors of an intermediate session that count for the member.
pub(super) fn carried(
    b2b: &B2b,
    session: &IntermediateSession,
    member: &Member,
    now: UnixSeconds,
) -> Vec<Factor> {
    match &session.member_id {
        Some(id) if *id == member.member_id => session.factors.clone(),
        Some(id) => match b2b.members.by_id(id) {
            Ok(source) => transferred(&session.factors, source, member, now),
            Err(_) => Vec::new(),
        },
        None => {
            let owned =
                |factor: &Factor| factor.with_email(&member.email_id, &member.email_address);
            session.factors.iter().map(owned).collect()
        }
    }
}

/// Returns the factors that a member of one organization can bring to another organization: emails, OAuth, and a code
/// by SMS to a number that both members have verified. A password or an SSO log-in belongs to its organization.
fn transferred(
    factors: &[Factor],
    source: &Member,
    member: &Member,
    now: UnixSeconds,
) -> Vec<Factor> {
    let has_same_phone = source.mfa_phone_number == member.mfa_phone_number
        && source.mfa_phone_number_verified
        && member.mfa_phone_number_verified;
    let transfer = |factor: &Factor| match (factor.r#type(), factor.delivery_method()) {
        ("magic_link" | "email_otp", "email") => {
            Some(factor.with_email(&member.email_id, &member.email_address))
        }
        ("oauth", method) => {
            let provider = method.strip_prefix("oauth_")?;
            if !EXCHANGED.contains(&provider) {
                return Some(factor.clone());
            }
            let details = json!({
                format!("{provider}_oauth_exchange_factor"): { "email_id": member.email_id },
            });
            Some(Factor::new(
                "oauth",
                &format!("oauth_exchange_{provider}"),
                details,
                now,
            ))
        }
        ("otp", "sms") if has_same_phone => Some(factor.clone()),
        _ => None,
    };
    let transferred: Vec<Factor> = factors.iter().filter_map(transfer).collect();
    // A second factor alone does not prove who the user is.
    let has_primary = !transferred.iter().all(is_second_factor);
    if has_primary { transferred } else { Vec::new() }
}

/// Logs the member in with these factors, stores the member, and returns the response.
pub(super) fn log_in(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    (mut member, organization): (Member, Organization),
    factors: Vec<Factor>,
    presence: &Presence,
    call: &Call,
) -> Result<Reply, Failure> {
    let is_proven = meets_primary(&organization, Some(&member), &factors);
    if is_proven {
        member.verify_email(&organization, call.now);
    }
    let proven = if is_proven {
        factors.clone()
    } else {
        Vec::new()
    };
    // The session needs the member's roles, so the member is changed first.
    let outcome = log_in::conclude(b2b, ids, (&member, &organization), factors, presence, call)?;
    let outcome =
        second_factor_sms::initiate(b2b, ids, outbox, (&member, &organization), outcome, call);
    oauth_accounts::adopt(b2b, &mut member, &proven, call.now);
    b2b.members.put(member.clone());
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "member": member,
        "organization": organization,
    })))
}

/// The providers whose factors have another form after an exchange.
const EXCHANGED: [&str; 4] = ["google", "hubspot", "slack", "github"];
