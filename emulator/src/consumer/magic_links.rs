//! Magic links for users: sending one by email, and logging in with it.

use serde_json::json;

use super::Consumer;
use super::sessions;
use super::user::{Status, User};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links::{self, Attempt, Link};
use crate::outbox::{Kind, Outbox};
use crate::product::Product;
use crate::redirects;
use crate::session_asked::SessionAsked;
use crate::sessions::{Attributes, Proof};

/// `POST /v1/magic_links/email/login_or_create`.
pub(crate) fn login_or_create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let login_url = redirects::read(fields, "login_magic_link_url", &errors::INVALID_LOGIN_URL)?;
    let signup_url = redirects::read(fields, "signup_magic_link_url", &errors::INVALID_SIGNUP_URL)?;
    let login_minutes = links::expiration_minutes(fields, "login_expiration_minutes", 60)?;
    let signup_minutes = links::expiration_minutes(fields, "signup_expiration_minutes", 10_080)?;
    let attributes = Attributes::read(fields)?;
    let pending = fields.flag("create_user_as_pending")?.unwrap_or_default();
    let code_challenge = links::code_challenge(fields, "code_challenge")?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id", "signup_template_id"])?;

    let known = consumer.users.with_email(&address).cloned();
    let user_created = known.is_none();
    let user = known.unwrap_or_else(|| {
        let status = if pending {
            Status::Pending
        } else {
            Status::Active
        };
        let mut user = User::new(ids, status, call.now);
        user.add_email(ids, address.clone());
        consumer.users.put(user.clone());
        user
    });
    let signs_up = user_created || user.status == Status::Pending;
    let (kind, redirect_url, minutes) = match signs_up {
        true => (Kind::Signup, signup_url, signup_minutes),
        false => (Kind::Login, login_url, login_minutes),
    };
    let email = user.emails.iter().find(|email| email.email == address);
    let email_id = email
        .map(|email| email.email_id.clone())
        .unwrap_or_default();
    let token = ids.opaque_token();
    let params = [
        ("stytch_token_type", "magic_links"),
        ("token", token.as_str()),
    ];
    let mut link = Link {
        subject: user.user_id.clone(),
        email_id: email_id.clone(),
        email_address: address,
        expires_at: call.now.plus_minutes(minutes),
        code_challenge,
        attributes,
        used: false,
        message_id: 0,
        token: token.clone(),
    };
    let url = redirects::link(&redirect_url, &params);
    link.message_id = outbox.send(links::message(
        Product::Consumer,
        kind,
        &link,
        url,
        call.now,
    ));
    consumer.project.links.put(link);
    Ok(Reply::ok(
        json!({ "user_id": user.user_id, "email_id": email_id, "user_created": user_created }),
    ))
}

/// `POST /v1/magic_links/authenticate`. Marks the email address as verified. If a duration is given, starts a session.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("token")?.ok_or(&errors::INVALID_TOKEN)?;
    let options = fields.inner("options")?.unwrap_or_default();
    let wants = |fields: &Fields, name| Ok::<_, Failure>(fields.flag(name)?.unwrap_or_default());
    let attempt = Attempt {
        token,
        code_verifier: fields.text("code_verifier")?,
        attributes: Attributes::read(fields)?,
        ip_match: wants(&options, "ip_match_required")?,
        user_agent_match: wants(&options, "user_agent_match_required")?,
    };
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = consumer.project.links.usable(&attempt, call.now)?.clone();
    let mut user = consumer.users.find(&link.subject)?.clone();
    let proof = Proof {
        subject: user.user_id.clone(),
        roles: user.roles.clone(),
        factor: Factor::magic_link(&link.email_id, &link.email_address, call.now),
        attributes: attempt.attributes,
    };
    let session = consumer
        .project
        .log_in(ids, proof, &asked, None, call.now)?;
    // The link is marked as used only now: if the call is refused earlier, the link remains valid.
    outbox.mark_used(link.message_id);
    consumer.project.links.use_up(link.clone());
    user.status = Status::Active;
    user.emails
        .iter_mut()
        .filter(|email| email.email_id == link.email_id)
        .for_each(|email| email.verified = true);
    consumer.users.put(user.clone());

    let about = json!({ "user_id": user.user_id, "method_id": link.email_id, "user": user, "reset_sessions": false });
    Ok(Reply::ok(about).and(sessions::tokens(
        &consumer.project,
        session.as_ref(),
        call.now,
    )?))
}
