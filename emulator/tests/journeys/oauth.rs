//! Log-ins of users with OAuth providers: the start URL, the page of the provider, and the token.

use serde_json::{Value, json};
use stytch_emulator::{Request, Response};

use crate::stand::{Answer, SETTINGS, Stand, open_jwt, request};

const AUTHENTICATE: &str = "POST /v1/oauth/authenticate";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub fn raw(stand: &mut Stand, request: &Request) -> Response {
    stand.emulator.handle(request, stand.now)
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let found = response.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

/// Opens a start URL, and returns the `state` of the provider's page.
#[track_caller]
pub fn started(stand: &mut Stand, path: &str, query: &str) -> String {
    let settings = &*SETTINGS;
    let project = match path.starts_with("/v1/b2b/") {
        true => &settings.b2b,
        false => &settings.consumer,
    };
    let token = project.public_token();
    let call = format!("GET {path}?public_token={token}&{query}");
    let response = raw(stand, &request(&call, None, Value::Null));
    let body = String::from_utf8_lossy(&response.body).into_owned();
    assert_eq!(response.status, 302, "{body}");
    let location = header(&response, "location");
    let state = location.strip_prefix("/_emulator/oauth?state=").unwrap();
    state.to_owned()
}

/// Answers the provider's page with an account, and returns the URL to which it redirects.
#[track_caller]
pub fn accepted(stand: &mut Stand, state: &str, mut account: Value) -> String {
    account["state"] = json!(state);
    let response = raw(stand, &request("POST /_emulator/oauth", None, account));
    let body = String::from_utf8_lossy(&response.body).into_owned();
    assert_eq!(response.status, 303, "{body}");
    header(&response, "location").to_owned()
}

fn start_url(provider: &str) -> String {
    let token = SETTINGS.consumer.public_token();
    format!("/v1/public/oauth/{provider}/start?public_token={token}")
}

/// The value of a parameter of a URL.
pub fn param(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1.as_bytes();
    let mut pairs = form_urlencoded::parse(query);
    pairs.find(|(known, _)| known == name).unwrap().1.into()
}

/// Logs in with a provider up to the redirect, and returns the token.
#[track_caller]
fn token(stand: &mut Stand, provider: &str, query: &str, account: Value) -> String {
    let state = started(stand, &format!("/v1/public/oauth/{provider}/start"), query);
    param(&accepted(stand, &state, account), "token")
}

fn authenticate(stand: &mut Stand, token: &str) -> Answer {
    let body = json!({ "token": token, "session_duration_minutes": 60 });
    stand.consumer(AUTHENTICATE, body)
}

fn ada() -> Value {
    json!({ "email_address": "Ada@example.com", "name": "Ada Lovelace" })
}

#[test]
fn a_new_user_signs_up_and_logs_in_again() {
    let mut stand = Stand::new();
    let urls =
        "login_redirect_url=https://app.example/in&signup_redirect_url=https://app.example/up?a=b";
    let path = "/v1/public/oauth/google/start";
    let state = started(&mut stand, path, urls);
    let url = accepted(&mut stand, &state, ada());
    assert!(url.starts_with("https://app.example/up?a=b&stytch_token_type=oauth&token="));
    let first = authenticate(&mut stand, &param(&url, "token")).ok();
    assert_eq!(first.text("/provider_type"), "Google");
    assert_eq!(first.text("/user/emails/0/email"), "ada@example.com");
    assert_eq!(first.body["user"]["emails"][0]["verified"], true);
    assert_eq!(first.text("/user/name/last_name"), "Lovelace");
    let subject = first.text("/provider_subject");
    let registration = first.text("/oauth_user_registration_id");
    assert!(registration.starts_with("oauth-user-test-"));
    let provider = &first.body["user"]["providers"][0];
    assert_eq!(provider["provider_subject"], subject);
    assert_eq!(provider["oauth_user_registration_id"], registration);
    let factor = &first.body["user_session"]["authentication_factors"][0];
    assert_eq!(factor["type"], "oauth");
    assert_eq!(factor["delivery_method"], "oauth_google");
    let details = json!({ "id": registration, "provider_subject": subject, "email_id": first.body["user"]["emails"][0]["email_id"] });
    assert_eq!(factor["google_oauth_factor"], details);
    let values = &first.body["provider_values"];
    assert_eq!(values["scopes"], json!(["openid", "email", "profile"]));
    let (_, claims) = open_jwt(values["id_token"].as_str().unwrap());
    assert_eq!(claims["sub"], subject);
    assert_eq!(claims["email"], "ada@example.com");

    let state = started(&mut stand, path, urls);
    let url = accepted(&mut stand, &state, ada());
    assert!(url.starts_with("https://app.example/in?stytch_token_type=oauth&token="));
    let second = authenticate(&mut stand, &param(&url, "token")).ok();
    assert_eq!(second.text("/user_id"), first.text("/user_id"));
    assert_eq!(second.text("/oauth_user_registration_id"), registration);
    assert_ne!(
        second.text("/provider_values/access_token"),
        first.text("/provider_values/access_token")
    );
    let read = format!("GET /v1/users/{}", first.text("/user_id"));
    let user = stand.consumer(&read, Value::Null).ok();
    assert_eq!(user.body["providers"].as_array().unwrap().len(), 1);
}

#[test]
fn without_a_duration_a_log_in_does_not_start_a_session() {
    let mut stand = Stand::new();
    let token = token(&mut stand, "github", "", ada());
    let done = stand.consumer(AUTHENTICATE, json!({ "token": token })).ok();
    assert_eq!(done.body["user_session"], Value::Null);
    assert_eq!(done.text("/session_token"), "");
    assert_eq!(done.text("/provider_type"), "GitHub");
    assert_eq!(done.text("/provider_values/id_token"), "");
    assert!(done.body["provider_values"].get("expires_at").is_none());
}

#[test]
fn an_existing_user_is_found_by_a_verified_email_address_only() {
    let mut stand = Stand::new();
    let known = stand.log_in("ada@example.com").text("/user_id");
    let session = stand.log_in("ada@example.com").text("/session_token");
    let verified = token(&mut stand, "google", "", ada());
    let body = json!({ "token": verified, "session_token": session });
    let done = stand.consumer(AUTHENTICATE, body).ok();
    assert_eq!(done.text("/user_id"), known);
    assert_eq!(done.text("/session_token"), session);
    let factors = &done.body["user_session"]["authentication_factors"];
    assert_eq!(factors.as_array().unwrap().len(), 2);

    // Otherwise an attacker could log in as another person, with an account that names the address of that person.
    let mut attacker = ada();
    attacker["email_verified"] = json!(false);
    attacker["subject"] = json!("attacker");
    let unverified = token(&mut stand, "google", "", attacker.clone());
    let other = authenticate(&mut stand, &unverified).ok();
    assert_ne!(other.text("/user_id"), known);
    assert_eq!(other.body["user"]["emails"], json!([]));
    let again = token(&mut stand, "google", "", attacker);
    let again = authenticate(&mut stand, &again).ok();
    assert_eq!(again.text("/user_id"), other.text("/user_id"));
    // The same subject at another provider is another account.
    let elsewhere = json!({ "subject": "attacker" });
    let elsewhere = token(&mut stand, "discord", "", elsewhere);
    let elsewhere = authenticate(&mut stand, &elsewhere).ok();
    assert_ne!(elsewhere.text("/user_id"), other.text("/user_id"));
}

#[test]
fn a_token_works_once_and_for_five_minutes() {
    let mut stand = Stand::new();
    let first = token(&mut stand, "google", "", ada());
    let refused = json!({ "token": first, "session_duration_minutes": 1 });
    stand
        .consumer(AUTHENTICATE, refused)
        .refused(400, "invalid_session_duration_minutes");
    let snapshot = stand.emulator.snapshot();
    authenticate(&mut stand, &first).ok();
    authenticate(&mut stand, &first).refused(400, "oauth_token_not_found");
    stand.emulator.restore(&snapshot).unwrap();
    authenticate(&mut stand, &first).ok();
    let late = token(&mut stand, "google", "", ada());
    stand.later(300);
    authenticate(&mut stand, &late).refused(400, "oauth_token_not_found");
    authenticate(&mut stand, "x").refused(400, "invalid_token");
    stand
        .consumer(AUTHENTICATE, json!({}))
        .refused(400, "invalid_token");
}

#[test]
fn a_code_challenge_demands_its_verifier() {
    let mut stand = Stand::new();
    let challenge = format!("code_challenge={CHALLENGE}");
    let bound = token(&mut stand, "google", &challenge, ada());
    let with = |token: &str, verifier: Value| json!({ "token": token, "code_verifier": verifier });
    for (verifier, error_type) in [
        (Value::Null, "pkce_expected_code_verifier"),
        (json!(CHALLENGE), "pkce_mismatch"),
    ] {
        stand
            .consumer(AUTHENTICATE, with(&bound, verifier))
            .refused(400, error_type);
    }
    stand
        .consumer(AUTHENTICATE, with(&bound, json!(VERIFIER)))
        .ok();
    let unbound = token(&mut stand, "google", "", ada());
    stand
        .consumer(AUTHENTICATE, with(&unbound, json!(VERIFIER)))
        .refused(400, "pkce_did_not_expect_code_verifier");
}

#[test]
fn an_attach_token_adds_an_account_to_a_user() {
    let mut stand = Stand::new();
    let grace = stand.log_in("grace@example.com");
    let attach = "POST /v1/oauth/attach";
    let body = json!({ "provider": "google", "session_token": grace.body["session_token"] });
    let attach_token = stand
        .consumer(attach, body)
        .ok()
        .text("/oauth_attach_token");
    let query = format!("oauth_attach_token={attach_token}");
    let refused = |stand: &mut Stand, provider: &str| {
        let call = format!("GET {}&{query}", start_url(provider));
        stand
            .open(&call, Value::Null)
            .refused(400, "invalid_oauth_attach_token");
    };
    refused(&mut stand, "github");
    let account = json!({ "subject": "s-1", "email_address": "other@example.com" });
    let attached = token(&mut stand, "google", &query, account.clone());
    refused(&mut stand, "google");
    let done = authenticate(&mut stand, &attached).ok();
    assert_eq!(done.text("/user_id"), grace.text("/user_id"));
    assert_eq!(done.body["user"]["emails"].as_array().unwrap().len(), 1);

    // The account belongs to Grace now. It cannot be attached to another user.
    let ada = stand.log_in("ada@example.com").text("/user_id");
    let body = json!({ "provider": "google", "user_id": ada });
    let second = stand.consumer(attach, body.clone()).ok();
    let query = format!("oauth_attach_token={}", second.text("/oauth_attach_token"));
    let stolen = token(&mut stand, "google", &query, account);
    authenticate(&mut stand, &stolen).refused(400, "invalid_oauth_attach_token");

    let late = stand
        .consumer(attach, body)
        .ok()
        .text("/oauth_attach_token");
    stand.later(3600);
    let call = format!("GET {}&oauth_attach_token={late}", start_url("google"));
    stand
        .open(&call, Value::Null)
        .refused(400, "invalid_oauth_attach_token");
    for (body, error_type) in [
        (json!({ "user_id": ada }), "invalid_oauth_provider"),
        (
            json!({ "provider": "x", "user_id": ada }),
            "invalid_oauth_provider",
        ),
        (
            json!({ "provider": "google" }),
            "no_user_selection_arguments",
        ),
    ] {
        stand.consumer(attach, body).refused(400, error_type);
    }
}

#[test]
fn a_start_url_with_a_mistake_is_refused() {
    let mut stand = Stand::new();
    for (query, error_type) in [
        ("", "public_token_required"),
        ("public_token=x", "invalid_public_token_id"),
        (
            "login_redirect_url=http://evil.example/",
            "no_match_for_provided_oauth_url",
        ),
        (
            "login_redirect_url=javascript:alert(1)",
            "invalid_login_oauth_url",
        ),
        (
            "signup_redirect_url=https://app.example/%23x",
            "invalid_signup_oauth_url",
        ),
        ("code_challenge=short", "invalid_pkce_code_challenge"),
        ("custom_scopes=a%20%22b", "oauth_invalid_scope_requested"),
        ("custom_scopes=a&custom_scopes=b", "bad_request"),
    ] {
        let call = match query.is_empty() || query.starts_with("public_token") {
            true => format!("GET /v1/public/oauth/google/start?{query}"),
            false => format!("GET {}&{query}", start_url("google")),
        };
        stand.open(&call, Value::Null).refused(400, error_type);
    }
    let unknown = format!("GET {}", start_url("unknown"));
    stand
        .open(&unknown, Value::Null)
        .refused(400, "invalid_oauth_provider");
    let (own, b2b) = (
        SETTINGS.consumer.public_token(),
        SETTINGS.b2b.public_token(),
    );
    let other = start_url("google").replace(&own, &b2b);
    stand
        .open(&format!("GET {other}"), Value::Null)
        .refused(400, "invalid_consumer_endpoint");
    let stranger = "public-token-test-00000000-0000-4000-8000-000000000001";
    let stranger = start_url("google").replace(&own, stranger);
    stand
        .open(&format!("GET {stranger}"), Value::Null)
        .refused(404, "public_token_not_found");
}

#[test]
fn the_page_offers_accounts_and_ends_with_one_answer() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    let hint = "custom_scopes=calendar%20%3Cb%3E&provider_login_hint=%22%3E%3Cscript%3E";
    let state = started(&mut stand, "/v1/public/oauth/google/start", hint);
    let page = format!("GET /_emulator/oauth?state={state}");
    let shown = raw(&mut stand, &request(&page, None, Value::Null));
    let html = String::from_utf8(shown.body.clone()).unwrap();
    assert_eq!(header(&shown, "content-type"), "text/html; charset=utf-8");
    let policy = header(&shown, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"));
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(header(&shown, "referrer-policy"), "same-origin");
    assert!(html.contains("value=\"ada@example.com\"") && html.contains("<code>calendar</code>"));
    assert!(!html.contains("<script") && html.contains("&quot;&gt;&lt;script&gt;"));

    let form = |fields: &str| Request {
        method: "POST".into(),
        path: "/_emulator/oauth".into(),
        headers: vec![(
            "content-type".into(),
            "application/x-www-form-urlencoded".into(),
        )],
        body: format!("state={state}&{fields}").into(),
        ..Request::default()
    };
    for fields in [
        "",
        "email_address=x",
        "email_address=a%40b.example&decision=x",
    ] {
        let refused = raw(&mut stand, &form(fields));
        assert_eq!(refused.status, 400, "{fields}");
    }
    let allowed = form("email_address=ada%40example.com&email_verified=true&decision=allow");
    let done = raw(&mut stand, &allowed);
    assert_eq!(done.status, 303);
    let url = header(&done, "location");
    assert!(url.starts_with("http://localhost:3000/authenticate?stytch_token_type=oauth&token="));
    let done = authenticate(&mut stand, &param(url, "token")).ok();
    let scopes = json!(["openid", "email", "profile", "calendar", "<b>"]);
    assert_eq!(done.body["provider_values"]["scopes"], scopes);
    stand.send(allowed).refused(400, "oauth_invalid_state");
    stand
        .open(&page, Value::Null)
        .refused(400, "oauth_invalid_state");
}

#[test]
fn a_denied_or_late_log_in_ends_with_an_error() {
    let mut stand = Stand::new();
    let path = "/v1/public/oauth/google/start";
    let state = started(&mut stand, path, "");
    let deny = json!({ "state": state, "decision": "deny" });
    let answer = "POST /_emulator/oauth";
    stand
        .open(answer, deny)
        .refused(400, "oauth_flow_callback_error");
    let mut allow = ada();
    allow["state"] = json!(state);
    stand
        .open(answer, allow.clone())
        .refused(400, "oauth_invalid_state");
    allow["state"] = json!(started(&mut stand, path, ""));
    stand.later(3600);
    stand
        .open(answer, allow)
        .refused(400, "oauth_invalid_state");
}

#[test]
fn the_tokens_of_a_log_in_are_not_displayed() {
    let mut stand = Stand::new();
    let token = token(&mut stand, "google", "", ada());
    let done = authenticate(&mut stand, &token).ok();
    let secrets = [
        token,
        done.text("/provider_values/access_token"),
        done.text("/provider_values/refresh_token"),
        done.text("/provider_values/id_token"),
    ];
    for page in ["state.json", "requests.json"] {
        let call = format!("GET /_emulator/{page}");
        let text = stand.open(&call, Value::Null).ok().body.to_string();
        assert!(text.contains("provider_subject") || page == "state.json");
        for secret in &secrets {
            assert!(!text.contains(secret), "{page}");
        }
    }
}

#[test]
fn the_sandbox_tokens_have_fixed_responses() {
    let mut stand = Stand::new();
    let done = authenticate(&mut stand, "hdPVZHHX0UoRa7hJTuuPHi1vlddffSnoweRbVFf5-H8g").ok();
    assert_eq!(
        done.text("/user_id"),
        "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd"
    );
    authenticate(&mut stand, "59cnLELtq5cFVS6uYK9f-pAWzBkhqZl8AvLhbhOvKNWw")
        .refused(400, "oauth_token_not_found");
}
