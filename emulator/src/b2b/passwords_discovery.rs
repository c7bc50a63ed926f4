//! Passwords that members share between organizations, for users whose organization is not known yet.
//!
//! The links of resets have a store of their own, so that they cannot be used on the routes for members.

use serde_json::json;

use super::B2b;
use super::discovery::{self, Discoverer};
use super::password_resets::{ResetOrder, attempt};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::outbox::{Kind, Outbox};
use crate::product::Product;
use crate::redirects;

/// `POST /v1/b2b/passwords/discovery/authenticate`. Starts an intermediate session. Wrong passwords lock the address.
pub(crate) fn authenticate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;

    b2b.admit_cross_org()?;
    b2b.project.locks.admit(&address, call.now)?;
    let known = b2b.project.passwords.of(&address);
    let known = known.ok_or(&errors::MEMBER_HAS_NO_PASSWORD)?;
    if known.requires_reset {
        return Err(errors::MEMBER_RESET_PASSWORD.failure());
    }
    if !known.hash.verify(password) {
        b2b.project.locks.count_failure(&address, call.now);
        return Err(errors::WRONG_PASSWORD.failure());
    }
    let config = &b2b.project.password_config;
    if config.requires_reset(password, &address) {
        return Err(errors::MEMBER_RESET_PASSWORD.failure());
    }
    b2b.project.locks.forget_failures(&address);
    let user = Discoverer {
        factor: Factor::password(call.now),
        email_address: address,
        tenants: Vec::new(),
    };
    Ok(Reply::ok(discovery::begin(b2b, ids, user, call.now)))
}

/// `POST /v1/b2b/passwords/discovery/email/reset/start`. The user does not need to be a member.
pub(crate) fn start(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let order = ResetOrder::read(fields, "pkce_code_challenge")?;
    redirects::read(
        fields,
        "discovery_redirect_url",
        &errors::INVALID_DISCOVERY_REDIRECT_URL,
    )?;

    b2b.admit_cross_org()?;
    outbox.admit(&address, call.now)?;
    let to = (address.clone(), ids.id("email"), address);
    let link = order.link(ids, to, call);
    b2b.discovery_resets.send(
        outbox,
        (Product::B2b, Kind::ResetPassword),
        (&order.redirect_url, &[("stytch_token_type", "discovery")]),
        link,
        call.now,
    );
    Ok(Reply::ok(json!({})))
}

/// `POST /v1/b2b/passwords/discovery/email/reset`. Sets the shared password, ends the sessions of the members with this
/// address, and starts an intermediate session that proves the address, too.
pub(crate) fn reset(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("password_reset_token")?;
    let token = token.ok_or(&errors::INVALID_TOKEN)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let attempt = attempt(token, fields.text("pkce_code_verifier")?);

    b2b.admit_cross_org()?;
    let link = b2b.discovery_resets.usable_reset(&attempt, call.now)?;
    let link = link.clone();
    let config = &b2b.project.password_config;
    config.admit(password, &link.email_address)?;
    b2b.set_shared_password(ids, &link.email_address, password);
    for member in b2b.with_address(&link.email_address) {
        b2b.project.sessions.revoke_all_of(&member.member_id);
    }
    outbox.mark_used(link.message_id);
    b2b.discovery_resets.use_up(link.clone());
    let user = Discoverer {
        factor: Factor::magic_link(&link.email_id, &link.email_address, call.now),
        email_address: link.email_address,
        tenants: Vec::new(),
    };
    let more = vec![Factor::password(call.now)];
    let begun = discovery::begin_with(b2b, ids, user, more, call.now);
    Ok(Reply::ok(begun))
}
