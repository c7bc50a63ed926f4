//! Invitations of users by email.

use serde_json::json;

use super::Consumer;
use super::magic_links::{Letter, mail};
use super::recipients::{Address, Recipient};
use super::user::{Status, User};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::links;
use crate::outbox::{Kind, Outbox};
use crate::redirects;
use crate::sessions::Attributes;

/// `POST /v1/magic_links/email/invite`. Creates a pending user, or invites a pending user again.
pub(crate) fn invite(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let url = redirects::read(fields, "invite_magic_link_url", &errors::INVALID_INVITE_URL)?;
    let minutes = links::expiration_minutes(fields, "invite_expiration_minutes", 60)?;
    let attributes = Attributes::read(fields)?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["invite_template_id"])?;
    let described = fields.only(&["name", "trusted_metadata", "untrusted_metadata"]);

    let to = Address::Email(address);
    let known = to.owner(consumer).cloned();
    let user_created = known.is_none();
    let mut user = known.unwrap_or_else(|| User::new(ids, Status::Pending, call.now));
    if user.status == Status::Active {
        return Err(errors::USER_ALREADY_INVITED.failure());
    }
    user.describe(&described)?;
    outbox.admit(to.text(), call.now)?;
    let recipient = Recipient {
        method_id: match user_created {
            true => to.add_to(&mut user, ids),
            false => to.id_in(&user),
        },
        user,
        user_created,
    };
    consumer.users.put(recipient.user.clone());
    let letter = Letter {
        kind: Kind::Invite,
        redirect_url: url,
        minutes,
        code_challenge: None,
        attributes,
    };
    mail(consumer, (ids, outbox), &recipient, &to, letter, call);
    Ok(Reply::ok(json!({
        "user_id": recipient.user.user_id,
        "email_id": recipient.method_id,
    })))
}

/// `POST /v1/magic_links/email/revoke_invite`. Deletes the pending user.
pub(crate) fn revoke_invite(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let address = email_address(&call.fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let user = consumer.users.with_email(&address);
    let invited = user.filter(|user| user.status == Status::Pending);
    let user_id = invited.map(|user| user.user_id.clone());
    let user_id = user_id.ok_or_else(|| {
        errors::EMAIL_NOT_FOUND.with_message("No user with this email address is invited.")
    })?;
    consumer.delete(&user_id);
    Ok(Reply::ok(json!({})))
}
