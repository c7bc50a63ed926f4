//! Magic links for members: sending one by email, and logging in with it. If the organization allows it, a new member
//! joins by requesting a link.

use serde_json::json;

use super::B2b;
use super::log_in::{self, Presence};
use super::member::{Member, Status};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::links::{self, Attempt, Link};
use crate::outbox::{Kind, Outbox};
use crate::product::Product;
use crate::redirects;
use crate::sessions::Attributes;

/// `POST /v1/b2b/magic_links/email/login_or_signup`.
pub(crate) fn login_or_signup(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = fields
        .text("organization_id")?
        .ok_or(&errors::INVALID_ORGANIZATION_ID)?;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let login_url = redirects::read(
        fields,
        "login_redirect_url",
        &errors::INVALID_LOGIN_REDIRECT_URL,
    )?;
    let signup_url = redirects::read(
        fields,
        "signup_redirect_url",
        &errors::INVALID_SIGNUP_REDIRECT_URL,
    )?;
    let login_minutes = links::expiration_minutes(fields, "login_expiration_minutes", 60)?;
    let signup_minutes = links::expiration_minutes(fields, "signup_expiration_minutes", 60)?;
    let code_challenge = links::code_challenge(fields, "pkce_code_challenge")?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id", "signup_template_id"])?;

    let organization = b2b.organizations.find(organization_id)?;
    let known = b2b
        .members
        .with_email(&organization.organization_id, &address)
        .cloned();
    let member_created = known.is_none();
    let member = match known {
        Some(member) => member,
        None => {
            organization.settings.admit(&address)?;
            Member::new(ids, organization, address, Status::Pending, call.now)
        }
    };
    if !member.is_breakglass && !organization.settings.allows_method("magic_link") {
        return Err(errors::AUTH_METHOD_RESTRICTED.failure());
    }
    let (kind, redirect_url, minutes) = match member.status {
        Status::Pending | Status::Invited => (Kind::Signup, signup_url, signup_minutes),
        Status::Active | Status::Deleted => (Kind::Login, login_url, login_minutes),
    };
    let token = ids.opaque_token();
    let slug = organization.organization_slug.as_str();
    let params = [
        ("slug", slug),
        ("stytch_token_type", "multi_tenant_magic_links"),
        ("token", token.as_str()),
    ];
    let url = redirects::link(&redirect_url, &params);
    let mut link = Link {
        subject: member.member_id.clone(),
        email_id: member.email_id.clone(),
        email_address: member.email_address.clone(),
        expires_at: call.now.plus_minutes(minutes),
        code_challenge,
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
        token: token.clone(),
    };
    link.message_id = outbox.send(links::message(Product::B2b, kind, &link, url, call.now));
    b2b.project.links.put(link);
    let reply = json!({
        "member_id": member.member_id,
        "member_created": member_created,
        "member": member,
        "organization": organization,
    });
    if member_created {
        b2b.members.put(member);
    }
    Ok(Reply::ok(reply))
}

/// `POST /v1/b2b/magic_links/authenticate`. Starts or updates a session. If a second factor is required, returns an
/// intermediate session token instead.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields
        .text("magic_links_token")?
        .ok_or(&errors::INVALID_TOKEN)?;
    let attempt = Attempt {
        token,
        code_verifier: fields.text("pkce_code_verifier")?,
        attributes: Attributes::default(),
        ip_match: false,
        user_agent_match: false,
    };
    let presence = Presence::read(b2b, call)?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = b2b.project.links.usable(&attempt, call.now)?.clone();
    let member = b2b.members.by_id(&link.subject)?;
    let organization = b2b.organizations.find(&member.organization_id)?.clone();
    if !member.is_breakglass && !organization.settings.allows_method("magic_link") {
        return Err(errors::AUTH_METHOD_RESTRICTED.failure());
    }
    let mut verified = member.clone();
    verified.verify_email(&organization, call.now);
    let factor = Factor::magic_link(&link.email_id, &link.email_address, call.now);
    let outcome = log_in::complete(
        b2b,
        ids,
        (&verified, &organization),
        factor,
        &presence,
        call,
    )?;
    // The link is marked as used only now: if the call is refused earlier, the link remains valid.
    outbox.mark_used(link.message_id);
    b2b.project.links.use_up(link.clone());
    b2b.members.put(verified.clone());
    Ok(Reply::ok(outcome).and(json!({
        "member_id": verified.member_id,
        "method_id": link.email_id,
        "organization_id": organization.organization_id,
        "member": verified,
        "organization": organization,
        "reset_sessions": false,
    })))
}
