//! The email addresses of a member: updates that the member verifies, and retired addresses.

use serde_json::{Value, json};

use super::B2b;
use super::email_updates::{EmailUpdate, LIFETIME_MINUTES};
use super::magic_links::{self, Mail};
use super::member::{Member, Status};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::codes::Code;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::links;
use crate::outbox::{Channel, Kind, Outbox};
use crate::product::Product;
use crate::redirects;
use crate::sessions::Attributes;

/// `POST /v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update`. Sends a link or a code to the
/// new address. The member changes when the link or code is used.
pub(crate) fn start_update(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let redirect_url = redirects::read(
        fields,
        "login_redirect_url",
        &errors::INVALID_LOGIN_REDIRECT_URL,
    )?;
    let by_code = match fields.text("delivery_method")? {
        None | Some("EMAIL_MAGIC_LINK") => false,
        Some("EMAIL_OTP") => true,
        Some(_) => {
            return Err(errors::INVALID_ARGUMENT
                .with_message("The field delivery_method must be EMAIL_MAGIC_LINK or EMAIL_OTP."));
        }
    };
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id"])?;

    let (organization, member) = b2b.member_of_path(call)?;
    if member.status != Status::Active {
        return Err(errors::EMAIL_UPDATES_FOR_ACTIVE_MEMBERS.failure());
    }
    if !member.email_address_verified {
        return Err(errors::MEMBER_HAS_NO_VERIFIED_EMAIL.failure());
    }
    b2b.validate_new_email(&member, &address, call.now)?;
    let update = EmailUpdate {
        organization_id: organization.organization_id.clone(),
        member_id: member.member_id.clone(),
        email_id: member.email_id_for(ids, &address),
        email_address: address,
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
    };
    if by_code {
        send_code(b2b, ids, outbox, &update, call);
    } else {
        let mail = Mail {
            kind: Kind::Login,
            redirect_url,
            minutes: LIFETIME_MINUTES,
            code_challenge: None,
            email: (update.email_id.clone(), update.email_address.clone()),
        };
        magic_links::send(b2b, ids, outbox, (&member, &organization), mail, call.now);
    }
    b2b.email_updates.put(update);
    Ok(Reply::ok(
        json!({ "member_id": member.member_id, "member": member, "organization": organization }),
    ))
}

fn send_code(b2b: &mut B2b, ids: &mut Ids, outbox: &mut Outbox, update: &EmailUpdate, call: &Call) {
    let code = Code {
        channel: Channel::Email,
        method_id: update.email_id.clone(),
        code: ids.passcode(),
        subject: update.member_id.clone(),
        expires_at: update.expires_at,
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let to = (Product::B2b, update.email_address.as_str());
    b2b.project.codes.send(outbox, to, code, call.now);
}

/// `POST /v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email`.
pub(crate) fn unlink_retired(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let id = call.fields.text("email_id")?;
    let address = email_address(&call.fields, "email_address")?;
    if id.is_none() && address.is_none() {
        return Err(errors::RETIRED_EMAIL_MISSING_IDENTIFIERS.failure());
    }
    let (organization, mut member) = b2b.member_of_path(call)?;
    let is_meant = |retired: &Value| {
        let text = |name| retired.get(name).and_then(Value::as_str);
        id.is_none_or(|id| text("email_id") == Some(id))
            && address
                .as_deref()
                .is_none_or(|address| text("email_address") == Some(address))
    };
    let position = member.retired_email_addresses.iter().position(is_meant);
    let position = position.ok_or(&errors::RETIRED_EMAIL_NOT_FOUND)?;
    member.retired_email_addresses.remove(position);
    member.updated_at = call.now;
    b2b.members.put(member.clone());
    Ok(Reply::ok(json!({
        "member_id": member.member_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
    })))
}

impl Member {
    /// Changes the email address. The earlier address retires, unless it is unlinked.
    pub(super) fn change_email(&mut self, (id, address): (String, String), is_unlinked: bool) {
        if !is_unlinked {
            self.retired_email_addresses
                .push(json!({ "email_id": self.email_id, "email_address": self.email_address }));
        }
        self.retired_email_addresses
            .retain(|retired| retired.get("email_address") != Some(&json!(address)));
        (self.email_id, self.email_address) = (id, address);
        self.email_address_verified = false;
    }

    /// Returns the id of an address: the known id if the address is a retired address of this member, or else a new id.
    pub(super) fn email_id_for(&self, ids: &mut Ids, address: &str) -> String {
        let mut retired = self.retired_email_addresses.iter();
        let known = retired.find(|one| one.get("email_address") == Some(&json!(address)));
        let known = known.and_then(|one| one.get("email_id")?.as_str());
        known.map_or_else(|| ids.id("email"), str::to_owned)
    }
}
