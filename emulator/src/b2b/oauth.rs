//! Log-ins of members with OAuth providers, in an organization or through discovery.
//!
//! An account belongs to the member who has it, or else to the member with its email address. Assumption: an address that
//! the provider has not verified proves nothing, so a log-in with such an account is refused if no member has the account.

use serde_json::json;

use super::B2b;
use super::discovery::{self, Discoverer, Tenant};
use super::log_in::{self, Presence};
use super::member::{Member, Status};
use super::oauth_accounts::{self, Account};
use super::organization::Organization;
use super::requirements::meets_primary;
use super::second_factor_sms;
use crate::call::{Call, Reply};
use crate::codes;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::oauth::account::Identity;
use crate::oauth::flow::{Flow, Names, Purpose};
use crate::oauth::providers::Provider;
use crate::outbox::Outbox;
use crate::product::Product;
use crate::session_asked::SessionAsked;

/// `GET /v1/b2b/public/oauth/{provider}/start`. Redirects to the page that stands for the provider.
pub(crate) fn start(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let params = Fields::parse_form(call.request.query.as_bytes())?;
    let id = match (params.text("organization_id")?, params.text("slug")?) {
        (Some(_), Some(_)) => return Err(errors::TOO_MANY_OAUTH_LOCATORS.failure()),
        (None, None) => return Err(errors::MISSING_OAUTH_LOCATOR.failure()),
        (Some(id), None) | (None, Some(id)) => id,
    };
    let organization_id = b2b.organizations.find(id)?.organization_id.clone();
    let purpose = Purpose::Organization { organization_id };
    begin(b2b, ids, (&params, purpose), &NAMES, call)
}

/// `GET /v1/b2b/public/oauth/{provider}/discovery/start`.
pub(crate) fn discovery_start(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let params = Fields::parse_form(call.request.query.as_bytes())?;
    let purpose = Purpose::Discovery;
    begin(b2b, ids, (&params, purpose), &DISCOVERY_NAMES, call)
}

fn begin(
    b2b: &mut B2b,
    ids: &mut Ids,
    (params, purpose): (&Fields, Purpose),
    names: &Names,
    call: &Call,
) -> Result<Reply, Failure> {
    let provider = Provider::find(call.path_param("provider"), Product::B2b)?;
    let flow = Flow::read(ids, params, (provider, purpose), names, call.now)?;
    let page = flow.page();
    b2b.project.oauth.begin(flow);
    Ok(Reply::redirect(page))
}

/// `POST /v1/b2b/oauth/authenticate`. If a factor is missing, returns an intermediate session token instead of a session.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("oauth_token")?.ok_or(&errors::INVALID_TOKEN)?;
    let presented = (token, fields.text("pkce_code_verifier")?);
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = b2b.project.oauth.usable(presented, false, call.now)?;
    let token = token.clone();
    let Purpose::Organization { organization_id } = &token.purpose else {
        return Err(errors::OAUTH_TOKEN_NOT_FOUND.failure());
    };
    let organization = b2b.organizations.find(organization_id)?.clone();
    let identity = &token.identity;
    let provider = Provider::find(&identity.provider, Product::B2b)?;
    let mut member = match known_member(b2b, &organization, provider, identity)? {
        Some(member) => member.clone(),
        None => join(b2b, ids, &organization, (provider, identity), call)?,
    };
    let allows = |method: &str| organization.settings.allows_method(method);
    if !member.is_breakglass && !allows(&provider.auth_method()) {
        return Err(errors::AUTH_METHOD_RESTRICTED
            .with_message("The organization does not allow log-ins with this provider."));
    }
    let id = oauth_accounts::registration_id(ids, &member, provider, identity);
    let factor = identity.factor(provider, &id, Some(&member.email_id), call.now);
    let proves_address = identity.verified_email() == Some(member.email_address.as_str());
    let factors = std::slice::from_ref(&factor);
    if proves_address && meets_primary(&organization, Some(&member), factors) {
        member.verify_email(&organization, call.now);
    }
    let login = (&member, &organization);
    let outcome = log_in::complete(b2b, ids, login, factor, &presence, call)?;
    let outcome = second_factor_sms::initiate(b2b, ids, outbox, login, outcome, call);
    let account = (provider, identity, &token.grant);
    oauth_accounts::register(b2b, &mut member, account, id, call.now);
    b2b.project.oauth.use_up(&token);
    b2b.members.put(member.clone());
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "provider_subject": identity.subject,
        "provider_type": provider.r#type,
        "provider_values": token.grant.values(),
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
        "reset_sessions": false,
    })))
}

/// `POST /v1/b2b/oauth/discovery/authenticate`. Starts an intermediate session. Assumption: a presented session has no
/// effect.
pub(crate) fn discovery_authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("discovery_oauth_token")?;
    let token = token.ok_or(&errors::INVALID_TOKEN)?;
    let presented = (token, fields.text("pkce_code_verifier")?);
    SessionAsked::read(fields)?;

    let token = b2b.project.oauth.usable(presented, true, call.now)?;
    let token = token.clone();
    let identity = token.identity.clone();
    let provider = Provider::find(&identity.provider, Product::B2b)?;
    let address = identity.verified_email();
    let address = address.ok_or(&errors::OAUTH_UNVERIFIED_EMAIL)?.to_owned();
    b2b.project.oauth.use_up(&token);
    let (registration_id, email_id) = (ids.id("oauth-user"), ids.id("email"));
    let user = Discoverer {
        email_address: address,
        factor: identity.factor(provider, &registration_id, Some(&email_id), call.now),
        tenants: tenants(&identity),
    };
    let reply = Reply::ok(discovery::begin(b2b, ids, user, call.now));
    let tenant = match identity.tenants.as_slice() {
        [only] => only.as_str(),
        _ => "",
    };
    let reply = reply.and(json!({
        "provider_type": provider.r#type,
        "provider_tenant_id": tenant,
        "provider_tenant_ids": identity.tenants,
        "full_name": identity.name,
    }));
    b2b.oauth_accounts.put(Account {
        registration_id,
        identity,
        grant: token.grant,
    });
    Ok(reply)
}

/// Whether the log-in of this account is that of a member. In discovery, every user is known.
pub(crate) fn is_known(b2b: &B2b, identity: &Identity, purpose: &Purpose) -> bool {
    let Purpose::Organization { organization_id } = purpose else {
        return true;
    };
    let organization = b2b.organizations.find(organization_id);
    let provider = Provider::find(&identity.provider, Product::B2b);
    let (Ok(organization), Ok(provider)) = (organization, provider) else {
        return false;
    };
    let known = known_member(b2b, organization, provider, identity);
    known.is_ok_and(|member| member.is_some_and(|member| member.status == Status::Active))
}

/// Returns an account of each member for the page that stands for the provider: the account that the member has, or one
/// that would be added. Of a log-in to an organization, only its members are returned.
pub(crate) fn accounts<'a>(
    b2b: &'a B2b,
    provider: &'a Provider,
    purpose: &'a Purpose,
) -> impl Iterator<Item = Identity> + 'a {
    let is_meant = |member: &&Member| match purpose {
        Purpose::Organization { organization_id } => member.organization_id == *organization_id,
        _ => true,
    };
    let members = b2b.members.iter().filter(|member| !member.is_deleted());
    members.filter(is_meant).filter_map(|member| {
        let known = oauth_accounts::subject_at(member, provider);
        let address = member.email_address.clone();
        Identity::suggested(provider, known, address, &member.name)
    })
}

/// Returns the slug that the redirect URL of a log-in to an organization contains.
pub(crate) fn slug(b2b: &B2b, purpose: &Purpose) -> Option<String> {
    let Purpose::Organization { organization_id } = purpose else {
        return None;
    };
    let organization = b2b.organizations.find(organization_id).ok()?;
    Some(organization.organization_slug.clone())
}

/// Returns the member of the organization to whom an account belongs, or who receives it.
fn known_member<'a>(
    b2b: &'a B2b,
    organization: &Organization,
    provider: &Provider,
    identity: &Identity,
) -> Result<Option<&'a Member>, Failure> {
    let id = &organization.organization_id;
    let owns = |member: &&Member| {
        oauth_accounts::registration_of(member, provider, &identity.subject).is_some()
    };
    if let Some(owner) = b2b.members.of(id).find(owns) {
        return Ok(Some(owner));
    }
    let address = identity.verified_email();
    let address = address.ok_or(&errors::OAUTH_UNVERIFIED_EMAIL)?;
    Ok(b2b.members.with_email(id, address))
}

/// Returns a new member, or an error if neither the domain of the address nor a workspace allows the user to join.
fn join(
    b2b: &B2b,
    ids: &mut Ids,
    organization: &Organization,
    (provider, identity): (&Provider, &Identity),
    call: &Call,
) -> Result<Member, Failure> {
    let settings = &organization.settings;
    let mut tenants = tenants(identity).into_iter();
    let is_admitted = tenants.any(|tenant| settings.admits_tenant(&tenant));
    if !is_admitted && let Err(failure) = settings.admit(&identity.email_address) {
        let restricted = settings.restricts_tenants();
        return Err(match provider.has_tenants && restricted {
            true => errors::INVALID_OAUTH_TENANT_FOR_JIT.failure(),
            false => failure,
        });
    }
    let address = identity.email_address.clone();
    let member = Member::new(ids, organization, address, Status::Pending, call.now);
    b2b.validate_new_email(&member, &member.email_address, call.now)?;
    Ok(member)
}

fn tenants(identity: &Identity) -> Vec<Tenant> {
    let tenants = identity.tenants.iter();
    tenants
        .map(|id| Tenant {
            provider: identity.provider.clone(),
            tenant_id: id.clone(),
        })
        .collect()
}

const NAMES: Names = Names {
    code_challenge: "pkce_code_challenge",
    redirect_urls: [
        ("login_redirect_url", &errors::INVALID_LOGIN_OAUTH_URL),
        ("signup_redirect_url", &errors::INVALID_SIGNUP_OAUTH_URL),
    ],
};
const DISCOVERY_NAMES: Names = Names {
    code_challenge: "pkce_code_challenge",
    redirect_urls: [
        (
            "discovery_redirect_url",
            &errors::INVALID_DISCOVERY_REDIRECT_URL,
        ),
        (
            "discovery_redirect_url",
            &errors::INVALID_DISCOVERY_REDIRECT_URL,
        ),
    ],
};
