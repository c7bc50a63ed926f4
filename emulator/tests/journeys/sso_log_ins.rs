//! Log-ins with SSO, from the start URL over the identity provider of the emulator to the session; and attacks on them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::sso_browser::{
    ORIGIN, Signed, browse, hidden, location, openid_connection, openid_form, openid_redirect,
    param, post, refused, sign, stand, start_url, token,
};
use super::sso_connections::{METADATA, saml_connection};
use super::stand::{SETTINGS, Stand, request};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const AUTHENTICATE: &str = "POST /v1/b2b/sso/authenticate";

#[test]
fn a_user_joins_by_saml_and_receives_a_session() {
    let (mut stand, acme, connection) = stand();
    let roles = json!({
        "saml_connection_implicit_role_assignments": [{ "role_id": "reader" }],
        "saml_group_implicit_role_assignments": [{ "role_id": "editor", "group": "staff" }],
    });
    let route = format!("PUT /v1/b2b/sso/saml/{acme}/connections/{connection}");
    stand.b2b(&route, roles).ok();
    let more = format!(
        "&pkce_code_challenge={CHALLENGE}&signup_redirect_url=http%3A%2F%2Flocalhost%3A3000%2Fnew%3Fa%3Db"
    );
    let user = [
        ("email", "Ada@acme.example"),
        ("name", "Ada <O'Neil> & Co"),
        ("groups", "staff, ops"),
    ];
    let signed = sign(&mut stand, &connection, &more, &user);
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    let url = location(&post(&mut stand, &signed));
    assert!(
        url.starts_with("http://localhost:3000/new?a=b&stytch_token_type=sso&token="),
        "{url}"
    );
    let token = param(&url, "token");
    stand
        .b2b(AUTHENTICATE, json!({ "sso_token": token }))
        .refused(400, "pkce_expected_code_verifier");
    let body = json!({ "sso_token": token, "pkce_code_verifier": VERIFIER });
    let answer = stand.b2b(AUTHENTICATE, body.clone()).ok();
    let member = &answer.body["member"];
    assert_eq!(member["email_address"], "ada@acme.example");
    assert_eq!(member["name"], "Ada <O'Neil> & Co");
    assert_eq!(member["email_address_verified"], true);
    let account = &member["sso_registrations"][0];
    assert_eq!(account["connection_id"], connection);
    assert_eq!(account["external_id"], "Ada@acme.example");
    assert_eq!(account["sso_attributes"]["groups"], json!(["staff", "ops"]));
    let factor = &answer.body["member_session"]["authentication_factors"][0];
    assert_eq!(
        (&factor["type"], &factor["delivery_method"]),
        (&json!("sso"), &json!("sso_saml"))
    );
    assert_eq!(factor["saml_sso_factor"]["id"], account["registration_id"]);
    assert_eq!(factor["saml_sso_factor"]["provider_id"], connection);
    let roles = answer.body["member_session"]["roles"].clone();
    assert_eq!(roles, json!(["stytch_member", "reader", "editor"]));
    stand
        .b2b(AUTHENTICATE, body)
        .refused(404, "sso_token_not_found");
    // The second log-in finds the member by the account, and the group has gone.
    let user = [
        ("email", "new@acme.example"),
        ("name_id", "Ada@acme.example"),
        ("name", "Ada"),
    ];
    let signed = sign(&mut stand, &connection, "", &user);
    let url = location(&post(&mut stand, &signed));
    assert!(
        url.starts_with("http://localhost:3000/authenticate?"),
        "{url}"
    );
    let again = json!({ "sso_token": param(&url, "token") });
    let again = stand.b2b(AUTHENTICATE, again).ok();
    assert_eq!(again.text("/member_id"), answer.text("/member_id"));
    assert_eq!(
        again.body["member_session"]["roles"],
        json!(["stytch_member", "reader"])
    );
}

#[test]
fn a_saml_response_works_once_in_its_time_and_for_its_connection() {
    let (mut stand, acme, connection) = stand();
    let user = [("email", "ada@acme.example"), ("name", "Ada")];
    let signed = sign(&mut stand, &connection, "", &user);
    stand.later(6 * 60);
    refused(&post(&mut stand, &signed), "expired_saml_response");
    stand.later(-8 * 60);
    refused(&post(&mut stand, &signed), "not_yet_valid_saml_response");
    stand.later(2 * 60);
    let other = saml_connection(&mut stand, &acme, METADATA);
    let elsewhere = Signed {
        acs_url: format!("{ORIGIN}/v1/b2b/sso/callback/{other}"),
        response: signed.response.clone(),
        relay_state: String::new(),
    };
    refused(&post(&mut stand, &elsewhere), "invalid_saml_response");
    let without_state = Signed {
        acs_url: signed.acs_url.clone(),
        response: signed.response.clone(),
        relay_state: String::new(),
    };
    refused(
        &post(&mut stand, &without_state),
        "unsolicited_saml_response",
    );
    location(&post(&mut stand, &signed));
    refused(&post(&mut stand, &signed), "unsolicited_saml_response");
}

#[test]
fn a_log_in_that_the_identity_provider_starts_works_once_and_can_be_forbidden() {
    let (mut stand, acme, connection) = stand();
    let acs_url = format!("{ORIGIN}/v1/b2b/sso/callback/{connection}");
    let form = [
        ("acs_url", acs_url.as_str()),
        ("email", "ada@acme.example"),
        ("name", "Ada"),
    ];
    let page = browse(&mut stand, "POST", "/_emulator/idp/1/saml", &form);
    let signed = Signed {
        acs_url,
        response: hidden(&page, "SAMLResponse"),
        relay_state: String::new(),
    };
    location(&post(&mut stand, &signed));
    refused(&post(&mut stand, &signed), "duplicate_saml_response");
    let route = format!("PUT /v1/b2b/sso/saml/{acme}/connections/{connection}");
    stand
        .b2b(&route, json!({ "idp_initiated_auth_disabled": true }))
        .ok();
    refused(
        &post(&mut stand, &signed),
        "saml_idp_initiated_auth_disabled",
    );
}

/// Changes the XML of a response.
fn forged(signed: &Signed, change: impl Fn(String) -> String) -> Signed {
    let xml = String::from_utf8(STANDARD.decode(&signed.response).unwrap()).unwrap();
    Signed {
        acs_url: signed.acs_url.clone(),
        response: STANDARD.encode(change(xml)),
        relay_state: signed.relay_state.clone(),
    }
}

#[test]
fn forged_responses_are_refused() {
    let (mut stand, _, connection) = stand();
    let user = [("email", "ada@acme.example"), ("name", "Ada")];
    let signed = sign(&mut stand, &connection, "", &user);
    let xml = |change: &dyn Fn(String) -> String| forged(&signed, change);
    let between = |text: &str, start: &str, end: &str| {
        let from = text.find(start).unwrap();
        let to = text[from..].find(end).unwrap() + from + end.len();
        text[from..to].to_owned()
    };
    let assertion = |text: &str| between(text, "<saml:Assertion", "</saml:Assertion>");
    let cases: [(&str, Signed); 9] = [
        (
            "invalid_signature_saml_response",
            xml(&|text| text.replace("ada@acme", "eve@acme")),
        ),
        (
            "missing_signature_saml_response",
            xml(&|text| {
                let signature = between(&text, "<ds:Signature ", "</ds:Signature>");
                text.replace(&signature, "")
            }),
        ),
        // Signature wrapping: a second assertion with another ID, before or after the signed one.
        (
            "invalid_saml_response",
            xml(&|text| {
                let signed = assertion(&text);
                let evil = signed.replace("ada@", "eve@").replace("ID=\"_", "ID=\"_x");
                text.replace(&signed, &format!("{evil}{signed}"))
            }),
        ),
        // The signed assertion inside of the signature of a forged one.
        (
            "invalid_saml_response",
            xml(&|text| {
                let signed = assertion(&text);
                let evil = signed.replace("ada@", "eve@");
                let evil = evil.replace(
                    "</ds:Signature>",
                    &format!("<ds:Object>{signed}</ds:Object></ds:Signature>"),
                );
                text.replace(&signed, &evil)
            }),
        ),
        // A comment splits the text of the NameID for careless readers.
        (
            "invalid_saml_response",
            xml(&|text| text.replacen("ada@acme", "ada<!-- -->@acme", 1)),
        ),
        (
            "invalid_xml_saml_response",
            xml(&|text| format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{text}")),
        ),
        (
            "failed_saml_response",
            xml(&|text| text.replace("status:Success", "status:Responder")),
        ),
        (
            "invalid_saml_response",
            xml(&|text| text.replacen("Destination=\"http", "Destination=\"https", 1)),
        ),
        (
            "invalid_signature_saml_response",
            xml(&|text| text.replace("xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1")),
        ),
    ];
    for (error, forgery) in cases {
        refused(&post(&mut stand, &forgery), error);
        let shield = stand.form("/v1/saml/validate", &[("SAMLResponse", &forgery.response)]);
        if error != "failed_saml_response" && !error.ends_with("invalid_saml_response") {
            assert_eq!(shield.status, 400, "{error}: {}", shield.body);
        }
    }
    let shield = stand.form("/v1/saml/validate", &[("SAMLResponse", &signed.response)]);
    assert_eq!(shield.status, 200, "{}", shield.body);
    // Another identity provider signs for the same connection.
    let form = [
        ("acs_url", signed.acs_url.as_str()),
        ("email", "ada@acme.example"),
        ("name", "Ada"),
    ];
    let page = browse(&mut stand, "POST", "/_emulator/idp/2/saml", &form);
    let foreign = Signed {
        acs_url: signed.acs_url.clone(),
        response: hidden(&page, "SAMLResponse"),
        relay_state: String::new(),
    };
    refused(&post(&mut stand, &foreign), "saml_certificate_mismatch");
    let form = [
        ("acs_url", signed.acs_url.as_str()),
        ("audience", "https://other.example"),
        ("email", "ada@acme.example"),
    ];
    let page = browse(&mut stand, "POST", "/_emulator/idp/1/saml", &form);
    let misdirected = Signed {
        response: hidden(&page, "SAMLResponse"),
        ..foreign
    };
    refused(
        &post(&mut stand, &misdirected),
        "invalid_audience_saml_response",
    );
    // The genuine response still works.
    location(&post(&mut stand, &signed));
}

#[test]
fn only_users_of_allowed_connections_join() {
    let (mut stand, acme, connection) = stand();
    let route = format!("PUT /v1/b2b/organizations/{acme}");
    let user = [("email", "ada@acme.example"), ("name", "Ada")];
    let restricted = json!({ "sso_jit_provisioning": "RESTRICTED" });
    stand.b2b(&route, restricted).ok();
    let signed = sign(&mut stand, &connection, "", &user);
    refused(
        &post(&mut stand, &signed),
        "invalid_connection_for_jit_provisioning",
    );
    let allowed = json!({ "sso_jit_provisioning_allowed_connections": [connection] });
    stand.b2b(&route, allowed).ok();
    let url = location(&post(&mut stand, &signed));
    stand
        .b2b(&route, json!({ "sso_jit_provisioning": "NOT_ALLOWED" }))
        .ok();
    let body = json!({ "sso_token": param(&url, "token") });
    stand
        .b2b(AUTHENTICATE, body.clone())
        .refused(400, "invalid_connection_for_jit_provisioning");
    stand.log_in_member(&acme, "ada@acme.example");
    stand.b2b(AUTHENTICATE, body).ok();
}

#[test]
fn a_second_factor_is_required_if_the_organization_demands_it() {
    let (mut stand, acme, connection) = stand();
    let route = format!("PUT /v1/b2b/organizations/{acme}");
    stand
        .b2b(&route, json!({ "mfa_policy": "REQUIRED_FOR_ALL" }))
        .ok();
    let token = token(
        &mut stand,
        &connection,
        &[("email", "ada@acme.example"), ("name", "Ada")],
    );
    let answer = stand.b2b(AUTHENTICATE, json!({ "sso_token": token })).ok();
    assert_eq!(answer.body["member_authenticated"], false);
    assert_eq!(answer.body["session_token"], "");
    assert!(!answer.text("/intermediate_session_token").is_empty());
}

#[test]
fn tokens_and_requests_expire() {
    let (mut stand, _, connection) = stand();
    let user = [("email", "ada@acme.example"), ("name", "Ada")];
    let token = token(&mut stand, &connection, &user);
    stand.later(5 * 60);
    stand
        .b2b(AUTHENTICATE, json!({ "sso_token": token }))
        .refused(404, "sso_token_not_found");
    stand
        .b2b(AUTHENTICATE, json!({ "sso_token": "x" }))
        .refused(400, "invalid_token");
    let public_token = SETTINGS.b2b.public_token();
    let consumer = SETTINGS.consumer.public_token();
    let mut start = |query: String| {
        stand.send(request(
            &format!("GET /v1/public/sso/start?{query}"),
            None,
            Value::Null,
        ))
    };
    start(format!("public_token={public_token}")).refused(400, "missing_sso_connection_locator");
    start(format!("public_token={public_token}&connection_id=x"))
        .refused(404, "sso_connection_not_found");
    start(format!(
        "public_token={consumer}&connection_id={connection}"
    ))
    .refused(400, "invalid_b2b_endpoint");
    start(format!("public_token={public_token}&connection_id={connection}&login_redirect_url=http%3A%2F%2Fa.example"))
        .refused(400, "no_match_for_provided_sso_url");
    assert_eq!(start(format!("connection_id={connection}")).status, 400);
}

#[test]
fn an_external_connection_uses_the_provider_of_another_organization() {
    let (mut stand, acme, connection) = stand();
    let globex = stand.organization("globex");
    let route = format!("POST /v1/b2b/sso/external/{globex}");
    let body = json!({ "external_organization_id": acme, "external_connection_id": connection, "connection_implicit_role_assignments": [{ "role_id": "editor" }] });
    let external = stand
        .b2b(&route, body)
        .ok()
        .text("/connection/connection_id");
    let token = token(
        &mut stand,
        &external,
        &[("email", "ada@globex.example"), ("name", "Ada")],
    );
    let answer = stand.b2b(AUTHENTICATE, json!({ "sso_token": token })).ok();
    assert_eq!(answer.text("/organization_id"), globex);
    let session = &answer.body["member_session"];
    assert_eq!(
        session["authentication_factors"][0]["saml_sso_factor"]["provider_id"],
        external
    );
    assert_eq!(session["roles"], json!(["stytch_member", "editor"]));
}

#[test]
fn a_user_logs_in_by_openid_connect() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let connection = openid_connection(&mut stand, &acme);
    let user = [
        ("email", "ada@acme.example"),
        ("name", "Ada"),
        ("sub", "00u1"),
    ];
    let form = openid_form(&mut stand, &connection, &user);
    let returned = openid_redirect(&mut stand, &form);
    let wrong_state = returned.replace("state=", "state=x");
    refused(
        &browse(&mut stand, "GET", &wrong_state, &[]),
        "unsolicited_oidc_response",
    );
    let wrong_code = returned.replace("code=", "code=x");
    refused(
        &browse(&mut stand, "GET", &wrong_code, &[]),
        "oidc_auth_code_error",
    );
    let url = location(&browse(&mut stand, "GET", &returned, &[]));
    refused(
        &browse(&mut stand, "GET", &returned, &[]),
        "unsolicited_oidc_response",
    );
    let answer = stand
        .b2b(AUTHENTICATE, json!({ "sso_token": param(&url, "token") }))
        .ok();
    let factor = &answer.body["member_session"]["authentication_factors"][0];
    assert_eq!(factor["delivery_method"], "sso_oidc");
    assert_eq!(factor["oidc_sso_factor"]["external_id"], "00u1");
    assert_eq!(answer.body["member"]["name"], "Ada");
    // A code with another nonce belongs to another request.
    let page = location(&browse(&mut stand, "GET", &start_url(&connection, ""), &[]));
    let state = param(&page, "state");
    let mut form = form.clone();
    form.insert("state", state);
    let replayed = openid_redirect(&mut stand, &form);
    refused(
        &browse(&mut stand, "GET", &replayed, &[]),
        "oidc_invalid_id_token",
    );
    let keys = stand.open("GET /_emulator/idp/3/jwks", Value::Null).ok();
    assert_eq!(keys.body["keys"][0]["kid"], "idp-3");
}
