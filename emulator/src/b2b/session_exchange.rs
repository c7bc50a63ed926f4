//! Member sessions that start with something from another issuer: a session of another provider, a trusted auth token, or
//! the access token of a Connected App.
//!
//! The response of these routes does not have an intermediate session, so the organization's requirements do not apply.
//!
//! Assumptions: the claim `email`, or else the claim `sub` (an external id), selects the member, and the claim
//! `organization_id` the organization, as an id, slug or external id. A pending member becomes active.

use serde_json::json;

use super::log_in;
use super::member::{Member, Status};
use super::organization::Organization;
use super::{B2b, organization_id};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::external_sessions;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::outside_tokens::{AccessToken, Attestation, TrustedToken};
use crate::session_asked::SessionAsked;

/// `POST /v1/b2b/sessions/migrate`. The member must exist.
pub(crate) fn migrate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = external_sessions::token(fields)?;
    let organization_id = organization_id(fields)?;
    let asked = SessionAsked::of_new(fields)?;

    let organization = b2b.organizations.find(organization_id)?.clone();
    let address = b2b.project.external_sessions.email_address(token)?;
    let id = &organization.organization_id;
    let member = b2b.members.with_email(id, &address);
    let member = member.ok_or(&errors::MIGRATE_EMAIL_DOES_NOT_EXIST)?.clone();
    let factor = Factor::imported(call.now);
    finish(b2b, ids, (member, &organization), factor, &asked, call)
}

/// `POST /v1/b2b/sessions/attest`. If the profile allows it, an unknown member is created.
pub(crate) fn attest(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let attestation = Attestation::read(fields)?;
    let organization_id = fields.text("organization_id")?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = attestation.verify(&b2b.project, call.now)?;
    let organization = organization_of(b2b, &token, organization_id)?.clone();
    let member = attested(b2b, ids, &token, &organization, call)?;
    let factor = token.factor(call.now);
    finish(b2b, ids, (member, &organization), factor, &asked, call)
}

/// `POST /v1/b2b/sessions/exchange_access_token`.
pub(crate) fn exchange_access_token(
    b2b: &mut B2b,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let asked = SessionAsked::of_new(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = AccessToken::read(fields, &b2b.project, call.now)?;
    let member = b2b.members.by_id(&token.subject)?.clone();
    let organization = b2b.organizations.find(&member.organization_id)?.clone();
    let factor = token.factor(call.now);
    let reply = finish(b2b, ids, (member, &organization), factor, &asked, call)?;
    token.use_up(&mut b2b.project);
    Ok(reply)
}

/// Returns the organization of a trusted token. The token and the call must not name different organizations, and the
/// token of a profile that creates members must name its organization.
fn organization_of<'a>(
    b2b: &'a B2b,
    token: &TrustedToken,
    asked: Option<&str>,
) -> Result<&'a Organization, Failure> {
    let Some(claimed) = token.organization_id()? else {
        return match asked {
            Some(asked) if !token.can_create => b2b.organizations.find(asked),
            _ => Err(errors::TOKEN_MISSING_ORGANIZATION_ID_CLAIM.failure()),
        };
    };
    let claimed = b2b.organizations.find(claimed);
    let claimed = claimed.map_err(|_| &errors::INVALID_TOKEN_ORGANIZATION_ID_CLAIM)?;
    match asked {
        Some(asked)
            if b2b.organizations.find(asked)?.organization_id != claimed.organization_id =>
        {
            Err(errors::INVALID_TOKEN_ORGANIZATION_ID_CLAIM.failure())
        }
        _ => Ok(claimed),
    }
}

/// Returns the member that a trusted token describes.
fn attested(
    b2b: &B2b,
    ids: &mut Ids,
    token: &TrustedToken,
    organization: &Organization,
    call: &Call,
) -> Result<Member, Failure> {
    let id = &organization.organization_id;
    let Some(address) = token.email_address()? else {
        return Ok(b2b.members.find(id, token.subject())?.clone());
    };
    if let Some(member) = b2b.members.with_email(id, &address) {
        return Ok(member.clone());
    }
    if !token.can_create {
        return Err(errors::MEMBER_NOT_FOUND.failure());
    }
    let mut member = Member::new(ids, organization, address, Status::Active, call.now);
    b2b.validate_new_email(&member, &member.email_address, call.now)?;
    member.verify_email(organization, call.now);
    Ok(member)
}

/// Starts or updates the session, stores the member, and returns the response.
fn finish(
    b2b: &mut B2b,
    ids: &mut Ids,
    (mut member, organization): (Member, &Organization),
    factor: Factor,
    asked: &SessionAsked,
    call: &Call,
) -> Result<Reply, Failure> {
    if member.status != Status::Active {
        member.status = Status::Active;
        member.updated_at = call.now;
    }
    let tokens = log_in::at_once(b2b, ids, (&member, organization), factor, asked, call)?;
    b2b.members.put(member.clone());
    Ok(Reply::ok(tokens).and(json!({
        "member_id": member.member_id,
        "member": member,
        "organization": organization,
    })))
}
