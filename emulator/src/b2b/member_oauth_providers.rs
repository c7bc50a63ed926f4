//! The tokens that OAuth providers and OpenID Connect connections issued for a member.

use serde_json::{Value, json};

use super::B2b;
use super::provider_tokens::ProviderTokens;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/google`.
pub(crate) fn google(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    newest(b2b, call, "google", "Google")
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/microsoft`.
pub(crate) fn microsoft(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    newest(b2b, call, "microsoft", "Microsoft")
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/slack`.
pub(crate) fn slack(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let registrations = all(b2b, call, "slack")?;
    Ok(Reply::ok(
        json!({ "provider_type": "Slack", "registrations": registrations }),
    ))
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/hubspot`.
pub(crate) fn hubspot(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let registrations = all(b2b, call, "hubspot")?;
    Ok(Reply::ok(
        json!({ "provider_type": "HubSpot", "registrations": registrations }),
    ))
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/github`.
pub(crate) fn github(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let registrations = all(b2b, call, "github")?;
    Ok(Reply::ok(
        json!({ "provider_type": "GitHub", "registrations": registrations }),
    ))
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/oidc_providers`.
pub(crate) fn oidc(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::ok(
        json!({ "registrations": all(b2b, call, "oidc")? }),
    ))
}

/// Returns the tokens of the newest account at the provider.
fn newest(
    b2b: &B2b,
    call: &Call,
    provider: &'static str,
    provider_type: &str,
) -> Result<Reply, Failure> {
    let mut accounts = all(b2b, call, provider)?;
    let newest = accounts.pop();
    let newest = newest.ok_or(&errors::MEMBER_OAUTH_REGISTRATION_NOT_FOUND)?;
    Ok(Reply::ok(json!({ "provider_type": provider_type })).and(newest))
}

/// Returns the tokens of all accounts at the provider, oldest first.
fn all(b2b: &B2b, call: &Call, provider: &'static str) -> Result<Vec<Value>, Failure> {
    let has_refresh_token = call.query_flag("include_refresh_token")?;
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let member = b2b.members.find(id, call.path_param("member_id"))?;
    let accounts = b2b.provider_tokens.of(&member.member_id, provider);
    let view = |tokens: &ProviderTokens| Value::Object(tokens.view(has_refresh_token, call.now));
    Ok(accounts.map(view).collect())
}
