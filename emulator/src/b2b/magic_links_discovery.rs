//! Magic links of discovery: a link proves an email address before the user has chosen an organization.
//!
//! These links have a store of their own, so that they cannot be used on the routes for members.

use serde_json::json;

use super::B2b;
use super::discovery::{self, Discoverer};
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

/// `POST /v1/b2b/magic_links/email/discovery/send`.
pub(crate) fn send(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let redirect_url = redirects::read(
        fields,
        "discovery_redirect_url",
        &errors::INVALID_DISCOVERY_REDIRECT_URL,
    )?;
    let code_challenge = links::code_challenge(fields, "pkce_code_challenge")?;
    let minutes = links::expiration_minutes(fields, "discovery_expiration_minutes", 60)?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id"])?;

    let link = Link {
        // The user is not a member yet. The address identifies the user.
        subject: address.clone(),
        email_id: ids.id("email"),
        email_address: address,
        expires_at: call.now.plus_minutes(minutes),
        code_challenge,
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
        token: ids.opaque_token(),
    };
    b2b.discovery_links.send(
        outbox,
        (Product::B2b, Kind::Discovery),
        (&redirect_url, &[("stytch_token_type", "discovery")]),
        link,
        call.now,
    );
    Ok(Reply::ok(json!({})))
}

/// `POST /v1/b2b/magic_links/discovery/authenticate`. Starts an intermediate session.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("discovery_magic_links_token")?;
    let attempt = Attempt {
        token: token.ok_or(&errors::INVALID_TOKEN)?,
        code_verifier: fields.text("pkce_code_verifier")?,
        attributes: Attributes::default(),
        ip_match: false,
        user_agent_match: false,
    };
    let link = b2b.discovery_links.usable(&attempt, call.now)?.clone();
    outbox.mark_used(link.message_id);
    b2b.discovery_links.use_up(link.clone());
    let user = Discoverer {
        factor: Factor::magic_link(&link.email_id, &link.email_address, call.now),
        email_address: link.email_address,
        tenants: Vec::new(),
    };
    Ok(Reply::ok(discovery::begin(b2b, ids, user, call.now)))
}
