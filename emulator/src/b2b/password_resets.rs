//! Resets of the passwords of members: by email, with the existing password, in a session, and the requirement of a reset.

use serde_json::{Value, json};

use super::log_in::Presence;
use super::passwords::{self, Named, admit_method};
use super::sessions;
use super::{B2b, organization_id};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::codes;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links::{self, Attempt, Link};
use crate::outbox::{Kind, Outbox};
use crate::passwords::{Password, admit_session};
use crate::product::Product;
use crate::redirects;
use crate::session_asked::{Presented, Terms};
use crate::sessions::Attributes;

/// `POST /v1/b2b/passwords/email/reset/start`. The member must exist, but does not need a password.
pub(crate) fn start(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let order = ResetOrder::read(fields, "code_challenge")?;
    redirects::read(
        fields,
        "login_redirect_url",
        &errors::INVALID_LOGIN_REDIRECT_URL,
    )?;

    outbox.admit(&named.email_address, call.now)?;
    let (member, organization) = named.find(b2b)?;
    admit_method(&member, &organization)?;
    let to = (
        member.member_id.clone(),
        member.email_id.clone(),
        named.email_address,
    );
    let link = order.link(ids, to, call);
    let params = [
        ("slug", organization.organization_slug.as_str()),
        ("stytch_token_type", "multi_tenant_passwords"),
    ];
    b2b.project.reset_links.send(
        outbox,
        (Product::B2b, Kind::ResetPassword),
        (&order.redirect_url, &params),
        link,
        call.now,
    );
    Ok(Reply::ok(json!({
        "member_id": member.member_id,
        "member_email_id": member.email_id,
        "member": member,
    })))
}

/// `POST /v1/b2b/passwords/email/reset`. Verifies the email address and ends the other sessions of the member.
pub(crate) fn by_email(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("password_reset_token")?;
    let token = token.ok_or(&errors::INVALID_TOKEN)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let attempt = attempt(token, fields.text("code_verifier")?);
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = b2b.project.reset_links.usable_reset(&attempt, call.now)?;
    let link = link.clone();
    let mut member = b2b.members.by_id(&link.subject)?.clone();
    let organization = b2b.organizations.find(&member.organization_id)?.clone();
    admit_method(&member, &organization)?;
    let config = &b2b.project.password_config;
    config.admit(password, &member.email_address)?;
    member.verify_email(&organization, call.now);
    let of_member = (&member, &organization);
    let outcome = passwords::log_in(b2b, ids, outbox, of_member, &presence, call)?;
    b2b.set_password(ids, &mut member, password);
    end_other_sessions(b2b, &member.member_id, &outcome);
    outbox.mark_used(link.message_id);
    b2b.project.reset_links.use_up(link);
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "member_email_id": member.email_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
    })))
}

/// `POST /v1/b2b/passwords/existing_password/reset`. Ends the other sessions of the member. A wrong password is counted.
pub(crate) fn by_existing_password(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let existing = fields.text("existing_password")?;
    let existing = existing.ok_or(&errors::MISSING_PASSWORD)?;
    let new = fields.text("new_password")?;
    let new = new.ok_or(&errors::MISSING_PASSWORD)?;
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let (mut member, organization) = named.find(b2b)?;
    admit_method(&member, &organization)?;
    let reset = &errors::CANNOT_RESET_WITH_EXISTING_PASSWORD;
    passwords::verify(b2b, &member, existing, reset, call.now)?;
    let config = &b2b.project.password_config;
    config.admit(new, &member.email_address)?;
    let of_member = (&member, &organization);
    let outcome = passwords::log_in(b2b, ids, outbox, of_member, &presence, call)?;
    b2b.set_password(ids, &mut member, new);
    end_other_sessions(b2b, &member.member_id, &outcome);
    let about = json!({
        "member_id": member.member_id, "member": member, "organization": organization,
    });
    Ok(Reply::ok(outcome).and(about))
}

/// `POST /v1/b2b/passwords/session/reset`. The session remains; the other sessions of the member end.
pub(crate) fn in_session(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = organization_id(fields)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let presented = Presented::read(fields)?.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let terms = Terms::read(fields)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let organization = b2b.organizations.find(organization_id)?.clone();
    let mut session = b2b.project.session(&presented, call.now)?.clone();
    let mut member = b2b.members.by_id(&session.subject)?.clone();
    if member.organization_id != organization.organization_id {
        return Err(errors::SESSION_TENANCY_ERROR.failure());
    }
    admit_method(&member, &organization)?;
    admit_session(&session, call.now)?;
    let config = &b2b.project.password_config;
    config.admit(password, &member.email_address)?;
    session.touch(&terms, call.now)?;
    b2b.set_password(ids, &mut member, password);
    let open = &mut b2b.project.sessions;
    open.revoke_others_of(&member.member_id, Some(&session.id));
    open.put(session.clone());
    let tokens = sessions::tokens(&b2b.project, &session, &organization, call.now)?;
    Ok(Reply::ok(tokens).and(json!({
        "member_id": member.member_id,
        "member": member,
        "organization": organization,
        "intermediate_session_token": "",
        "member_authenticated": true,
        "mfa_required": null,
    })))
}

/// `POST /v1/b2b/passwords/email/require_reset`. Only for passwords that members share. If at most one member has the
/// address, deletes the password instead.
pub(crate) fn require(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let organization_id = fields.text("organization_id")?;
    let member_id = fields.text("member_id")?;

    b2b.admit_cross_org()?;
    let named = match organization_id {
        None => None,
        Some(id) => {
            let organization = b2b.organizations.find(id)?;
            let id = &organization.organization_id;
            let found = b2b.members.with_email(id, &address);
            let found = found.ok_or(&errors::MEMBER_NOT_FOUND)?;
            if let Some(member_id) = member_id
                && b2b.members.find(id, member_id)?.member_id != found.member_id
            {
                return Err(errors::MEMBER_NOT_FOUND.failure());
            }
            Some((found.member_id.clone(), organization.clone()))
        }
    };
    let known = b2b.project.passwords.of(&address);
    let known = known.ok_or(&errors::MEMBER_HAS_NO_PASSWORD)?.clone();
    let members = b2b.with_address(&address);
    if members.len() > 1 {
        let requires_reset = true;
        b2b.project.passwords.put(Password {
            requires_reset,
            ..known
        });
    } else {
        b2b.project.passwords.remove(&known.password_id);
        for mut member in members {
            member.member_password_id.clear();
            b2b.members.put(member);
        }
    }
    let Some((member_id, organization)) = named else {
        return Ok(Reply::ok(json!({})));
    };
    let member = b2b.members.by_id(&member_id)?;
    Ok(Reply::ok(
        json!({ "member_id": member_id, "member": member, "organization": organization }),
    ))
}

/// The fields that the starts of both kinds of resets by email have in common.
pub(super) struct ResetOrder {
    pub(super) redirect_url: String,
    minutes: i64,
    code_challenge: Option<String>,
}

impl ResetOrder {
    pub(super) fn read(fields: &Fields, code_challenge: &str) -> Result<Self, Failure> {
        let redirect_url = redirects::read(
            fields,
            "reset_password_redirect_url",
            &errors::INVALID_PASSWORD_RESET_REDIRECT_URL,
        )?;
        let minutes = links::expiration_minutes(fields, "reset_password_expiration_minutes", 30)?;
        let code_challenge = links::code_challenge(fields, code_challenge)?;
        links::validate_locale(fields)?;
        fields.ignored_texts(&["reset_password_template_id", "verify_email_template_id"])?;
        Ok(Self {
            redirect_url,
            minutes,
            code_challenge,
        })
    }

    /// Returns a new link. `to` has the subject, the id of the email address, and the address.
    pub(super) fn link(&self, ids: &mut Ids, to: (String, String, String), call: &Call) -> Link {
        let (subject, email_id, email_address) = to;
        Link {
            token: ids.opaque_token(),
            subject,
            email_id,
            email_address,
            expires_at: call.now.plus_minutes(self.minutes),
            code_challenge: self.code_challenge.clone(),
            attributes: Attributes::default(),
            used: false,
            message_id: 0,
        }
    }
}

/// Returns the data of a call that uses a link of a reset.
pub(super) fn attempt<'a>(token: &'a str, code_verifier: Option<&'a str>) -> Attempt<'a> {
    Attempt {
        token,
        code_verifier,
        attributes: Attributes::default(),
        ip_match: false,
        user_agent_match: false,
    }
}

/// Ends the sessions of a member, except for the session of this log-in.
fn end_other_sessions(b2b: &mut B2b, member_id: &str, outcome: &Value) {
    let kept = outcome.pointer("/member_session/member_session_id");
    let kept = kept.and_then(Value::as_str);
    b2b.project.sessions.revoke_others_of(member_id, kept);
}
