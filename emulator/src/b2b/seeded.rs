//! The organizations and members of a seed.

use serde_json::{Value, json};

use super::B2b;
use super::authorization::roles_in;
use super::member::{Member, Status};
use super::oauth_accounts::registration_of;
use super::org_policy;
use super::organization::Organization;
use super::organizations::{external_id, slug};
use super::passwords::PREFIX;
use super::scim;
use super::settings::{self, Settings};
use super::sso;
use super::sso::seeded::SeededConnections;
use crate::addresses::email_address;
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::fields::Fields;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::passwords::Password;
use crate::product::Product;
use crate::rbac::policy::{self, Role};
use crate::seeded_factors::{self, SeededAccount, SeededPassword};

/// Adds an organization in the form that the API returns, with its `members`, `saml_connections`, `oidc_connections`,
/// `external_connections` and `scim_connection`.
pub(crate) fn add_organization(
    b2b: &mut B2b,
    ids: &mut Ids,
    mut given: Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    let members = given.objects("members")?;
    let connections = SeededConnections::take(&mut given)?;
    let scim = match given.has("scim_connection") {
        true => Some(given.object("scim_connection")?),
        false => None,
    };
    let organization = read_organization(b2b, ids, &mut given, now)?;
    let organizations = &b2b.organizations;
    let id = organization.organization_id.clone();
    if organizations.find(&id).is_ok() {
        return Err(given.refused("organization_id", "is the id of another organization"));
    }
    if organizations.has_slug(&organization.organization_slug) {
        return Err(given.refused("organization_slug", "is the slug of another organization"));
    }
    let external_id = organization.organization_external_id.as_deref();
    if external_id.is_some_and(|id| organizations.has_external_id(id)) {
        let message = "is the external id of another organization";
        return Err(given.refused("organization_external_id", message));
    }
    given.finish(&json!(organization))?;
    b2b.organizations.put(organization.clone());
    connections.add(b2b, ids, &organization, now)?;
    let directory = match scim {
        Some(scim) => Some(scim::seeded::add_connection(b2b, ids, &organization, scim)?),
        None => None,
    };
    for member in members {
        add_member(b2b, ids, &organization, member, now)?;
    }
    match directory {
        Some(directory) => directory.add(b2b, ids, &organization, now),
        None => Ok(()),
    }
}

fn read_organization(
    b2b: &B2b,
    ids: &mut Ids,
    given: &mut Given,
    now: UnixSeconds,
) -> Result<Organization, SeedError> {
    let id = given.id("organization_id", "organization", ids)?;
    let name = given.text("organization_name")?;
    let name = name.filter(|name| (1..=128).contains(&name.chars().count()));
    let name = name.ok_or_else(|| {
        given.refused("organization_name", "is required, with 1 to 128 characters")
    })?;
    let logo = given.text("organization_logo_url")?;
    let created_at = given.time("created_at")?;
    let updated_at = given.time("updated_at")?;
    let custom_roles = given.take("custom_roles");
    let fields = given.fields(&settings::NAMES);
    let own = given.fields(&[
        "organization_slug",
        "organization_external_id",
        "trusted_metadata",
    ]);
    let read = || {
        let settings = Settings::read(&fields)?;
        let roles: Vec<&Role> = b2b.project.policy.roles.iter().collect();
        policy::validate_assigned(settings.implicit_role_ids(), &roles)?;
        let slug = slug(&own)?.unwrap_or_else(|| b2b.organizations.slug_for(&name));
        let mut organization = Organization::new(ids, &name, slug, settings, now);
        organization.organization_external_id = external_id(&own)?;
        let metadata = own.object("trusted_metadata")?;
        let empty = Object::new();
        merge::metadata(
            &mut organization.trusted_metadata,
            metadata.unwrap_or(&empty),
        )?;
        if let Some(roles) = custom_roles {
            let body = json!({ "org_policy": { "roles": roles } });
            let roles = org_policy::custom_roles(&Fields::from(merge::object(body)))?;
            b2b.project.policy.validate_custom_roles(&roles)?;
            organization.custom_roles = roles;
        }
        Ok(organization)
    };
    let mut organization: Organization =
        read().map_err(|failure: Failure| given.failed(&failure))?;
    organization.organization_logo_url = logo.unwrap_or_default();
    organization.organization_id = id.unwrap_or(organization.organization_id);
    organization.created_at = created_at.unwrap_or(organization.created_at);
    organization.updated_at = updated_at.unwrap_or(organization.updated_at);
    Ok(organization)
}

/// Adds a member in the form that the API returns. A role may be an object with a `role_id`, or only the id. `password` is
/// the password itself or a hash, and `totp` is an authenticator app with its secret.
fn add_member(
    b2b: &mut B2b,
    ids: &mut Ids,
    organization: &Organization,
    mut given: Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    if let Some(roles) = given.take("roles") {
        given.put("roles", ids_of_roles(roles));
    }
    let fields = given.fields(&[
        "email_address",
        "name",
        "is_breakglass",
        "mfa_enrolled",
        "mfa_phone_number",
        "external_id",
        "roles",
        "trusted_metadata",
        "untrusted_metadata",
    ]);
    let address =
        email_address(&fields, "email_address").map_err(|failure| given.failed(&failure))?;
    let address = address.ok_or_else(|| given.refused("email_address", "is required"))?;
    let mut member = Member::new(ids, organization, address, Status::Active, now);
    member
        .describe(&fields)
        .and_then(|()| {
            let role_ids = member.role_ids();
            let role_ids = role_ids.iter().map(String::as_str);
            policy::validate_assigned(role_ids, &roles_in(b2b, organization))
        })
        .map_err(|failure| given.failed(&failure))?;
    if given.flag("email_address_verified")? == Some(true) {
        member.verify_email(organization, now);
    }
    match given.text("status")?.as_deref() {
        None | Some("active") => {}
        Some("pending") => member.status = Status::Pending,
        Some(_) => return Err(given.refused("status", "must be active or pending")),
    }
    if let Some(id) = given.id("member_id", "member", ids)? {
        member.member_id = id;
    }
    take_accounts(&mut member, ids, &mut given)?;
    sso::seeded::take_registrations(b2b, ids, &mut member, &mut given)?;
    if given.has("scim_registration") {
        let message = "follows from the users of scim_connection";
        return Err(given.refused("scim_registration", message));
    }
    let lock = seeded_factors::take_lock(&mut given, now)?;
    member.set_lock(lock);
    take_second_factors(b2b, &mut member, ids, &mut given, now)?;
    take_password(b2b, &mut member, ids, &mut given)?;
    given.ignore(&["organization_id", "created_at", "updated_at", "is_admin"]);
    if b2b.members.by_id(&member.member_id).is_ok() {
        return Err(given.refused("member_id", "is the id of another member"));
    }
    let unique = b2b.members.validate_unique(&member);
    unique.map_err(|failure| given.failed(&failure))?;
    given.finish(&json!(member))?;
    if let Some(lock) = lock {
        b2b.project.locks.lock(&member.member_id, lock);
    }
    b2b.members.put(member);
    Ok(())
}

fn take_accounts(member: &mut Member, ids: &mut Ids, given: &mut Given) -> Result<(), SeedError> {
    let kind = (Product::B2b, "member_oauth_registration_id");
    for account in given.objects("oauth_registrations")? {
        let account = SeededAccount::read(account, ids, kind, Some(&member.email_address))?;
        if registration_of(member, account.provider, &account.subject).is_some() {
            return Err(given.refused("oauth_registrations", "has an account twice"));
        }
        member.oauth_registrations.push(json!({
            "provider_type": account.provider.r#type,
            "provider_subject": account.subject,
            "member_oauth_registration_id": account.registration_id,
            "profile_picture_url": account.profile_picture_url,
            "locale": account.locale,
        }));
    }
    Ok(())
}

/// Takes `totp`, `mfa_phone_number_verified` and `default_mfa_method`. The default of the latter is a verified factor.
fn take_second_factors(
    b2b: &mut B2b,
    member: &mut Member,
    ids: &mut Ids,
    given: &mut Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    if given.flag("mfa_phone_number_verified")? == Some(true) {
        if member.mfa_phone_number.is_empty() {
            return Err(given.refused("mfa_phone_number_verified", "needs mfa_phone_number"));
        }
        member.mfa_phone_number_verified = true;
        "sms_otp".clone_into(&mut member.default_mfa_method);
    }
    if given.has("totp") {
        let mut totp = given.object("totp")?;
        if let Some(id) = given.take("totp_registration_id") {
            totp.put("totp_id", id);
        }
        let app = seeded_factors::authenticator(totp, ids, &member.member_id, now)?;
        let is_taken = |known: &Member| known.totp_registration_id == app.totp_id;
        if b2b.members.iter().any(is_taken) {
            return Err(given.refused("totp", "has the id of another app"));
        }
        member.totp_registration_id.clone_from(&app.totp_id);
        if member.default_mfa_method.is_empty() {
            "totp".clone_into(&mut member.default_mfa_method);
        }
        b2b.project.authenticators.put(app);
    }
    let fields = given.fields(&["default_mfa_method"]);
    member
        .update(&fields)
        .map_err(|failure| given.failed(&failure))
}

fn take_password(
    b2b: &mut B2b,
    member: &mut Member,
    ids: &mut Ids,
    given: &mut Given,
) -> Result<(), SeedError> {
    let outer = given.id("member_password_id", PREFIX, ids)?;
    let password = SeededPassword::take(given, ids, PREFIX)?;
    let Some(password) = password else {
        return match outer {
            Some(_) => Err(given.refused("member_password_id", "needs password")),
            None => Ok(()),
        };
    };
    let drawn = ids.id(PREFIX);
    let password_id = outer.or(password.password_id).unwrap_or(drawn);
    let passwords = &b2b.project.passwords;
    if passwords.get(&password_id).is_some() && !b2b.project.password_config.cross_org_passwords {
        return Err(given.refused("member_password_id", "is the id of another password"));
    }
    b2b.adopt_password(
        member,
        Password {
            password_id,
            subject: String::new(),
            hash: password.hash,
            requires_reset: password.requires_reset,
        },
    );
    Ok(())
}

/// Replaces each role object by its id.
fn ids_of_roles(roles: Value) -> Value {
    match roles {
        Value::Array(roles) => roles
            .into_iter()
            .map(|role| role.get("role_id").cloned().unwrap_or(role))
            .collect(),
        other => other,
    }
}
