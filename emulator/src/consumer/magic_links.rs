//! Magic links for users: sending one by email, creating one for the caller's own messages, and logging in with it.
//! Invitations are in `invites.rs`.

use serde_json::json;

use super::Consumer;
use super::log_in;
use super::recipients::{self, Address, Recipient};
use super::selected::Selector;
use super::user::Status;
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
use crate::sessions::Attributes;

/// `POST /v1/magic_links/email/login_or_create`.
pub(crate) fn login_or_create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let letters = Letters::read(fields)?;
    let status = Status::of_new_user(fields)?;

    outbox.admit(&address, call.now)?;
    let to = Address::Email(address);
    let recipient = recipients::existing_or_new(consumer, ids, &to, status, call.now);
    let letter = letters.of(&recipient);
    mail(consumer, (ids, outbox), &recipient, &to, letter, call);
    Ok(Reply::ok(json!({
        "user_id": recipient.user.user_id,
        "email_id": recipient.method_id,
        "user_created": recipient.user_created,
    })))
}

/// `POST /v1/magic_links/email/send`. If the call selects a user, the address is added to that user.
pub(crate) fn send(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let letters = Letters::read(fields)?;
    let selector = Selector::read(fields)?;

    outbox.admit(&address, call.now)?;
    let to = Address::Email(address);
    let recipient = recipients::existing(consumer, ids, &to, selector.as_ref(), call.now)?;
    let letter = letters.of(&recipient);
    mail(consumer, (ids, outbox), &recipient, &to, letter, call);
    Ok(Reply::ok(json!({
        "user_id": recipient.user.user_id,
        "email_id": recipient.method_id,
    })))
}

/// `POST /v1/magic_links`. Returns the token of a link that the caller delivers. Using it verifies nothing.
pub(crate) fn create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = fields.text("user_id")?.ok_or(&errors::INVALID_USER_ID)?;
    let minutes = links::expiration_minutes(fields, "expiration_minutes", 60)?;
    let attributes = Attributes::read(fields)?;

    let user_id = consumer.users.find(user_id)?.user_id.clone();
    let link = Link {
        token: ids.opaque_token(),
        subject: user_id.clone(),
        email_id: ids.id(EMBEDDABLE),
        // An embeddable link is not bound to an address.
        email_address: String::new(),
        expires_at: call.now.plus_minutes(minutes),
        code_challenge: None,
        attributes,
        used: false,
        message_id: 0,
    };
    let reply = json!({ "user_id": user_id, "token": link.token });
    consumer.project.links.put(link);
    Ok(Reply::ok(reply))
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
    let attempt = attempt(fields, token)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = consumer.project.links.usable(&attempt, call.now)?.clone();
    let mut user = consumer.users.find(&link.subject)?.clone();
    user.verify(&link.email_id);
    let login = (user, factor_of(&link, call));
    let done = log_in::complete(consumer, ids, login, attempt.attributes, &asked, call.now)?;
    outbox.mark_used(link.message_id);
    let method_id = link.email_id.clone();
    consumer.project.links.use_up(link);
    let about = json!({ "method_id": method_id, "reset_sessions": done.reset_sessions });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}

/// Reads the fields of a call that uses the link with this token.
pub(super) fn attempt<'a>(fields: &'a Fields, token: &'a str) -> Result<Attempt<'a>, Failure> {
    let (ip_match, user_agent_match) = required_matches(fields)?;
    Ok(Attempt {
        token,
        code_verifier: fields.text("code_verifier")?,
        attributes: Attributes::read(fields)?,
        ip_match,
        user_agent_match,
    })
}

/// Reads `options`: whether the IP address, and whether the user agent, must be that of the request.
pub(super) fn required_matches(fields: &Fields) -> Result<(bool, bool), Failure> {
    let options = fields.inner("options")?.unwrap_or_default();
    let flag = |name| Ok::<_, Failure>(options.flag(name)?.unwrap_or_default());
    Ok((
        flag("ip_match_required")?,
        flag("user_agent_match_required")?,
    ))
}

/// What a mail says, and how long its link works.
pub(super) struct Letter {
    pub(super) kind: Kind,
    pub(super) redirect_url: String,
    pub(super) minutes: i64,
    pub(super) code_challenge: Option<String>,
    pub(super) attributes: Attributes,
}

/// The fields of a call for both mails: to an active user, and to a pending or new user.
struct Letters {
    login: (String, i64),
    signup: (String, i64),
    code_challenge: Option<String>,
    attributes: Attributes,
}

impl Letters {
    fn read(fields: &Fields) -> Result<Self, Failure> {
        let login_url =
            redirects::read(fields, "login_magic_link_url", &errors::INVALID_LOGIN_URL)?;
        let signup_url =
            redirects::read(fields, "signup_magic_link_url", &errors::INVALID_SIGNUP_URL)?;
        let login_minutes = links::expiration_minutes(fields, "login_expiration_minutes", 60)?;
        let signup_minutes =
            links::expiration_minutes(fields, "signup_expiration_minutes", 10_080)?;
        let attributes = Attributes::read(fields)?;
        let code_challenge = links::code_challenge(fields, "code_challenge")?;
        links::validate_locale(fields)?;
        fields.ignored_texts(&["login_template_id", "signup_template_id"])?;
        Ok(Self {
            login: (login_url, login_minutes),
            signup: (signup_url, signup_minutes),
            code_challenge,
            attributes,
        })
    }

    fn of(self, recipient: &Recipient) -> Letter {
        let signs_up = recipient.user_created || recipient.user.status == Status::Pending;
        let (kind, (redirect_url, minutes)) = match signs_up {
            true => (Kind::Signup, self.signup),
            false => (Kind::Login, self.login),
        };
        Letter {
            kind,
            redirect_url,
            minutes,
            code_challenge: self.code_challenge,
            attributes: self.attributes,
        }
    }
}

/// Creates a link and sends it.
pub(super) fn mail(
    consumer: &mut Consumer,
    (ids, outbox): (&mut Ids, &mut Outbox),
    recipient: &Recipient,
    to: &Address,
    letter: Letter,
    call: &Call,
) {
    let link = Link {
        token: ids.opaque_token(),
        subject: recipient.user.user_id.clone(),
        email_id: recipient.method_id.clone(),
        email_address: to.text().to_owned(),
        expires_at: call.now.plus_minutes(letter.minutes),
        code_challenge: letter.code_challenge,
        attributes: letter.attributes,
        used: false,
        message_id: 0,
    };
    let params = [("stytch_token_type", "magic_links")];
    consumer.project.links.send(
        outbox,
        (Product::Consumer, letter.kind),
        (&letter.redirect_url, &params),
        link,
        call.now,
    );
}

fn factor_of(link: &Link, call: &Call) -> Factor {
    if link.email_address.is_empty() {
        Factor::embeddable_magic_link(&link.email_id, call.now)
    } else {
        Factor::magic_link(&link.email_id, &link.email_address, call.now)
    }
}

/// Assumption: the prefix of the id of an embeddable link.
const EMBEDDABLE: &str = "embeddable-magic-link";
