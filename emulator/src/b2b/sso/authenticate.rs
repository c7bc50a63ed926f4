//! The end of a log-in with SSO: the token of the redirect becomes a session.

use serde_json::{Value, json};

use super::connection::{Connection, Protocol};
use super::logins::Identity;
use crate::b2b::B2b;
use crate::b2b::log_in::{self, Presence};
use crate::b2b::member::{Member, Status};
use crate::b2b::requirements::meets_primary;
use crate::b2b::second_factor_sms;
use crate::call::{Call, Reply};
use crate::codes;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::links;
use crate::outbox::Outbox;
use crate::shapes;

/// `POST /v1/b2b/sso/authenticate`. A user who is not a member joins, if the organization allows it for the connection.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("sso_token")?.ok_or(&errors::INVALID_TOKEN)?;
    let verifier = fields.text("pkce_code_verifier")?;
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;
    if !shapes::is_token(token) {
        return Err(errors::INVALID_TOKEN.failure());
    }
    let found = b2b.logins.token(token, call.now);
    let found = found.ok_or(&errors::SSO_TOKEN_NOT_FOUND)?.clone();
    links::verify_code_verifier(found.code_challenge.as_deref(), verifier)?;
    let connection = b2b.connections.get(&found.connection_id);
    let connection = connection.ok_or(&errors::SSO_TOKEN_NOT_FOUND)?.clone();
    let organization = b2b.organizations.find(&connection.organization_id)?.clone();
    let identity = &found.identity;
    let mut member = match b2b.sso_member(&connection, identity) {
        Some(member) => member.clone(),
        None => {
            b2b.admit_by_sso(&connection)?;
            let address = identity.email_address.clone();
            let member = Member::new(ids, &organization, address, Status::Pending, call.now);
            b2b.validate_new_email(&member, &member.email_address, call.now)?;
            member
        }
    };
    if member.name.is_empty() {
        member.name.clone_from(&identity.name);
    }
    let registration_id = member.link_connection(ids, &connection, identity);
    member.replace_sources_of(&connection.connection_id, connection.sources_for(identity));
    let factor = factor(b2b, &connection, (&registration_id, identity), call)?;
    // The address of a member who has changed it at the identity provider is not that of the log-in. A method that the
    // organization does not allow proves nothing.
    let factors = std::slice::from_ref(&factor);
    if member.email_address == identity.email_address
        && meets_primary(&organization, Some(&member), factors)
    {
        member.verify_email(&organization, call.now);
    }
    let member_and = (&member, &organization);
    let outcome = log_in::complete(b2b, ids, member_and, factor, &presence, call)?;
    let outcome = second_factor_sms::initiate(b2b, ids, outbox, member_and, outcome, call);
    b2b.logins.remove_token(token);
    b2b.members.put(member.clone());
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
        "reset_session": false,
    })))
}

fn factor(
    b2b: &B2b,
    connection: &Connection,
    (registration_id, identity): (&str, &Identity),
    call: &Call,
) -> Result<Factor, Failure> {
    let details = json!({
        "id": registration_id,
        "provider_id": connection.connection_id,
        "external_id": identity.external_id,
    });
    let (method, name) = match b2b.used_connection(connection)?.protocol {
        Protocol::Oidc(_) => ("sso_oidc", "oidc_sso_factor"),
        _ => ("sso_saml", "saml_sso_factor"),
    };
    Ok(Factor::new(
        "sso",
        method,
        json!({ name: details }),
        call.now,
    ))
}

impl B2b {
    /// Finds the member who has logged in with this account before, or else the member with the email address.
    pub(super) fn sso_member(
        &self,
        connection: &Connection,
        identity: &Identity,
    ) -> Option<&Member> {
        let id = &connection.organization_id;
        let has_account = |member: &&Member| {
            let mut accounts = member.sso_registrations.iter();
            accounts.any(|account| {
                let text = |name: &str| account.get(name).and_then(Value::as_str);
                text("connection_id") == Some(&connection.connection_id)
                    && text("external_id") == Some(&identity.external_id)
            })
        };
        let by_account = self.members.of(id).find(has_account);
        by_account.or_else(|| self.members.with_email(id, &identity.email_address))
    }

    /// Returns an error unless users of this connection may join its organization.
    pub(super) fn admit_by_sso(&self, connection: &Connection) -> Result<(), Failure> {
        let organization = self.organizations.find(&connection.organization_id)?;
        match organization.admits_connection(&connection.connection_id) {
            true => Ok(()),
            false => Err(errors::INVALID_CONNECTION_FOR_JIT.failure()),
        }
    }
}

impl Connection {
    /// Returns the roles that the connection assigns to this user, each with its source.
    fn sources_for(&self, identity: &Identity) -> Vec<(String, Value)> {
        let (of_all, of_groups) = match &self.protocol {
            Protocol::Saml(saml) => (&saml.connection_roles, &saml.group_roles),
            Protocol::External(external) => (
                &external.external_connection_implicit_role_assignments,
                &external.external_group_implicit_role_assignments,
            ),
            Protocol::Oidc(_) => return Vec::new(),
        };
        let text = |row: &Value, name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let id = &self.connection_id;
        let by_connection = of_all.iter().map(|row| {
            let source = json!({ "type": "sso_connection", "details": { "connection_id": id } });
            (text(row, "role_id"), source)
        });
        let is_own = |row: &&Value| identity.groups.contains(&text(row, "group"));
        let by_group = of_groups.iter().filter(is_own).map(|row| {
            let details = json!({ "connection_id": id, "group": text(row, "group") });
            let source = json!({ "type": "sso_connection_group", "details": details });
            (text(row, "role_id"), source)
        });
        by_connection.chain(by_group).collect()
    }
}

impl Member {
    /// Records an account at a connection, and returns the id of its registration.
    fn link_connection(
        &mut self,
        ids: &mut Ids,
        connection: &Connection,
        identity: &Identity,
    ) -> String {
        let is_it = |account: &&mut Value| {
            let text = |name: &str| account.get(name).and_then(Value::as_str);
            text("connection_id") == Some(&connection.connection_id)
                && text("external_id") == Some(&identity.external_id)
        };
        let attributes = json!(identity.attributes);
        if let Some(Value::Object(account)) = self.sso_registrations.iter_mut().find(is_it) {
            account.insert("sso_attributes".into(), attributes);
            let id = account.get("registration_id").and_then(Value::as_str);
            return id.unwrap_or_default().to_owned();
        }
        let id = ids.id(connection.registration_prefix());
        self.sso_registrations.push(json!({
            "connection_id": connection.connection_id,
            "external_id": identity.external_id,
            "registration_id": id,
            "sso_attributes": attributes,
        }));
        id
    }
}
