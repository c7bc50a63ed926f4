//! Log-ins of members with OAuth providers, in an organization and through discovery.

use serde_json::{Value, json};

use crate::oauth::{accepted, param, started};
use crate::stand::{Answer, SETTINGS, Stand};

const AUTHENTICATE: &str = "POST /v1/b2b/oauth/authenticate";
const DISCOVER: &str = "POST /v1/b2b/oauth/discovery/authenticate";
const EXCHANGE: &str = "POST /v1/b2b/discovery/intermediate_sessions/exchange";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Logs in to an organization up to the redirect, and returns its URL.
#[track_caller]
fn redirected(stand: &mut Stand, provider: &str, query: &str, account: Value) -> String {
    let path = format!("/v1/b2b/public/oauth/{provider}/start");
    let state = started(stand, &path, query);
    accepted(stand, &state, account)
}

#[track_caller]
fn log_in(stand: &mut Stand, provider: &str, slug: &str, account: Value) -> Answer {
    let url = redirected(stand, provider, &format!("slug={slug}"), account);
    stand.b2b(AUTHENTICATE, json!({ "oauth_token": param(&url, "token") }))
}

#[track_caller]
fn discovery_token(stand: &mut Stand, provider: &str, query: &str, account: Value) -> String {
    let path = format!("/v1/b2b/public/oauth/{provider}/discovery/start");
    let state = started(stand, &path, query);
    let url = accepted(stand, &state, account);
    assert_eq!(param(&url, "stytch_token_type"), "discovery_oauth");
    param(&url, "token")
}

#[track_caller]
fn discover(stand: &mut Stand, provider: &str, account: Value) -> Answer {
    let token = discovery_token(stand, provider, "", account);
    let body = json!({ "discovery_oauth_token": token });
    stand.b2b(DISCOVER, body)
}

fn ada() -> Value {
    json!({ "email_address": "ada@acme.example", "name": "Ada Lovelace" })
}

fn stored_tokens(stand: &mut Stand, done: &Answer, provider: &str) -> Answer {
    let (organization, member) = (
        done.text("/organization/organization_id"),
        done.text("/member_id"),
    );
    let path = format!("/v1/b2b/organizations/{organization}/members/{member}");
    let query = match provider {
        "slack" | "github" => "",
        _ => "?include_refresh_token=true",
    };
    let call = format!("GET {path}/oauth_providers/{provider}{query}");
    stand.b2b(&call, Value::Null)
}

#[test]
fn a_member_joins_by_domain_and_logs_in_again() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let urls = format!(
        "organization_id={acme}&login_redirect_url=https://app.example/in&signup_redirect_url=https://app.example/up"
    );
    let url = redirected(&mut stand, "google", &urls, ada());
    assert!(url.starts_with("https://app.example/up?stytch_token_type=oauth&token="));
    assert_eq!(param(&url, "slug"), "acme");
    let body = json!({ "oauth_token": param(&url, "token"), "session_duration_minutes": 30 });
    let first = stand.b2b(AUTHENTICATE, body.clone()).ok();
    assert_eq!(first.body["member_authenticated"], true);
    assert_eq!(first.text("/member/status"), "active");
    assert_eq!(first.body["member"]["email_address_verified"], true);
    let registration = &first.body["member"]["oauth_registrations"][0];
    assert_eq!(registration["provider_type"], "Google");
    let factor = &first.body["member_session"]["authentication_factors"][0];
    assert_eq!(
        factor["google_oauth_factor"]["id"],
        registration["member_oauth_registration_id"]
    );
    let tokens = stored_tokens(&mut stand, &first, "google").ok();
    for name in ["access_token", "refresh_token", "id_token", "scopes"] {
        assert_eq!(tokens.body[name], first.body["provider_values"][name]);
    }
    assert_eq!(tokens.body["access_token_expires_in"], 3600);
    stand
        .b2b(AUTHENTICATE, body)
        .refused(400, "oauth_token_not_found");

    let url = redirected(&mut stand, "google", &urls, ada());
    assert!(url.starts_with("https://app.example/in?"));
    let body = json!({ "oauth_token": param(&url, "token") });
    let second = stand.b2b(AUTHENTICATE, body).ok();
    assert_eq!(second.text("/member_id"), first.text("/member_id"));
    let registrations = second.body["member"]["oauth_registrations"].as_array();
    assert_eq!(registrations.unwrap().len(), 1);
    let tokens = stored_tokens(&mut stand, &second, "google").ok();
    assert_eq!(
        tokens.body["access_token"],
        second.body["provider_values"]["access_token"]
    );
}

#[test]
fn an_organization_decides_who_logs_in() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let stranger = json!({ "email_address": "eve@other.example" });
    log_in(&mut stand, "google", "acme", stranger)
        .refused(400, "invalid_email_for_jit_provisioning");
    stand.log_in_member(&acme, "ada@acme.example");

    // An account that only claims the address of a member is not an account of this member.
    let mut attacker = ada();
    attacker["email_verified"] = json!(false);
    attacker["subject"] = json!("attacker");
    log_in(&mut stand, "google", "acme", attacker).refused(400, "oauth_unverified_email");

    let change = format!("PUT /v1/b2b/organizations/{acme}");
    let settings =
        json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["microsoft_oauth"] });
    stand.b2b(&change, settings).ok();
    log_in(&mut stand, "google", "acme", ada())
        .refused(400, "operation_restricted_by_organization_auth_methods");
    log_in(&mut stand, "microsoft", "acme", ada()).ok();
}

#[test]
fn a_workspace_lets_its_users_join_who_then_prove_their_address() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let change = format!("PUT /v1/b2b/organizations/{acme}");
    let settings = json!({ "oauth_tenant_jit_provisioning": "RESTRICTED", "allowed_oauth_tenants": { "slack": ["T1"] } });
    stand.b2b(&change, settings).ok();
    let account =
        |tenants: &str| json!({ "email_address": "eve@other.example", "tenants": tenants });
    log_in(&mut stand, "slack", "acme", account("T2"))
        .refused(400, "invalid_oauth_tenant_for_jit_provisioning");
    // The workspace is one of Slack.
    log_in(&mut stand, "github", "acme", account("T1"))
        .refused(400, "invalid_oauth_tenant_for_jit_provisioning");
    let joined = log_in(&mut stand, "slack", "acme", account("T2 T1")).ok();
    assert_eq!(joined.body["member_authenticated"], false);
    assert_eq!(joined.text("/session_token"), "");
    let methods = joined.body["primary_required"]["allowed_auth_methods"].to_string();
    assert!(methods.contains("email_otp") && !methods.contains("slack_oauth"));
    let intermediate = joined.text("/intermediate_session_token");

    let send = json!({ "organization_id": acme, "email_address": "eve@other.example" });
    stand
        .b2b("POST /v1/b2b/magic_links/email/login_or_signup", send)
        .ok();
    let link = stand.mail()["token"].clone();
    let body = json!({ "magic_links_token": link, "intermediate_session_token": intermediate });
    let done = stand
        .b2b("POST /v1/b2b/magic_links/authenticate", body)
        .ok();
    assert_eq!(done.body["member_authenticated"], true);
    let again = log_in(&mut stand, "slack", "acme", account("T1")).ok();
    assert_eq!(again.body["member_authenticated"], true);
    let tokens = stored_tokens(&mut stand, &again, "slack").ok();
    assert_eq!(tokens.body["registrations"][0]["provider_tenant_id"], "T1");
}

#[test]
fn a_required_second_factor_is_sent_and_completes_the_log_in() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    stand.log_in_member(&acme, "ada@acme.example");
    let change = format!("PUT /v1/b2b/organizations/{acme}");
    stand
        .b2b(&change, json!({ "mfa_policy": "REQUIRED_FOR_ALL" }))
        .ok();
    let pending = log_in(&mut stand, "google", "acme", ada()).ok();
    assert_eq!(pending.body["member_session"], Value::Null);
    assert_eq!(pending.body["member_authenticated"], false);
    assert!(pending.body["mfa_required"].is_object());
    assert_eq!(pending.text("/intermediate_session_token").len(), 44);
}

#[test]
fn discovery_lists_organizations_and_the_account_follows_to_the_chosen_one() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    stand.log_in_member(&acme, "ada@acme.example");
    let found = discover(&mut stand, "google", ada()).ok();
    assert_eq!(found.text("/email_address"), "ada@acme.example");
    assert_eq!(found.text("/full_name"), "Ada Lovelace");
    assert_eq!(found.text("/provider_type"), "Google");
    assert_eq!(found.text("/provider_tenant_id"), "");
    assert_eq!(
        found.text("/discovered_organizations/0/organization/organization_id"),
        acme
    );
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    let token = found.text("/intermediate_session_token");
    let body = json!({ "intermediate_session_token": token, "organization_id": acme });
    let done = stand.b2b(EXCHANGE, body).ok();
    let registration = &done.body["member"]["oauth_registrations"][0];
    let factor = &done.body["member_session"]["authentication_factors"][0];
    let details = &factor["google_oauth_factor"];
    assert_eq!(details["id"], registration["member_oauth_registration_id"]);
    assert_eq!(
        details["provider_subject"],
        registration["provider_subject"]
    );
    stored_tokens(&mut stand, &done, "google").ok();
    let again = log_in(&mut stand, "google", "acme", ada()).ok();
    assert_eq!(again.text("/member_id"), done.text("/member_id"));

    let mut unverified = ada();
    unverified["email_verified"] = json!(false);
    discover(&mut stand, "github", unverified).refused(400, "oauth_unverified_email");
    let workspace = json!({ "email_address": "eve@other.example", "tenants": "T1" });
    let found = discover(&mut stand, "slack", workspace).ok();
    assert_eq!(found.text("/provider_tenant_id"), "T1");
}

#[test]
fn a_token_works_once_at_its_own_route_with_its_verifier() {
    let mut stand = Stand::new();
    stand.organization("acme");
    let challenge = format!("pkce_code_challenge={CHALLENGE}");
    let token = discovery_token(&mut stand, "google", &challenge, ada());
    let body =
        |verifier: &str| json!({ "discovery_oauth_token": token, "pkce_code_verifier": verifier });
    for (verifier, error_type) in [("", "pkce_expected_code_verifier"), ("x", "pkce_mismatch")] {
        stand.b2b(DISCOVER, body(verifier)).refused(400, error_type);
    }
    let elsewhere = json!({ "oauth_token": token, "pkce_code_verifier": VERIFIER });
    stand
        .b2b(AUTHENTICATE, elsewhere)
        .refused(400, "oauth_token_not_found");
    stand.b2b(DISCOVER, body(VERIFIER)).ok();
    stand
        .b2b(DISCOVER, body(VERIFIER))
        .refused(400, "oauth_token_not_found");
    let query = format!("slug=acme&{challenge}");
    let url = redirected(&mut stand, "google", &query, ada());
    let mut body = json!({ "oauth_token": param(&url, "token") });
    stand
        .b2b(AUTHENTICATE, body.clone())
        .refused(400, "pkce_expected_code_verifier");
    body["pkce_code_verifier"] = json!(VERIFIER);
    let elsewhere =
        json!({ "discovery_oauth_token": body["oauth_token"], "pkce_code_verifier": VERIFIER });
    stand
        .b2b(DISCOVER, elsewhere)
        .refused(400, "oauth_token_not_found");
    stand.later(300);
    stand
        .b2b(AUTHENTICATE, body)
        .refused(400, "oauth_token_not_found");
}

#[test]
fn an_account_with_another_address_does_not_verify_that_of_the_member() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let member = log_in(&mut stand, "google", "acme", ada()).ok();
    let route = format!(
        "PUT /v1/b2b/organizations/{acme}/members/{}",
        member.text("/member_id")
    );
    let moved = json!({ "email_address": "ada@new.example" });
    let moved = stand.b2b(&route, moved).ok();
    assert_eq!(moved.body["member"]["email_address_verified"], false);
    let again = log_in(&mut stand, "google", "acme", ada()).ok();
    assert_eq!(again.body["member_id"], member.body["member_id"]);
    assert_eq!(again.body["member"]["email_address"], "ada@new.example");
    assert_eq!(again.body["member"]["email_address_verified"], false);
}

#[test]
fn the_factors_of_another_user_do_not_count() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let change = format!("PUT /v1/b2b/organizations/{acme}");
    let settings = json!({
        "oauth_tenant_jit_provisioning": "RESTRICTED", "allowed_oauth_tenants": { "slack": ["T1"] },
        "mfa_policy": "REQUIRED_FOR_ALL",
    });
    stand.b2b(&change, settings).ok();
    let of_member = stand.log_in_member(&acme, "ada@acme.example");
    let of_discovery = discover(&mut stand, "google", ada()).ok();
    for of_ada in [of_member, of_discovery] {
        let eve = json!({ "email_address": "eve@other.example", "tenants": "T1" });
        let url = redirected(&mut stand, "slack", "slug=acme", eve);
        let token = of_ada.text("/intermediate_session_token");
        let body =
            json!({ "oauth_token": param(&url, "token"), "intermediate_session_token": token });
        let joined = stand.b2b(AUTHENTICATE, body).ok();
        assert_eq!(joined.body["member"]["email_address"], "eve@other.example");
        assert!(joined.body["primary_required"].is_object());
    }
}

#[test]
fn a_start_url_names_exactly_one_organization_and_a_provider_of_members() {
    let mut stand = Stand::new();
    stand.organization("acme");
    let token = SETTINGS.b2b.public_token();
    for (provider, query, status, error_type) in [
        ("google", "", 400, "missing_oauth_organization_locator"),
        (
            "google",
            "&slug=acme&organization_id=acme",
            400,
            "too_many_oauth_organization_locators",
        ),
        ("google", "&slug=other", 404, "organization_not_found"),
        ("discord", "&slug=acme", 400, "invalid_oauth_provider"),
    ] {
        let call = format!("GET /v1/b2b/public/oauth/{provider}/start?public_token={token}{query}");
        stand.open(&call, Value::Null).refused(status, error_type);
    }
}
