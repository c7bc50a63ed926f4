//! Magic links for members: requests, invites, and log-ins. If the organization allows it, a new member
//! joins by requesting a link.

use serde_json::json;

use super::authorization::roles_in;
use super::log_in::{self, Presence};
use super::member::{Member, Status};
use super::organization::Organization;
use super::recipients::{self, Recipient};
use super::second_factor_sms;
use super::{B2b, organization_id};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::codes;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::links::{self, Attempt, Link};
use crate::outbox::{Kind, Outbox};
use crate::product::Product;
use crate::rbac::policy;
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
    let organization_id = organization_id(fields)?;
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

    outbox.admit(&address, call.now)?;
    let to = (organization_id, address);
    let recipient = recipients::existing_or_new(b2b, ids, to, METHOD, call.now)?;
    let Recipient {
        member,
        organization,
        member_created,
    } = recipient;
    let (kind, redirect_url, minutes) = match member.status {
        Status::Pending | Status::Invited => (Kind::Signup, signup_url, signup_minutes),
        Status::Active | Status::Deleted => (Kind::Login, login_url, login_minutes),
    };
    let mail = Mail {
        kind,
        redirect_url,
        minutes,
        code_challenge,
        email: (member.email_id.clone(), member.email_address.clone()),
    };
    send(b2b, ids, outbox, (&member, &organization), mail, call.now);
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

/// `POST /v1/b2b/magic_links/email/invite`. Creates an invited member, or invites a pending member.
pub(crate) fn invite(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = organization_id(fields)?;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let redirect_url = redirects::read(
        fields,
        "invite_redirect_url",
        &errors::INVALID_INVITE_REDIRECT_URL,
    )?;
    let minutes = links::expiration_minutes(fields, "invite_expiration_minutes", 10_080)?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["invite_template_id", "invited_by_member_id"])?;

    let organization = b2b.organizations.find(organization_id)?.clone();
    let id = &organization.organization_id;
    let mut member = match b2b.members.with_email(id, &address) {
        Some(member) if member.status == Status::Active => {
            return Err(errors::DUPLICATE_MEMBER_EMAIL
                .with_message("An active member has this email address."));
        }
        Some(member) => member.clone(),
        None => {
            organization.settings.admit_invite(&address)?;
            Member::new(ids, &organization, address, Status::Invited, call.now)
        }
    };
    b2b.validate_new_email(&member, &member.email_address, call.now)?;
    member.update(fields)?;
    let role_ids = member.role_ids();
    let role_ids = role_ids.iter().map(String::as_str);
    policy::validate_assigned(role_ids, &roles_in(b2b, &organization))?;
    member.status = Status::Invited;
    member.updated_at = call.now;
    let mail = Mail {
        kind: Kind::Invite,
        redirect_url,
        minutes,
        code_challenge: None,
        email: (member.email_id.clone(), member.email_address.clone()),
    };
    send(b2b, ids, outbox, (&member, &organization), mail, call.now);
    let reply =
        json!({ "member_id": member.member_id, "member": member, "organization": organization });
    b2b.members.put(member);
    Ok(Reply::ok(reply))
}

/// A message with a magic link.
pub(super) struct Mail {
    pub(super) kind: Kind,
    pub(super) redirect_url: String,
    pub(super) minutes: i64,
    pub(super) code_challenge: Option<String>,
    /// The id of the email address, and the address.
    pub(super) email: (String, String),
}

/// Sends a magic link to a member.
pub(super) fn send(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    (member, organization): (&Member, &Organization),
    mail: Mail,
    now: UnixSeconds,
) {
    let (email_id, email_address) = mail.email;
    let link = Link {
        token: ids.opaque_token(),
        subject: member.member_id.clone(),
        email_id,
        email_address,
        expires_at: now.plus_minutes(mail.minutes),
        code_challenge: mail.code_challenge,
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let params = [
        ("slug", organization.organization_slug.as_str()),
        ("stytch_token_type", "multi_tenant_magic_links"),
    ];
    let links = &mut b2b.project.links;
    links.send(
        outbox,
        (Product::B2b, mail.kind),
        (&mail.redirect_url, &params),
        link,
        now,
    );
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
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = b2b.project.links.usable(&attempt, call.now)?.clone();
    let member = b2b.members.by_id(&link.subject)?;
    let organization = b2b.organizations.find(&member.organization_id)?.clone();
    recipients::admit_method(member, &organization, METHOD)?;
    let mut verified = member.clone();
    let is_update = link.email_address != verified.email_address;
    if is_update {
        // The link verifies a new address. A link to an earlier address is not valid any more.
        let id = &organization.organization_id;
        let update = b2b
            .email_updates
            .to_address(id, &link.email_address, call.now);
        update
            .filter(|update| update.member_id == verified.member_id)
            .ok_or(&errors::UNABLE_TO_AUTH_MAGIC_LINK)?;
        b2b.validate_new_email(&verified, &link.email_address, call.now)?;
        verified.change_email((link.email_id.clone(), link.email_address.clone()), false);
    }
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
    if is_update {
        b2b.email_updates.remove(&verified.member_id);
    }
    b2b.project.links.use_up(link.clone());
    let of_member = (&verified, &organization);
    let outcome = second_factor_sms::initiate(b2b, ids, outbox, of_member, outcome, call);
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

/// The name of the method in `allowed_auth_methods`.
const METHOD: &str = "magic_link";
